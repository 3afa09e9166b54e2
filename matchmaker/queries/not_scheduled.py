"""The requests of an organisation that a version does not hold, and what its people may read of why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, case, or_, select

from matchmaker.domain.disclosure import Reason, visible_reason
from matchmaker.domain.states import ASKS, POSITIVE, MeetingState, RequestState, WishLevel
from matchmaker.domain.statuses import Status, Viewer, status_for
from matchmaker.extensions import db
from matchmaker.models import (
    Organisation,
    Participation,
    PublishedMeeting,
    PublishedUnscheduled,
    Request,
    Texts,
    Version,
    Wish,
)

Said = Mapping[tuple[int, int], "_Wish"]


class _Wish(NamedTuple):
    level: WishLevel
    rank: int | None


class _Request(NamedTuple):
    """A request of the organisation; ``names`` are those of the other side."""

    id: int
    code: str
    first_id: int
    second_id: int
    state: RequestState
    names: Texts


@dataclass(frozen=True, slots=True)
class NotScheduled:
    """``reason`` is None where the published sentence says it; ``meetings`` counts the organisation's own."""

    code: str
    organisation: Texts
    reason: Reason | None
    meetings: int


def not_scheduled(reader: Participation, version: Version) -> tuple[NotScheduled, ...]:
    """Return what the reader's organisation wanted and did not get in this version.

    Made from the requests, not from the solver's reasons: a request that a veto kept from the solver has no
    reason, and the asker must not be able to tell it from one that merely found no place.
    """
    own = reader.organisation_id
    requests = _requests(own, version)
    ids = [request.id for request in requests]
    standing = _standing(version, ids)
    said = _wishes(own)
    reasons = _reasons(version, ids)
    return tuple(
        NotScheduled(
            code=request.code,
            organisation=request.names,
            reason=_reason(reasons.get(request.id), both_said_yes=_both(request, said)),
            meetings=len(standing),
        )
        for request in sorted(requests, key=lambda request: _order(request, own, said))
        if request.id not in standing and _status(request, own, said) is Status.NOT_SCHEDULED
    )


def _reason(stored: str | None, *, both_said_yes: bool) -> Reason | None:
    return visible_reason(stored, both_said_yes=both_said_yes) if stored else None


def _status(request: _Request, own: int, said: Said) -> Status:
    other = request.second_id if request.first_id == own else request.first_id
    mine = _level(said, own, other)
    return status_for(
        Viewer.ASKER if mine in ASKS else Viewer.ASKED,
        request.state,
        both_positive=_both(request, said),
        own_veto=mine is WishLevel.VETO,
        published=True,
    )


def _both(request: _Request, said: Said) -> bool:
    first, second = request.first_id, request.second_id
    levels = {_level(said, first, second), _level(said, second, first)}
    return levels <= POSITIVE or request.state is RequestState.ACCEPTED  # the state counts a veto as silence


def _level(said: Said, organisation_id: int, wanted_id: int) -> WishLevel | None:
    wish = said.get((organisation_id, wanted_id))
    return wish.level if wish else None


def _order(request: _Request, own: int, said: Said) -> tuple[int, int]:
    """Order by the reader's own ranks, which tell them nothing new; weights would tell of the other side."""
    wish = said.get((own, request.second_id if request.first_id == own else request.first_id))
    return (wish.rank if wish and wish.rank else 99, request.id)


def _requests(organisation_id: int, version: Version) -> list[_Request]:
    other = case((Request.first_id == organisation_id, Request.second_id), else_=Request.first_id)
    query = (
        select(Request.id, Request.code, Request.first_id, Request.second_id, Request.state, Organisation.names)
        .join(Organisation, Organisation.id == other)
        .where(involves(version.event_id, organisation_id), Request.created_at <= version.published_at)
    )
    return [_Request(*row) for row in db.session.execute(query)]


def involves(event_id: int, organisation_id: int) -> ColumnElement[bool]:
    """Return the condition for the requests of an organisation, so that an index answers for either side."""
    return or_(
        and_(Request.event_id == event_id, Request.first_id == organisation_id), Request.second_id == organisation_id
    )


def _standing(version: Version, request_ids: list[int]) -> set[int]:
    query = select(PublishedMeeting.request_id).where(
        PublishedMeeting.version_id == version.id,
        PublishedMeeting.state != MeetingState.CANCELLED,
        PublishedMeeting.request_id.in_(request_ids),
    )
    return set(db.session.scalars(query))


def _wishes(organisation_id: int) -> Said:
    query = select(Wish.organisation_id, Wish.wanted_id, Wish.level, Wish.rank).where(
        or_(Wish.organisation_id == organisation_id, Wish.wanted_id == organisation_id)
    )
    return {(giver, wanted): _Wish(level, rank) for giver, wanted, level, rank in db.session.execute(query)}


def _reasons(version: Version, request_ids: list[int]) -> Mapping[int, str]:
    query = select(PublishedUnscheduled.request_id, PublishedUnscheduled.reason).where(
        PublishedUnscheduled.version_id == version.id, PublishedUnscheduled.request_id.in_(request_ids)
    )
    return dict(db.session.execute(query).all())

"""The requests of organisations that a version does not hold, and what their people may read of why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased

from matchmaker.domain.disclosure import Reason, visible_reason
from matchmaker.domain.states import ASKS, POSITIVE, MeetingState, RequestState, WishLevel
from matchmaker.domain.statuses import Status, Viewer, status_for
from matchmaker.extensions import db
from matchmaker.models import (
    Organisation,
    PublishedMeeting,
    PublishedUnscheduled,
    Request,
    Texts,
    Version,
    Wish,
)

First, Second = aliased(Organisation), aliased(Organisation)
Said = Mapping[tuple[int, int], "_Wish"]


class _Wish(NamedTuple):
    level: WishLevel
    rank: int | None


class _Request(NamedTuple):
    id: int
    code: str
    first_id: int
    second_id: int
    state: RequestState
    first_names: Texts
    second_names: Texts
    is_held: bool
    reason: str | None


@dataclass(frozen=True, slots=True)
class NotScheduled:
    """``reason`` is None where the published sentence says it; ``meetings`` counts the organisation's own."""

    code: str
    organisation: Texts
    reason: Reason | None
    meetings: int


def not_scheduled(organisation_ids: Collection[int], version: Version) -> dict[int, tuple[NotScheduled, ...]]:
    """Return what each of these organisations wanted and did not get in this version.

    Made from the requests, not from the solver's reasons: a request that a veto kept from the solver has no
    reason, and the asker must not be able to tell it from one that merely found no place.
    """
    requests, said = _requests(organisation_ids, version), _wishes(organisation_ids)
    return {own: _not_scheduled(own, requests.get(own, ()), said) for own in organisation_ids}


def _not_scheduled(own: int, requests: Sequence[_Request], said: Said) -> tuple[NotScheduled, ...]:
    held = sum(request.is_held for request in requests)
    return tuple(
        NotScheduled(
            code=request.code,
            organisation=request.second_names if request.first_id == own else request.first_names,
            reason=_reason(request.reason, both_said_yes=_both(request, said)),
            meetings=held,
        )
        for request in sorted(requests, key=lambda request: _order(request, own, said))
        if not request.is_held and _status(request, own, said) is Status.NOT_SCHEDULED
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


def _requests(organisation_ids: Collection[int], version: Version) -> Mapping[int, Sequence[_Request]]:
    asked = Request.id, Request.code, Request.first_id, Request.second_id, Request.state, First.names, Second.names
    held = and_(
        PublishedMeeting.version_id == version.id,
        PublishedMeeting.request_id == Request.id,
        PublishedMeeting.state != MeetingState.CANCELLED,
    )
    left = and_(PublishedUnscheduled.version_id == version.id, PublishedUnscheduled.request_id == Request.id)
    query = (
        select(*asked, PublishedMeeting.id.is_not(None), PublishedUnscheduled.reason)
        .join(First, First.id == Request.first_id)
        .join(Second, Second.id == Request.second_id)
        .outerjoin(PublishedMeeting, held)
        .outerjoin(PublishedUnscheduled, left)
        .where(involve(version.event_id, organisation_ids), Request.created_at <= version.published_at)
    )
    found: dict[int, list[_Request]] = defaultdict(list)
    for row in db.session.execute(query):
        request = _Request(*row)
        found[request.first_id].append(request)
        found[request.second_id].append(request)
    return found


def involve(event_id: int, organisation_ids: Collection[int]) -> ColumnElement[bool]:
    """Return the condition for the requests of organisations, so that an index answers for either side."""
    as_first = and_(Request.event_id == event_id, Request.first_id.in_(organisation_ids))
    return or_(as_first, Request.second_id.in_(organisation_ids))


def _wishes(organisation_ids: Collection[int]) -> Said:
    query = select(Wish.organisation_id, Wish.wanted_id, Wish.level, Wish.rank).where(
        or_(Wish.organisation_id.in_(organisation_ids), Wish.wanted_id.in_(organisation_ids))
    )
    return {(giver, wanted): _Wish(level, rank) for giver, wanted, level, rank in db.session.execute(query)}

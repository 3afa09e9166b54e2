"""The requests of organisations that a version does not hold, and what their people may read of why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload

from matchmaker.domain.disclosure import Reason, visible_reason
from matchmaker.domain.states import ASKS, POSITIVE, MeetingState, RequestState, WishLevel
from matchmaker.domain.statuses import Status, Viewer, status_for
from matchmaker.extensions import db
from matchmaker.models import (
    PublishedMeeting,
    PublishedUnscheduled,
    Request,
    Texts,
    Version,
    Wish,
)

Said = dict[tuple[int, int], Wish]


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
    whole = _Read(
        _requests(organisation_ids, version),
        _standing(organisation_ids, version),
        _wishes(organisation_ids),
        _reasons(organisation_ids, version),
    )
    return {own: _not_scheduled(own, whole) for own in organisation_ids}


class _Read(NamedTuple):
    """What was read of all; the first two by organisation."""

    requests: Mapping[int, Sequence[Request]]
    standing: Mapping[int, Collection[int]]
    said: Said
    reasons: Mapping[int, str]


def _not_scheduled(own: int, read: _Read) -> tuple[NotScheduled, ...]:
    requests, standing, said = read.requests.get(own, ()), read.standing.get(own, ()), read.said
    return tuple(
        NotScheduled(
            code=request.code,
            organisation=(request.second if request.first_id == own else request.first).names,
            reason=_reason(read.reasons.get(request.id), both_said_yes=_both(request, said)),
            meetings=len(standing),
        )
        for request in sorted(requests, key=lambda request: _order(request, own, said))
        if request.id not in standing and _status(request, own, said) is Status.NOT_SCHEDULED
    )


def _reason(stored: str | None, *, both_said_yes: bool) -> Reason | None:
    return visible_reason(stored, both_said_yes=both_said_yes) if stored else None


def _status(request: Request, own: int, said: Said) -> Status:
    other = request.second_id if request.first_id == own else request.first_id
    mine = _level(said, own, other)
    return status_for(
        Viewer.ASKER if mine in ASKS else Viewer.ASKED,
        request.state,
        both_positive=_both(request, said),
        own_veto=mine is WishLevel.VETO,
        published=True,
    )


def _both(request: Request, said: Said) -> bool:
    first, second = request.first_id, request.second_id
    levels = {_level(said, first, second), _level(said, second, first)}
    return levels <= POSITIVE or request.state is RequestState.ACCEPTED  # the state counts a veto as silence


def _level(said: Said, organisation_id: int, wanted_id: int) -> WishLevel | None:
    wish = said.get((organisation_id, wanted_id))
    return wish.level if wish else None


def _order(request: Request, own: int, said: Said) -> tuple[int, int]:
    """Order by the reader's own ranks, which tell them nothing new; weights would tell of the other side."""
    wish = said.get((own, request.second_id if request.first_id == own else request.first_id))
    return (wish.rank if wish and wish.rank else 99, request.id)


def _requests(organisation_ids: Collection[int], version: Version) -> Mapping[int, Sequence[Request]]:
    query = (
        select(Request)
        .where(Request.event_id == version.event_id, Request.created_at <= version.published_at)
        .where(_of(organisation_ids))
        .options(joinedload(Request.first), joinedload(Request.second))
    )
    found: dict[int, list[Request]] = defaultdict(list)
    for request in db.session.scalars(query):
        found[request.first_id].append(request)
        found[request.second_id].append(request)
    return found


def _standing(organisation_ids: Collection[int], version: Version) -> Mapping[int, Collection[int]]:
    query = (
        select(Request.id, Request.first_id, Request.second_id)
        .join(PublishedMeeting, PublishedMeeting.request_id == Request.id)
        .where(PublishedMeeting.version_id == version.id, PublishedMeeting.state != MeetingState.CANCELLED)
        .where(_of(organisation_ids))
    )
    found: dict[int, set[int]] = defaultdict(set)
    for id_, first, second in db.session.execute(query):
        found[first].add(id_)
        found[second].add(id_)
    return found


def _wishes(organisation_ids: Collection[int]) -> Said:
    query = select(Wish).where(or_(Wish.organisation_id.in_(organisation_ids), Wish.wanted_id.in_(organisation_ids)))
    return {(wish.organisation_id, wish.wanted_id): wish for wish in db.session.scalars(query)}


def _reasons(organisation_ids: Collection[int], version: Version) -> dict[int, str]:
    query = select(PublishedUnscheduled).join(Request, Request.id == PublishedUnscheduled.request_id)
    rows = db.session.scalars(query.where(PublishedUnscheduled.version_id == version.id, _of(organisation_ids)))
    return {row.request_id: row.reason for row in rows}


def _of(organisation_ids: Collection[int]) -> ColumnElement[bool]:
    return or_(Request.first_id.in_(organisation_ids), Request.second_id.in_(organisation_ids))

"""What was changed by hand since a draft was made: publishing it then must not undo that."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select

from matchmaker.domain.states import ChangeAsked, ChangeState, MeetingState
from matchmaker.extensions import db
from matchmaker.models import (
    ChangeRequest,
    Draft,
    HandOver,
    PublishedMeeting,
    StandbyMeeting,
)
from matchmaker.queries.meeting_rows import Drafted, Seats, Told

Ends = Mapping[int, dt.time]


def cancelled(draft: Draft, told: Mapping[int, Told]) -> set[int]:
    """Return the requests whose published meeting was cancelled on request after the draft was made."""
    rows = select(ChangeRequest.request_id).where(
        ChangeRequest.event_id == draft.event_id,
        ChangeRequest.kind == ChangeAsked.CANCEL,
        ChangeRequest.state == ChangeState.DONE,
        ChangeRequest.settled_at > draft.created_at,
    )
    return {id_ for id_ in db.session.scalars(rows) if id_ in told and told[id_].state is MeetingState.CANCELLED}


def made(draft: Draft, drafted: Sequence[Drafted], ends: Ends, told: Mapping[int, Told]) -> set[int]:
    """Return the requests whose meeting was made on the day since the draft was, and for which it leaves the room."""
    rows = (
        select(PublishedMeeting.request_id)
        .join(StandbyMeeting, StandbyMeeting.meeting_id == PublishedMeeting.id)
        .where(StandbyMeeting.event_id == draft.event_id, StandbyMeeting.made_at > draft.created_at)
    )
    found = set(db.session.scalars(rows)) & told.keys() - {row.request_id for row in drafted}
    return {
        id_ for id_ in found if _may_stay(told[id_]) and not any(_in_the_way(row, told[id_], ends) for row in drafted)
    }


def _may_stay(made: Told) -> bool:
    return made.state is not MeetingState.CANCELLED and not any(
        seat.participation.withdrawn for seat in made.attendances
    )


def _in_the_way(row: Drafted, made: Told, ends: Ends) -> bool:
    day, start, end = _when(row, ends)
    at_once = day == made.day and start < made.end and made.start < end
    same_table = (row.location.id, row.table_number) == (made.location_id, made.table_number)
    return at_once and (same_table or bool(_people(row.seats) & _people(made.attendances)))


def seats(
    draft: Draft, drafted: Sequence[Drafted], ends: Ends, told: Mapping[int, Told], *, repair: bool = False
) -> Mapping[int, Seats]:
    """Return who attends each drafted meeting, by request.

    Where a meeting stays at the time that was told, whoever came to it by a hand-over since the draft was made
    attends, unless the draft has them elsewhere then. To a ``repair`` whoever came beside a colleague comes still:
    the solver knows of one for each side.
    """
    as_drafted = {row.request_id: row.seats for row in drafted}
    rows = (
        select(PublishedMeeting.request_id)
        .join(HandOver, HandOver.meeting_id == PublishedMeeting.id)
        .where(HandOver.event_id == draft.event_id, HandOver.made_at > draft.created_at)
    )
    handed = set(db.session.scalars(rows)) & told.keys()
    if repair:
        both = as_drafted.keys() & told.keys()
        handed |= {id_ for id_ in both if _people(as_drafted[id_]) < _people(told[id_].attendances)}
    kept = {row.request_id: row for row in drafted if row.request_id in handed and _stays(row, ends, told)}
    busy = _busy(drafted) if kept else {}
    for id_, row in kept.items():
        now = _in_order(told[id_].attendances)
        came = _people(now) - _people(as_drafted[id_])
        if not any(_elsewhere(busy[person], row, ends) for person in came):
            as_drafted[id_] = now
    return as_drafted


def _people(found: Seats) -> set[int]:
    return {seat.participation.id for seat in found}


def _in_order(found: Seats) -> Seats:
    return tuple(sorted(found, key=lambda seat: (seat.side, seat.participation.id)))


def _stays(row: Drafted, ends: Ends, told: Mapping[int, Told]) -> bool:
    before = told[row.request_id]
    stands = before.state is not MeetingState.CANCELLED
    return stands and (before.day, before.start, before.end) == _when(row, ends)


def _busy(drafted: Sequence[Drafted]) -> Mapping[int, list[Drafted]]:
    found: Mapping[int, list[Drafted]] = defaultdict(list)
    for row in drafted:
        for person_id in _people(row.seats):
            found[person_id].append(row)
    return found


def _elsewhere(others: Iterable[Drafted], row: Drafted, ends: Ends) -> bool:
    day, start, end = _when(row, ends)
    spans = [_when(other, ends) for other in others if other.request_id != row.request_id]
    return any(then == day and begins < end and start < ends_ for then, begins, ends_ in spans)


def _when(row: Drafted, ends: Ends) -> tuple[dt.date, dt.time, dt.time]:
    return row.slot.day, row.slot.start, ends[row.request_id]

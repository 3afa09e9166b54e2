"""A draft beside what was told last: what publishing it would change, and who would be told."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import func, select

from matchmaker.domain import days_out as day_by_day
from matchmaker.domain import zones
from matchmaker.domain.days_out import Plan
from matchmaker.domain.disclosure import Reason
from matchmaker.domain.feedback import HAPPENED
from matchmaker.domain.states import (
    MEETING,
    MeetingState,
    RequestState,
    VersionKind,
    WishLevel,
    moved,
)
from matchmaker.domain.versions import Difference, Placed, difference, other_instant
from matchmaker.errors import NotFound
from matchmaker.extensions import db
from matchmaker.models import (
    Draft,
    DraftUnscheduled,
    Event,
    PublishedUnscheduled,
    Run,
    Slot,
    Version,
    Wish,
)
from matchmaker.queries import days_out, shelf, since
from matchmaker.queries.meeting_rows import Drafted, MeetingRows, Seats, Told

LIVE = frozenset({RequestState.ASKED, RequestState.ACCEPTED})


class ByDay(NamedTuple):
    """On which day each request is drafted, and on which it was told and stands; what is over is in neither."""

    drafted: Mapping[int, date]
    told: Mapping[int, date]


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a draft would become: its meetings that still may be held, and why the others are not."""

    draft: Draft
    meetings: Mapping[int, Drafted]
    """By request. What stays as it was told is not here: meetings that took place, those that were made on the day
    since the draft was, and to a repair all that had begun."""
    ends: Mapping[int, time]
    seats: Mapping[int, Seats]
    """Who attends: as drafted, or as colleagues have handed a meeting on since."""
    left_out: Mapping[int, Reason]
    told: Mapping[int, Told]
    """What was told last of each request, cancellations included."""
    difference: Difference
    plan: Plan
    by_day: ByDay
    torn: frozenset[int]
    """Told on a day that is published again, and drafted on one that is not: this cannot go out."""
    reassured: frozenset[int]
    """Who has a meeting that stays where it was told and is no longer provisional, or at another instant."""
    repair: Mapping[str, Any] | None = None
    """What went wrong, where the draft is a repair of what was told."""


def latest_number(event_id: int) -> int | None:
    """Return the number of the version that is out, None before the first."""
    return db.session.scalar(select(func.max(Version.number)).where(Version.event_id == event_id))


def draft(event_id: int, number: int) -> Draft:
    """Return a draft by its number.

    Raises
    ------
    NotFound
        If the event has none.
    """
    found = db.session.scalar(select(Draft).where(Draft.event_id == event_id, Draft.number == number))
    if found is None:
        raise NotFound("draft", number)
    return found


def candidate(
    event_id: int,
    draft_number: int,
    kind: VersionKind,
    days: Collection[date] | None = None,
    *,
    rows: MeetingRows | None = None,
) -> Candidate:
    """Return what publishing these days of a draft would do, None all, those that are out where it is a repair.

    It reads only, in a number of queries that does not grow. ``rows`` are those of the event, for whoever asks of
    several drafts.
    """
    rows = rows or MeetingRows(event_id)
    chosen, told = draft(event_id, draft_number), rows.told
    repair = happened(chosen)
    plan = days_out.plan(event_id, days, repair=repair is not None)
    over = {id_ for id_, row in told.items() if row.state in HAPPENED or (repair and begun(row, repair))}
    drafted = [row for row in rows.drafted(chosen) if row.request_id not in over]
    by_day = ByDay(
        {row.request_id: row.slot.day for row in drafted},
        {id_: row.day for id_, row in told.items() if row.state is not MeetingState.CANCELLED and id_ not in over},
    )
    parted = day_by_day.parted(*by_day, plan.chosen)
    drafted = [row for row in drafted if row.request_id in parted.taken]
    over |= parted.staying
    every_end = _ends(event_id, drafted)
    over |= since.made(chosen, drafted, every_end, told)
    seats = since.seats(chosen, drafted, every_end, told, repair=repair is not None)
    left_out = _left_out(event_id, drafted, seats, since.cancelled(chosen, told))
    meetings = {row.request_id: row for row in drafted if row.request_id not in left_out}
    ends = {id_: every_end[id_] for id_ in meetings}
    old = {id_: _as_told(row) for id_, row in told.items()}
    new = _as_drafted(event_id, meetings.values(), ends, seats, {id_: _state(kind, told.get(id_)) for id_ in meetings})
    found = difference(old.values(), [*new, *(old[id_] for id_ in over)])
    torn, reassured = parted.torn - over, _reassured(found.kept, told)
    return Candidate(chosen, meetings, ends, seats, left_out, told, found, plan, by_day, torn, reassured, repair)


def looked_at(
    event_id: int,
    draft_number: int,
    kind: VersionKind,
    days: Collection[date] | None = None,
    *,
    rows: MeetingRows | None = None,
) -> Candidate:
    """Return the same for a page, kept in memory as long as nothing of it has changed."""
    chosen = draft(event_id, draft_number)
    asked = kind, None if days is None else frozenset(days)
    found = shelf.of_drafts(
        "candidates", [chosen], asked, lambda: candidate(event_id, draft_number, kind, days, rows=rows)
    )
    return replace(found, draft=chosen)


def happened(chosen: Draft) -> dict[str, Any] | None:
    """Return what went wrong, if the draft is a repair."""
    return db.session.scalar(select(Run.happened).where(Run.id == chosen.run_id))


def begun(row: Told, repair: Mapping[str, Any]) -> bool:
    """Tell whether a meeting stood and had begun when a repair was asked for."""
    asked = datetime.fromisoformat(repair["asked"])
    return row.state is not MeetingState.CANCELLED and datetime.combine(row.day, row.start) <= asked


def mark(told: Iterable[Told]) -> str:
    """Return a mark of what stands: another one as soon as anything is moved, handed over, added or cancelled."""
    rows = sorted((row.request_id, row.sequence) for row in told if row.state is not MeetingState.CANCELLED)
    return sha256(repr(rows).encode()).hexdigest()


def reasons(event_id: int) -> dict[int, str]:
    """Return request -> reason of all that the last version does not hold."""
    last = select(func.max(Version.number)).where(Version.event_id == event_id).scalar_subquery()
    rows = (
        select(PublishedUnscheduled.request_id, PublishedUnscheduled.reason)
        .join(Version, Version.id == PublishedUnscheduled.version_id)
        .where(Version.event_id == event_id, Version.number == last)
    )
    return {id_: reason for id_, reason in db.session.execute(rows)}  # noqa: C416 -- rows are no pairs to mypy


def unscheduled(found: Candidate) -> dict[int, str]:
    """Return request -> reason of all that the version will not hold; asked before there is one."""
    columns = DraftUnscheduled.request_id, DraftUnscheduled.reason
    rows = db.session.execute(select(*columns).where(DraftUnscheduled.draft_id == found.draft.id))
    held = found.meetings.keys() | {row.request_id for row in found.difference.kept}
    new = {id_: reason for id_, reason in rows if id_ not in held}
    new |= {id_: str(reason) for id_, reason in found.left_out.items()}
    if found.plan.chosen is not None:  # of what is drafted for other days, what was told before is still all there is
        untold = found.by_day.drafted.keys() - held
        before = reasons(found.draft.event_id)
        new = {id_: reason for id_, reason in before.items() if id_ in untold} | new
    return new


def _left_out(
    event_id: int, meetings: Iterable[Drafted], seats: Mapping[int, Seats], cancelled: Collection[int]
) -> dict[int, Reason]:
    """Return why a meeting of the draft may not be held any more: somebody left, or wants it no more."""
    vetoed = _vetoed(event_id)
    found: dict[int, Reason] = {}
    for meeting in meetings:
        pair = meeting.first_id, meeting.second_id
        if any(seat.participation.withdrawn for seat in seats[meeting.request_id]):
            found[meeting.request_id] = Reason.NO_REPRESENTATIVE
        elif meeting.asked not in LIVE or meeting.request_id in cancelled or pair in vetoed or pair[::-1] in vetoed:
            found[meeting.request_id] = Reason.NOT_OFFERED
    return found


def _vetoed(event_id: int) -> set[tuple[int, int]]:
    where = (Wish.event_id == event_id, Wish.level == WishLevel.VETO)
    return {(a, b) for a, b in db.session.execute(select(Wish.organisation_id, Wish.wanted_id).where(*where))}


def _ends(event_id: int, meetings: Iterable[Drafted]) -> dict[int, time]:
    """Return when each meeting ends: a longer one takes the slots that follow its first."""
    slots = db.session.scalars(select(Slot).where(Slot.event_id == event_id).order_by(Slot.day, Slot.start)).all()
    place = {slot.id: number for number, slot in enumerate(slots)}
    return {row.request_id: slots[place[row.slot.id] + row.length - 1].end for row in meetings}


def _reassured(kept: Iterable[Placed], told: Mapping[int, Told]) -> frozenset[int]:
    both = [(placed, told[placed.request_id]) for placed in kept]
    return frozenset(
        id_
        for placed, before in both
        if (placed.state is MeetingState.CONFIRMED and before.state is MeetingState.PROVISIONAL)
        or other_instant(before.begins_at, placed.begins)
        for id_ in placed.attendees
    )


def _as_told(row: Told) -> Placed:
    return Placed(
        request_id=row.request_id,
        day=row.day,
        start=row.start,
        end=row.end,
        location=_sign(row.location_id, row.location_names),
        table=row.table_number,
        attendees=frozenset(attendance.participation_id for attendance in row.attendances),
        interpreter=_interpreter(row.interpreter_names),
        sequence=row.sequence,
        state=row.state,
        begins=row.begins_at,
    )


def _as_drafted(
    event_id: int,
    meetings: Iterable[Drafted],
    ends: Mapping[int, time],
    seats: Mapping[int, Seats],
    states: Mapping[int, MeetingState],
) -> Iterator[Placed]:
    zone = db.session.get_one(Event, event_id).zone
    begins: dict[int, datetime] = {}
    signs: dict[int, str] = {}
    for row in meetings:
        slot, location = row.slot, row.location
        if slot.id not in begins:
            begins[slot.id] = zones.instant(datetime.combine(slot.day, slot.start), zone)
        if location.id not in signs:
            signs[location.id] = _sign(location.id, location.names)
        yield Placed(
            request_id=row.request_id,
            day=slot.day,
            start=slot.start,
            end=ends[row.request_id],
            location=signs[location.id],
            table=row.table_number,
            attendees=frozenset(seat.participation.id for seat in seats[row.request_id]),
            interpreter=_interpreter(row.interpreter.names if row.interpreter else {}),
            state=states[row.request_id],
            begins=begins[slot.id],
        )


def _state(kind: VersionKind, told: Told | None) -> MeetingState:
    """What is confirmed stays so, even where the version is provisional."""
    state = MeetingState.CONFIRMED if kind is VersionKind.FINAL else MeetingState.PROVISIONAL
    if told is None:
        return state
    if told.state is MeetingState.CONFIRMED:
        return told.state
    return moved(MEETING, told.state, state)


def _sign(location_id: int, names: Mapping[str, str]) -> str:
    return f"{location_id} {sorted(names.items())}"


def _interpreter(names: Mapping[str, str]) -> str | None:
    return str(sorted(names.items())) if names else None

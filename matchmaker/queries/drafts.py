"""One draft as organisers read it: by time, by person, and what it does not hold."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from matchmaker.domain.disclosure import Reason, organiser_reason
from matchmaker.domain.states import Role
from matchmaker.extensions import db
from matchmaker.models import (
    Draft,
    DraftMeeting,
    DraftUnscheduled,
    Participation,
    PersonBooking,
    Request,
    Slot,
    Texts,
)


@dataclass(frozen=True, slots=True)
class Person:
    participation_id: int
    organisation: Texts
    names: Texts


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting of a draft with all that its row says; ``people`` stand in the order of the sides."""

    id: int
    request_id: int
    day: dt.date
    start: dt.time
    end: dt.time
    people: tuple[Person, ...]
    location: Texts
    is_stand: bool
    table: int
    interpreter: Texts
    locked: bool


@dataclass(frozen=True, slots=True)
class Unheld:
    """A request that is not held, with the reason that the reader's role may see."""

    first: Texts
    second: Texts
    klass: str
    weight: int
    reason: Reason


def meetings(draft: Draft) -> list[Meeting]:
    """Return the meetings of a draft in the order of the days, in a number of queries that does not grow."""
    slots = db.session.scalars(select(Slot).where(Slot.event_id == draft.event_id).order_by(Slot.day, Slot.start)).all()
    place = {slot.id: number for number, slot in enumerate(slots)}
    people = selectinload(DraftMeeting.people).joinedload(PersonBooking.participation)
    options = (
        people.joinedload(Participation.account),
        people.joinedload(Participation.organisation),
        joinedload(DraftMeeting.location),
        joinedload(DraftMeeting.interpreter),
    )
    rows = db.session.scalars(select(DraftMeeting).where(DraftMeeting.draft_id == draft.id).options(*options)).all()
    return [
        _meeting(row, slots, place)
        for row in sorted(rows, key=lambda row: (place[row.slot_id], row.location_id, row.table_number))
    ]


def by_person(found: Sequence[Meeting]) -> list[tuple[Person, list[Meeting]]]:
    """Return everybody who has a meeting with theirs, by organisation; each list in the order of the days."""
    own: dict[int, list[Meeting]] = defaultdict(list)
    people: dict[int, Person] = {}
    for meeting in found:
        for person in meeting.people:
            people[person.participation_id] = person
            own[person.participation_id].append(meeting)
    return sorted(((people[id_], rows) for id_, rows in own.items()), key=lambda one: _spelling(one[0].organisation))


def _spelling(names: Texts) -> str:
    return str(sorted(names.items()))


def by_day(found: Sequence[Meeting]) -> Mapping[dt.date, list[Meeting]]:
    days: dict[dt.date, list[Meeting]] = defaultdict(list)
    for meeting in found:
        days[meeting.day].append(meeting)
    return days


def unheld(draft: Draft, role: Role) -> list[Unheld]:
    """Return what a draft does not hold, the most wanted first."""
    both = (
        joinedload(DraftUnscheduled.request).joinedload(Request.first),
        joinedload(DraftUnscheduled.request).joinedload(Request.second),
    )
    rows = db.session.scalars(select(DraftUnscheduled).where(DraftUnscheduled.draft_id == draft.id).options(*both))
    found = [
        Unheld(
            row.request.first.names,
            row.request.second.names,
            row.request.klass,
            row.request.weight,
            organiser_reason(row.reason, role),
        )
        for row in rows
    ]
    return sorted(found, key=lambda row: -row.weight)


def locked_count(draft: Draft) -> int:
    where = (DraftMeeting.draft_id == draft.id, DraftMeeting.locked.is_(True))
    return len(db.session.scalars(select(DraftMeeting.id).where(*where)).all())


def _meeting(row: DraftMeeting, slots: Sequence[Slot], place: Mapping[int, int]) -> Meeting:
    start = place[row.slot_id]
    by_side = {booking.side: booking.participation for booking in row.people}
    return Meeting(
        id=row.id,
        request_id=row.request_id,
        day=slots[start].day,
        start=slots[start].start,
        end=slots[start + row.length - 1].end,
        people=tuple(
            Person(person.id, person.organisation.names, person.account.names) for _, person in sorted(by_side.items())
        ),
        location=row.location.names,
        is_stand=row.location.is_stand,
        table=row.table_number,
        interpreter=row.interpreter.names if row.interpreter else {},
        locked=row.locked,
    )

"""One draft as organisers read it: by time, by person, and what it does not hold, a page at a time.

Drafts are long: columns are read and not whole rows, and names once for all.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from matchmaker.domain.disclosure import Reason, organiser_reason
from matchmaker.domain.states import Role
from matchmaker.extensions import db
from matchmaker.models import (
    Account,
    Draft,
    DraftMeeting,
    DraftUnscheduled,
    Interpreter,
    Location,
    Organisation,
    Participation,
    PersonBooking,
    Request,
    Slot,
    Texts,
)

PAGE = 60
"""Meetings, or requests, of one page."""
PEOPLE = 20
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Person:
    participation_id: int
    organisation: Texts
    names: Texts


class Hall(NamedTuple):
    names: Texts
    is_stand: bool


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


@dataclass(frozen=True, slots=True)
class Part(Generic[T]):
    """One page of a list; ``first`` counts from 1."""

    rows: Sequence[T]
    total: int
    first: int

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1


def meetings(draft: Draft, only: Collection[int], known: Mapping[int, Person] | None = None) -> list[Meeting]:
    """Return the meetings of a draft with these ids in the order of the days; six queries.

    ``known`` are the people of the event, for whoever has read them already.
    """
    slots = db.session.scalars(select(Slot).where(Slot.event_id == draft.event_id).order_by(Slot.day, Slot.start)).all()
    place = {slot.id: number for number, slot in enumerate(slots)}
    seats = _seats(draft, only)
    everybody = people(draft, {id_ for sides in seats.values() for id_ in sides.values()}) if known is None else known
    halls = {row.id: Hall(row.names, row.is_stand) for row in _of_event(draft, Location, "names", "is_stand")}
    interpreters = {row.id: row.names for row in _of_event(draft, Interpreter, "names")}
    columns = ("id", "request_id", "slot_id", "length", "location_id", "table_number", "interpreter_id", "locked")
    found = select(*(getattr(DraftMeeting, name) for name in columns)).where(DraftMeeting.draft_id == draft.id)
    rows = db.session.execute(found.where(DraftMeeting.id.in_(only))).all()
    return [
        Meeting(
            id=row.id,
            request_id=row.request_id,
            day=slots[place[row.slot_id]].day,
            start=slots[place[row.slot_id]].start,
            end=slots[place[row.slot_id] + row.length - 1].end,
            people=tuple(everybody[id_] for _side, id_ in sorted(seats[row.id].items())),
            location=halls[row.location_id].names,
            is_stand=halls[row.location_id].is_stand,
            table=row.table_number,
            interpreter=interpreters.get(row.interpreter_id, {}),
            locked=row.locked,
        )
        for row in sorted(rows, key=lambda row: (place[row.slot_id], row.location_id, row.table_number))
    ]


def days(draft: Draft) -> list[dt.date]:
    """Return the days on which a draft holds something."""
    held = select(Slot.day).join(DraftMeeting, DraftMeeting.slot_id == Slot.id).where(DraftMeeting.draft_id == draft.id)
    return list(db.session.scalars(held.distinct().order_by(Slot.day)))


def of_day(draft: Draft, day: dt.date, page: int) -> Part[Meeting]:
    """Return a page of the meetings of a day."""
    held = select(DraftMeeting.id).join(Slot, Slot.id == DraftMeeting.slot_id)
    held = held.where(DraftMeeting.draft_id == draft.id, Slot.day == day)
    total, start = _counted(held, page, PAGE)
    order = Slot.start, DraftMeeting.location_id, DraftMeeting.table_number
    ids = db.session.scalars(held.order_by(*order).offset(start).limit(PAGE)).all()
    return Part(meetings(draft, ids), total, start + 1)


def by_person(draft: Draft, page: int) -> Part[tuple[Person, list[Meeting]]]:
    """Return a page of those who have a meeting with theirs, by organisation; each list in the order of the days."""
    booked = select(PersonBooking.participation_id).where(PersonBooking.draft_id == draft.id)
    rows = select(Participation.id, Organisation.names)
    rows = rows.join(Organisation, Organisation.id == Participation.organisation_id)
    sitting = db.session.execute(rows.where(Participation.event_id == draft.event_id, Participation.id.in_(booked)))
    in_order = [id_ for _spelt, id_ in sorted((_spelling(names), id_) for id_, names in sitting)]
    start = _start(len(in_order), page, PEOPLE)
    shown = in_order[start : start + PEOPLE]
    theirs = select(PersonBooking.meeting_id).where(PersonBooking.draft_id == draft.id)
    ids = set(db.session.scalars(theirs.where(PersonBooking.participation_id.in_(shown))))
    own: dict[int, list[Meeting]] = defaultdict(list)
    for meeting in meetings(draft, ids):
        for person in meeting.people:
            own[person.participation_id].append(meeting)
    named = people(draft, shown)
    return Part([(named[id_], own[id_]) for id_ in shown], len(in_order), start + 1)


def unheld(draft: Draft, role: Role, page: int) -> Part[Unheld]:
    """Return a page of what a draft does not hold, the most wanted first."""
    both = (
        joinedload(DraftUnscheduled.request).joinedload(Request.first),
        joinedload(DraftUnscheduled.request).joinedload(Request.second),
    )
    chosen = select(DraftUnscheduled).where(DraftUnscheduled.draft_id == draft.id)
    total, start = _counted(select(DraftUnscheduled.id).where(DraftUnscheduled.draft_id == draft.id), page, PAGE)
    ordered = chosen.join(Request, Request.id == DraftUnscheduled.request_id).order_by(
        Request.weight.desc(), Request.id
    )
    rows = [
        Unheld(
            row.request.first.names,
            row.request.second.names,
            row.request.klass,
            row.request.weight,
            organiser_reason(row.reason, role),
        )
        for row in db.session.scalars(ordered.options(*both).offset(start).limit(PAGE))
    ]
    return Part(rows, total, start + 1)


def unheld_count(draft: Draft) -> int:
    where = DraftUnscheduled.draft_id == draft.id
    return db.session.scalar(select(func.count(DraftUnscheduled.id)).where(where)) or 0


def locked_count(draft: Draft) -> int:
    where = (DraftMeeting.draft_id == draft.id, DraftMeeting.locked.is_(True))
    return db.session.scalar(select(func.count(DraftMeeting.id)).where(*where)) or 0


def people(draft: Draft, only: Collection[int] | None = None) -> dict[int, Person]:
    """Return these people by participation, None all of the event, also who has withdrawn: an old draft holds them."""
    rows = select(Participation.id, Organisation.names, Account.names)
    rows = rows.join(Organisation, Organisation.id == Participation.organisation_id)
    rows = rows.join(Account, Account.id == Participation.account_id).where(Participation.event_id == draft.event_id)
    rows = rows if only is None else rows.where(Participation.id.in_(only))
    return {row[0]: Person(*row) for row in db.session.execute(rows)}


def _seats(draft: Draft, only: Collection[int]) -> Mapping[int, Mapping[int, int]]:
    """Return, by meeting and side, who attends: a longer meeting has a booking for each of its slots."""
    rows = select(PersonBooking.meeting_id, PersonBooking.side, PersonBooking.participation_id)
    rows = rows.where(PersonBooking.draft_id == draft.id, PersonBooking.meeting_id.in_(only))
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for meeting_id, side, id_ in db.session.execute(rows):
        found[meeting_id][side] = id_
    return found


def _of_event(draft: Draft, kind: type[Location | Interpreter], *names: str) -> Sequence[Any]:
    columns = (kind.id, *(getattr(kind, name) for name in names))
    return db.session.execute(select(*columns).where(kind.event_id == draft.event_id)).all()


def _spelling(names: Texts) -> str:
    return str(sorted(names.items()))


def _counted(chosen: Select[Any], page: int, size: int) -> tuple[int, int]:
    """Return how many rows there are, and where a page of them begins, the last one where there are fewer."""
    total = db.session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
    return total, _start(total, page, size)


def _start(total: int, page: int, size: int) -> int:
    return (min(max(page, 1), max(1, -(-total // size))) - 1) * size

"""Meetings as light rows: those of a draft, and what was told last of each request.

An event has thousands of them, and whole rows of the tables take long to read. The number of queries does not grow.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import Cast, Select, Text, and_, cast, func, select
from sqlalchemy.orm import InstrumentedAttribute

from matchmaker.domain.states import MeetingState, RequestState
from matchmaker.extensions import db
from matchmaker.models import (
    Attendance,
    Draft,
    DraftMeeting,
    Interpreter,
    Location,
    Participation,
    PersonBooking,
    PublishedMeeting,
    Request,
    Slot,
    Texts,
    Version,
)


class Person(NamedTuple):
    """Somebody who takes part, or did."""

    id: int
    withdrawn: bool
    languages: Sequence[str]


class Seat(NamedTuple):
    """Who attends a meeting, and on which side."""

    participation: Person
    side: int

    @property
    def participation_id(self) -> int:
        return self.participation.id


People = Mapping[int, Person]
Seats = tuple[Seat, ...]


class Start(NamedTuple):
    """The slot in which a meeting starts."""

    id: int
    day: date
    start: time


class Hall(NamedTuple):
    """A location, under the names of today."""

    id: int
    names: Texts
    is_stand: bool


class Helper(NamedTuple):
    """An interpreter, under the names of today."""

    id: int
    names: Texts


class Drafted(NamedTuple):
    """A meeting of a draft with the two sides and the state of its request."""

    id: int
    request_id: int
    first_id: int
    second_id: int
    asked: RequestState
    length: int
    slot: Start
    location: Hall
    table_number: int
    interpreter: Helper | None
    seats: Seats


class Told(NamedTuple):
    """A meeting as it was told last, in the words of then, with the two sides of its request."""

    request_id: int
    state: MeetingState
    sequence: int
    day: date
    start: time
    end: time
    begins_at: datetime | None
    location_id: int
    is_stand: bool
    table_number: int
    first_id: int
    second_id: int
    location_names: Texts
    languages: Sequence[str]
    interpreter_names: Texts
    attendances: Seats


class MeetingRows:
    """The rows of an event, each read once by whoever needs them more than once."""

    def __init__(self, event_id: int) -> None:
        self.event_id = event_id
        self._drafted: dict[int, list[Drafted]] = {}

    @cached_property
    def people(self) -> People:
        return people(self.event_id)

    @cached_property
    def told(self) -> Mapping[int, Told]:
        return told_last(self.event_id, self.people)

    def drafted(self, draft: Draft) -> Sequence[Drafted]:
        if draft.id not in self._drafted:
            self._drafted[draft.id] = drafted(draft, self.people)
        return self._drafted[draft.id]


def people(event_id: int) -> dict[int, Person]:
    """Return who takes part, also who has withdrawn, by participation."""
    columns = Participation.id, Participation.withdrawn, as_text(Participation.languages)
    rows = db.session.execute(select(*columns).where(Participation.event_id == event_id))
    known = Known()
    return {id_: Person(id_, withdrawn, known[languages]) for id_, withdrawn, languages in rows}


def drafted(draft: Draft, who: People) -> list[Drafted]:
    """Return the meetings of a draft in the order of their ids; ``who`` are the people of the event."""
    slots = {row[0]: Start(*row) for row in _of_event(draft, Slot.id, Slot.day, Slot.start)}
    locations = {row[0]: Hall(*row) for row in _of_event(draft, Location.id, Location.names, Location.is_stand)}
    interpreters = {row[0]: Helper(*row) for row in _of_event(draft, Interpreter.id, Interpreter.names)}
    seats = _booked(draft, who)
    asked = DraftMeeting.id, DraftMeeting.request_id, Request.first_id, Request.second_id, Request.state
    place = DraftMeeting.slot_id, DraftMeeting.location_id, DraftMeeting.table_number, DraftMeeting.interpreter_id
    rows = select(*asked, DraftMeeting.length, *place).join(Request, Request.id == DraftMeeting.request_id)
    return [
        Drafted(
            *row[:6],
            slots[row.slot_id],
            locations[row.location_id],
            row.table_number,
            interpreters.get(row.interpreter_id or 0),
            seats.get(row.id, ()),
        )
        for row in db.session.execute(rows.where(DraftMeeting.draft_id == draft.id).order_by(DraftMeeting.id))
    ]


def told_last(event_id: int, who: People | None = None) -> dict[int, Told]:
    """Return what was told last of each request that was ever published, by request id, cancellations included.

    ``who`` are the people of the event, for whoever has read them already.
    """
    newest, seats = _newest(event_id), defaultdict[int, list[Seat]](list)
    who = people(event_id) if who is None else who
    columns = Attendance.meeting_id, Attendance.participation_id, Attendance.side
    seated = select(*columns).where(Attendance.meeting_id.in_(newest)).order_by(Attendance.side, Attendance.id)
    for meeting_id, participation_id, side in db.session.execute(seated):
        seats[meeting_id].append(Seat(who[participation_id], side))
    plain = (getattr(PublishedMeeting, name) for name in Told._fields[:10])
    words = (as_text(getattr(PublishedMeeting, name)) for name in Told._fields[12:15])
    rows = select(PublishedMeeting.id, *plain, Request.first_id, Request.second_id, *words)
    rows = rows.join(Request, Request.id == PublishedMeeting.request_id).where(PublishedMeeting.id.in_(newest))
    known = Known()
    found: Iterable[Any] = db.session.execute(rows.order_by(PublishedMeeting.id))
    return {
        row.request_id: Told._make((*row[1:13], *(known[text] for text in row[13:]), tuple(seats[row.id])))
        for row in found
    }


def _of_event(draft: Draft, *columns: InstrumentedAttribute[Any]) -> Iterable[Any]:
    kind: Any = columns[0].class_
    return db.session.execute(select(*columns).where(kind.event_id == draft.event_id))


def _booked(draft: Draft, who: People) -> Mapping[int, Seats]:
    """Return who attends, by meeting, in the order of the sides; a longer one has a booking for each of its slots."""
    found: dict[int, dict[int, Seat]] = defaultdict(dict)
    booked = select(PersonBooking.meeting_id, PersonBooking.participation_id, PersonBooking.side)
    in_order = PersonBooking.side, PersonBooking.participation_id
    for meeting_id, participation_id, side in db.session.execute(
        booked.where(PersonBooking.draft_id == draft.id).order_by(*in_order)
    ):
        found[meeting_id][participation_id] = Seat(who[participation_id], side)
    return {meeting_id: tuple(seats.values()) for meeting_id, seats in found.items()}


def _newest(event_id: int) -> Select[Any]:
    """Choose the row of each request that was told last."""
    newest = (
        select(PublishedMeeting.request_id, func.max(Version.number).label("number"))
        .join(Version, Version.id == PublishedMeeting.version_id)
        .where(PublishedMeeting.event_id == event_id)
        .group_by(PublishedMeeting.request_id)
        .subquery()
    )
    return (
        select(PublishedMeeting.id)
        .join(Version, Version.id == PublishedMeeting.version_id)
        .join(newest, and_(newest.c.request_id == PublishedMeeting.request_id, newest.c.number == Version.number))
        .where(PublishedMeeting.event_id == event_id)
    )


def as_text(column: InstrumentedAttribute[Any]) -> Cast[str]:
    """Return a column as it is stored, for whoever reads each text once: see ``Known``."""
    return cast(column, Text)


class Known(dict[str, Any]):
    """What JSON texts hold: few are different, and each is read once."""

    def __missing__(self, text: str) -> Any:
        self[text] = found = json.loads(text)
        return found

"""The day as the welcome desk sees it: who is there, who is awaited, what begins when."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from sqlalchemy import select

from matchmaker.domain.days_out import Withheld
from matchmaker.domain.links import Purpose
from matchmaker.domain.searching import holds, searchable
from matchmaker.domain.states import MeetingState
from matchmaker.errors import NotFound
from matchmaker.extensions import db
from matchmaker.models import (
    Account,
    Attendance,
    Event,
    Organisation,
    Participation,
    PublishedMeeting,
    Request,
    Slot,
    Texts,
)
from matchmaker.queries import agenda_rows, changes, days_out, free, links
from matchmaker.queries.changes import STANDING
from matchmaker.queries.meeting_rows import Known, as_text

SOON = dt.timedelta(minutes=10)
"""So long before a meeting the desk asks for those who are not there."""
LATE = dt.timedelta(minutes=5)
"""So long after its beginning who is not there is late."""
PAGE = 20


@dataclass(frozen=True, slots=True)
class Person:
    id: int
    code: str
    names: Texts
    organisation_id: int
    organisation: Texts
    email: str
    arrived_at: dt.datetime | None

    @property
    def arrived(self) -> bool:
        return self.arrived_at is not None


class Meeting(NamedTuple):
    """A meeting of the last version; ``seats`` are (participation, side). Times are wall time."""

    code: str
    state: MeetingState
    start: dt.datetime
    end: dt.datetime
    location: Texts
    is_stand: bool
    table: int
    seats: tuple[tuple[int, int], ...]

    @property
    def stands(self) -> bool:
        return self.state in STANDING

    def others(self, person_id: int) -> list[int]:
        """Return who sits on the other side of somebody."""
        own = {side for id_, side in self.seats if id_ == person_id}
        return [id_ for id_, side in self.seats if side not in own]


@dataclass(frozen=True, slots=True)
class Awaited:
    """Somebody who is not there for a meeting; ``minutes`` since it began, less than 0 before it does."""

    person: Person
    meeting: Meeting
    minutes: int
    expected_by: tuple[Person, ...]

    @property
    def late(self) -> bool:
        return self.minutes >= LATE.seconds // 60


@dataclass(frozen=True)
class Board:
    """``people`` by participation; ``meetings`` are those of the day that are not cancelled, in order."""

    people: Mapping[int, Person]
    meetings: Sequence[Meeting]
    wall: dt.datetime

    @cached_property
    def _next(self) -> Mapping[int, Meeting]:
        found: dict[int, Meeting] = {}
        for one in self.meetings:
            if one.stands and one.end > self.wall:
                for id_, _ in one.seats:
                    found.setdefault(id_, one)
        return found

    @property
    def arrived(self) -> int:
        return sum(one.arrived for one in self.people.values())

    def next_of(self, person_id: int) -> Meeting | None:
        """Return the meeting that somebody is in, or has next, today."""
        return self._next.get(person_id)

    def named(self, ids: Iterable[int]) -> tuple[Person, ...]:
        return tuple(self.people[id_] for id_ in ids if id_ in self.people)

    @property
    def awaited(self) -> list[Awaited]:
        """Return who has not arrived although a meeting of theirs begins soon, or goes on; the latest first."""
        found = [
            Awaited(self.people[id_], one, _minutes(self.wall - one.start), self.named(one.others(id_)))
            for one in self.meetings
            if one.stands and one.start - SOON <= self.wall < one.end
            for id_, _ in one.seats
            if id_ in self.people and not self.people[id_].arrived
        ]
        return sorted(found, key=lambda one: -one.minutes)

    @property
    def missed(self) -> list[Meeting]:
        """Return the meetings of this moment to which somebody did not come."""
        now = [one for one in self.meetings if one.start <= self.wall < one.end]
        return [one for one in now if one.state is MeetingState.NO_SHOW]

    def found(self, words: str) -> list[Person]:
        """Return the people whose names, organisation, address or code hold all the words, those awaited first."""
        matching = [one for one in self.people.values() if not words or holds(_searchable(one), words)]
        return sorted(matching, key=self._order)[:PAGE]

    def _order(self, one: Person) -> tuple[bool, bool, dt.datetime, int]:
        coming = self.next_of(one.id)
        return one.arrived, coming is None, coming.start if coming else self.wall, one.id


def board(event_id: int, wall: dt.datetime) -> Board:
    """Return the day at this moment of the event's clock, in a number of queries that does not grow."""
    return Board(people(event_id), meetings(event_id, wall.date()), wall)


def by_link(event_id: int, text: str) -> str | None:
    """Return the code of the person whose personal link was typed or scanned; None if it is no link of the event."""
    token = text.strip().rstrip("/").split("?")[0].rsplit("/", 1)[-1]
    if "-" not in token:
        return None
    for purpose in (Purpose.AGENDA, Purpose.READ_ONLY):
        try:
            found = links.access_by_link(token, purpose)
        except NotFound:
            continue
        return found.code if found.event_id == event_id else None
    return None


def meetings(event_id: int, day: dt.date) -> list[Meeting]:
    """Return the meetings of a day in the last version, in the order of time."""
    version = agenda_rows.last_version(event_id)
    of_day = (
        PublishedMeeting.version_id == (version.id if version else 0),
        PublishedMeeting.state != MeetingState.CANCELLED,
        PublishedMeeting.day == day,
    )
    seats: dict[int, list[tuple[int, int]]] = defaultdict(list)
    seated = select(Attendance.meeting_id, Attendance.participation_id, Attendance.side)
    seated = seated.where(Attendance.meeting_id.in_(select(PublishedMeeting.id).where(*of_day)))
    for meeting_id, participation_id, side in db.session.execute(seated.order_by(Attendance.side, Attendance.id)):
        seats[meeting_id].append((participation_id, side))
    plain = (getattr(PublishedMeeting, name) for name in ("state", "start", "end", "is_stand", "table_number"))
    chosen = select(PublishedMeeting.id, as_text(PublishedMeeting.location_names), Request.code, *plain)
    chosen = chosen.join(Request, Request.id == PublishedMeeting.request_id).where(*of_day)
    known = Known()
    return [
        Meeting(
            code=code,
            state=state,
            start=dt.datetime.combine(day, start),
            end=dt.datetime.combine(day, end),
            location=known[location],
            is_stand=is_stand,
            table=table,
            seats=tuple(seats[id_]),
        )
        for id_, location, code, state, start, end, is_stand, table in db.session.execute(
            chosen.order_by(PublishedMeeting.start, PublishedMeeting.id)
        )
    ]


@dataclass(frozen=True, slots=True)
class StandIn:
    """Somebody who could come in a colleague's place; ``speaks`` a language of the other side, or needs none."""

    person: Person
    speaks: bool


def stand_ins(event_id: int, code: str, person: Person, people: Mapping[int, Person]) -> list[StandIn]:
    """Return who of the same organisation is free for a meeting, those first who are there and are understood."""
    meeting = changes.meeting(event_id, code)
    others = [one.participation for one in meeting.attendances]
    others = [one for one in others if one.organisation_id != person.organisation_id]
    spoken = [set(one.languages) for one in others if one.languages]
    common = set.intersection(*spoken) if spoken else set()
    found = [
        StandIn(
            people[one.id],
            bool(meeting.interpreter_names) or not spoken or not one.languages or bool(common & {*one.languages}),
        )
        for one in free.takers(meeting, person.organisation_id)
        if one.id in people
    ]
    return sorted(found, key=lambda one: (not one.speaks, not one.person.arrived, one.person.id))


def people(event_id: int) -> dict[int, Person]:
    """Return who takes part in an event, by participation."""
    columns = (
        Participation.id,
        Participation.code,
        Account.names,
        Participation.organisation_id,
        Organisation.names,
        Account.email,
        Participation.arrived_at,
    )
    rows = (
        select(*columns)
        .join(Account, Account.id == Participation.account_id)
        .join(Organisation, Organisation.id == Participation.organisation_id)
        .where(Participation.event_id == event_id, Participation.withdrawn.is_(False))
        .order_by(Participation.id)
    )
    return {row[0]: Person(*row[:5], row[5] or "", *row[6:]) for row in db.session.execute(rows)}


def _searchable(one: Person) -> str:
    return searchable([*one.names.values(), *one.organisation.values(), one.email, one.code])


def _minutes(span: dt.timedelta) -> int:
    return int(span.total_seconds() // 60)


@dataclass(frozen=True, slots=True)
class Moment:
    """Where the day stands: the slot that runs, and the one that comes next today; None where there is none.

    There is none either on a day ``withheld``, whose programme is not published.
    """

    current: Slot | None
    next: Slot | None
    wall: dt.datetime
    withheld: Withheld | None = None

    @property
    def ends(self) -> dt.datetime | None:
        """Return when what runs now ends: the slot, or the time until the next one."""
        if self.current:
            return dt.datetime.combine(self.current.day, self.current.end)
        return dt.datetime.combine(self.next.day, self.next.start) if self.next else None

    @property
    def minutes_left(self) -> int:
        """Return the minutes until then, a begun one counted whole."""
        return -_minutes(self.wall - self.ends) if self.ends else 0


def moment(event: Event, wall: dt.datetime) -> Moment:
    """Return where the day stands by the event's clock."""
    today = [slot for slot in event.slots if slot.day == wall.date()]
    if wall.date() in days_out.withheld(agenda_rows.last_version(event.id)):
        is_over = all(slot.end <= wall.time() for slot in today)
        return Moment(None, None, wall, Withheld(on=None, is_over=is_over))
    current = next((slot for slot in today if slot.start <= wall.time() < slot.end), None)
    coming = next((slot for slot in today if slot.start > wall.time()), None)
    return Moment(current, coming, wall)

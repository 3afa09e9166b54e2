"""The facts of an agenda, which page, PDF, mail and calendar show in their own way: plain values, no rows of tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from matchmaker.domain.agenda import AgendaDay, Moment, Row
from matchmaker.domain.states import Locale, MeetingState, Phase, VersionKind
from matchmaker.domain.statuses import Status
from matchmaker.domain.versions import Placed
from matchmaker.models import Texts
from matchmaker.queries.not_scheduled import NotScheduled


@dataclass(frozen=True, slots=True)
class EventFacts:
    slug: str
    names: Texts
    places: Texts
    days: tuple[dt.date, ...]
    zone: str
    accent: str
    phase: Phase
    patronage: Texts
    logos: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class PersonFacts:
    participation_id: int
    names: Texts
    organisation: Texts
    locale: Locale


@dataclass(frozen=True, slots=True)
class VersionFacts:
    number: int
    kind: VersionKind
    published_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody met: title of protocol, name and job."""

    names: Texts
    job: Texts
    title: Texts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting as this person was told of it. ``code`` and ``sequence`` are the calendar's.

    ``was`` is where it stood in the version before, if it moved. ``walk_minutes`` are from the engagement
    before it on the same day, None where there is no way to go.
    """

    code: str
    sequence: int
    state: MeetingState
    status: Status
    start: dt.datetime
    end: dt.datetime
    organisation: Texts
    people: tuple[Other, ...]
    location: Texts
    is_stand: bool
    table: int
    languages: tuple[str, ...]
    interpreter: Texts
    placed: Placed
    zone_id: int | None = None
    was: dt.datetime | None = None
    walk_minutes: int | None = None

    @property
    def stands(self) -> bool:
        return self.state is not MeetingState.CANCELLED


@dataclass(frozen=True, slots=True)
class SessionFacts:
    titles: Texts
    rooms: Texts
    zone_id: int | None
    speaks: bool = False


@dataclass(frozen=True, slots=True)
class Pause:
    kind: str
    titles: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Agenda:
    """All that one person is told.

    ``version`` is None before anything was published: then the days hold sessions and breaks only. ``gone``
    are meetings told in an earlier version that this person has no more; calendars must learn of them, but for those
    ``beside``: of these requests, others who read the same mailbox attend the meetings.
    """

    event: EventFacts
    person: PersonFacts
    version: VersionFacts | None
    days: tuple[AgendaDay, ...]
    not_scheduled: tuple[NotScheduled, ...] = ()
    gone: tuple[Meeting, ...] = ()
    beside: Collection[int] = ()

    @property
    def rows(self) -> Iterator[Row]:
        return (row for day in self.days for row in day.rows)

    @property
    def next(self) -> Row | None:
        return next((row for row in self.rows if row.moment is Moment.NEXT), None)

    @property
    def may_move(self) -> bool:
        """Whether some of it is provisional; days that are published one by one may differ."""
        states = {meeting.state for meeting in self.meetings if meeting.stands}
        kind = self.version.kind if self.version else None
        return MeetingState.PROVISIONAL in states or (kind is VersionKind.PROVISIONAL and not states)

    @property
    def meetings(self) -> tuple[Meeting, ...]:
        """In the order of time, cancelled ones among them."""
        return tuple(row.subject for row in self.rows if isinstance(row.subject, Meeting))

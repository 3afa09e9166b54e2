"""Agendas as frozen values, of one person or of many: what the page, the mail, the calendar file and the paper all say.

Texts stay in all their languages; ``agenda_words`` puts them into one. All times are wall time at the event.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from matchmaker.domain.agenda import AgendaDay, Item, RowKind
from matchmaker.domain.agenda import agenda as arranged
from matchmaker.domain.days_out import Withheld, state
from matchmaker.domain.states import MeetingState
from matchmaker.domain.statuses import Status, Viewer, status_for
from matchmaker.domain.timetable import CHANGEOVER_MINUTES, DayPlan, Span
from matchmaker.domain.versions import Placed
from matchmaker.models import (
    Attendance,
    Break,
    Event,
    EventSession,
    Organisation,
    Participation,
    PublishedMeeting,
    Slot,
    Version,
)
from matchmaker.queries import agenda_rows, days_out
from matchmaker.queries.agenda_facts import (
    Agenda,
    EventFacts,
    Meeting,
    Other,
    Pause,
    PersonFacts,
    SessionFacts,
    VersionFacts,
)
from matchmaker.queries.not_scheduled import NotScheduled, not_scheduled
from matchmaker.queries.shared_mailboxes import attended_beside


def agenda(
    participation: Participation, *, now_wall: dt.datetime | None = None, today: dt.date | None = None
) -> Agenda:
    """Return the person's agenda in the last published version, marked by the wall time ``now_wall``."""
    return agendas([participation], now_wall=now_wall, today=today)[0]


def agendas(
    people: Sequence[Participation], *, now_wall: dt.datetime | None = None, today: dt.date | None = None
) -> list[Agenda]:
    """Return the agendas of some people of one event, in their order; ``today`` is enough where nothing is marked.

    The number of queries depends neither on how many they are nor on how much there is to read.
    """
    if not people:
        return []
    event = agenda_rows.event(people[0].event_id)
    read = _read(event, agenda_rows.last_version(event.id), people, now_wall.date() if now_wall else today)
    return [_agenda(event, person, read, now_wall) for person in people]


class _Read(NamedTuple):
    """What was read of all: what is whose, by participation, and by organisation what is not held."""

    version: Version | None
    withheld: Mapping[dt.date, Withheld]
    sessions: Mapping[int, Sequence[tuple[EventSession, bool]]]
    unavailable: Mapping[int, Sequence[Slot]]
    walks: Mapping[frozenset[int | None], int]
    told: Mapping[int, dict[int, Meeting]]
    gone: Mapping[int, tuple[tuple[Meeting, bool], ...]]
    beside: Mapping[int, Collection[int]]
    unscheduled: Mapping[int, tuple[NotScheduled, ...]]


def _read(event: Event, version: Version | None, people: Sequence[Participation], today: dt.date | None) -> _Read:
    ids = [person.id for person in people]
    told = _told(people, version) if version else {}
    gone = _gone(people, version, told) if version else {}
    rest_on = version.rest_on if version else None
    withheld = {day: state(day, rest_on, today) for day in days_out.withheld(version)}
    is_whole = all(one.is_over for one in withheld.values())
    parties = {person.organisation_id for person in people}
    return _Read(
        version=version,
        withheld=withheld,
        sessions=agenda_rows.sessions(event.id, ids),
        unavailable=agenda_rows.unavailable_slots(ids),
        walks=agenda_rows.walks(event.id),
        told=told,
        gone=gone,
        beside=attended_beside(version, [id_ for id_, lost in gone.items() if lost]),
        unscheduled=not_scheduled(parties, version) if version and is_whole else {},
    )


def _agenda(event: Event, person: Participation, read: _Read, now_wall: dt.datetime | None) -> Agenda:
    version, gone = read.version, read.gone.get(person.id, ())
    shown = [*read.told.get(person.id, {}).values(), *_just_gone(gone)]
    codes = {meeting.code for meeting in shown}  # a cancelled meeting is told once, in the days
    items = [*_fixed_items(event, person, read), *_meeting_items(shown)]
    return Agenda(
        event=event_facts(event),
        person=_person_facts(person),
        version=VersionFacts(version.number, version.kind, version.published_at) if version else None,
        days=_days(event, _with_walks(read.walks, items), now_wall, read),
        not_scheduled=tuple(
            item for item in read.unscheduled.get(person.organisation_id, ()) if item.code not in codes
        ),
        gone=tuple(meeting for meeting, _ in gone),
        beside=read.beside.get(person.id, ()),
    )


def _days(event: Event, items: Sequence[Item], now_wall: dt.datetime | None, read: _Read) -> tuple[AgendaDay, ...]:
    """Arrange the days; before one is published nobody can say what will be free."""
    shortest = max(event.changeover_minutes, CHANGEOVER_MINUTES)
    days = arranged(_plans(event, items), items, now_wall, shortest_free=shortest)
    if read.version and not read.withheld:
        return days
    return tuple(_unpublished(day, read) for day in days)


def _unpublished(day: AgendaDay, read: _Read) -> AgendaDay:
    withheld = read.withheld.get(day.plan.day)
    if read.version and not withheld:
        return day
    rows = tuple(row for row in day.rows if row.kind is not RowKind.FREE)
    return replace(day, rows=rows, withheld=withheld)


def meetings_told(participation: Participation, version: Version) -> dict[int, Meeting]:
    """Return the person's meetings of one version by request, cancelled ones among them."""
    return _told([participation], version)[participation.id]


def _told(people: Sequence[Participation], version: Version) -> dict[int, dict[int, Meeting]]:
    rows = agenda_rows.meetings(version.id, [person.id for person in people])
    return {
        person.id: {row.request_id: meeting_told(row, person) for row in rows.get(person.id, ())} for person in people
    }


def meeting_told(row: PublishedMeeting, reader: Participation) -> Meeting:
    """Return one meeting as the reader is told of it, who attends it or is a colleague of those who do."""
    request = row.request
    other = request.second if request.first_id == reader.organisation_id else request.first
    own_side = _side(row, reader)
    status = status_for(
        Viewer.ASKER, request.state, both_positive=True, meeting=row.state, moved=row.moved, published=True
    )
    moved_from = dt.datetime.combine(row.was_day, row.was_start) if row.was_day and row.was_start else None
    return Meeting(
        code=request.code,
        sequence=row.sequence,
        state=row.state,
        status=status,
        start=dt.datetime.combine(row.day, row.start),
        end=dt.datetime.combine(row.day, row.end),
        organisation=other.names,
        people=tuple(_other(seat) for seat in sorted(row.attendances, key=_by_protocol) if seat.side != own_side),
        location=row.location_names,
        is_stand=row.is_stand,
        table=row.table_number,
        languages=tuple(row.languages),
        interpreter=row.interpreter_names or {},
        placed=_placed(row),
        zone_id=row.location.zone_id,
        was=moved_from if row.moved else None,
    )


def _side(row: PublishedMeeting, reader: Participation) -> int | None:
    """Return the side on which the reader sits, or would: that of a colleague."""
    own = [seat for seat in row.attendances if seat.participation_id == reader.id]
    party = [seat for seat in row.attendances if seat.participation.organisation_id == reader.organisation_id]
    return next((seat.side for seat in (*own, *party)), None)


def _by_protocol(seat: Attendance) -> float:
    return seat.participation.protocol_rank or math.inf


def _other(seat: Attendance) -> Other:
    return Other(seat.participation.account.names, seat.participation.job, seat.participation.title)


def _placed(row: PublishedMeeting) -> Placed:
    return Placed(
        request_id=row.request_id,
        day=row.day,
        start=row.start,
        end=row.end,
        location=f"{row.location_id}/{sorted(row.location_names.items())}",
        table=row.table_number,
        attendees=frozenset(seat.participation_id for seat in row.attendances),
        sequence=row.sequence,
        state=row.state,
    )


def _gone(
    people: Sequence[Participation], version: Version, told: Mapping[int, Mapping[int, Meeting]]
) -> dict[int, tuple[tuple[Meeting, bool], ...]]:
    """Return what each person was told once and has no more, and whether a new version took it just now.

    What they handed to a colleague they know; its entry rose by one when it went, as it does with every change.
    """
    ids = [person.id for person in people]
    lost = {
        id_: {row.request_id: (row, number) for row, number in rows}
        for id_, rows in agenda_rows.lost_meetings(version, ids).items()
    }
    given = {
        id_: {row.request_id: row for row in rows if row.request_id not in told[id_]}
        for id_, rows in agenda_rows.given_meetings(version, ids).items()
    }
    went = {id_ for rows in lost.values() for id_ in rows} | {id_ for rows in given.values() for id_ in rows}
    known = agenda_rows.sequences(version, went)
    return {
        person.id: _gone_of(person, version.number, lost.get(person.id, {}), given.get(person.id, {}), known)
        for person in people
    }


def _gone_of(
    reader: Participation,
    number_now: int,
    lost: Mapping[int, tuple[PublishedMeeting, int]],
    given: Mapping[int, PublishedMeeting],
    known: Mapping[int, int],
) -> tuple[tuple[Meeting, bool], ...]:
    gone = {
        id_: (as_cancelled(meeting_told(row, reader), max(row.sequence, known.get(id_, 0))), False)
        for id_, row in given.items()
    }
    for id_, (row, number) in lost.items():
        just_now = row.state is not MeetingState.CANCELLED and number == number_now - 1
        meeting = meeting_told(row, reader)
        sequence = max(meeting.sequence + meeting.stands, known.get(id_, 0))
        if id_ not in gone or sequence >= gone[id_][0].sequence:
            gone[id_] = (as_cancelled(meeting, sequence), just_now)
    return tuple(gone.values())


def as_cancelled(meeting: Meeting, sequence: int) -> Meeting:
    """Return a meeting as it is told to somebody who has it no more."""
    return replace(meeting, sequence=sequence, state=MeetingState.CANCELLED, status=Status.CANCELLED, was=None)


def _just_gone(gone: Sequence[tuple[Meeting, bool]]) -> list[Meeting]:
    return [meeting for meeting, just_now in gone if just_now]


def _fixed_items(event: Event, person: Participation, read: _Read) -> Iterator[Item]:
    for session, speaks in read.sessions.get(person.id, ()):
        span = _span(session.day, session.start, session.end)
        yield Item(RowKind.SESSION, span, _session_facts(session, speaks=speaks))
    for slot in read.unavailable.get(person.id, ()):
        yield Item(RowKind.UNAVAILABLE, _span(slot.day, slot.start, slot.end))
    for pause in event.breaks:
        for day in [pause.day] if pause.day else [day.day for day in event.days]:
            yield Item(RowKind.BREAK, _span(day, pause.start, pause.end), _pause(pause))


def _plans(event: Event, items: Sequence[Item]) -> list[DayPlan]:
    """Return the hours of each day, also of one that left the frame after meetings on it were told."""
    plans = {day.day: DayPlan(day.day, day.start, day.end) for day in event.days}
    for item in items:
        day = item.span.start.date()
        if item.kind is RowKind.MEETING and day not in plans:
            plans[day] = DayPlan(day, item.span.start.time(), item.span.end.time())
    return list(plans.values())


def _meeting_items(meetings: Sequence[Meeting]) -> Iterator[Item]:
    for meeting in meetings:
        yield Item(RowKind.MEETING, Span(meeting.start, meeting.end), meeting, takes_time=meeting.stands)


def _with_walks(minutes: Mapping[frozenset[int | None], int], items: Sequence[Item]) -> list[Item]:
    """Give each meeting the minutes from the engagement before it on the same day."""
    stops = [item for item in items if item.takes_time and isinstance(item.subject, Meeting | SessionFacts)]
    walked: dict[int, int] = {}
    for before, after in pairwise(sorted(stops, key=lambda item: item.span.start)):
        ways = frozenset({_zone(before), _zone(after)})
        if before.span.start.date() == after.span.start.date() and ways in minutes:
            walked[id(after)] = minutes[ways]
    return [_walked(item, walked.get(id(item))) for item in items]


def _walked(item: Item, minutes: int | None) -> Item:
    if minutes is None or not isinstance(item.subject, Meeting):
        return item
    return replace(item, subject=replace(item.subject, walk_minutes=minutes))


def _zone(item: Item) -> int | None:
    return item.subject.zone_id if isinstance(item.subject, Meeting | SessionFacts) else None


def _span(day: dt.date, start: dt.time, end: dt.time) -> Span:
    return Span(dt.datetime.combine(day, start), dt.datetime.combine(day, end))


def _session_facts(session: EventSession, *, speaks: bool) -> SessionFacts:
    return SessionFacts(session.titles, session.rooms, session.zone_id, speaks)


def _pause(pause: Break) -> Pause:
    return Pause(pause.kind, tuple(sorted(pause.titles.items())))


def event_facts(event: Event) -> EventFacts:
    days = tuple(day.day for day in event.days)
    head = event.patronage, tuple(event.logos)
    return EventFacts(event.slug, event.names, event.places, days, event.zone, event.accent, event.phase, *head)


def _person_facts(participation: Participation) -> PersonFacts:
    organisation: Organisation = participation.organisation
    account = participation.account
    return PersonFacts(participation.id, account.names, organisation.names, account.locale)

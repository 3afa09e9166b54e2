"""What came of an event, in figures: read in a number of queries that does not grow with it.

No veto, no private note and no single answer is in it.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import func, select

from matchmaker.domain.report import Answer, Satisfaction, satisfaction
from matchmaker.domain.states import MeetingState
from matchmaker.extensions import db
from matchmaker.models import (
    Attendance,
    Event,
    Feedback,
    Location,
    LocationClosure,
    Organisation,
    OrganisationTopic,
    ParticipantType,
    Participation,
    PublishedMeeting,
    Request,
    Texts,
    Version,
)
from matchmaker.queries import agenda_rows, days_out
from matchmaker.queries.agenda import event_facts
from matchmaker.queries.agenda_facts import EventFacts
from matchmaker.queries.meeting_rows import as_text
from matchmaker.queries.taxonomy import taxonomy

Key = TypeVar("Key", bound=Hashable)
Pair = tuple[Key, Key]


class Tally(NamedTuple):
    """Meetings that stand in the last version, and those of them that took place."""

    scheduled: int
    held: int


@dataclass(frozen=True, slots=True)
class Totals:
    asked: int
    scheduled: int
    held: int
    no_shows: int
    cancelled: int

    @property
    def untold(self) -> int:
        """Of these nobody said whether they took place."""
        return self.scheduled - self.held - self.no_shows


@dataclass(frozen=True, slots=True)
class Promise:
    """People who were promised a minimum: how many, and for how many it was kept."""

    people: int
    scheduled: int
    held: int


@dataclass(frozen=True, slots=True)
class Use:
    """How much of a hall was used in one hour of a day: tables in use by meetings, of all that were there."""

    used: int
    places: int


@dataclass(frozen=True, slots=True)
class Report:
    """Types are by id, None for those without one; countries by code; sectors by the code of the topics' group.

    ``halls`` by id, in the order of their codes, and their use by hour; stands together under None.
    ``per_person`` counts people by how many meetings they have. Of days ``withheld`` nothing is counted.
    """

    event: EventFacts
    version_number: int
    totals: Totals
    types: Mapping[int | None, Texts]
    by_type: Mapping[Pair[int | None], Tally]
    by_country: Mapping[Pair[str], Tally]
    by_sector: Mapping[str, Tally]
    useful: Satisfaction[int | None]
    halls: Mapping[int | None, Texts]
    use: Mapping[tuple[int | None, dt.date, int], Use]
    per_person: Mapping[int, int]
    promises: Mapping[int | None, Promise]
    withheld: tuple[dt.date, ...] = ()


class _Party(NamedTuple):
    id: int
    type_id: int | None
    country: str


class _Person(NamedTuple):
    id: int
    organisation_id: int
    represents: bool
    withdrawn: bool
    min_meetings: int | None


class _Met(NamedTuple):
    """A meeting: the organisations that ask for each other, what became of it, where and when; as it is stored."""

    first_id: int
    second_id: int
    state: str
    location_id: int
    day: str
    start: str

    @property
    def held(self) -> bool:
        return self.state == MeetingState.HELD


def report(event_id: int) -> Report:
    """Return what came of the last version; before there is one, all is nought."""
    event = agenda_rows.event(event_id)
    version = agenda_rows.last_version(event_id)
    parties = {row[0]: _Party(*row) for row in _of_event(event_id, Organisation, _Party._fields)}
    rows = _meetings(version)
    met = [row for row in rows if row.state != MeetingState.CANCELLED]
    types = list(db.session.scalars(select(ParticipantType).where(ParticipantType.event_id == event_id)))
    people = [_Person(*row) for row in _of_event(event_id, Participation, _Person._fields)]
    scheduled, held = _attended(version)
    withheld = days_out.withheld(version)
    halls, use = _use(event, met, withheld)
    return Report(
        event=event_facts(event),
        version_number=version.number if version else 0,
        totals=_totals(event_id, rows),
        types={row.id: row.names for row in types},
        by_type=_by_pair(met, {party.id: party.type_id for party in parties.values()}),
        by_country=_by_pair(met, {party.id: party.country for party in parties.values()}),
        by_sector=_by_sector(event_id, met),
        useful=satisfaction(_answers(event_id, parties, people)),
        halls=halls,
        use=use,
        per_person=Counter(scheduled[one.id] for one in people if scheduled[one.id] or _may_meet(one)),
        promises=_promises(people, parties, {row.id: row.min_meetings for row in types}, scheduled, held),
        withheld=withheld,
    )


def _of_event(event_id: int, kind: type[Organisation | Participation], names: Iterable[str]) -> Iterable[Any]:
    columns = (getattr(kind, name) for name in names)
    return db.session.execute(select(*columns).where(kind.event_id == event_id))


def _meetings(version: Version | None) -> list[_Met]:
    if version is None:
        return []
    found = PublishedMeeting
    query = select(
        *(Request.first_id, Request.second_id, as_text(found.state)),
        *(found.location_id, as_text(found.day), as_text(found.start)),
    )
    query = query.join(PublishedMeeting, PublishedMeeting.request_id == Request.id)
    rows = db.session.execute(query.where(PublishedMeeting.version_id == version.id))
    return [_Met._make(row) for row in rows]


def _totals(event_id: int, rows: Sequence[_Met]) -> Totals:
    states = Counter(row.state for row in rows)
    asked = db.session.scalar(select(func.count(Request.id)).where(Request.event_id == event_id)) or 0
    return Totals(
        asked=asked,
        scheduled=len(rows) - states[MeetingState.CANCELLED],
        held=states[MeetingState.HELD],
        no_shows=states[MeetingState.NO_SHOW],
        cancelled=states[MeetingState.CANCELLED],
    )


def _may_meet(person: _Person) -> bool:
    return person.represents and not person.withdrawn


def _pair(one: Key, other: Key) -> Pair[Key]:
    return (one, other) if str(one) <= str(other) else (other, one)


def _tallied(met: Sequence[_Met], keys_of: Callable[[_Met], Iterable[Key]]) -> dict[Key, Tally]:
    """Count meetings under each of their keys, the most frequent first."""
    scheduled = Counter(chain.from_iterable(map(keys_of, met)))
    held = Counter(chain.from_iterable(keys_of(one) for one in met if one.held))
    return {key: Tally(count, held[key]) for key, count in scheduled.most_common()}


def _by_pair(met: Sequence[_Met], of: Mapping[int, Key]) -> dict[Pair[Key], Tally]:
    pair = cache(_pair)
    return _tallied(met, lambda one: (pair(of[one.first_id], of[one.second_id]),))


def _by_sector(event_id: int, met: Sequence[_Met]) -> dict[str, Tally]:
    """Count a meeting once under each sector in which one of its sides offers something."""
    topics = taxonomy().topics
    sectors = defaultdict[int, set[str]](set)
    offers = select(OrganisationTopic.organisation_id, OrganisationTopic.topic)
    offers = offers.where(OrganisationTopic.event_id == event_id, OrganisationTopic.kind == "offer")
    for organisation_id, topic in db.session.execute(offers):
        if topic in topics:
            sectors[organisation_id].add(topics[topic].group)
    return _tallied(met, lambda one: sectors[one.first_id] | sectors[one.second_id])


def _attended(version: Version | None) -> tuple[Counter[int], Counter[int]]:
    """Return how many meetings each person has, and how many of them took place."""
    scheduled, held = Counter[int](), Counter[int]()
    if version is None:
        return scheduled, held
    query = (
        select(Attendance.participation_id, PublishedMeeting.state, func.count(PublishedMeeting.id))
        .join(PublishedMeeting, PublishedMeeting.id == Attendance.meeting_id)
        .where(PublishedMeeting.version_id == version.id, PublishedMeeting.state != MeetingState.CANCELLED)
        .group_by(Attendance.participation_id, PublishedMeeting.state)
    )
    for person, state, count in db.session.execute(query):
        scheduled[person] += count
        held[person] += count if state is MeetingState.HELD else 0
    return scheduled, held


def _answers(event_id: int, parties: Mapping[int, _Party], people: Iterable[_Person]) -> list[Answer[int | None]]:
    type_of = {person.id: parties[person.organisation_id].type_id for person in people}
    said = select(Feedback.participation_id, Feedback.useful)
    rows = db.session.execute(said.where(Feedback.event_id == event_id, Feedback.useful.is_not(None)))
    return [Answer(type_of[person], person, bool(useful)) for person, useful in rows]


def _promises(
    people: Iterable[_Person],
    parties: Mapping[int, _Party],
    of_type: Mapping[int, int],
    scheduled: Mapping[int, int],
    held: Mapping[int, int],
) -> dict[int | None, Promise]:
    kept = defaultdict[int | None, list[tuple[bool, bool]]](list)
    for person in people:
        type_id = parties[person.organisation_id].type_id
        promised = person.min_meetings if person.min_meetings is not None else of_type.get(type_id or 0, 0)
        if promised and _may_meet(person):
            kept[type_id].append((scheduled[person.id] >= promised, held[person.id] >= promised))
    return {
        type_id: Promise(len(found), sum(one for one, _ in found), sum(other for _, other in found))
        for type_id, found in kept.items()
    }


def _use(
    event: Event, met: Sequence[_Met], withheld: Collection[dt.date]
) -> tuple[dict[int | None, Texts], dict[tuple[int | None, dt.date, int], Use]]:
    """Count tables in use and tables there, slot by slot, by the hour in which they begin."""
    locations = db.session.scalars(select(Location).where(Location.event_id == event.id).order_by(Location.code)).all()
    halls: dict[int | None, Texts] = {row.id: row.names for row in locations if not row.is_stand}
    closures = select(LocationClosure.location_id, LocationClosure.slot_id)
    closed = {(place, slot) for place, slot in db.session.execute(closures.where(LocationClosure.event_id == event.id))}
    places, used = Counter[tuple[int | None, dt.date, int]](), Counter[tuple[int | None, dt.date, int]]()
    for location in locations:
        for slot in event.slots:
            if (location.id, slot.id) not in closed and slot.day not in withheld:
                places[location.id if location.id in halls else None, slot.day, slot.start.hour] += location.capacity
    for (id_, day, start), count in Counter((one.location_id, one.day, one.start) for one in met).items():
        hour = dt.time.fromisoformat(start).hour
        used[id_ if id_ in halls else None, dt.date.fromisoformat(day), hour] += count
    stands: dict[int | None, Texts] = {None: {}} if len(halls) < len(locations) else {}
    return {**halls, **stands}, {key: Use(used[key], places[key]) for key in sorted({*places, *used}, key=str)}

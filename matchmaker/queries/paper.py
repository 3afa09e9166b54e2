"""All that is printed of an event, as frozen values: read in a number of queries that does not grow with it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from sqlalchemy import exists, func, select
from sqlalchemy.orm import joinedload

from matchmaker.domain import zones
from matchmaker.domain.alphabet import in_order
from matchmaker.domain.states import Locale, MeetingState, PaperState, Phase
from matchmaker.domain.wording import in_language
from matchmaker.errors import NotFound
from matchmaker.extensions import current_settings, db
from matchmaker.models import (
    Consent,
    Event,
    EventSession,
    LogEntry,
    PaperPack,
    Participation,
    PublishedMeeting,
    Request,
    SessionSeat,
    Texts,
    Version,
)
from matchmaker.queries import agenda_rows, links
from matchmaker.queries.agenda import agendas, event_facts
from matchmaker.queries.agenda_facts import Agenda, EventFacts, VersionFacts

KINDS = ("agendas", "interpreters", "tables", "doors", "badges")
"""The files of a pack, which are named so."""
CONCERNING = (
    "registered", "added_colleague", "changed_profile", "changed_organisation", "person.organisation",
    "person.withdrawn", "person.readmitted", "person.link_renewed", "handed_over", "took_over", "joined_meeting",
    "change.cancelled", "joined_session", "got_seat", "left_session", "session.added", "session.changed",
    "session.removed", "session.seats", "location.changed", "event.changed", "publish",
)  # fmt: skip
"""Verbs of the log after which paper may no longer say what is true."""


@dataclass(frozen=True, slots=True)
class Party:
    """An organisation. One that is not listed is named on no door and no table."""

    id: int
    names: Texts
    listed: bool


@dataclass(frozen=True, slots=True)
class Person:
    """``agreed`` to stand in the directory, and so on a door. A badge's address shows the agenda and can do nothing."""

    id: int
    names: Texts
    job: Texts
    party: Party
    locale: Locale
    agreed: bool
    agenda_address: str
    badge_address: str


@dataclass(frozen=True, slots=True)
class Sitting:
    """A meeting that stands, as those see it who come by its table."""

    start: dt.datetime
    end: dt.datetime
    location_id: int
    location: Texts
    is_stand: bool
    table: int
    parties: tuple[Party, Party]
    languages: tuple[str, ...]
    interpreter: Texts


@dataclass(frozen=True, slots=True)
class Door:
    """A session, and who has a seat in it; nobody by name if it is for everybody."""

    titles: Texts
    rooms: Texts
    start: dt.datetime
    end: dt.datetime
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """``people`` stand in the order of their organisations, ``agendas`` are theirs; the rest in the order of time."""

    event: EventFacts
    language: str
    """The first of the event's."""
    version: VersionFacts | None
    people: tuple[Person, ...]
    agendas: tuple[Agenda, ...]
    sittings: tuple[Sitting, ...]
    doors: tuple[Door, ...]

    def parts(self, people: int) -> Iterator[Paper]:
        """Yield the same for at most so many people at a time; once if there is nobody."""
        for start in range(0, max(1, len(self.people)), people):
            stop = start + people
            yield replace(self, people=self.people[start:stop], agendas=self.agendas[start:stop])

    def parts_by_table(self, sittings: int) -> Iterator[Paper]:
        """Yield the same for some tables of a day at a time, with at most so many sittings together, or for one."""
        part: list[Sitting] = []
        for _, at_table in groupby(sorted(self.sittings, key=_place), _place):
            more = list(at_table)
            if part and len(part) + len(more) > sittings:
                yield replace(self, sittings=tuple(part))
                part = []
            part += more
        yield replace(self, sittings=tuple(part))


def _place(one: Sitting) -> tuple[dt.date, int, int]:
    return one.start.date(), one.location_id, one.table


def paper(event_id: int, *, now: dt.datetime | None = None) -> Paper:
    """Return what is printed of the last version, and of who takes part."""
    event = agenda_rows.event(event_id)
    today = zones.wall(now, event.zone).date() if now else None
    version = agenda_rows.last_version(event_id)
    language = event.languages[0] if event.languages else Locale.FRENCH.value
    rows = sorted(_taking_part(event_id), key=lambda row: _order(row, language))
    agreed = _agreed(event_id)
    people = {row.id: _person(row, agreed=row.id in agreed) for row in rows}
    return Paper(
        event=event_facts(event),
        language=language,
        version=VersionFacts(version.number, version.kind, version.published_at) if version else None,
        people=tuple(people.values()),
        agendas=tuple(agendas(rows, today=today)),
        sittings=tuple(_sittings(version)) if version else (),
        doors=tuple(_doors(event_id, people)),
    )


def _taking_part(event_id: int) -> Sequence[Participation]:
    ways = joinedload(Participation.account, innerjoin=True), joinedload(Participation.organisation, innerjoin=True)
    there = Participation.event_id == event_id, Participation.withdrawn.is_(False)
    return db.session.scalars(select(Participation).where(*there).options(*ways)).all()


def _order(row: Participation, language: str) -> tuple[object, ...]:
    names = row.organisation.names, row.account.names
    return (*(in_order(in_language(texts, language), language) for texts in names), row.id)


def _agreed(event_id: int) -> set[int]:
    rows = select(Consent.participation_id).where(Consent.event_id == event_id, Consent.purpose == "directory")
    return set(db.session.scalars(rows))


def _person(row: Participation, *, agreed: bool) -> Person:
    return Person(
        id=row.id,
        names=row.account.names,
        job=row.job,
        party=Party(row.organisation.id, row.organisation.names, row.organisation.listed),
        locale=row.account.locale,
        agreed=agreed,
        agenda_address=links.agenda_url(row),
        badge_address=links.read_only_url(row),
    )


def _sittings(version: Version) -> list[Sitting]:
    request = joinedload(PublishedMeeting.request, innerjoin=True)
    query = (
        select(PublishedMeeting)
        .where(PublishedMeeting.version_id == version.id, PublishedMeeting.state != MeetingState.CANCELLED)
        .order_by(PublishedMeeting.day, PublishedMeeting.start, PublishedMeeting.table_number)
        .options(request.joinedload(Request.first), request.joinedload(Request.second))
    )
    return [_sitting(row) for row in db.session.scalars(query)]


def _sitting(row: PublishedMeeting) -> Sitting:
    first, second = (Party(one.id, one.names, one.listed) for one in (row.request.first, row.request.second))
    return Sitting(
        start=dt.datetime.combine(row.day, row.start),
        end=dt.datetime.combine(row.day, row.end),
        location_id=row.location_id,
        location=row.location_names,
        is_stand=row.is_stand,
        table=row.table_number,
        parties=(first, second),
        languages=tuple(row.languages),
        interpreter=row.interpreter_names or {},
    )


def _doors(event_id: int, people: Mapping[int, Person]) -> list[Door]:
    seated = defaultdict[int, list[int]](list)
    seats = select(SessionSeat.session_id, SessionSeat.participation_id).where(SessionSeat.event_id == event_id)
    for session_id, person in db.session.execute(seats):
        seated[session_id].append(person)
    rows = db.session.scalars(select(EventSession).where(EventSession.event_id == event_id))
    return [
        Door(
            titles=row.titles,
            rooms=row.rooms,
            start=dt.datetime.combine(row.day, row.start),
            end=dt.datetime.combine(row.day, row.end),
            people=tuple(people[id_] for id_ in seated[row.id] if id_ in people and not row.for_everybody),
        )
        for row in sorted(rows, key=lambda row: (row.day, row.start, row.id))
    ]


# ── what is on offer ────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Shelf:
    """What is there to be taken, what is being made, and how often what happened since by the verbs of the log."""

    latest: int
    """The number of the last version; 0 before the first."""
    on_offer: PaperPack | None
    coming: PaperPack | None
    since: Mapping[str, int]


def shelf(event_id: int) -> Shelf:
    latest = db.session.scalar(select(func.max(Version.number)).where(Version.event_id == event_id)) or 0
    newest = PaperPack.version_number.desc()
    packs = db.session.scalars(select(PaperPack).where(PaperPack.event_id == event_id).order_by(newest)).all()
    on_offer = next((pack for pack in packs if pack.made_at), None)
    coming = next((pack for pack in packs if pack.state is not PaperState.READY), None)
    return Shelf(latest, on_offer, coming, _since(event_id, on_offer.made_at) if on_offer and on_offer.made_at else {})


def _since(event_id: int, moment: dt.datetime) -> dict[str, int]:
    found = select(LogEntry.verb, func.count(LogEntry.id)).where(LogEntry.event_id == event_id)
    found = found.where(LogEntry.at > moment, LogEntry.verb.in_(CONCERNING)).group_by(LogEntry.verb)
    counts = {verb: count for verb, count in db.session.execute(found)}  # noqa: C416 -- rows are no pairs to mypy
    return {verb: counts[verb] for verb in CONCERNING if verb in counts}


def name_of(kind: str, part: int) -> str:
    """Return under which name a part of what is printed is kept; what is not long has one."""
    return kind if part == 1 else f"{kind}-{part}"


def access_file(event_id: int, kind: str, part: int = 1) -> bytes:
    """Return a file that is on offer.

    Raises
    ------
    NotFound
        If there is none of this kind.
    """
    pack = shelf(event_id).on_offer
    name = name_of(kind, part)
    if pack is None or name not in pack.files:
        raise NotFound("paper", name)
    file = current_settings().paper / pack.folder / f"{name}.pdf"
    try:
        return file.read_bytes()
    except FileNotFoundError:
        raise NotFound("paper", name) from None


def without_pack(phases: Sequence[Phase]) -> list[tuple[Event, Version]]:
    """Return the events in these phases whose last version nobody asked paper of, with that version."""
    newest = select(func.max(Version.number)).where(Version.event_id == Event.id).correlate(Event).scalar_subquery()
    asked = exists().where(PaperPack.event_id == Event.id, PaperPack.version_number == Version.number)
    query = (
        select(Event, Version)
        .join(Version, Version.event_id == Event.id)
        .where(Version.number == newest, Event.phase.in_(phases), Event.archived_at.is_(None), ~asked)
    )
    return [(event, version) for event, version in db.session.execute(query)]


# ── what has nothing in it yet ──────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Blank:
    """What a blank form says of the event; ``slots`` are the starts of each day, ``languages`` those to print it in."""

    event: EventFacts
    languages: tuple[str, ...]
    slots: tuple[tuple[dt.date, tuple[dt.time, ...]], ...]
    musts: int
    likes: int
    controller: str
    cndp_number: str


def blank(event_id: int) -> Blank:
    event = agenda_rows.event(event_id)
    starts = defaultdict[dt.date, list[dt.time]](list)
    for slot in event.slots:
        starts[slot.day].append(slot.start)
    return Blank(
        event=event_facts(event),
        languages=tuple(event.languages) or tuple(Locale),
        slots=tuple((day, tuple(times)) for day, times in sorted(starts.items())),
        musts=event.must_quota,
        likes=event.like_quota,
        controller=event.controller,
        cndp_number=event.cndp_number,
    )

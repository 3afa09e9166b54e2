"""The delegations of an event as organisers see them: how each stands, and which organisations could join."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from matchmaker.domain import cells
from matchmaker.domain.searching import folded, holds, searchable
from matchmaker.domain.states import Locale, MeetingState
from matchmaker.errors import NotFound
from matchmaker.extensions import db
from matchmaker.models import Attendance, Delegation, Organisation, Participation, PublishedMeeting
from matchmaker.queries.agenda_rows import last_version
from matchmaker.queries.demand import silent_organisations

MOST_FOUND = 40
"""How many organisations a search shows; whoever finds more says more."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A delegation in numbers: ``wishing`` organisations want somebody, ``meeting`` people have meetings."""

    delegation: Delegation
    head: Participation | None
    organisations: int
    people: int
    wishing: int
    meeting: int


@dataclass(frozen=True, slots=True)
class Found:
    """Organisations that a search found outside a delegation, each with the one it is of; ``total`` counts all."""

    organisations: Sequence[tuple[Organisation, Delegation | None]]
    total: int


@dataclass(slots=True)
class Named:
    """What lines of a pasted list name: organisations by code; lines that name none; lines that name several."""

    codes: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    several: list[str] = field(default_factory=list)
    line_of: dict[str, str] = field(default_factory=dict)


def standings(event_id: int) -> list[Standing]:
    """Return how each delegation of the event stands; the queries do not grow with them."""
    delegations = db.session.scalars(select(Delegation).where(Delegation.event_id == event_id)).all()
    heads = _heads([one.head_id for one in delegations if one.head_id])
    of = _delegation_of(event_id)
    people, silent, busy = _people(event_id, of), silent_organisations(event_id), _who_meet(event_id)
    organisations = Counter(of.values())
    wishing = Counter(delegation for id_, delegation in of.items() if id_ not in silent)
    return [
        Standing(
            one,
            heads.get(one.head_id or 0),
            organisations[one.id],
            len(people[one.id]),
            wishing[one.id],
            len(people[one.id] & busy),
        )
        for one in delegations
    ]


def access_delegation(event_id: int, delegation_id: int) -> Delegation:
    """Return a delegation of the event.

    Raises
    ------
    NotFound
        If the event has none such.
    """
    found = db.session.get(Delegation, delegation_id)
    if found is None or found.event_id != event_id:
        raise NotFound("delegation", delegation_id)
    return found


def head(delegation: Delegation) -> Participation | None:
    return _heads([delegation.head_id]).get(delegation.head_id) if delegation.head_id else None


def called(event_id: int, codes: Iterable[str]) -> list[tuple[Organisation, Delegation | None]]:
    """Return organisations by their codes, each with its delegation."""
    chosen = select(Organisation, Delegation).outerjoin(Delegation, Delegation.id == Organisation.delegation_id)
    where = Organisation.event_id == event_id, Organisation.code.in_(list(codes))
    return [(row[0], row[1]) for row in db.session.execute(chosen.where(*where).order_by(Organisation.id))]


def outside(event_id: int, delegation_id: int, words: str) -> Found:
    """Return the organisations outside a delegation of which all ``words`` are said.

    They are looked for in the names of an organisation and of its people, in its town, and in its country's names.
    """
    if not words.strip():
        return Found((), 0)
    every = [one for one in _organisations(event_id) if one.delegation_id != delegation_id]
    matching = [one for one in every if holds(searchable(_said_of(one)), words)]
    shown = called(event_id, [one.code for one in matching[:MOST_FOUND]])
    return Found(shown, len(matching))


def named(event_id: int, lines: Iterable[str]) -> Named:
    """Return which organisation each line names: by its code or name, or by the name or address of one of its people.

    A line may be a row copied from a sheet: then its first cell that names somebody tells.
    """
    known = _book(_organisations(event_id))
    made = Named()
    for line in dict.fromkeys(filter(None, (one.strip() for one in lines))):
        said = (known.get(folded(part)) for part in (line, *line.split("\t")))
        codes: Collection[str] = next(filter(None, said), ())
        if len(codes) == 1:
            made.codes += codes
            made.line_of.update(dict.fromkeys(codes, line))
        else:
            (made.several if codes else made.unknown).append(line)
    return made


def _heads(ids: Sequence[int]) -> dict[int, Participation]:
    both = joinedload(Participation.account), joinedload(Participation.organisation)
    return {
        one.id: one for one in db.session.scalars(select(Participation).where(Participation.id.in_(ids)).options(*both))
    }


def _delegation_of(event_id: int) -> dict[int, int]:
    where = Organisation.event_id == event_id, Organisation.delegation_id.is_not(None)
    rows = db.session.execute(select(Organisation.id, Organisation.delegation_id).where(*where))
    return {id_: delegation_id for id_, delegation_id in rows if delegation_id is not None}


def _people(event_id: int, of: Mapping[int, int]) -> Mapping[int, set[int]]:
    where = Participation.event_id == event_id, Participation.withdrawn.is_(False), Participation.deleted_at.is_(None)
    found = defaultdict[int, set[int]](set)
    for id_, organisation_id in db.session.execute(
        select(Participation.id, Participation.organisation_id).where(*where)
    ):
        if organisation_id in of:
            found[of[organisation_id]].add(id_)
    return found


def _who_meet(event_id: int) -> set[int]:
    version = last_version(event_id)
    stands = (
        PublishedMeeting.version_id == (version.id if version else 0),
        PublishedMeeting.state != MeetingState.CANCELLED,
    )
    seats = select(Attendance.participation_id).join(PublishedMeeting, PublishedMeeting.id == Attendance.meeting_id)
    return set(db.session.scalars(seats.where(*stands))) if version else set()


def _organisations(event_id: int) -> Sequence[Organisation]:
    """Return the organisations of the event with those of their people who take part."""
    people = selectinload(Organisation.participations).joinedload(Participation.account)
    chosen = select(Organisation).where(Organisation.event_id == event_id).order_by(Organisation.id)
    return db.session.scalars(chosen.options(people)).all()


def _said_of(one: Organisation) -> list[str]:
    countries = [cells.country_name(one.country, str(locale)) for locale in Locale]
    return [*one.names.values(), one.city, *countries, *_said_of_people(one)]


def _said_of_people(one: Organisation) -> list[str]:
    accounts = [person.account for person in one.participations if not person.withdrawn and person.deleted_at is None]
    return [words for each in accounts for words in (*each.names.values(), each.email or "")]


def _book(organisations: Iterable[Organisation]) -> Mapping[str, set[str]]:
    """Return the codes of organisations by whatever names them, folded."""
    found = defaultdict[str, set[str]](set)
    for one in organisations:
        for words in (one.code, *one.names.values(), *_said_of_people(one)):
            if words.strip():
                found[folded(words)].add(one.code)
    return found

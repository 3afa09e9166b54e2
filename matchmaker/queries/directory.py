"""Whom an organisation may wish to meet, with what it said of them already. Nothing here knows another's wishes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, exists, select

from matchmaker.domain.searching import folded, holds
from matchmaker.domain.states import ASKS, WishLevel
from matchmaker.domain.taxonomy import Complement, complement
from matchmaker.domain.wording import in_language
from matchmaker.extensions import db
from matchmaker.models import Account, Consent, Organisation, OrganisationTopic, Participation, Texts, Wish
from matchmaker.queries.taxonomy import taxonomy

PAGE = 20


class Show(StrEnum):
    """What the list can be narrowed to."""

    ALL = "all"
    SUGGESTED = "suggested"
    UNANSWERED = "unanswered"
    CHOSEN = "chosen"


class Filters(NamedTuple):
    """``theme`` is a group of the taxonomy, ``language`` the code of one that somebody there speaks."""

    words: str = ""
    theme: str = ""
    language: str = ""
    show: Show = Show.ALL


@dataclass(frozen=True, slots=True)
class Face:
    """A person of an organisation who agreed to stand in the directory."""

    names: Texts
    job: Texts


@dataclass(frozen=True, slots=True)
class Topics:
    offers: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()

    @property
    def all(self) -> frozenset[str]:
        return self.offers | self.needs


@dataclass(slots=True)
class Entry:
    """An organisation of the list. ``level`` and ``rank`` are what the reader's own organisation said of it."""

    id: int
    code: str
    names: Texts
    city: str
    country: str
    about: str
    topics: Topics
    match: Complement
    faces: list[Face] = field(default_factory=list)
    languages: set[str] = field(default_factory=set)
    level: WishLevel | None = None
    rank: int | None = None


@dataclass(frozen=True, slots=True)
class Own:
    """A wish of the list in order of importance."""

    code: str
    names: Texts
    level: WishLevel
    rank: int | None


@dataclass(frozen=True, slots=True)
class Directory:
    """A page of the list, suggestions first, and the organisation's own wishes, musts first.

    ``total`` counts all that the filters left, ``suggested`` those of them that complete the reader's
    organisation, ``first`` is the number of the first shown.
    """

    entries: list[Entry]
    total: int
    suggested: int
    first: int
    own: list[Own]

    @property
    def last(self) -> int:
        return self.first + len(self.entries) - 1


def directory(
    organisation: Organisation, filters: Filters, page: int, locale: str, *, vetoes: bool = True
) -> Directory:
    """Return what the people of ``organisation`` see, page ``page`` from 1, sorted for a reader of ``locale``.

    Without ``vetoes`` those of the organisation look as if nothing had been said: for staff who may not know them.
    """
    reads_people = bool(filters.words or filters.language)
    entries = _entries(organisation, with_people=reads_people)
    wishes = _wishes(organisation.id, vetoes=vetoes)
    for wanted_id, (level, rank) in wishes.items():
        if wanted_id in entries:
            entries[wanted_id].level, entries[wanted_id].rank = level, rank
    left = [entry for entry in entries.values() if _suits(entry, filters)]
    left.sort(key=lambda entry: (-entry.match.score, folded(in_language(entry.names, locale)), entry.id))
    first = (min(max(page, 1), max(1, -(-len(left) // PAGE))) - 1) * PAGE
    shown = left[first : first + PAGE]
    if not reads_people:
        _add_people({one.id: one for one in shown})
    return Directory(
        entries=shown,
        total=len(left),
        suggested=sum(entry.match.score > 0 for entry in left),
        first=first + 1,
        own=own_wishes(organisation),
    )


def own_wishes(organisation: Organisation) -> list[Own]:
    """Return the organisation's musts in order, then its likes; answers and vetoes are in no list of wishes."""
    rows = db.session.execute(
        select(Organisation.code, Organisation.names, Wish.level, Wish.rank)
        .join(Wish, Wish.wanted_id == Organisation.id)
        .where(Wish.organisation_id == organisation.id, Wish.level.in_(ASKS))
    )
    return sorted((Own(*row) for row in rows), key=_importance)


def entry(organisation: Organisation, code: str, *, vetoes: bool = True) -> Entry | None:
    """Return one organisation as it stands in the list of another, or None if it does not; ``vetoes`` as above."""
    found = next(iter(_entries(organisation, Organisation.listed & (Organisation.code == code)).values()), None)
    if found is not None:
        found.level, found.rank = _wishes(organisation.id, vetoes=vetoes).get(found.id, (None, None))
    return found


def ids(organisation: Organisation) -> Mapping[str, int]:
    """Return the number of each organisation of the list by its code."""
    rows = db.session.execute(select(Organisation.code, Organisation.id).where(*_others(organisation, None)))
    return dict(rows.all())


def these(organisation: Organisation, ids: Collection[int]) -> Mapping[int, Entry]:
    """Return some organisations as the list would show them, also those that it does not show."""
    return _entries(organisation, Organisation.id.in_(ids))


def _others(organisation: Organisation, which: ColumnElement[bool] | None) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of the list: an organisation whose people all withdrew leaves it."""
    present = exists().where(Participation.organisation_id == Organisation.id, Participation.withdrawn.is_(False))
    return (
        Organisation.event_id == organisation.event_id,
        Organisation.id != organisation.id,
        Organisation.listed.is_(True) if which is None else which,
        present,
    )


def _entries(
    organisation: Organisation, which: ColumnElement[bool] | None = None, *, with_people: bool = True
) -> dict[int, Entry]:
    """Return the list, or what of it is asked for, in plain columns: a thousand rows are read for each page of it."""
    columns = (getattr(Organisation, name) for name in ("id", "code", "names", "city", "country", "about"))
    rows = db.session.execute(select(*columns).where(*_others(organisation, which))).all()
    ids = None if which is None else {organisation.id, *(row.id for row in rows)}
    topics = _topics(organisation.event_id, ids)
    mine = topics.get(organisation.id, Topics())
    entries = {row.id: _entry(row, mine, topics.get(row.id, Topics())) for row in rows}
    if with_people:
        _add_people(entries)
    return entries


def _entry(row: Row[Any], mine: Topics, theirs: Topics) -> Entry:
    match = complement(mine.offers, mine.needs, theirs.offers, theirs.needs)
    return Entry(row.id, row.code, row.names, row.city, row.country, row.about, theirs, match)


def _topics(event_id: int, ids: Collection[int] | None) -> Mapping[int, Topics]:
    whose = OrganisationTopic.event_id == event_id
    if ids is not None:
        whose &= OrganisationTopic.organisation_id.in_(ids)
    rows = db.session.execute(
        select(OrganisationTopic.organisation_id, OrganisationTopic.kind, OrganisationTopic.topic).where(whose)
    )
    found: dict[int, dict[str, set[str]]] = defaultdict(lambda: {"offer": set(), "need": set()})
    for organisation_id, kind, topic in rows:
        found[organisation_id][kind].add(topic)
    return {id_: Topics(frozenset(kinds["offer"]), frozenset(kinds["need"])) for id_, kinds in found.items()}


def _add_people(entries: Mapping[int, Entry]) -> None:
    """Say what is spoken in each organisation, and name the people who agreed to it."""
    agreed = exists().where(Consent.participation_id == Participation.id, Consent.purpose == "directory")
    rows = db.session.execute(
        select(Participation.organisation_id, Participation.languages, Participation.job, Account.names, agreed)
        .join(Account, Account.id == Participation.account_id)
        .where(Participation.organisation_id.in_(entries), Participation.withdrawn.is_(False))
        .order_by(Participation.id)
    )
    for organisation_id, languages, job, names, may_show in rows:
        entries[organisation_id].languages.update(languages)
        if may_show:
            entries[organisation_id].faces.append(Face(names, job))


def _wishes(organisation_id: int, *, vetoes: bool) -> Mapping[int, tuple[WishLevel, int | None]]:
    rows = select(Wish.wanted_id, Wish.level, Wish.rank).where(Wish.organisation_id == organisation_id)
    found = db.session.execute(rows if vetoes else rows.where(Wish.level != WishLevel.VETO))
    return {wanted_id: (level, rank) for wanted_id, level, rank in found}


def _importance(wish: Own) -> tuple[int, str]:
    return (wish.rank or 1_000, wish.code)


def _suits(entry: Entry, filters: Filters) -> bool:
    of_theme = not filters.theme or any(_group(topic) == filters.theme for topic in entry.topics.all)
    speaks = not filters.language or not entry.languages or filters.language in entry.languages
    said = not filters.words or holds(_texts(entry), filters.words)
    return of_theme and speaks and said and _is_shown(entry, filters.show)


def _is_shown(entry: Entry, show: Show) -> bool:
    match show:
        case Show.SUGGESTED:
            return entry.match.score > 0
        case Show.UNANSWERED:
            return entry.level is None
        case Show.CHOSEN:
            return entry.level is not None
        case _:
            return True


def _group(code: str) -> str:
    topic = taxonomy().topics.get(code)
    return topic.group if topic else ""


def _texts(entry: Entry) -> list[str]:
    """Return all that the search reads: names in all scripts, people, town, topics in three languages."""
    known = [taxonomy().topics[code] for code in entry.topics.all if code in taxonomy().topics]
    return [
        *entry.names.values(),
        entry.city,
        *(text for face in entry.faces for text in face.names.values()),
        *(name for topic in known for name in topic.names.values()),
    ]

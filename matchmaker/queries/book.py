"""The directory of an event as it is the same for everybody, kept in memory until its next edition.

Each process keeps the books of the events it was last asked about; see ``queries.shelf``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import current_app
from sqlalchemy import Result, Row, exists, select

from matchmaker.domain.searching import folded, searchable
from matchmaker.domain.wording import in_language
from matchmaker.extensions import db
from matchmaker.models import Account, Consent, Edition, Organisation, OrganisationTopic, Participation, Texts
from matchmaker.queries.shelf import Shelf
from matchmaker.queries.taxonomy import taxonomy

BOOKS = "matchmaker.books"
MOST_BOOKS = 8
"""A book of a thousand organisations takes about 3 MB."""


@dataclass(frozen=True, slots=True)
class Face:
    """A person of an organisation who agreed to stand in the directory."""

    names: Texts
    job: Texts


@dataclass(frozen=True, slots=True)
class Listing:
    """What the directory says of an organisation. ``searched`` is all that the search reads, as it is compared.

    It is ``listed`` if it is in the list, and ``present`` if somebody of it has not withdrawn.
    """

    id: int
    code: str
    names: Texts
    city: str
    country: str
    about: str
    listed: bool
    present: bool
    offers: frozenset[str]
    needs: frozenset[str]
    themes: frozenset[str]
    languages: frozenset[str]
    faces: tuple[Face, ...]
    searched: str


class Book(Mapping[int, Listing]):
    """All organisations of an event by their number, in the order of the event."""

    def __init__(self, listings: Sequence[Listing]) -> None:
        self._listings = {one.id: one for one in listings}
        self._orders: dict[str, Sequence[Listing]] = {}

    def __getitem__(self, id_: int) -> Listing:
        return self._listings[id_]

    def __iter__(self) -> Iterator[int]:
        return iter(self._listings)

    def __len__(self) -> int:
        return len(self._listings)

    def by_name(self, locale: str) -> Sequence[Listing]:
        """Return those who stand in the list, in the order of their names for a reader of ``locale``."""
        if locale not in self._orders:
            listed = [one for one in self._listings.values() if one.listed and one.present]
            listed.sort(key=lambda one: (folded(in_language(one.names, locale)), one.id))
            self._orders[locale] = listed
        return self._orders[locale]

    def completing(self, listing: Listing) -> set[int]:
        """Return the numbers of those who need what it offers, or offer what it needs."""
        needing, offering = self._sought
        found = set[int]().union(*(needing[topic] for topic in listing.offers if topic in needing))
        return found.union(*(offering[topic] for topic in listing.needs if topic in offering))

    @cached_property
    def ids(self) -> Mapping[str, int]:
        return {one.code: one.id for one in self._listings.values()}

    @cached_property
    def _sought(self) -> tuple[Mapping[str, set[int]], Mapping[str, set[int]]]:
        needing, offering = defaultdict[str, set[int]](set), defaultdict[str, set[int]](set)
        for one in self._listings.values():
            for topic in one.needs:
                needing[topic].add(one.id)
            for topic in one.offers:
                offering[topic].add(one.id)
        return needing, offering


def book(event_id: int) -> Book:
    """Return the directory of an event: one query, or four where it was changed."""
    number = db.session.scalar(select(Edition.number).where(Edition.event_id == event_id)) or 0
    shelf: Shelf[int, Book] = current_app.extensions.setdefault(BOOKS, Shelf(MOST_BOOKS))
    return shelf.get(event_id, number, lambda: _read(event_id))


# ── making one ──────────────────────────────────────────────────────────────


def _read(event_id: int) -> Book:
    names = ("id", "code", "names", "city", "country", "about", "listed")
    columns = (getattr(Organisation, name) for name in names)
    rows = db.session.execute(select(*columns).where(Organisation.event_id == event_id).order_by(Organisation.id))
    offers, needs = _topics(event_id)
    people = _people(event_id)
    return Book([_listing(row, offers[row.id], needs[row.id], people.get(row.id, ())) for row in rows.all()])


def _topics(event_id: int) -> tuple[Mapping[int, set[str]], Mapping[int, set[str]]]:
    columns = OrganisationTopic.organisation_id, OrganisationTopic.kind, OrganisationTopic.topic
    offers, needs = defaultdict[int, set[str]](set), defaultdict[int, set[str]](set)
    for organisation_id, kind, topic in db.session.execute(
        select(*columns).where(OrganisationTopic.event_id == event_id)
    ):
        (offers if kind == "offer" else needs)[organisation_id].add(topic)
    return offers, needs


def _people(event_id: int) -> Mapping[int, Sequence[Row[Any]]]:
    """Return those of each organisation who have not withdrawn."""
    agreed = exists().where(Consent.participation_id == Participation.id, Consent.purpose == "directory")
    rows: Result[Any] = db.session.execute(
        select(
            Participation.organisation_id,
            Participation.languages,
            Participation.job,
            Account.names,
            agreed.label("agreed"),
        )
        .join(Account, Account.id == Participation.account_id)
        .where(Participation.event_id == event_id, Participation.withdrawn.is_(False))
        .order_by(Participation.id)
    )
    found = defaultdict[int, list[Row[Any]]](list)
    for row in rows:
        found[row.organisation_id].append(row)
    return found


def _listing(row: Row[Any], offers: set[str], needs: set[str], people: Sequence[Row[Any]]) -> Listing:
    topics = [taxonomy().topics[code] for code in offers | needs if code in taxonomy().topics]
    faces = tuple(Face(one.names, one.job) for one in people if one.agreed)
    texts = [
        *row.names.values(),
        row.city,
        *(text for face in faces for text in face.names.values()),
        *(name for topic in topics for name in topic.names.values()),
    ]
    return Listing(
        **row._asdict(),
        present=bool(people),
        offers=frozenset(offers),
        needs=frozenset(needs),
        themes=frozenset(topic.group for topic in topics),
        languages=frozenset(code for one in people for code in one.languages),
        faces=faces,
        searched=searchable(texts),
    )

"""Whom an organisation may wish to meet, with what it said of them already. Nothing here knows another's wishes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import select

from matchmaker.domain.searching import holds
from matchmaker.domain.states import ASKS, WishLevel
from matchmaker.domain.taxonomy import Complement, complement
from matchmaker.extensions import db
from matchmaker.models import Organisation, Texts, Wish
from matchmaker.queries.book import Book, Listing, book

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


@dataclass(slots=True)
class Entry:
    """An organisation of the list as a reader sees it: ``level`` and ``rank`` are what the reader's own said of it."""

    listing: Listing
    match: Complement
    level: WishLevel | None = None
    rank: int | None = None

    @property
    def id(self) -> int:
        return self.listing.id

    @property
    def code(self) -> str:
        return self.listing.code

    @property
    def names(self) -> Texts:
        return self.listing.names


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
    all_ = book(organisation.event_id)
    reader = _Reader(all_, organisation.id, vetoes=vetoes)
    suggested, others = reader.sorted(_suits(all_.by_name(locale), filters, reader))
    left = [*suggested, *others]
    first = (min(max(page, 1), max(1, -(-len(left) // PAGE))) - 1) * PAGE
    return Directory(
        entries=[reader.entry(one) for one in left[first : first + PAGE]],
        total=len(left),
        suggested=len(suggested),
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
    all_ = book(organisation.event_id)
    found = all_.get(all_.ids.get(code, 0))
    if found is None or not found.listed or not found.present or found.id == organisation.id:
        return None
    return _Reader(all_, organisation.id, vetoes=vetoes).entry(found)


def ids(organisation: Organisation) -> Mapping[str, int]:
    """Return the number of each organisation of the list by its code."""
    rows = book(organisation.event_id).values()
    return {one.code: one.id for one in rows if one.listed and one.present and one.id != organisation.id}


def these(organisation: Organisation, ids: Collection[int]) -> Mapping[int, Entry]:
    """Return some organisations as the list would show them, also those that it does not show."""
    all_ = book(organisation.event_id)
    reader = _Reader(all_, organisation.id)
    found = (all_[id_] for id_ in ids if id_ in all_)
    return {one.id: reader.entry(one) for one in found if one.present and one.id != organisation.id}


class _Reader:
    """The organisation that reads a book, and what it said of the others."""

    def __init__(self, all_: Book, id_: int, *, vetoes: bool = True) -> None:
        self.id, self._book, self._own = id_, all_, all_[id_]
        self.wishes = _wishes(id_, vetoes=vetoes)

    def entry(self, one: Listing) -> Entry:
        level, rank = self.wishes.get(one.id, (None, None))
        return Entry(one, self._match(one), level, rank)

    def sorted(self, listings: Iterable[Listing]) -> tuple[Sequence[Listing], Sequence[Listing]]:
        """Return those whom a meeting would complete, the best first, and the others; else in the order given."""
        completing, scored, others = self._book.completing(self._own), list[tuple[int, Listing]](), list[Listing]()
        for one in listings:
            score = self._match(one).score if one.id in completing else 0
            if score:
                scored.append((score, one))
            else:
                others.append(one)
        scored.sort(key=lambda pair: -pair[0])
        return [one for _, one in scored], others

    def suggests(self, one: Listing) -> bool:
        return self._match(one).score > 0

    def _match(self, one: Listing) -> Complement:
        return complement(self._own.offers, self._own.needs, one.offers, one.needs)


def _wishes(organisation_id: int, *, vetoes: bool) -> Mapping[int, tuple[WishLevel, int | None]]:
    rows = select(Wish.wanted_id, Wish.level, Wish.rank).where(Wish.organisation_id == organisation_id)
    found = db.session.execute(rows if vetoes else rows.where(Wish.level != WishLevel.VETO))
    return {wanted_id: (level, rank) for wanted_id, level, rank in found}


def _importance(wish: Own) -> tuple[int, str]:
    return (wish.rank or 1_000, wish.code)


def _suits(listings: Iterable[Listing], filters: Filters, reader: _Reader) -> Iterator[Listing]:
    for one in listings:
        of_theme = not filters.theme or filters.theme in one.themes
        speaks = not filters.language or not one.languages or filters.language in one.languages
        said = not filters.words or holds(one.searched, filters.words)
        if of_theme and speaks and said and one.id != reader.id and _is_shown(one, filters.show, reader):
            yield one


def _is_shown(one: Listing, show: Show, reader: _Reader) -> bool:
    match show:
        case Show.SUGGESTED:
            return reader.suggests(one)
        case Show.UNANSWERED:
            return one.id not in reader.wishes
        case Show.CHOSEN:
            return one.id in reader.wishes
        case _:
            return True

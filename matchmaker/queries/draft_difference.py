"""Two drafts side by side: what only one holds, what both hold otherwise, and whom that concerns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from matchmaker.domain.searching import holds, searchable
from matchmaker.models import Draft
from matchmaker.queries.drafts import Meeting, Person, meetings


class Kind(StrEnum):
    """How two drafts differ in a request; of several ways the first one that people would notice."""

    ONLY_HERE = "only_here"
    ONLY_THERE = "only_there"
    TIME = "time"
    PEOPLE = "people"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class Differing:
    """A request that two drafts hold differently, or that only one of them holds."""

    kind: Kind
    here: Meeting | None
    there: Meeting | None

    @property
    def people(self) -> tuple[Person, ...]:
        """Return everybody who sits there in either draft, in the order of the sides."""
        found = {one.participation_id: one for row in (self.here, self.there) if row for one in row.people}
        return tuple(found.values())


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs, in the order of the days; ``same`` meetings are held alike, ``concerned`` counts people."""

    rows: Sequence[Differing]
    same: int

    @property
    def concerned(self) -> int:
        return len({one.participation_id for row in self.rows for one in row.people})

    def count(self, *kinds: Kind) -> int:
        return sum(row.kind in kinds for row in self.rows)

    def of(self, words: str) -> list[Differing]:
        """Return the rows in which somebody's name or organisation holds all the words."""
        return [row for row in self.rows if not words or holds(_searchable(row), words)]


def difference(here: Draft, there: Draft) -> Difference:
    """Compare two drafts of an event."""
    ours, theirs = ({row.request_id: row for row in meetings(draft)} for draft in (here, there))
    found = [_compared(ours.get(id_), theirs.get(id_)) for id_ in ours | theirs]
    rows = [row for row in found if row is not None]
    return Difference(sorted(rows, key=_order), same=len(found) - len(rows))


def _compared(here: Meeting | None, there: Meeting | None) -> Differing | None:
    kind = _kind(here, there)
    return None if kind is None else Differing(kind, here, there)


def _kind(here: Meeting | None, there: Meeting | None) -> Kind | None:
    if here is None or there is None:
        return Kind.ONLY_THERE if here is None else Kind.ONLY_HERE
    if (here.day, here.start, here.end) != (there.day, there.start, there.end):
        return Kind.TIME
    if _ids(here) != _ids(there):
        return Kind.PEOPLE
    return Kind.PLACE if (here.location, here.table) != (there.location, there.table) else None


def _ids(meeting: Meeting) -> set[int]:
    return {one.participation_id for one in meeting.people}


def _order(row: Differing) -> tuple[object, ...]:
    stands = row.here or row.there
    return () if stands is None else (stands.day, stands.start, stands.request_id)


def _searchable(row: Differing) -> str:
    texts: list[Mapping[str, str]] = [text for one in row.people for text in (one.names, one.organisation)]
    return searchable([words for text in texts for words in text.values()])

"""Two drafts side by side: what only one holds, what both hold otherwise, and whom that concerns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from matchmaker.domain.searching import holds, searchable
from matchmaker.models import Draft
from matchmaker.queries import drafts, shelf
from matchmaker.queries.drafts import Meeting, Person
from matchmaker.queries.in_words import InWords
from matchmaker.queries.meeting_rows import Drafted, MeetingRows


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


class _Unlike(NamedTuple):
    """The same, not yet in words."""

    kind: Kind
    here: Drafted | None
    there: Drafted | None

    @property
    def people(self) -> tuple[int, ...]:
        found = (seat.participation_id for row in (self.here, self.there) if row for seat in row.seats)
        return tuple(dict.fromkeys(found))

    @property
    def order(self) -> tuple[object, ...]:
        stands = self.here or self.there
        return () if stands is None else (stands.slot.day, stands.slot.start, stands.request_id)


class _Found(NamedTuple):
    """What differs, in order, and how much."""

    unlike: Sequence[_Unlike]
    same: int
    kinds: Mapping[Kind, int]
    concerned: int


class Difference:
    """What differs, in the order of the days."""

    def __init__(self, here: Draft, there: Draft, found: _Found) -> None:
        self._here, self._there, self._found = here, there, found

    @property
    def rows(self) -> InWords[Differing]:
        return InWords(self._found.unlike, self._named)

    @property
    def same(self) -> int:
        """Return how many meetings are held alike."""
        return self._found.same

    @property
    def concerned(self) -> int:
        """Return how many people have a meeting that differs."""
        return self._found.concerned

    def count(self, *kinds: Kind) -> int:
        return sum(self._found.kinds[kind] for kind in kinds)

    def of(self, words: str) -> InWords[Differing]:
        """Return the rows in which somebody's name or organisation holds all the words."""
        if not words:
            return self.rows
        texts = {id_: _searchable(person) for id_, person in drafts.people(self._here).items()}
        found = [row for row in self._found.unlike if holds(" ".join(texts[id_] for id_ in row.people), words)]
        return InWords(found, self._named)

    def _named(self, rows: Sequence[_Unlike]) -> list[Differing]:
        known = drafts.people(self._here, {id_ for row in rows for id_ in row.people})
        here = _meetings(self._here, [row.here for row in rows if row.here], known)
        there = _meetings(self._there, [row.there for row in rows if row.there], known)
        return [
            Differing(row.kind, here[row.here.id] if row.here else None, there[row.there.id] if row.there else None)
            for row in rows
        ]


def difference(here: Draft, there: Draft, rows: MeetingRows | None = None) -> Difference:
    """Compare two drafts of an event; ``rows`` are those of the event, for whoever asks more of them."""
    known = rows or MeetingRows(here.event_id)
    return Difference(
        here, there, shelf.of_drafts("differences", (here, there), None, lambda: _found(known, here, there))
    )


def _found(rows: MeetingRows, *drafts: Draft) -> _Found:
    ours, theirs = ({row.request_id: row for row in rows.drafted(draft)} for draft in drafts)
    both = [(ours.get(id_), theirs.get(id_)) for id_ in ours | theirs]
    unlike = [_Unlike(kind, one, other) for one, other in both if (kind := _kind(one, other)) is not None]
    unlike.sort(key=lambda row: row.order)
    concerned = {id_ for row in unlike for id_ in row.people}
    return _Found(unlike, len(both) - len(unlike), Counter(row.kind for row in unlike), len(concerned))


def _meetings(draft: Draft, rows: Iterable[Drafted], known: Mapping[int, Person]) -> Mapping[int, Meeting]:
    found = drafts.meetings(draft, [row.id for row in rows], known)
    return {meeting.id: meeting for meeting in found}


def _kind(here: Drafted | None, there: Drafted | None) -> Kind | None:
    if here is None or there is None:
        return Kind.ONLY_THERE if here is None else Kind.ONLY_HERE
    if (here.slot.id, here.length) != (there.slot.id, there.length):
        return Kind.TIME
    if _ids(here) != _ids(there):
        return Kind.PEOPLE
    same_place = (here.location.id, here.table_number) == (there.location.id, there.table_number)
    return None if same_place else Kind.PLACE


def _ids(meeting: Drafted) -> set[int]:
    return {seat.participation_id for seat in meeting.seats}


def _searchable(person: Person) -> str:
    return searchable([*person.names.values(), *person.organisation.values()])

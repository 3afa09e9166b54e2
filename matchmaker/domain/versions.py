"""What a new version changes against what was told before, and who must be told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TypeVar

from matchmaker.domain.states import MeetingState

PersonKey = int | str
K = TypeVar("K", bound=PersonKey)
N = TypeVar("N")


@dataclass(frozen=True, slots=True)
class Placed:
    """A meeting as it was, or will be, told.

    ``location`` is what paper and sign say, in whatever form the caller compares (a code and its names): a
    hall that is renamed counts as another place, since what people hold in their hands is then wrong. ``begins`` is
    the instant that calendars were told, or are now, None where nobody knows.
    """

    request_id: int
    day: date
    start: time
    end: time
    location: str
    table: int | None
    attendees: frozenset[int]
    interpreter: PersonKey | None = None
    sequence: int = 0
    state: MeetingState = MeetingState.CONFIRMED
    begins: datetime | None = None

    @property
    def when(self) -> tuple[date, time, time]:
        return self.day, self.start, self.end

    @property
    def where(self) -> tuple[str, int | None]:
        return self.location, self.table

    @property
    def stands(self) -> bool:
        return self.state is not MeetingState.CANCELLED


@dataclass(frozen=True, slots=True)
class Move:
    """A meeting that goes on otherwise: at another time, in another place, or with other people."""

    old: Placed
    new: Placed

    @property
    def another_time(self) -> bool:
        return self.old.when != self.new.when

    @property
    def another_place(self) -> bool:
        return self.old.where != self.new.where

    @property
    def other_people(self) -> bool:
        return self.old.attendees != self.new.attendees

    @property
    def another_interpreter(self) -> bool:
        return self.old.interpreter != self.new.interpreter

    @property
    def is_helped(self) -> bool:
        """Tell whether an interpreter comes, or came."""
        return self.old.interpreter is not None or self.new.interpreter is not None

    @property
    def concerns_attendees(self) -> bool:
        return self.another_time or self.another_place or self.other_people


@dataclass(frozen=True, slots=True)
class PersonalDifference:
    """What one person has to be told; to somebody who is replaced, a moved meeting is a cancelled one."""

    added: tuple[Placed, ...] = ()
    moved: tuple[Move, ...] = ()
    cancelled: tuple[Placed, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """The new version against the old, each part in the order of the day. Sequence numbers are the new ones.

    ``kept`` also holds meetings that were only confirmed, or only got another interpreter: nothing that those
    who attend must be told. ``cancelled`` holds the rows to keep as such. ``per_person`` has those who must be
    told, by participation, ``per_interpreter`` likewise; a kept meeting is told to nobody.
    """

    added: tuple[Placed, ...] = ()
    moved: tuple[Move, ...] = ()
    cancelled: tuple[Placed, ...] = ()
    kept: tuple[Placed, ...] = ()
    per_person: Mapping[int, PersonalDifference] = field(default_factory=dict)
    per_interpreter: Mapping[PersonKey, PersonalDifference] = field(default_factory=dict)

    @property
    def changes(self) -> int:
        return len(self.added) + len(self.moved) + len(self.cancelled)


def next_sequence(before: Placed | None, after: Placed | None) -> int:
    """Return the calendar's SEQUENCE of a meeting: one more at a change of time, place, people or state.

    A time that stays on the wall changes all the same where the zone data is new and reckons another instant.

    ``before`` is what was told last of this request, a cancellation included, so that a meeting that comes
    back is newer than its cancellation. ``after`` is None, or cancelled, where the meeting is to go.
    """
    if before is None:
        return 0
    if after is None:
        return before.sequence + before.stands
    return before.sequence + (_told(before) != _told(after) or other_instant(before.begins, after.begins))


def other_instant(told: datetime | None, now: datetime | None) -> bool:
    """Tell whether a meeting begins at another instant than calendars were told; what nobody knows is the same."""
    return told is not None and now is not None and told != now


def difference(old: Iterable[Placed], new: Iterable[Placed]) -> Difference:
    """Compare what was told last of each request (cancelled rows included) with a new version."""
    before = {row.request_id: row for row in old}
    after = {row.request_id: _numbered(row, next_sequence(before.get(row.request_id), row)) for row in new}
    stood = {id_: row for id_, row in before.items() if row.stands}
    standing = {id_: row for id_, row in after.items() if row.stands}
    added = [row for id_, row in standing.items() if id_ not in stood]
    cancelled = [_cancelled(row) for id_, row in stood.items() if id_ not in standing]
    both = [Move(stood[id_], row) for id_, row in standing.items() if id_ in stood]
    told = [(move, move.concerns_attendees) for move in both]
    moved = [move for move, concerns in told if concerns]
    helped = [move for move, concerns in told if move.is_helped and (concerns or move.another_interpreter)]
    return Difference(
        added=_in_order(added),
        moved=tuple(sorted(moved, key=_order_of_move)),
        cancelled=_in_order(cancelled),
        kept=_in_order(move.new for move, concerns in told if not concerns),
        per_person=_news(lambda row: row.attendees, added, moved, cancelled),
        per_interpreter=_news(_interpreters, added, helped, cancelled),
    )


def _news(
    people: Callable[[Placed], frozenset[K]],
    added: Iterable[Placed],
    moved: Iterable[Move],
    cancelled: Iterable[Placed],
) -> _News[K]:
    comes: defaultdict[K, list[Placed]] = defaultdict(list)
    goes: defaultdict[K, list[Placed]] = defaultdict(list)
    stays: defaultdict[K, list[Move]] = defaultdict(list)
    for row in added:
        _tell(people(row), row, comes)
    for row in cancelled:
        _tell(people(row), row, goes)
    for move in moved:
        was, is_ = people(move.old), people(move.new)
        if was == is_:
            _tell(is_, move, stays)
            continue
        _tell(is_ - was, move.new, comes)
        _tell(was - is_, _cancelled(move.old), goes)
        _tell(was & is_, move, stays)
    return _News(comes, stays, goes)


class _News(Mapping[K, PersonalDifference]):
    """What each has to be told, put in order when somebody asks for it: most who ask want to know whom it concerns."""

    def __init__(
        self, comes: Mapping[K, list[Placed]], stays: Mapping[K, list[Move]], goes: Mapping[K, list[Placed]]
    ) -> None:
        self._comes, self._stays, self._goes = comes, stays, goes
        self._who = {*comes, *stays, *goes}

    def __getitem__(self, person: K) -> PersonalDifference:
        if person not in self._who:
            raise KeyError(person)
        return PersonalDifference(
            added=_in_order(self._comes.get(person, ())),
            moved=tuple(sorted(self._stays.get(person, ()), key=_order_of_move)),
            cancelled=_in_order(self._goes.get(person, ())),
        )

    def __iter__(self) -> Iterator[K]:
        return iter(self._who)

    def __len__(self) -> int:
        return len(self._who)


def _tell(people: Iterable[K], news: N, into: defaultdict[K, list[N]]) -> None:
    for person in people:
        into[person].append(news)


def _interpreters(row: Placed) -> frozenset[PersonKey]:
    return frozenset() if row.interpreter is None else frozenset({row.interpreter})


def _cancelled(row: Placed) -> Placed:
    return _numbered(row, next_sequence(row, None), MeetingState.CANCELLED)


def _numbered(row: Placed, sequence: int, state: MeetingState | None = None) -> Placed:
    """Return the same meeting with another number; ``replace`` would take four times as long, and there are many."""
    if sequence == row.sequence and state in {None, row.state}:
        return row
    what = (row.request_id, row.day, row.start, row.end, row.location, row.table, row.attendees, row.interpreter)
    return Placed(*what, sequence, state or row.state, row.begins)


def _told(row: Placed) -> tuple[object, ...]:
    """All that a calendar entry depends on; to a calendar a meeting that took place is still confirmed."""
    state = row.state if row.state in {MeetingState.PROVISIONAL, MeetingState.CANCELLED} else MeetingState.CONFIRMED
    return row.when, row.where, row.attendees, row.interpreter, state


def _order(row: Placed) -> tuple[date, time, int]:
    return row.day, row.start, row.request_id


def _order_of_move(move: Move) -> tuple[date, time, int]:
    return _order(move.new)


def _in_order(rows: Iterable[Placed]) -> tuple[Placed, ...]:
    return tuple(sorted(rows, key=_order))

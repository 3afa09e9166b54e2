"""What the rows of a spreadsheet say for people of the event: whom they want to meet, and when they are not free."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import NamedTuple, TypeVar

from matchmaker.domain import answer_columns as columns
from matchmaker.domain import cells
from matchmaker.domain.answer_columns import Told
from matchmaker.domain.heads import Cell, Row
from matchmaker.domain.importing import Remark
from matchmaker.domain.searching import folded
from matchmaker.domain.states import WishLevel
from matchmaker.domain.twins import Choice
from matchmaker.domain.wording import N_

T = TypeVar("T")


class Somebody(NamedTuple):
    """A person of the event; ``said_times``: they have said when they are not free."""

    id: int
    code: str
    names: Mapping[str, str]
    email: str | None
    organisation_id: int
    organisation_code: str
    organisation_names: Mapping[str, str]
    said_times: bool


class Span(NamedTuple):
    """A slot of the event."""

    id: int
    day: dt.date
    start: dt.time
    end: dt.time


class Said(NamedTuple):
    """A wish; ``in_vain``: it takes no place in the quota any more."""

    level: WishLevel
    rank: int | None
    in_vain: bool = False


Pair = tuple[int, int]
"""The organisation that wishes, and the one it wishes for."""


class Standing(StrEnum):
    """How a row stands to what is there: new, the same, or something else, which somebody must choose for."""

    NEW = "new"
    SAME = "same"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Answer:
    """One row. ``before`` is what is there of a wish; of times ``slots`` are meant, none if they are always free."""

    number: int
    remarks: tuple[Remark, ...] = ()
    who: Somebody | None = None
    whom: Somebody | None = None
    said: Said | None = None
    before: Said | None = None
    slots: frozenset[int] = frozenset()
    day: dt.date | None = None
    start: dt.time | None = None
    end: dt.time | None = None
    standing: Standing = Standing.NEW

    @property
    def wrong(self) -> bool:
        return any(remark.wrong for remark in self.remarks)

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What somebody has to choose from; nothing where the row is simply taken."""
        if self.wrong:
            return (Choice.LEAVE,)
        return (Choice.LEAVE, Choice.ADD) if self.standing is Standing.OTHER else ()


@dataclass(slots=True)
class AnswerPlan:
    """What will be entered, and how many rows say what is there already, are left out, or wait for a choice."""

    taken: list[Answer] = field(default_factory=list)
    same: int = 0
    left: int = 0
    undecided: int = 0

    @property
    def count(self) -> int:
        """How much is entered, as of every plan of an import."""
        return len(self.taken)


def plan(answers: Iterable[Answer], choices: Mapping[int, Choice]) -> AnswerPlan:
    """Return what is to be done by what was chosen, row by row."""
    made = AnswerPlan()
    for one in answers:
        choice = choices.get(one.number) if choices.get(one.number) in one.choices else None
        if one.choices and choice is None:
            made.undecided += 1
        elif choice is Choice.LEAVE:
            made.left += 1
        elif one.standing is Standing.SAME:
            made.same += 1
        else:
            made.taken.append(one)
    return made


@dataclass(frozen=True, slots=True)
class Known:
    """All that rows are compared with. ``no`` is what a no is in this event: an answer, or a private veto."""

    people: Sequence[Somebody]
    slots: Sequence[Span] = ()
    wishes: Mapping[Pair, Said] = field(default_factory=dict)
    marks: Mapping[int, frozenset[int]] = field(default_factory=dict)
    quotas: Mapping[WishLevel, int] = field(default_factory=dict)
    no: WishLevel = WishLevel.VETO


def wishes(rows: Iterable[Row], at: Mapping[int, Told], known: Known) -> list[Answer]:
    """Read each row as a wish, and compare it with those that are there."""
    book, found, seen = _Book(known.people), list[Answer](), dict[Pair, Answer]()
    for row in rows:
        reader = _Reader(row, at, book)
        one = reader.wish(known)
        if one.who and one.whom and one.said and not one.wrong:
            pair = one.who.organisation_id, one.whom.organisation_id
            earlier = seen.setdefault(pair, one)
            one = _compared(one, known.wishes.get(pair)) if earlier is one else reader.again(one, earlier)
        found.append(one)
    return _within_quotas(found, known)


def times(rows: Iterable[Row], at: Mapping[int, Told], known: Known) -> list[Answer]:
    """Read each row as a time at which a person is not free, and compare it with what they said."""
    book = _Book(known.people)
    found = [_Reader(row, at, book).time(known) for row in rows]
    return [_marked(one, known.marks.get(one.who.id, frozenset())) if one.who else one for one in found]


def _compared(one: Answer, before: Said | None) -> Answer:
    """A must that names no rank says nothing against the rank that is there."""
    said = one.said
    if before is None or said is None:
        return one
    same = said.level is before.level and said.rank in {None, before.rank}
    return replace(one, before=before, standing=Standing.SAME if same else Standing.OTHER)


def _marked(one: Answer, marks: frozenset[int]) -> Answer:
    if one.who is None or not one.who.said_times:
        return one
    return replace(one, standing=Standing.SAME if one.slots <= marks else Standing.OTHER)


def _within_quotas(found: list[Answer], known: Known) -> list[Answer]:
    """Mark the rows by which an organisation would have more musts or likes than the event allows."""
    used: dict[tuple[int, WishLevel], int] = defaultdict(int)
    for (giver, _), said in known.wishes.items():
        used[giver, said.level] += not said.in_vain
    marked = dict[int, Answer]()
    for one in sorted(found, key=lambda one: (one.said.rank or 1_000 if one.said else 0, one.number)):
        if one.wrong or not one.who or not one.said or one.said.level not in known.quotas:
            continue
        if one.standing is Standing.SAME or (one.before and one.before.level is one.said.level):
            continue
        used[one.who.organisation_id, one.said.level] += 1
        if used[one.who.organisation_id, one.said.level] > (most := known.quotas[one.said.level]):
            marked[one.number] = _with(one, Remark(None, OVER[one.said.level], {"most": str(most)}, wrong=True))
    return [marked.get(one.number, one) for one in found]


def _with(one: Answer, remark: Remark) -> Answer:
    return replace(one, remarks=(*one.remarks, remark))


OVER = {
    WishLevel.MUST: N_("This organisation would have more than %(most)s wishes that must be met."),
    WishLevel.LIKE: N_("This organisation would have more than %(most)s likes."),
}
NOBODY = N_("Nobody of this event is found by “%(words)s”.")


class _Book:
    """Everybody of the event by what a row may name them by."""

    def __init__(self, people: Iterable[Somebody]) -> None:
        self._by: dict[tuple[str, str], list[Somebody]] = defaultdict(list)
        for one in people:
            keys = {("code", one.code), ("code", one.organisation_code), ("email", (one.email or "").lower())}
            keys |= {("name", folded(words)) for words in one.names.values()}
            keys |= {("organisation", folded(words)) for words in one.organisation_names.values()}
            for key in keys:
                self._by[key].append(one)

    def find(self, part: str, words: str, of: Callable[[Somebody], int]) -> dict[int, Somebody]:
        """Return whom a cell names; of an organisation the first of its people."""
        key = words if part == "code" else words.lower() if part == "email" else folded(words)
        return {of(one): one for one in reversed(self._by.get((part, key), []))}


class _Reader:
    def __init__(self, row: Row, at: Mapping[int, Told], book: _Book) -> None:
        self.number, self._given = row
        self._at = {told: number for number, told in at.items()}
        self._book = book
        self._remarks: list[Remark] = []

    def wish(self, known: Known) -> Answer:
        who = self._somebody(columns.WHO, N_("It is not said who wishes."), _organisation)
        whom = self._somebody(columns.WHOM, N_("It is not said whom they want to meet."), _organisation)
        if who and whom and who.organisation_id == whom.organisation_id:
            self._say(next(filter(self._words, columns.WHOM)), N_("An organisation cannot meet itself."))
        said = self._said(known.no)
        return Answer(self.number, tuple(self._remarks), who, whom, said)

    def again(self, one: Answer, earlier: Answer) -> Answer:
        """Return a row whose pair stood in an earlier one."""
        if one.said == earlier.said:
            return replace(one, standing=Standing.SAME)
        sentence = N_("Row %(number)s says something else of the same two.")
        return _with(one, Remark(self._at.get(Told.LEVEL), sentence, {"number": str(earlier.number)}, wrong=True))

    def time(self, known: Known) -> Answer:
        who = self._somebody(columns.WHO, N_("It is not said who."), _person)
        days = sorted({slot.day for slot in known.slots})
        day = self._read(Told.DAY, lambda words: columns.day(words, days), N_("“%(words)s” is no day of this event."))
        start = self._read(Told.START, columns.time, N_("“%(words)s” is not a time such as 9:30."))
        end = self._read(Told.END, columns.time, N_("“%(words)s” is not a time such as 9:30."))
        slots = frozenset[int]()
        if day:
            first, last = start or dt.time.min, end or dt.time.max
            slots = frozenset(one.id for one in known.slots if one.day == day and one.start < last and first < one.end)
            if not slots and not self._wrong:
                self._say(Told.START, N_("No time slot of the event lies there."))
        elif (start or end) and not self._wrong:
            self._say(Told.DAY, N_("The day is missing."))
        elif not self._wrong:
            self._say(Told.DAY, N_("No day: free all the time."), wrong=False)
        return Answer(self.number, tuple(self._remarks), who, slots=slots, day=day, start=start, end=end)

    @property
    def _wrong(self) -> bool:
        return any(remark.wrong for remark in self._remarks)

    def _words(self, told: Told) -> str:
        at = self._at.get(told)
        given: Cell = self._given[at] if at is not None and at < len(self._given) else ""
        words = cells.text(given)
        if words.upper() in cells.ERRORS:
            self._say(told, N_("The formula of this cell gives an error."))
            return ""
        return words

    def _say(self, told: Told | None, sentence: str, *, wrong: bool = True, **values: str) -> None:
        remark = Remark(None if told is None else self._at.get(told), sentence, values, wrong)
        if remark not in self._remarks:
            self._remarks.append(remark)

    def _first(self, parts: Iterable[Told]) -> Told | None:
        return next((told for told in parts if told in self._at), None)

    def _somebody(self, parts: Sequence[Told], none: str, of: Callable[[Somebody], int]) -> Somebody | None:
        """Return whom the cells of one side name together; what finds nobody counts only if nothing finds anybody."""
        given = {told: words for told in parts if (words := self._words(told))}
        found: dict[int, Somebody] | None = None
        missed = list[Told]()
        for told in sorted(given, key=lambda told: told is parts[2]):  # the name only tells apart
            matching = self._book.find(told.split("_", 1)[1], given[told], of)
            if not matching:
                missed.append(told)
                continue
            if found is not None and not found.keys() & matching.keys():
                self._say(told, N_("“%(words)s” is somebody else than the other cells name."), words=given[told][:60])
                return None
            found = {id_: one for id_, one in (found or matching).items() if id_ in matching}
        if found and of is _person and parts[2] in missed and given.keys() - {*missed} <= {parts[3]}:
            found = None  # only the organisation was found, and the name is of nobody there
        if not given:
            self._say(self._first(parts), none)
        elif not found:
            told = parts[2] if parts[2] in missed else missed[0]
            self._say(told, NOBODY, words=given[told][:60])
        elif len(found) > 1:
            self._say(next(iter(given)), N_("Several are called so: add the e-mail or the code."))
        else:
            return next(iter(found.values()))
        return None

    def _said(self, no: WishLevel) -> Said | None:
        """Return the wish of a row: a like where it names none, a must where it only gives a rank."""
        words = self._words(Told.LEVEL)
        number = self._read(Told.RANK, _whole, N_("“%(words)s” is not a rank: write 1, 2, 3."))
        if not words:
            return Said(WishLevel.MUST if number else WishLevel.LIKE, number)
        found = columns.level(words)
        if found is None:
            self._say(Told.LEVEL, N_("“%(words)s” is none of: must, like, yes, no, no thanks."), words=words[:60])
            return None
        level = no if found[0] is WishLevel.NO else found[0]
        return Said(level, (number or found[1]) if level is WishLevel.MUST else None)

    def _read(self, told: Told, read: Callable[[str], T | None], sentence: str) -> T | None:
        words = self._words(told)
        found = read(words) if words else None
        if words and found is None:
            self._say(told, sentence, words=words[:60])
        return found


def _whole(words: str) -> int | None:
    return int(words) if re.fullmatch(r"[1-9][0-9]{0,2}", words) else None


def _person(one: Somebody) -> int:
    return one.id


def _organisation(one: Somebody) -> int:
    return one.organisation_id

"""Who among the rows of a spreadsheet may be there already, and what is to be done with each; a person decides.

The same e-mail is one sign. The other: the same organisation and the same name, in one script with the same words
in any order, across Arabic and Latin letters with the same consonants (``domain.alike``). Organisations are the same
if one of their names is, as searching folds it; one that is only translated is not recognised.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import product

from matchmaker.domain.alike import traces
from matchmaker.domain.importing import Candidate, Line, Remark
from matchmaker.domain.searching import folded
from matchmaker.domain.wording import N_

MOST_SHOWN = 3


class Choice(StrEnum):
    """What becomes of a row: left out, added to the organisation that is there, added with one of its own."""

    LEAVE = "leave"
    JOIN = "join"
    ADD = "add"


@dataclass(frozen=True, slots=True)
class There:
    """Somebody who takes part already."""

    names: Mapping[str, str]
    email: str | None
    organisation_id: int
    code: str


@dataclass(frozen=True, slots=True)
class Party:
    """An organisation that takes part already; ``delegation`` is the code of the one it is of."""

    id: int
    code: str
    names: Mapping[str, str]
    delegation: str = ""


@dataclass(frozen=True, slots=True)
class Twin:
    """Whom a row may repeat: somebody who is there (``code``), or an earlier row (``row``)."""

    names: Mapping[str, str]
    same_email: bool
    code: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class Judged:
    """A row with its twins. ``group`` names the organisation among those of the file; ``party`` one that is there."""

    line: Line
    group: str
    party: Party | None = None
    twins: tuple[Twin, ...] = ()

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What somebody has to choose from; nothing where the row is simply taken."""
        if self.line.wrong:
            return (Choice.LEAVE,)
        if self.party:
            return (Choice.LEAVE, Choice.JOIN, Choice.ADD)
        return (Choice.LEAVE, Choice.ADD) if self.twins else ()


@dataclass(slots=True)
class Plan:
    """What an import will do: whom it adds to what, and how many rows still wait for a choice."""

    joining: list[tuple[Candidate, int]] = field(default_factory=list)
    adding: dict[str, list[Candidate]] = field(default_factory=dict)
    left: int = 0
    undecided: int = 0

    @property
    def people(self) -> int:
        return len(self.joining) + sum(map(len, self.adding.values()))

    @property
    def count(self) -> int:
        """How much is entered, as of every plan of an import."""
        return self.people


def judge(lines: Iterable[Line], people: Sequence[There], parties: Sequence[Party]) -> list[Judged]:
    """Compare each row with all who are there and with the rows before it."""
    book = _Book(parties)
    for one in people:
        book.enter(Twin(one.names, same_email=False, code=one.code), one.email, f"there-{one.organisation_id}")
    return [_judged(book, line) for line in lines]


def plan(judged: Iterable[Judged], choices: Mapping[int, Choice]) -> Plan:
    """Return what is to be done by what was chosen, row by row; a choice that a row does not offer is none."""
    made = Plan()
    for one in judged:
        choice = chosen(one, choices)
        if one.choices and choice is None:
            made.undecided += 1
        elif choice is Choice.LEAVE:
            made.left += 1
        elif choice is Choice.JOIN and one.party:
            made.joining.append((one.line.candidate, one.party.id))
        else:
            made.adding.setdefault(one.group, []).append(one.line.candidate)
    return made


def chosen(one: Judged, choices: Mapping[int, Choice]) -> Choice | None:
    choice = choices.get(one.line.number)
    return choice if choice in one.choices else None


def _judged(book: _Book, line: Line) -> Judged:
    candidate = line.candidate
    party, group = book.organisation(candidate)
    if line.wrong:
        return Judged(line, group, party)
    line = book.travels(line, f"there-{party.id}" if party else group)
    found = book.alike(candidate, {group, f"there-{party.id}"} if party else {group})
    book.enter(Twin(candidate.names, same_email=False, row=line.number), candidate.email, group)
    return Judged(line, group, party, found)


STAYS = N_("This organisation is of another delegation, and stays there for all who are added to it.")
TAKEN_THERE = N_("Row %(row)s puts this organisation into another delegation, and that is taken.")
HEADED = N_("Row %(row)s names another head of this delegation, who is taken.")


def _remarked(line: Line, sentence: str, row: int) -> Line:
    values = {"row": str(row)} if row else {}
    return replace(line, remarks=(*line.remarks, Remark(None, sentence, values, wrong=False)))


class _Book:
    """Everybody who is known so far, by what they are found by."""

    def __init__(self, parties: Sequence[Party]) -> None:
        self._there = {f"there-{party.id}": party for party in parties}
        self._by_name = dict[str, str]()
        self._by_code = {party.code: f"there-{party.id}" for party in parties}
        self._by_email = dict[str, Twin]()
        self._by_trace = dict[tuple[str, str], Twin]()
        self._travels = {f"there-{party.id}": (party.delegation, 0) for party in parties if party.delegation}
        self._heads = dict[str, int]()
        for party in parties:
            self._name(f"there-{party.id}", party.names)

    def organisation(self, candidate: Candidate) -> tuple[Party | None, str]:
        """Return the organisation that is there, if one is, and the group of the row; a new group is noted."""
        names = [folded(words) for words in candidate.organisation_names.values()]
        if candidate.group:
            group = self._by_code.setdefault(candidate.group, f"code-{candidate.group}")
            same = group if group in self._there else next(filter(None, map(self._by_name.get, names)), "")
            return self._there.get(same), group
        group = next(filter(None, map(self._by_name.get, names)), f"row-{len(self._by_name)}")
        self._name(group, candidate.organisation_names)
        return self._there.get(group), group

    def alike(self, candidate: Candidate, groups: Iterable[str]) -> tuple[Twin, ...]:
        found = dict[tuple[str, int], Twin]()
        if candidate.email and (twin := self._by_email.get(candidate.email)):
            found[twin.code, twin.row] = Twin(twin.names, True, twin.code, twin.row)
        for key in product(sorted(groups), sorted(traces(candidate.names).sought)):
            if twin := self._by_trace.get(key):
                found.setdefault((twin.code, twin.row), twin)
        return tuple(found.values())[:MOST_SHOWN]

    def travels(self, line: Line, group: str) -> Line:
        """Note the delegation of a row's organisation; return the row, and with it what others told otherwise."""
        wanted = folded(line.candidate.delegation)
        if not wanted:
            return line
        found, row = self._travels.setdefault(group, (line.candidate.delegation, line.number))
        if folded(found) != wanted:
            return _remarked(line, STAYS if row == 0 else TAKEN_THERE, row)
        first = self._heads.setdefault(wanted, line.number) if line.candidate.heads else line.number
        return line if first == line.number else _remarked(line, HEADED, first)

    def enter(self, twin: Twin, email: str | None, group: str) -> None:
        if email:
            self._by_email.setdefault(email, twin)
        for trace in traces(twin.names).left:
            self._by_trace.setdefault((group, trace), twin)

    def _name(self, group: str, names: Mapping[str, str]) -> None:
        for words in names.values():
            if words.strip():
                self._by_name.setdefault(folded(words), group)

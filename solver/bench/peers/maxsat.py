"""The published MaxSAT encoding, solved by python-sat's RC2.

Cardinality is by sequential counters for people and by totalizers for tables; these, the solver below RC2 and
its options were the quickest of those tried, cardinality networks (which the paper has) among them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pysat.card import CardEnc, EncType
from pysat.examples.rc2 import RC2
from pysat.formula import WCNF, IDPool

if TYPE_CHECKING:
    from collections.abc import Sequence

    from solver.bench.peers.instance import Instance

SAT_SOLVER = "g4"
OPTIONS = {"adapt": True, "exhaust": True, "minz": True}


def solve_maxsat(instance: Instance) -> tuple[int, dict[str, int]] | None:
    """Return the fewest breaks and the slot of each meeting, or None where there is no schedule."""
    encoding = Encoding(instance)
    with RC2(encoding.formula, solver=SAT_SOLVER, **OPTIONS) as search:
        model = search.compute()
        if model is None:
            return None
        true = {literal for literal in model if literal > 0}
        return search.cost, {meeting: slot for (meeting, slot), held in encoding.held.items() if held in true}


class Encoding:
    """``held[meeting, slot]`` and ``used[person, slot]`` are the literals of the model."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.pool = IDPool()
        self.formula = WCNF()
        self.begun: dict[str, list[int]] = {}
        self.held = {(meeting, slot): self._new() for meeting in instance.may for slot in sorted(instance.may[meeting])}
        self.used = {(person, slot): self._new() for person in instance.meetings_of for slot in range(instance.slots)}
        for meeting, slots in instance.may.items():
            self._exactly([self.held[meeting, slot] for slot in sorted(slots)], 1, EncType.pairwise)
        for slot in range(instance.slots):
            self._tables_suffice(slot)
        for earlier, later in instance.before:
            self._in_order(earlier, later)
        for person in instance.meetings_of:
            self._one_meeting_at_once(person)
            self._few_breaks(person)
        self.formula.nv = max(self.formula.nv, self.pool.top)

    def _new(self) -> int:
        return int(self.pool.id(("literal", self.pool.top)))

    def _clause(self, *literals: int) -> None:
        self.formula.append(list(literals))

    def _exactly(self, literals: Sequence[int], count: int, encoding: int) -> None:
        if len(literals) < count:
            self._never()
        elif len(literals) == count:
            for literal in literals:
                self._clause(literal)
        else:
            self._add(CardEnc.equals(literals, count, vpool=self.pool, encoding=encoding))

    def _at_most(self, literals: Sequence[int], count: int, encoding: int) -> None:
        if len(literals) > count:
            self._add(CardEnc.atmost(literals, count, vpool=self.pool, encoding=encoding))

    def _add(self, formula: WCNF) -> None:
        for clause in formula.clauses:
            self.formula.append(clause)

    def _never(self) -> None:
        literal = self._new()
        self._clause(literal)
        self._clause(-literal)

    def _tables_suffice(self, slot: int) -> None:
        meetings = [self.held[meeting, slot] for meeting in self.instance.may if (meeting, slot) in self.held]
        self._at_most(meetings, self.instance.tables, EncType.totalizer)

    def _in_order(self, earlier: str, later: str) -> None:
        """Let the later one have begun only where the earlier one had begun a slot before."""
        first, second = self._begun(earlier), self._begun(later)
        self._clause(-second[0])
        for before, now in zip(first, second[1:], strict=False):
            self._clause(-now, before)

    def _begun(self, meeting: str) -> list[int]:
        """Give for each slot the literal that the meeting is held then or was before, exact in both directions."""
        if meeting not in self.begun:
            held = [self.held.get((meeting, slot)) for slot in range(self.instance.slots)]
            self.begun[meeting] = self._prefixes([[literal] if literal else [] for literal in held])
        return self.begun[meeting]

    def _prefixes(self, parts: Sequence[Sequence[int]]) -> list[int]:
        """Give for each place the literal that something of this part or an earlier one is true."""
        prefixes: list[int] = []
        for part in parts:
            now, before = self._new(), prefixes[-1:]
            self._clause(-now, *part, *before)
            for literal in (*part, *before):
                self._clause(-literal, now)
            prefixes.append(now)
        return prefixes

    def _one_meeting_at_once(self, person: str) -> None:
        """Tie the used slots to the meetings; their number is implied, and makes the proof short."""
        meetings = self.instance.meetings_of[person]
        slots = range(self.instance.slots)
        for slot in slots:
            held = [self.held[meeting, slot] for meeting in meetings if (meeting, slot) in self.held]
            self._clause(-self.used[person, slot], *held)
            for literal in held:
                self._clause(-literal, self.used[person, slot])
            self._at_most(held, 1, EncType.pairwise)
        self._exactly([self.used[person, slot] for slot in slots], len(meetings), EncType.seqcounter)

    def _few_breaks(self, person: str) -> None:
        """Price the end of each break: has met, does not meet now, meets in the next slot."""
        met = self._prefixes([[self.used[person, slot]] for slot in range(self.instance.slots)])
        ends = []
        for slot in range(1, self.instance.slots - 1):
            ends.append(self._new())
            self._clause(self.used[person, slot], -self.used[person, slot + 1], -met[slot], ends[-1])
            self.formula.append([-ends[-1]], weight=1)
        if self.instance.most_breaks is not None:
            self._at_most(ends, self.instance.most_breaks, EncType.seqcounter)

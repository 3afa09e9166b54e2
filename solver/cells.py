"""Where one request could be held beside a schedule, and for every other cell of the grid, why not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING

from solver.compiled import Compiled
from solver.masks import bits, cover
from solver.options import Option
from solver.rules import RULES
from solver.schedule import Schedule
from solver.state import State

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from solver.masks import Mask
    from solver.problem import Meeting, Problem

NOBODY, NO_TIME, LEGAL = -2, -1, len(RULES)
Verdict = tuple[int, "Option | None"]  # the rule that an option got as far as, by its number


@dataclass(frozen=True, slots=True)
class Cell:
    """A start slot in a location: legal where ``reason`` is None, with one choice of attendees that is."""

    slot: str
    location: str
    reason: str | None
    attendees: tuple[str, ...] | None = None
    interpreter: str | None = None


def placements(problem: Problem, schedule: Schedule | Iterable[Meeting], request: str) -> list[Cell]:
    """Judge every cell for ``request`` beside the meetings of ``schedule``, its own meeting and pin left out.

    The reason of a cell is the code of the rule that its best choice of attendees got as far as.
    """
    meetings: Sequence[Meeting] = schedule.meetings if isinstance(schedule, Schedule) else tuple(schedule)
    others = tuple(row for row in meetings if row.request != request)
    judge = _Judge(Compiled(_beside(problem, others, request), RULES, pools=False), request)
    return list(judge.cells())


def _beside(problem: Problem, others: tuple[Meeting, ...], request: str) -> Problem:
    """Give the problem with the other meetings frozen: they stand and occupy, and this request alone is judged."""
    return replace(problem, frozen=others, pinned=tuple(row for row in problem.pinned if row.request != request))


class _Judge:
    def __init__(self, compiled: Compiled, request: str) -> None:
        self.compiled = compiled
        self.state = State(compiled)
        self.request = compiled.request_index[request]
        self.found: dict[tuple[int, int], Verdict] = {}

    def cells(self) -> Iterator[Cell]:
        for option in self._drafts():
            self._judge(option)
        for slot in range(self.compiled.time.count):
            for location, site in self.compiled.site_of.items():
                yield self._cell(slot, location, *self.found.get((site, slot), (NOBODY, None)))

    def _drafts(self) -> Iterator[Option]:
        wanted = self.compiled.requests[self.request]
        for attendees, site in product(product(*wanted.sides), range(len(self.compiled.sites))):
            for helper in (None, *self.compiled.interpreters):
                people = attendees if helper is None else (*attendees, helper)
                yield Option(self.request, attendees, people, site, None, helper, wanted.length, self.compiled.time.all)

    def _judge(self, option: Option) -> None:
        left = option.starts & cover(0, max(0, self.compiled.time.count - option.length + 1))
        self._note(option, option.starts & ~left, NO_TIME)
        for depth, rule in enumerate(self.compiled.rules):
            before = left
            if rule.admits is not None:
                left = rule.admits(self.compiled, option, left)
            if rule.leaves is not None and left:
                left = rule.leaves(self.state, option, left)
            self._note(option, before & ~left, depth)
        self._note(option, left, LEGAL)

    def _note(self, option: Option, slots: Mask, depth: int) -> None:
        for slot in bits(slots):
            if depth > self.found.get((option.site, slot), (NOBODY, None))[0]:
                self.found[option.site, slot] = (depth, option)

    def _cell(self, slot: int, location: str, depth: int, option: Option | None) -> Cell:
        slot_id = self.compiled.time.ids[slot]
        if depth < LEGAL or option is None:
            return Cell(slot_id, location, _reason(self.compiled, depth))
        people = self.compiled.people
        helper = None if option.interpreter is None else people[option.interpreter].id
        return Cell(slot_id, location, None, tuple(people[person].id for person in option.attendees), helper)


def _reason(compiled: Compiled, depth: int) -> str:
    if depth == NOBODY:
        return "no_representative"
    return "no_common_slot" if depth == NO_TIME else compiled.rules[depth].reason

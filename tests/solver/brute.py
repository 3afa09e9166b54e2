"""The best schedule of a tiny problem by trying everything, judged by ``solver.check`` alone.

Meant for a handful of requests and slots: the work grows with the product of every request's choices.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations, product

from solver.check import breaches, value
from solver.problem import Meeting, ObjectiveName, Problem, Request

Meetings = tuple[Meeting, ...]
# Further meetings may heal a breach of these, so they are judged at the end: a missing meeting comes, a break is
# filled, a meeting without zone stands between two walks; tables are given last.
HEALED_LATER = frozenset({"mandatory", "pinned", "frozen", "max_breaks", "walking", "interpreter_walking", "tables"})


@dataclass(frozen=True)
class Optimum:
    value: int
    meetings: Meetings


def optimum(
    problem: Problem, objective: ObjectiveName | None = None, *, forgotten: Collection[str] = ()
) -> Optimum | None:
    """Return a best schedule, or None if there is none; breaches of the ``forgotten`` rules are allowed."""
    return _Search(problem, objective or problem.objective, frozenset(forgotten)).run()


class _Search:
    def __init__(self, problem: Problem, objective: ObjectiveName, forgotten: frozenset[str]) -> None:
        self.problem = problem
        self.objective = objective
        self.forgotten = forgotten
        self.best: Optimum | None = None

    def run(self) -> Optimum | None:
        self._extend([self._choices(request) for request in self.problem.requests.values()], ())
        return self.best

    def _choices(self, request: Request) -> list[Meetings]:
        """Return the ways to hold a request, with nothing first; twice only where that rule is forgotten."""
        rows = [row for row in self._rows(request) if self._may_stand(row)]
        twice = combinations(rows, 2) if "at_most_once" in self.forgotten else ()
        return [(), *((row,) for row in rows), *twice]

    def _rows(self, request: Request) -> Iterator[Meeting]:
        frozen = [row for row in self.problem.frozen if row.request == request.id]
        if frozen and "frozen" not in self.forgotten:
            yield from frozen
            return
        pins = [row for row in self.problem.pinned if row.request == request.id and "pinned" not in self.forgotten]
        table = next((pin.table for pin in pins), None)
        sides = [self.problem.participants] * len(request.sides) if "sides" in self.forgotten else request.sides
        for slot, location in product(self.problem.slots, self.problem.locations):
            for attendees, interpreter in product(product(*sides), (None, *self.problem.interpreters)):
                yield Meeting(request.id, slot, location, table, attendees, interpreter)

    def _may_stand(self, row: Meeting) -> bool:
        """Whether a meeting alone breaks nothing, its own pin included."""
        found = list(breaches(self.problem, (_seated(row),), self.objective))
        wrong = {breach.rule for breach in found if breach.rule not in HEALED_LATER}
        wrong |= {breach.rule for breach in found if breach.rule == "pinned" and row.request in breach.ids}
        return wrong <= self.forgotten

    def _extend(self, choices: list[list[Meetings]], held: Meetings) -> None:
        if self._broken(map(_seated, held)) - HEALED_LATER:
            return
        if not choices:
            self._keep_if_best(held)
            return
        for rows in choices[0]:
            self._extend(choices[1:], held + rows)

    def _broken(self, meetings: Iterable[Meeting]) -> set[str]:
        return {breach.rule for breach in breaches(self.problem, meetings, self.objective)} - self.forgotten

    def _keep_if_best(self, held: Meetings) -> None:
        worth = value(self.problem, map(_seated, held), self.objective)
        if self.best is not None and not self._is_better(worth, self.best.value):
            return
        seated = self._give_tables(held, ())
        if seated is not None and not self._broken(seated):
            self.best = Optimum(worth, seated)

    def _is_better(self, one: int, other: int) -> bool:
        return one < other if self.objective == "breaks" else one > other

    def _give_tables(self, unseated: Meetings, seated: Meetings) -> Meetings | None:
        """Return the meetings with tables that break no rule on tables, if there are any."""
        if not unseated:
            return seated
        row, *rest = unseated
        tables = (
            range(1, self.problem.locations[row.location or ""].capacity + 1) if row.table is None else (row.table,)
        )
        for table in tables:
            tried = (*seated, replace(row, table=table))
            if "tables" in self._broken(tried):
                continue
            if complete := self._give_tables(tuple(rest), tried):
                return complete
        return None


def _seated(row: Meeting) -> Meeting:
    """Return the meeting with some table, so that all other rules can judge it."""
    return row if row.table is not None else replace(row, table=1)

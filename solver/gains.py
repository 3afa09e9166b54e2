"""What one meeting is worth to a schedule: its own terms, and what it does to the agendas of those who attend."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from solver.terms import agenda_of, coefficients, is_same, person_terms, score_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from solver.compiled import Compiled
    from solver.problem import Meeting, Problem


class Gains:
    """Worths beside one schedule; those of agendas without a meeting are reckoned once."""

    def __init__(self, compiled: Compiled, problem: Problem, rows: Iterable[Meeting]) -> None:
        self._compiled = compiled
        self._problem = problem
        self._worth = coefficients(problem)
        self._before = {row.request: row for row in problem.previous}
        self._held = {row.request: row for row in rows}
        self._rows: dict[str, list[Meeting]] = defaultdict(list)
        for row in self._held.values():
            for person in row.attendees or ():
                self._rows[person].append(row)
        self._without: dict[tuple[str, str], int] = {}

    def meeting(self, request: str) -> Meeting | None:
        """Return where a request is held."""
        return self._held.get(request)

    def kept(self) -> int:
        """Count the meetings that are where and with whom they were before."""
        return sum(is_same(row, self._before.get(row.request)) for row in self._held.values())

    def gain(self, meeting: Meeting) -> int:
        """Return what the value grows by if the request is held there and not as it is now."""
        now = self._held.get(meeting.request)
        return self._of(meeting) - (self._of(now) if now else 0)

    def _of(self, meeting: Meeting) -> int:
        """Return what the value grows by from a schedule without the request to one with this meeting."""
        people = sum(self._agenda(person, meeting) for person in meeting.attendees or ())
        own = {
            "weight": self._problem.requests[meeting.request].weight,
            "late_slots": self._compiled.time.within_day[self._compiled.time.index[meeting.slot]],
            "kept": int(is_same(meeting, self._before.get(meeting.request))),
        }
        return people + score_of(dict.fromkeys(self._worth._fields, 0) | own, self._worth)

    def _agenda(self, person: str, meeting: Meeting) -> int:
        others = [row for row in self._rows[person] if row.request != meeting.request]
        key = person, meeting.request
        if key not in self._without:
            self._without[key] = self._score(person, others)
        return self._score(person, [*others, meeting]) - self._without[key]

    def _score(self, person: str, rows: Iterable[Meeting]) -> int:
        who = self._compiled.people[self._compiled.person_index[person]]
        terms = person_terms(who, self._compiled.time, *agenda_of(self._compiled, rows))
        return score_of(dict.fromkeys(self._worth._fields, 0) | terms._asdict(), self._worth)

"""Why a request is not held: the first reason, in a fixed order, that holds for every choice of attendees."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from solver.drafts import BUSY, DISPLACED, FULL, FULL_THEN, NO_TIME, NOBODY, REASONS, TWICE, common_starts, judge_all
from solver.errors import InvalidProblemError
from solver.facts import mask_of_row
from solver.masks import bits
from solver.remedies import Remedies
from solver.scene import scene_of_book, scene_of_rows
from solver.schedule import Schedule, Unscheduled

if TYPE_CHECKING:
    from collections.abc import Iterable

    from solver.book import Book
    from solver.compiled import Compiled
    from solver.facts import Array
    from solver.problem import Meeting, Problem
    from solver.scene import Scene

Detail = dict[str, Any]
FEW = 100  # requests for which it does not pay to read the sides of all


def explain(
    problem: Problem, schedule: Schedule | Iterable[Meeting], request: str | None = None
) -> tuple[Unscheduled, ...]:
    """Explain every request that the schedule does not hold, or only ``request``, with what would hold it.

    Raises
    ------
    InvalidProblemError
        If there is no such request, or the schedule holds it, or is none of this problem.
    """
    meetings = schedule.meetings if isinstance(schedule, Schedule) else tuple(schedule)
    scene = scene_of_rows(problem, meetings)
    return Explainer(scene, meetings).explain(request)


def unscheduled(compiled: Compiled, b: Book) -> tuple[Unscheduled, ...]:
    """Give the reasons, without remedies, of all requests that a book does not hold."""
    scene = scene_of_book(compiled, b)
    ids = compiled.request_ids
    requests = scene.unmet()
    rows = zip(requests.tolist(), Reasons(scene).of(requests), strict=True)
    return tuple(Unscheduled(ids[request], reason, detail) for request, (reason, detail) in rows)


class Explainer:
    """Explains requests beside one schedule, as often as asked: it is loaded once."""

    def __init__(self, scene: Scene, meetings: Iterable[Meeting]) -> None:
        self.scene = scene
        self.reasons = Reasons(scene)
        self.remedies = Remedies(scene, meetings)

    def explain(self, request: str | None = None) -> tuple[Unscheduled, ...]:
        requests = self.scene.unmet() if request is None else np.array([self._number(request)], np.int32)
        ids = self.scene.compiled.request_ids
        rows = zip(requests.tolist(), self.reasons.of(requests), self.remedies.of(requests), strict=True)
        return tuple(Unscheduled(ids[number], *reason, remedies) for number, reason, remedies in rows)

    def _number(self, request: str) -> int:
        number = self.scene.compiled.request_index.get(request)
        if number is None:
            raise InvalidProblemError("request", f"{request}, which the problem does not have", "one of its requests")
        if self.scene.b.held[number] >= 0:
            raise InvalidProblemError("request", f"{request}, which the schedule holds", "a request that is not held")
        return number


class Reasons:
    """Codes and facts. What is said of a person is said once and shared between the requests that name them."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.f, self.b = scene.f, scene.b
        self.ids = [person.id for person in scene.compiled.people]
        self.slot_ids = scene.compiled.time.ids
        self._free: dict[int, list[str]] = {}
        self._common: dict[int, list[str]] = {}
        self._lists: dict[bytes, list[str]] = {}

    def of(self, requests: Array) -> list[tuple[str, Detail]]:
        depths = np.zeros(len(requests), np.int32)
        scene = self.scene
        judge_all(self.f.refs, self.b.refs, requests, scene.helpers, scene.room_for_choice(), depths)
        self._find_common(requests, depths)
        rows = zip(requests.tolist(), depths.tolist(), self._all_people(requests), strict=True)
        return [(REASONS[depth], self._detail(request, depth, people)) for request, depth, people in rows]

    def _all_people(self, requests: Array) -> list[list[int]]:
        """Give everybody whom a request names; the people of neighbouring sides stand together."""
        rows, sides = self.f.request[requests], self.f.sides
        first = sides[np.minimum(rows["side_from"], len(sides) - 1), 0].tolist()
        stop = sides[rows["side_stop"] - 1, 1].tolist()
        people = self.f.side_people.tolist() if len(requests) > FEW else self.f.side_people
        return [list(map(int, people[one:other])) for one, other in zip(first, stop, strict=True)]

    def _detail(self, request: int, depth: int, people: list[int]) -> Detail:
        if depth in {NO_TIME, BUSY}:
            return {"free": {self.ids[person]: self._free_slots(person) for person in people}}
        if depth in {FULL, FULL_THEN}:
            return {"people": self._full_people(people)}
        if depth == NOBODY:
            return {"side": self._empty_side(request)}
        if depth == TWICE:
            return {"side": 1}
        if depth == DISPLACED:
            return {"requests": []}
        return {"slots": self._common[request]}

    def _free_slots(self, person: int) -> list[str]:
        free = self._free.get(person)
        if free is None:
            mask = mask_of_row(self.f.free[person] & ~self.b.full[person])
            free = self._free[person] = [self.slot_ids[slot] for slot in bits(mask)]
        return free

    def _empty_side(self, request: int) -> int:
        first, stop = self.f.request[request]["side_from"], self.f.request[request]["side_stop"]
        people = [self.f.side_people[slice(*self.f.sides[side])] for side in range(first, stop)]
        return [bool(self.f.free[side].any()) for side in people].index(False)

    def _full_people(self, people: list[int]) -> dict[str, str]:
        """Name who is at a limit in total or on each day on which they are there; else who is on some day."""
        total, each_day, some_day = self._limits
        full = {person: "max_per_day" for person in people if each_day[person]}
        full |= {person: "max_meetings" for person in people if total[person]}
        full = full or {person: "max_per_day" for person in people if some_day[person]}
        return {self.ids[person]: full[person] for person in people if person in full}

    @cached_property
    def _limits(self) -> tuple[Array, Array, Array]:
        """Tell of each person whether they are at a limit in total, on each day that they are there, on some day."""
        person = self.f.person
        full = self.b.day_count >= person["max_per_day"][:, None]
        bits_of = np.unpackbits(self.f.free.view(np.uint8), axis=1, bitorder="little")
        there = np.stack([bits_of[:, day["first"] : day["stop"]].any(axis=1) for day in self.f.day], axis=1)
        total = self.b.count >= person["max_meetings"]
        some_day = np.asarray((full & there).any(axis=1))
        return total, some_day & np.asarray((full | ~there).all(axis=1)), some_day

    def _find_common(self, requests: Array, depths: Array) -> None:
        """Note the starts at which nothing but the reason stands in the way, where the reason is one of a place."""
        some = (depths > BUSY) & (depths < DISPLACED)
        requests, depths = requests[some], depths[some]
        starts = np.zeros((len(requests), len(self.f.slot)), np.uint8)
        choice = self.scene.room_for_choice()
        common_starts(self.f.refs, self.b.refs, requests, choice, depths, self.scene.helpers, starts)
        self._common = dict(zip(requests.tolist(), map(self._listed, starts), strict=True))

    def _listed(self, starts: Array) -> list[str]:
        key = starts.tobytes()
        if key not in self._lists:
            self._lists[key] = [self.slot_ids[t] for t in starts.nonzero()[0].tolist()]
        return self._lists[key]

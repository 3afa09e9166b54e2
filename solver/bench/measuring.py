"""One instance, solved in a process of its own by the package and by its peers; every answer is checked."""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from solver.bench.peers import PEERS
from solver.bench.processes import Ended, run
from solver.check import breaches, value, violations
from solver.problem import Meeting
from solver.records import read_problem, read_schedule

if TYPE_CHECKING:
    from collections.abc import Iterable

    from solver.bench.instances import Case
    from solver.problem import Problem

LATE = 30.0  # seconds beyond its limit after which a solve counts as lost, on a busy machine too
NO_SCHEDULE = 3
INFEASIBLE, OPTIMAL, FEASIBLE, NONE = "infeasible", "optimal", "feasible", "none"


@dataclass(frozen=True, slots=True)
class Event:
    """A line of progress: what was known after so many seconds."""

    seconds: float
    value: int | None
    bound: float | None


@dataclass(frozen=True, slots=True)
class Result:
    """What one program made of one instance. ``status`` is ``none`` if it had no schedule in its time.

    ``violations`` are those that the checker found in the answer, ``megabytes`` the peak of the whole process.
    """

    status: str
    value: int | None
    bound: float | None
    seconds: float
    cpu_seconds: float
    megabytes: float
    violations: int = 0
    events: tuple[Event, ...] = ()
    complaint: str = ""

    @property
    def gap(self) -> float | None:
        return self.gap_after(float("inf"))

    def gap_after(self, seconds: float) -> float | None:
        """Return the gap of the best schedule by then, to the bound that was best at the end."""
        found = self.value if seconds >= self.seconds else self.value_after(seconds)
        if found is None or self.bound is None:
            return None
        return abs(self.bound - found) / max(1.0, abs(self.bound))

    def value_after(self, seconds: float) -> int | None:
        """Return the value of the best schedule by then; where it was final, the answer's."""
        if seconds >= self.seconds:
            return self.value
        values = [event.value for event in self.events if event.seconds <= seconds and event.value is not None]
        return values[-1] if values else None

    @property
    def first(self) -> float | None:
        """Return the seconds until the first schedule was told of."""
        return next((event.seconds for event in self.events if event.value is not None), None)


@dataclass(frozen=True, slots=True)
class Measured:
    case: Case
    own: Result
    peers: dict[str, Result] = field(default_factory=dict)

    @property
    def faults(self) -> list[str]:
        """Say where an answer breaks a rule, or contradicts what is known or what another has proved."""
        results = {"solver": self.own, **self.peers}
        broken = [
            f"{self.case.name}: {name}: {result.violations} violations"
            for name, result in results.items()
            if result.violations
        ]
        proved = {name: outcome for name, result in results.items() if (outcome := proof(result))}
        if self.case.optimum:
            proved["known"] = self.case.optimum
        apart = ", ".join(f"{name} {outcome}" for name, outcome in proved.items())
        return [*broken, f"{self.case.name}: {apart}"] if len(set(proved.values())) > 1 else broken


def proof(result: Result) -> str:
    """Return what was proved, in the words of ``known.csv``: the optimum, that there is none, or nothing."""
    if result.status == OPTIMAL:
        return str(result.value)
    return INFEASIBLE if result.status == INFEASIBLE else ""


def present_peers() -> list[str]:
    return [name for name, module in PEERS.items() if find_spec(module) is not None]


def measure(case: Case, *, seconds: float, workers: int, seed: int, peers: Iterable[str] = ()) -> Measured:
    own = _solve(case, seconds, workers, seed)
    if case.path.suffix != ".dzn" or case.objective != "breaks":
        return Measured(case, own)
    return Measured(case, own, {name: solve_by_peer(case, name, seconds) for name in peers})


def _solve(case: Case, seconds: float, workers: int, seed: int) -> Result:
    with tempfile.TemporaryDirectory() as directory:
        answer = Path(directory) / "schedule.json"
        arguments = ["solve", case.path, "--seconds", seconds, "--workers", workers, "--seed", seed, *_asked(case)]
        command = [sys.executable, "-m", "solver", *arguments, "--progress", "json", "-o", answer]
        ended = run([str(part) for part in command], seconds=seconds + LATE)
        result = _ended(ended)
        if ended.code != 0:
            return replace(result, status=INFEASIBLE if ended.code == NO_SCHEDULE else NONE)
        schedule = read_schedule(answer)
    found = sum(1 for _ in violations(_asked_problem(case), schedule))
    return replace(
        result, status=schedule.status, value=schedule.value, bound=schedule.bound, violations=found, complaint=""
    )


def _asked(case: Case) -> list[object]:
    asked: list[object] = []
    if case.objective is not None:
        asked += ["--objective", case.objective]
    if case.max_breaks is not None:
        asked += ["--max-breaks", case.max_breaks]
    return asked


def _asked_problem(case: Case) -> Problem:
    problem = read_problem(case.path)
    return problem if case.max_breaks is None else replace(problem, max_breaks=case.max_breaks)


def _ended(ended: Ended) -> Result:
    lines = ended.errors.splitlines()
    events = tuple(event for line in lines if (event := _event(line)) is not None)
    complaint = next((line for line in reversed(lines) if not line.startswith("{")), "")
    return Result(NONE, None, None, ended.seconds, ended.cpu_seconds, ended.megabytes, 0, events, complaint)


def _event(line: str) -> Event | None:
    try:
        told = json.loads(line)
        return Event(told["seconds"], told["value"], told["bound"])
    except (ValueError, TypeError, KeyError):
        return None


def solve_by_peer(case: Case, name: str, seconds: float) -> Result:
    most_breaks = [] if case.max_breaks is None else [str(case.max_breaks)]
    command = [sys.executable, "-m", "solver.bench.peers", name, str(case.path), *most_breaks]
    ended = run(command, seconds=seconds)
    result = _ended(ended)
    if ended.code != 0:
        return result
    answer = json.loads(ended.output)
    fewest, slots = answer["value"], answer["slots"]
    if fewest is None:
        return replace(result, status=INFEASIBLE)
    return replace(result, status=OPTIMAL, value=fewest, bound=float(fewest), violations=_wrong(case, fewest, slots))


def _wrong(case: Case, fewest: int, slots: dict[str, int]) -> int:
    """Count the breaches of a peer's schedule, one more if it has not as few breaks as it says."""
    problem = replace(_asked_problem(case), objective="breaks")
    meetings = _meetings(problem, slots)
    return sum(1 for _ in breaches(problem, meetings, "breaks")) + (value(problem, meetings, "breaks") != fewest)


def _meetings(problem: Problem, slots: dict[str, int]) -> list[Meeting]:
    """Number the tables of each slot: peers count them, as the published model does."""
    ids = list(problem.slots)
    seated: dict[int, int] = {}
    meetings = []
    for request, slot in slots.items():
        seated[slot] = seated.get(slot, 0) + 1
        attendees = tuple(person for (person,) in problem.requests[request].sides)
        meetings.append(Meeting(request, ids[slot], next(iter(problem.locations)), seated[slot], attendees))
    return meetings

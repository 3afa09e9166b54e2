"""Problems for the solver's process: a quick one, one that no machine proves in time, one that contradicts itself."""

from __future__ import annotations

import random

from solver import Location, Meeting, Participant, Problem, Request, Slot


def a_problem(*, people=6, slots=4, tables=2, requests=9, seed=1, pinned=()):
    lot = random.Random(seed)
    names = [f"p{number}" for number in range(people)]
    pairs = lot.sample([(a, b) for a in names for b in names if a < b], requests)
    return Problem(
        slots={f"s{i}": Slot(f"s{i}", "2026-03-10", 540 + 30 * i, 560 + 30 * i) for i in range(slots)},
        locations={"hall": Location("hall", capacity=tables)},
        participants={name: Participant(name) for name in names},
        requests={
            f"r{i}": Request(f"r{i}", ((a,), (b,)), weight=lot.randint(10, 100)) for i, (a, b) in enumerate(pairs)
        },
        bonuses=(1000, 200, 50),
        pinned=pinned,
    )


def a_long_problem():
    """Too big to be proven in the minutes of a test, small enough for a first schedule at once."""
    return a_problem(people=120, slots=16, tables=30, requests=1500)


def a_problem_with_contradicting_pins():
    """One person locked into two meetings of one slot, at two tables."""
    names = ["p0", "p1", "p2"]
    return Problem(
        slots={"s0": Slot("s0", "2026-03-10", 540, 560)},
        locations={"hall": Location("hall", capacity=2)},
        participants={name: Participant(name) for name in names},
        requests={"r0": Request("r0", (("p0",), ("p1",))), "r1": Request("r1", (("p0",), ("p2",)))},
        pinned=(Meeting("r0", "s0", "hall", 1), Meeting("r1", "s0", "hall", 2)),
    )

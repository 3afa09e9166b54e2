"""Who is away when: 45 % of the people for half-days, at one end of the event, or here and there."""

from __future__ import annotations

from random import Random

from solver.generate.grid import half_days
from solver.generate.sizes import Size

PARTLY = 0.45  # of the people


def absences(size: Size, rng: Random, *, halved: bool) -> list[list[int]]:
    """Give for each person the numbers of the slots in which they are away, in order.

    ``halved``: everybody has but half of their hours, at least one; drawn after all else, so that the absences
    of the plain event are among them.
    """
    away: list[set[int]] = [set() for _ in range(size.people)]
    for person in rng.sample(range(size.people), round(PARTLY * size.people)):
        away[person] = _absence(size, rng)
    if halved:
        for slots in away:
            slots.update(_other_half(size, slots, rng))
    return [sorted(slots) for slots in away]


def _absence(size: Size, rng: Random) -> set[int]:
    kind = rng.choice((_missing_half_days, _missing_end, _missing_hours))
    return kind(size, rng)


def _missing_half_days(size: Size, rng: Random) -> set[int]:
    halves = half_days(size)
    missed = rng.sample(halves, rng.randint(1, max(1, len(halves) // 2)))
    return {slot for half in missed for slot in half}


def _missing_end(size: Size, rng: Random) -> set[int]:
    """Arrive late or leave early by a quarter to a half of the event."""
    length = round(size.slots * rng.uniform(0.25, 0.5))
    return set(range(length)) if rng.random() < 0.5 else set(range(size.slots - length, size.slots))


def _missing_hours(size: Size, rng: Random) -> set[int]:
    return set(rng.sample(range(size.slots), round(size.slots * rng.uniform(0.1, 0.5))))


def _other_half(size: Size, away: set[int], rng: Random) -> list[int]:
    """Take away half of the hours that are left: one stretch for half of the people, single hours for the rest."""
    free = [slot for slot in range(size.slots) if slot not in away]
    count = len(free) // 2
    if rng.random() < 0.5:
        return rng.sample(free, count)
    start = rng.choice((0, len(free) - count))
    return free[start : start + count]

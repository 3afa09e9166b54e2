"""Meetings that share a person are never held at once, so one literal can stand for all of them in a slot."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

    from solver.held import Held

    Literals = list[cp_model.IntVar]


def clusters(held: Held) -> dict[tuple[int, int], list[Literals]]:
    """Part the placements at each site and slot, so that of each part one at most is held."""
    centre = _centres(held)
    parts: dict[tuple[int, int], dict[int, Literals]] = defaultdict(lambda: defaultdict(list))
    for number, (row, person) in enumerate(zip(held.rows, centre, strict=True)):
        for slot in range(row.start, row.start + row.option.length):
            part = -1 - number if person is None else person  # nobody in it has one meeting at a time: a part alone
            parts[row.option.site, slot][part].append(row.variable)
    return {place: list(part.values()) for place, part in parts.items()}


def _centres(held: Held) -> list[int | None]:
    """Choose for each row one of its people, always the one with most rows that nobody was chosen for yet."""
    people = held.compiled.people
    single = [[person for person in row.option.people if people[person].parallel == 1] for row in held.rows]
    rows_of: dict[int, list[int]] = defaultdict(list)
    for number, own in enumerate(single):
        for person in own:
            rows_of[person].append(number)
    left = Counter({person: len(rows) for person, rows in rows_of.items()})
    centre: list[int | None] = [None] * len(held.rows)
    while left:
        (chosen, _), *_ = left.most_common(1)
        del left[chosen]
        for number in rows_of[chosen]:
            if centre[number] is None:
                centre[number] = chosen
                left.subtract(person for person in single[number] if person in left)
    return centre

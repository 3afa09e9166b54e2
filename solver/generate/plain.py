"""A plain event: pairs who want to meet, in one hall, with the wishes and absences of a real one.

One hall, because tables of a plain event are all alike: a handful of halls in one zone would be the same
problem under other names, and a different one only where changes of location are priced.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from solver.generate.availability import absences
from solver.generate.chance import chance
from solver.generate.grid import Row, slot_rows
from solver.generate.sizes import Size
from solver.generate.wishes import LIKE, Wishes, draw_wishes

BONUSES = [1000, 200, 50]
TABLES_LEFT = 0.35  # of the shared tables, where these are tight
COLLEAGUES = (1, 1, 1, 2, 2, 3)  # people of one organisation, drawn evenly


def plain_event(size: Size, tight: frozenset[str], seed: int) -> dict[str, Any]:
    """Give the problem's JSON object; its requests are an iterator, made one at a time."""
    organisations = _organisations(size, chance(size, seed, "organisations"))
    wishes = draw_wishes(size, organisations, chance(size, seed, "wishes"))
    slots = slot_rows(size)
    away = absences(size, chance(size, seed, "absences"), halved="availability" in tight)
    tables = round(size.tables * TABLES_LEFT) if "tables" in tight else size.tables
    return {
        "format": "matchmaker-problem-1",
        "slots": slots,
        "locations": [{"id": "hall", "capacity": tables}],
        "participants": _participants(organisations, away, [slot["id"] for slot in slots]),
        "requests": _requests(wishes, flat="weights" in tight),
        "bonuses": BONUSES,
        "objective": "balanced",
    }


def _organisations(size: Size, rng: Random) -> list[int]:
    organisations: list[int] = []
    number = 0
    while len(organisations) < size.people:
        number += 1
        organisations += [number] * rng.choice(COLLEAGUES)
    return organisations[: size.people]


def _participants(organisations: list[int], away: list[list[int]], slots: list[str]) -> list[Row]:
    return [
        _participant(index, organisations[index], [slots[slot] for slot in away[index]]) for index in range(len(away))
    ]


def _participant(index: int, organisation: int, away: list[str]) -> Row:
    row: Row = {"id": f"p{index + 1}", "organisation": f"o{organisation}"}
    return row | {"unavailable_slots": away} if away else row


def _requests(wishes: Wishes, *, flat: bool) -> Iterator[Row]:
    for index, (asker, asked) in enumerate(zip(wishes.askers, wishes.asked, strict=True)):
        yield {
            "id": f"r{index + 1}",
            "sides": [[f"p{asker + 1}"], [f"p{asked + 1}"]],
            "weight": LIKE if flat else wishes.weight(index),
        }

"""An event with every rule in play: halls, stands and audiences, languages, limits, sessions, and a day begun.

The proportions are those of a real forum, and the plain event shows through: the same people, wishes and
absences. It can be solved: whatever must be held was placed together by ``Witness`` before.
"""

from __future__ import annotations

from typing import Any

from solver.generate.asks import with_conditions, with_order
from solver.generate.chance import chance
from solver.generate.people import with_habits
from solver.generate.places import Venue
from solver.generate.sizes import Size
from solver.generate.witness import Witness

WEIGHTS = {
    # Ten times the usual, so that late slots can have a price that is less than a tenth of the least wish.
    "weight": 10,
    "bonus": 10,
    "shortfall": -1500,
    "idle_slots": -8,
    "location_changes": -5,
    "late_slots": -1,
    "kept": 20,
}
MAX_BREAKS = 6  # heard under the objective ``breaks`` alone
FROZEN = 0.3  # of the tables, in the first slot
PINNED, MANDATORY = 0.004, 0.004  # of the requests
PREVIOUS = 0.3  # meetings of a person and day that are in the previous schedule
LEAST_PINNED = 4  # so that a small event has every kind of pin too


def with_every_rule(event: dict[str, Any], size: Size, seed: int) -> None:
    """Change a plain event in place."""
    event["requests"] = list(event["requests"])
    venue = Venue(event, size, chance(size, seed, "all places"))
    with_habits(event, venue, size, chance(size, seed, "all people"))
    with_conditions(event, venue, size, chance(size, seed, "all requests"))
    witness = Witness(event, size, chance(size, seed, "all witness"))
    _begin_the_day(event, witness, size)
    _promise(event, witness, size)
    with_order(event, witness.held, chance(size, seed, "all order"))
    event |= {"max_breaks": MAX_BREAKS, "objective": "balanced", "weights": WEIGHTS}


def _begin_the_day(event: dict[str, Any], witness: Witness, size: Size) -> None:
    """Hold meetings in the first slot, and close it for all others: it is past."""
    event["frozen"] = witness.place(round(FROZEN * size.tables), slots=range(1))
    for location in event["locations"]:
        location["closed_slots"] = [event["slots"][0]["id"], *location.get("closed_slots", ())]


def _promise(event: dict[str, Any], witness: Witness, size: Size) -> None:
    """Pin some meetings, make some requests mandatory, and remember a schedule that held both and others."""
    later = range(1, size.slots)
    pinned = witness.place(1, slots=later, interpreted=True)
    pinned += witness.place(max(LEAST_PINNED, round(PINNED * size.requests)), slots=later)
    mandatory = witness.place(max(2, round(MANDATORY * size.requests)), slots=later)
    previous = round(PREVIOUS * size.people * size.days / 2)
    event["pinned"] = [_less(row, index) for index, row in enumerate(pinned)]
    event["previous"] = pinned + mandatory + witness.place(previous, slots=later)
    requests = {request["id"]: request for request in event["requests"]}
    for row in mandatory:
        requests[row["request"]]["mandatory"] = True


def _less(row: dict[str, Any], index: int) -> dict[str, Any]:
    """Leave the first pins whole and others more and more free, as people pin: a time, a place, a table."""
    free = ((), ("table", "interpreter"), ("location", "table", "interpreter"), ("attendees", "table", "interpreter"))
    return {key: value for key, value in row.items() if key not in free[index % len(free)]}

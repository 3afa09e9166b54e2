"""What requests ask for beyond a pair and a weight."""

from __future__ import annotations

from collections.abc import Collection
from itertools import pairwise
from random import Random
from typing import Any

from solver.generate.chance import some
from solver.generate.grid import Row, half_days
from solver.generate.places import Venue
from solver.generate.sizes import Size

WHOLE_ORGANISATION = 0.25  # of the sides, where the organisation has several people
THIRD_SIDE = 0.015  # of the requests, as all below
TWO_SLOTS, THREE_SLOTS = 0.036, 0.004
CERTAIN_SLOTS = 0.04
CERTAIN_PLACES = 0.015
FURNISHED = 0.02
IN_ORDER = 0.015
PLACES = (["hall-a"], ["hall-b"], ["hall-a", "lounge"])
FURNITURE = (["screen"], ["quiet"], ["quiet", "screen"])


def with_conditions(event: dict[str, Any], venue: Venue, size: Size, rng: Random) -> None:
    """Change the requests in place, but for audiences: these are short, in their room, and with the host."""
    requests = [row for row in event["requests"] if not any(side[0] in venue.hosts for side in row["sides"])]
    organisation = {person["id"]: person["organisation"] for person in event["participants"]}
    _invite_third_sides(requests, venue, organisation, rng)
    _ask_organisations(requests, venue, organisation, rng)
    _lengthen(requests, rng)
    _ask_for_times(requests, event["slots"], size, rng)
    _ask_for_places(requests, venue, rng)


def with_order(event: dict[str, Any], held: Collection[str], rng: Random) -> None:
    """Let some requests come after an earlier one of the same person; what must be held stays free of it."""
    asked: dict[str, list[Row]] = {}
    for request in event["requests"]:
        if request["id"] not in held:
            asked.setdefault(request["sides"][0][0], []).append(request)
    pairs = [pair for requests in asked.values() for pair in pairwise(requests)]
    for earlier, later in some(pairs, IN_ORDER, rng):
        later["after"] = [earlier["id"]]


def _invite_third_sides(requests: list[Row], venue: Venue, organisation: dict[str, str], rng: Random) -> None:
    everybody = list(organisation)
    for request in some(requests, THIRD_SIDE, rng):
        taken = {organisation[person] for (person,) in request["sides"]}
        third = rng.choice(everybody)
        while organisation[third] in taken or third in venue.hosts:
            third = rng.choice(everybody)
        request["sides"].append([third])


def _ask_organisations(requests: list[Row], venue: Venue, organisation: dict[str, str], rng: Random) -> None:
    """Name all who can leave their desk for it; who was meant stands first."""
    sides = [side for request in requests for side in request["sides"]]
    for side in some(sides, WHOLE_ORGANISATION, rng):
        colleagues = venue.colleagues[organisation[side[0]]]
        side += [person for person in colleagues if person != side[0] and person not in venue.hosts]


def _lengthen(requests: list[Row], rng: Random) -> None:
    for length, share in ((2, TWO_SLOTS), (3, THREE_SLOTS)):
        for request in some(requests, share, rng):
            request["length"] = length


def _ask_for_times(requests: list[Row], slots: list[Row], size: Size, rng: Random) -> None:
    halves = half_days(size)
    for request in some(requests, CERTAIN_SLOTS, rng):
        chosen = sorted(rng.sample(range(len(halves)), len(halves) // 2))
        request["slots"] = [slots[slot]["id"] for half in chosen for slot in halves[half]]


def _ask_for_places(requests: list[Row], venue: Venue, rng: Random) -> None:
    """Leave those alone who are tied to a place: they cannot come to another."""
    free = [row for row in requests if not any(person in venue.tied for side in row["sides"] for person in side)]
    for request in some(free, CERTAIN_PLACES, rng):
        request["locations"] = rng.choice(PLACES)
    for request in some([row for row in free if "locations" not in row], FURNISHED, rng):
        request["features"] = rng.choice(FURNITURE)

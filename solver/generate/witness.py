"""Meetings that can all be held together, so that what is pinned, mandatory or frozen has a schedule.

Nobody, and no interpreter, has two of them on one day, nor one on a day with an engagement: so no limit, no
walk and no longest run can be broken, whatever they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import product
from random import Random
from typing import Any

from solver.generate.grid import Row, half_days
from solver.generate.sizes import Size

ATTEMPTS = 6  # slots tried for a request


class Witness:
    """``held`` are the ids of the requests placed so far, each at most once."""

    def __init__(self, event: dict[str, Any], size: Size, rng: Random) -> None:
        self.rng = rng
        self.size = size
        self.slots = [slot["id"] for slot in event["slots"]]
        self.half_of = {slot: half for half in half_days(size) for slot in half}
        self.people = {person["id"]: person for person in event["participants"]}
        self.interpreters = {row["id"]: row for row in event["interpreters"]}
        self.locations = {location["id"]: location for location in event["locations"]}
        self.waiting = rng.sample(event["requests"], len(event["requests"]))
        self.held: set[str] = set()
        self.seated: Counter[tuple[str, str]] = Counter()
        self.met: set[tuple[str, int]] = set()

    def place(self, count: int, *, slots: range, interpreted: bool = False) -> list[Row]:
        """Hold up to ``count`` more requests at these slots; ``interpreted`` ones only if so said."""
        rows: list[Row] = []
        for request in self.waiting:
            if len(rows) == count:
                break
            if request["id"] not in self.held and (row := self._row(request, slots, interpreted=interpreted)):
                rows.append(row)
        return rows

    def _row(self, request: Row, slots: range, *, interpreted: bool) -> Row | None:
        for first in self.rng.sample(slots, min(ATTEMPTS, len(slots))):
            covered = range(first, first + request.get("length", 1))
            if not self._may_start(request, covered):
                continue
            for attendees in product(*request["sides"]):
                location = self._location(request, attendees, covered)
                if location is None or not all(self._free(self.people[person], covered) for person in attendees):
                    continue
                interpreter = self._interpreter(attendees, covered)
                if interpreter != "" and (interpreter is not None or not interpreted):
                    return self._hold(request, covered, location, attendees, interpreter)
        return None

    def _may_start(self, request: Row, covered: range) -> bool:
        if covered[-1] not in self.half_of[covered[0]]:
            return False
        return self.slots[covered[0]] in request.get("slots", self.slots)

    def _free(self, person: Row, covered: range) -> bool:
        day = covered[0] // self.size.slots_a_day
        away = person.get("unavailable_slots", ())
        return (
            (person["id"], day) not in self.met
            and not any(self.slots[slot] in away for slot in covered)
            and not any(
                self._day(slot) == day for session in person.get("engagements", ()) for slot in session["slots"]
            )
        )

    def _day(self, slot: str) -> int:
        return int(slot.split("-", 1)[0]) - 1

    def _location(self, request: Row, attendees: Iterable[str], covered: range) -> str | None:
        tied = {place for person in attendees if (place := self.people[person].get("location"))}
        for name in tied if len(tied) == 1 else () if tied else self._halls(request):
            location = self.locations[name]
            closed = set(location.get("closed_slots", ())) if covered[0] else set()
            if all(
                self.slots[slot] not in closed and self.seated[name, self.slots[slot]] < location["capacity"]
                for slot in covered
            ):
                return name
        return None

    def _halls(self, request: Row) -> Iterator[str]:
        for name, location in self.locations.items():
            suits = name in request.get("locations", self.locations) and "owners" not in location
            if suits and set(request.get("features", ())) <= set(location.get("features", ())):
                yield name

    def _interpreter(self, attendees: Iterable[str], covered: range) -> str | None:
        """Give None where all share a language, an interpreter who is free, or "" if there is none."""
        spoken = [set(self.people[person]["languages"]) for person in attendees]
        if set.intersection(*spoken):
            return None
        for interpreter in self.interpreters.values():
            if all(languages & set(interpreter["languages"]) for languages in spoken) and self._free(
                interpreter, covered
            ):
                return str(interpreter["id"])
        return ""

    def _hold(
        self, request: Row, covered: range, location: str, attendees: tuple[str, ...], interpreter: str | None
    ) -> Row:
        self.held.add(request["id"])
        slots = [self.slots[slot] for slot in covered]
        table = 1 + max(self.seated[location, slot] for slot in slots)
        for slot in slots:
            self.seated[location, slot] = table
        for person in (*attendees, interpreter):
            if person is not None:
                self.met.add((person, covered[0] // self.size.slots_a_day))
        row: Row = {"request": request["id"], "slot": slots[0], "location": location, "table": table}
        row["attendees"] = list(attendees)
        return row if interpreter is None else row | {"interpreter": interpreter}

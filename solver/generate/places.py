"""Where people meet: halls in zones, a quiet lounge, stands of exhibitors, rooms for audiences."""

from __future__ import annotations

from random import Random
from typing import Any

from solver.generate.grid import Row, half_days
from solver.generate.sizes import Size

HALLS = (("hall-a", "A", 0.5), ("hall-b", "B", 0.35), ("lounge", "A", 0.15))  # name, zone, share of the tables
LOUNGE_FEATURES = ["quiet", "screen"]
WALKING = (("A", "B", 7), ("A", "C", 4), ("B", "C", 10), ("A", "D", 25), ("B", "D", 25), ("C", "D", 30))  # minutes
SESSIONS = "D"  # the zone of the conference centre, where nobody meets
STANDS = 0.04  # of the people have one
AUDIENCES = 0.01  # of the people receive groups


class Venue:
    """The places, and who belongs to them. ``tied`` gives the place of those who meet nowhere else."""

    def __init__(self, event: dict[str, Any], size: Size, rng: Random) -> None:
        self.rng = rng
        self.tied: dict[str, str] = {}
        self.hosts: dict[str, int] = {}
        self.colleagues = _colleagues(event["participants"])
        tables = event["locations"][0]["capacity"]
        event["locations"] = self._halls(tables, event["slots"], size)
        event["locations"] += self._audiences(event, max(1, round(AUDIENCES * size.people)))
        event["locations"] += self._stands(max(2, round(STANDS * size.people)))
        event["walking"] = [{"zones": [one, other], "minutes": minutes} for one, other, minutes in WALKING]

    def _halls(self, tables: int, slots: list[Row], size: Size) -> list[Row]:
        """Close hall B for the last afternoon, when the ceremony is prepared, and the lounge now and then."""
        halls: list[Row] = [
            {"id": name, "zone": zone, "capacity": max(1, round(tables * share))} for name, zone, share in HALLS
        ]
        halls[1]["closed_slots"] = [slots[slot]["id"] for slot in half_days(size)[-1]]
        closed = sorted(self.rng.sample(range(1, size.slots), 2))
        halls[2] |= {"closed_slots": [slots[slot]["id"] for slot in closed], "features": LOUNGE_FEATURES}
        return halls

    def _audiences(self, event: dict[str, Any], count: int) -> list[Row]:
        """Give the most wanted people a room where they hear several at once."""
        asked: dict[str, int] = {}
        for request in event["requests"]:
            for (person,) in request["sides"]:
                asked[person] = asked.get(person, 0) + 1
        for person in sorted(asked, key=lambda id_: -asked[id_])[:count]:
            self.hosts[person] = self.rng.randint(4, 8)
            self.tied[person] = f"audience-{person}"
        return [
            {"id": f"audience-{host}", "zone": "A", "capacity": parallel, "owners": [host]}
            for host, parallel in self.hosts.items()
        ]

    def _stands(self, count: int) -> list[Row]:
        """Give organisations a stand each, half of them with one person who cannot leave it."""
        exhibitors = [
            people for people in self.colleagues.values() if not any(person in self.hosts for person in people)
        ]
        stands = []
        for number, people in enumerate(self.rng.sample(exhibitors, count), start=1):
            stands.append({"id": f"stand-{number}", "zone": "C", "capacity": min(2, len(people)), "owners": people})
            if number % 2:
                self.tied[people[0]] = f"stand-{number}"
        return stands


def _colleagues(participants: list[Row]) -> dict[str, list[str]]:
    people: dict[str, list[str]] = {}
    for person in participants:
        people.setdefault(person["organisation"], []).append(person["id"])
    return people

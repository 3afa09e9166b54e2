"""What would hold a request: one change of the problem, or meetings that give way, each with the rows to prove it."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

import numpy as np

from solver.facts import NONE
from solver.openings import (
    FEW,
    FREE_PERSON,
    HELPER,
    KINDS,
    LIMIT,
    OPEN_SITE,
    REPRESENTATIVE,
    TABLE,
    openings,
)
from solver.problem import Meeting
from solver.renumbering import Renumbering
from solver.room import FAR, cheapest_rooms, lightest
from solver.schedule import Remedy

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

    from solver.facts import Array
    from solver.scene import Scene

LIMITS = ("max_meetings", "max_per_day", "max_consecutive")
NAMES = {
    FREE_PERSON: "free_slot",
    OPEN_SITE: "free_slot",
    TABLE: "add_table",
    LIMIT: "raise_limit",
    REPRESENTATIVE: "add_representative",
    HELPER: "add_interpreter",
}
Place = tuple[int, int, int, int]  # request, start, site and interpreter


class Remedies:
    """Finds remedies beside one schedule."""

    def __init__(self, scene: Scene, meetings: Iterable[Meeting]) -> None:
        self.scene = scene
        compiled = scene.compiled
        self.ids = [person.id for person in compiled.people]
        self.slots = compiled.time.ids
        self.places = [site.locations[0].id for site in compiled.sites]
        self.weights = scene.f.request["weight"].tolist()
        self.renumbering = Renumbering(compiled, meetings)
        self.prices = lightest(scene)
        self.newcomer = _unused("interpreter", compiled.problem.interpreters)

    def of(self, requests: Array) -> list[tuple[Remedy, ...]]:
        """Give a few remedies for each request, those that cost nothing first."""
        displaced = self.displacing(requests)
        opened = self._opening(requests)
        return [(*some, *one) for some, one in zip(opened, displaced, strict=True)]

    def displacing(self, requests: Array) -> Iterator[tuple[Remedy, ...]]:
        room = cheapest_rooms(self.scene, requests, self.prices)
        found, people, gone = room.found.tolist(), room.people.tolist(), room.gone.tolist()
        for row, request in enumerate(requests.tolist()):
            cost, start, site, helper, table, going, attendees = found[row]
            yield (
                ()
                if cost == FAR
                else self._displace(
                    (request, start, site, helper), people[row][:attendees], table, cost, gone[row][:going]
                )
            )

    def _displace(self, place: Place, people: list[int], table: int, cost: int, gone: list[int]) -> tuple[Remedy, ...]:
        names = self.scene.compiled.request_ids
        ids = tuple([names[request] for request in gone])
        witness = self._witness(self._row(place, people, table), ids)
        return (Remedy("displace", ids, cost, self.weights[place[0]], witness),) if witness else ()

    def _opening(self, requests: Array) -> list[list[Remedy]]:
        opened = openings(self.scene, requests)
        there = np.flatnonzero(np.arange(FEW) < opened.count[:, None])
        rows: list[list[Remedy]] = [[] for _ in requests]
        found = zip(
            (there // (KINDS * FEW)).tolist(), opened.found[there].tolist(), opened.people[there].tolist(), strict=True
        )
        for row, change, people in found:
            rows[row] += self._open(int(requests[row]), change, people)
        return rows

    def _open(self, request: int, found: tuple[int, ...], everybody: list[int]) -> list[Remedy]:
        kind, who, what, start, site, helper, table, attendees = found
        people = everybody[:attendees]
        row = self._row((request, start, site, helper), people, table)
        if kind == HELPER:
            row = replace(row, interpreter=self.newcomer)
        ids = self._ids(kind, who, what, people)
        witness = self._witness(row, more=int(kind == TABLE))
        return [Remedy(NAMES[kind], ids, 0, self.weights[request], witness)] if witness else []

    def _ids(self, kind: int, who: int, what: int, people: list[int]) -> tuple[str, ...]:
        if kind == FREE_PERSON:
            return self.ids[who], self.slots[what]
        if kind == OPEN_SITE:
            return self.places[who], self.slots[what]
        if kind == TABLE:
            return (self.places[who],)
        if kind == LIMIT:
            return self.ids[who], LIMITS[what]
        if kind == REPRESENTATIVE:
            return self.ids[who], str(what)
        return self.newcomer, *_needed(self.scene.compiled.people[person].languages for person in people)

    def _row(self, place: Place, people: list[int], table: int) -> Meeting:
        request, start, site, helper = place
        names = self.ids
        return Meeting(
            self.scene.compiled.request_ids[request],
            self.slots[start],
            self.places[site],
            table,
            tuple([names[person] for person in people]),
            None if helper == NONE else names[helper],
        )

    def _witness(self, row: Meeting, gone: tuple[str, ...] = (), more: int = 0) -> tuple[Meeting, ...]:
        """Give the row, and others of its location where they must be numbered anew; nothing if that cannot be."""
        return (row,) if row.table else self.renumbering.with_row(row, gone, more)


def _needed(spoken: Iterable[frozenset[str]]) -> list[str]:
    """Give languages of which each person speaks one; who names none understands all."""
    needed: set[str] = set()
    for languages in spoken:
        if languages and not languages & needed:
            needed.add(min(languages))
    return sorted(needed)


def _unused(name: str, taken: Container[str]) -> str:
    return next(id_ for id_ in (f"{name}-{number}" for number in count(1)) if id_ not in taken)

"""Which locations are counted as one."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from solver import Location
from solver.compiled import Compiled
from tests.solver.days import a_day, ask, slots

OTHER = {
    "zone": "north",
    "closed_slots": frozenset({"1-1"}),
    "owners": frozenset({"ann"}),
    "features": frozenset({"screen"}),
}
"""For each thing that may be said of a location, something else than usual."""


def sites_of(*locations):
    return Compiled(a_day(slots(2), ask("r", "ann", "bea"), locations=locations, objective="total")).sites


def test_locations_that_are_alike_are_one_with_the_tables_of_both():
    sites = sites_of(Location("a", capacity=2), Location("b", capacity=3))

    assert [site.capacity for site in sites] == [5]


@pytest.mark.parametrize("name", [field.name for field in fields(Location) if field.name not in {"id", "capacity"}])
def test_whatever_is_said_of_a_location_tells_it_apart(name):
    sites = sites_of(Location("a"), replace(Location("b"), **{name: OTHER[name]}))

    assert [[location.id for location in site.locations] for site in sites] == [["a"], ["b"]]

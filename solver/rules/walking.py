"""Whoever changes zone between two meetings or engagements that follow each other has time to walk.

Two of them follow each other when nothing of that person stands between. So a pair too near for the walk is
forbidden unless another meeting lies between them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from solver.masks import Mask, bits, cover
from solver.rules.base import Level, Rule

if TYPE_CHECKING:
    from solver.compiled import Compiled
    from solver.held import Held
    from solver.options import Option
    from solver.state import State


def engagements_are_near(compiled: Compiled, option: Option, starts: Mask) -> Mask:
    """Judge the walk to engagements with no slot between in which the person could meet somebody."""
    zone = compiled.sites[option.site].zone
    if zone is None or not compiled.walks.pairs:
        return starts
    for person in option.people:
        who = compiled.people[person]
        if who.engaged:
            starts = _reached(compiled, option, starts, (who.free | sum(1 << t for t in who.engaged), who.engaged))
    return starts


def _reached(compiled: Compiled, option: Option, starts: Mask, there: tuple[Mask, dict[int, str | None]]) -> Mask:
    possible, zones = there
    for start in bits(starts):
        if not _walkable(compiled, (start, option.length), compiled.sites[option.site].zone, possible, zones):
            starts ^= 1 << start
    return starts


def _walkable(
    compiled: Compiled, stay: tuple[int, int], zone: str | None, around: Mask, zones: dict[int, str | None]
) -> bool:
    """Tell whether the nearest slots of ``around`` before and after a stay leave time to walk."""
    start, length = stay
    day = compiled.time.days[compiled.time.day_of[start]]
    before = around & day & cover(0, start)
    if before and compiled.walks.too_far(earlier := before.bit_length() - 1, start, (zones.get(earlier), zone)):
        return False
    end = start + length - 1
    after = around & day & ~cover(0, end + 1)
    later = (after & -after).bit_length() - 1
    return not after or not compiled.walks.too_far(end, later, (zone, zones.get(later)))


def everybody_has_time_to_walk(state: State, option: Option, starts: Mask) -> Mask:
    compiled = state.compiled
    zone = compiled.sites[option.site].zone
    if zone is None or not compiled.walks.pairs:
        return starts
    for person in option.people:
        near = _near_meetings(state, person, zone)
        if suspects := starts & _starts_touching(near, option.length):
            zones = state.zones(person)
            there = (sum(1 << slot for slot in zones), zones)
            starts &= ~suspects | _reached(compiled, option, suspects, there)
    return starts


def _near_meetings(state: State, person: int, zone: str) -> Mask:
    """Give the slots too near for the walk between ``zone`` and something that the person has elsewhere."""
    compiled, where = state.compiled, state.where[person]
    near = 0
    for slot in bits(state.busy[person]):
        near |= compiled.walks.near(compiled.sites[where[slot]].zone, zone, slot)
    for slot, other in compiled.people[person].engaged.items():
        near |= compiled.walks.near(other, zone, slot)
    return near


def _starts_touching(slots: Mask, length: int) -> Mask:
    touching = slots
    for later in range(1, length):
        touching |= slots >> later
    return touching


def nobody_runs(held: Held) -> None:
    for person in range(len(held.compiled.people)):
        for earlier, later in held.compiled.walks.pairs:
            _time_to_walk(held, person, earlier, later)


def _time_to_walk(held: Held, person: int, earlier: int, later: int) -> None:
    engaged = held.compiled.people[person].engaged
    between = range(earlier + 1, later)
    if any(slot in engaged or held.fixed.busy[person] >> slot & 1 for slot in between):
        return
    excuses = [held.busy(person, slot) for slot in between if (person, slot) in held.of_person_slot]
    for left, left_zone in held.zones(person, earlier):
        for right, right_zone in held.zones(person, later):
            there: list[Any] = [literal.negated() for literal in (left, right) if literal is not None]
            if there and held.compiled.walks.too_far(earlier, later, (left_zone, right_zone)):
                held.model.add_bool_or(there + excuses)


RULE = Rule(
    "walking",
    "walking",
    level=Level.SITE,
    on_interpreters=True,
    admits=engagements_are_near,
    leaves=everybody_has_time_to_walk,
    constrain=nobody_runs,
)

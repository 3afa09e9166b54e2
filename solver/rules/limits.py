"""Nobody has more meetings than their limits, per day and in total."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from solver import book, facts
from solver.machine import machine
from solver.rules.base import Rule

if TYPE_CHECKING:
    from solver.held import Held


@machine
def limits_allow_one(f: Any, o: int, t: int) -> bool:
    option = facts.option(f)[o]
    for k in range(option.first, option.first + option.people):
        person = facts.person(f)[facts.people(f)[k]]
        if person.max_meetings == 0 or person.max_per_day == 0:
            return False
    return True


@machine
def nobody_is_full(f: Any, b: Any, o: int, t: int) -> bool:
    option = facts.option(f)[o]
    day = facts.slot(f)[t].day
    for k in range(option.first, option.first + option.people):
        p = facts.people(f)[k]
        if (
            book.count(b)[p] >= facts.person(f)[p].max_meetings
            or book.day_count(b)[p, day] >= facts.person(f)[p].max_per_day
        ):
            return False
    return True


def nobody_exceeds_a_limit(held: Held) -> None:
    for person, who in enumerate(held.compiled.people):
        by_day = held.of_person_day[person]
        fixed = held.fixed.day_count[person]
        for variables, count in zip(by_day, fixed, strict=True):
            held.at_most(variables, who.max_per_day, count)
        held.at_most([variable for day in by_day for variable in day], who.max_meetings, sum(fixed))


RULE = Rule(
    "limits",
    "person_full",
    on_interpreters=True,
    admits=limits_allow_one,
    allows=nobody_is_full,
    constrain=nobody_exceeds_a_limit,
)

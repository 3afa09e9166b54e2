"""Nobody has more meetings than their limits, per day and in total."""

from __future__ import annotations

from typing import TYPE_CHECKING

from solver.rules.base import Rule

if TYPE_CHECKING:
    from solver.compiled import Compiled
    from solver.held import Held
    from solver.masks import Mask
    from solver.options import Option
    from solver.state import State


def limits_allow_one(compiled: Compiled, option: Option, starts: Mask) -> Mask:
    people = [compiled.people[person] for person in option.people]
    return 0 if any(0 in {person.max_meetings, person.max_per_day} for person in people) else starts


def nobody_is_full(state: State, option: Option, starts: Mask) -> Mask:
    for person in option.people:
        who = state.compiled.people[person]
        if who.max_meetings is not None and state.count[person] >= who.max_meetings:
            return 0
        if who.max_per_day is not None:
            starts &= ~_full_days(state, person, who.max_per_day)
    return starts


def _full_days(state: State, person: int, most: int) -> Mask:
    full = 0
    for day, count in zip(state.compiled.time.days, state.day_count[person], strict=True):
        if count >= most:
            full |= day
    return full


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
    leaves=nobody_is_full,
    constrain=nobody_exceeds_a_limit,
)

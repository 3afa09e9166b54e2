"""Why a request is not held: the first reason, in a fixed order, that holds for every choice of attendees.

The choices pass through the rules in turn, each leaving fewer places; the rule that leaves none is the reason.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

from solver.masks import bits, cover
from solver.options import NOWHERE, Option
from solver.rules import (
    available,
    capacity,
    closed,
    languages,
    limits,
    longest_run,
    neighbours,
    one_place,
    order,
    owners,
    representatives,
    start_slots,
    suitable,
    tied,
    walking,
)
from solver.schedule import Unscheduled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from solver.compiled import Compiled
    from solver.masks import Mask
    from solver.rules import Rule
    from solver.state import State

Reason = tuple[str, dict[str, Any]]

IN_TIME = (start_slots.RULE, neighbours.RULE, available.RULE)
SOMEWHERE = (tied.RULE, owners.RULE, suitable.RULE, closed.RULE, one_place.RULE)
HELPING = (available.RULE, limits.RULE, one_place.RULE, longest_run.RULE, walking.RULE)


def unscheduled(compiled: Compiled, state: State) -> Iterator[Unscheduled]:
    """Explain every request that ``state`` does not hold."""
    for request, wanted in enumerate(compiled.requests):
        if request not in state.held:
            reason, detail = reason_of(state, request)
            yield Unscheduled(wanted.id, reason, detail)


def reason_of(state: State, request: int) -> Reason:
    """Give the code of the reason and its facts."""
    if (side := _side_without_anybody(state.compiled, request)) is not None:
        return "no_representative", {"side": side}
    choices = _narrow(state, _choices(state.compiled, request), representatives.RULE)
    if not choices:
        return "no_representative", {"side": 1}
    willing = [choice for choice in choices if limits.nobody_is_full(state, choice, choice.starts)]
    if not willing:
        return "person_full", _full_people(state, choices)
    return _reason_at_a_time(state, willing)


def _reason_at_a_time(state: State, choices: list[Option]) -> Reason:
    timely = _narrow(state, choices, *IN_TIME)
    if not timely:
        return "no_common_slot", _free_slots(state, choices)
    within = _narrow(state, timely, limits.RULE)
    if not within:
        return "person_full", _full_people(state, timely)
    free = _narrow(state, within, one_place.RULE)
    if not free:
        return "no_common_slot", _free_slots(state, within)
    for rule in (longest_run.RULE, order.RULE):
        if not (left := _narrow(state, free, rule)):
            return rule.reason, _slots(state, free)
        free = left
    return _reason_at_a_place(state, free)


def _reason_at_a_place(state: State, choices: list[Option]) -> Reason:
    sites = range(len(state.compiled.sites))
    places = _narrow(state, [choice._replace(site=site) for choice in choices for site in sites], *SOMEWHERE)
    if not places:
        return "no_location", _slots(state, choices)
    for rule in (capacity.RULE, walking.RULE):
        if not (left := _narrow(state, places, rule)):
            return rule.reason, _slots(state, places)
        places = left
    if not any(_interpreted(state, place) for place in places):
        return "no_interpreter", _slots(state, places)
    return "displaced", {"requests": []}


def _interpreted(state: State, place: Option) -> bool:
    if languages.everybody_understands(state.compiled, place, 1):
        return True
    for helper in state.compiled.interpreters:
        helped = place._replace(people=(helper,), interpreter=helper)
        if _narrow(state, [helped], languages.RULE, *HELPING):
            return True
    return False


def _choices(compiled: Compiled, request: int) -> list[Option]:
    wanted = compiled.requests[request]
    starts = cover(0, max(0, compiled.time.count - wanted.length + 1))
    return [
        Option(request, attendees, attendees, NOWHERE, None, None, wanted.length, starts)
        for attendees in product(*wanted.sides)
    ]


def _side_without_anybody(compiled: Compiled, request: int) -> int | None:
    """Give the first side all of whose people are away all the time, from 0."""
    for number, side in enumerate(compiled.requests[request].sides):
        if not any(compiled.people[person].free for person in side):
            return number
    return None


def _narrow(state: State, options: Iterable[Option], *rules: Rule) -> list[Option]:
    """Give the options at the starts that the rules leave, without those that have none left."""
    left = ((option, _left(state, option, rules)) for option in options)
    return [option._replace(starts=starts) for option, starts in left if starts]


def _left(state: State, option: Option, rules: Iterable[Rule]) -> Mask:
    starts = option.starts
    for rule in rules:
        if starts and rule.admits is not None:
            starts = rule.admits(state.compiled, option, starts)
        if starts and rule.leaves is not None:
            starts = rule.leaves(state, option, starts)
    return starts


def _people(choices: list[Option]) -> list[int]:
    return list(dict.fromkeys(person for choice in choices for person in choice.attendees))


def _full_people(state: State, choices: list[Option]) -> dict[str, Any]:
    compiled = state.compiled
    full = {}
    for person in _people(choices):
        who = compiled.people[person]
        if who.max_meetings is not None and state.count[person] >= who.max_meetings:
            full[who.id] = "max_meetings"
        elif who.max_per_day is not None and max(state.day_count[person]) >= who.max_per_day:
            full[who.id] = "max_per_day"
    return {"people": full}


def _free_slots(state: State, choices: list[Option]) -> dict[str, Any]:
    compiled = state.compiled
    return {
        "free": {
            compiled.people[person].id: _ids(compiled, compiled.people[person].free & ~state.full[person])
            for person in _people(choices)
        }
    }


def _slots(state: State, choices: list[Option]) -> dict[str, Any]:
    common = 0
    for choice in choices:
        common |= choice.starts
    return {"slots": _ids(state.compiled, common)}


def _ids(compiled: Compiled, slots: Mask) -> list[str]:
    return [compiled.time.ids[slot] for slot in bits(slots)]

"""Judging what is not an option: every choice of attendees, site and interpreter of a request, rule by rule."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from solver import bits, facts
from solver.facts import NONE, OPTION, WORD
from solver.machine import machine
from solver.rules import (
    admits_people,
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

if TYPE_CHECKING:
    from solver.facts import Facts

(
    NOBODY, TWICE, FULL, NO_TIME, FULL_THEN, BUSY, RUN, ORDER, NO_SITE, NO_TABLE, WALK, NO_HELP, DISPLACED,
) = range(13)  # fmt: skip # what stops a draft, in the order of reasons

REASONS = (
    "no_representative", "no_representative", "person_full", "no_common_slot", "person_full", "no_common_slot",
    "longest_run", "order", "no_location", "no_table", "walking", "no_interpreter", "displaced",
)  # fmt: skip


ONE = np.uint64(1)


def draft_facts(f: Facts) -> Facts:
    """Return facts with room for one option, to be written over and judged."""
    widest = int((f.request["side_stop"] - f.request["side_from"]).max(initial=0)) + 1
    return replace(f, option=np.zeros(1, OPTION), people=np.zeros(widest, np.int32))


@machine
def judge_all(f: Any, b: Any, requests: Any, helpers: Any, choice: Any, depths: Any) -> None:
    """Write for each request how far its best draft gets: what stops it, DISPLACED where nothing does."""
    for row in range(len(requests)):
        depths[row] = _furthest(f, b, requests[row], helpers, choice)


@machine
def _furthest(f: Any, b: Any, request: int, helpers: Any, choice: Any) -> int:
    row = facts.request(f)[request]
    for side in range(row.side_from, row.side_stop):
        if _is_empty(f, side):
            return NOBODY
    best = NOBODY
    choice[:] = 0
    while True:
        set_choice(f, request, choice)
        best = max(best, _choice_depth(f, b, helpers))
        if best == DISPLACED or not next_choice(f, request, choice):
            return max(best, TWICE)


@machine
def _is_empty(f: Any, side: int) -> bool:
    """Tell whether everybody of a side is away all the time."""
    for index in range(facts.sides(f)[side, 0], facts.sides(f)[side, 1]):
        for word in range(facts.free(f).shape[1]):
            if facts.free(f)[facts.side_people(f)[index], word]:
                return False
    return True


@machine
def set_choice(f: Any, request: int, choice: Any) -> None:
    """Write the draft: a request with a choice of attendees, nowhere, without an interpreter."""
    draft, row = facts.option(f)[0], facts.request(f)[request]
    draft.request = request
    draft.length = row.length
    draft.first = 0
    draft.attendees = draft.people = row.side_stop - row.side_from
    draft.site = draft.table = draft.named = draft.interpreter = NONE
    for side in range(draft.attendees):
        facts.people(f)[side] = facts.side_people(f)[facts.sides(f)[row.side_from + side, 0] + choice[side]]


@machine
def next_choice(f: Any, request: int, choice: Any) -> bool:
    row = facts.request(f)[request]
    for side in range(row.side_stop - 1, row.side_from - 1, -1):
        choice[side - row.side_from] += 1
        if facts.sides(f)[side, 0] + choice[side - row.side_from] < facts.sides(f)[side, 1]:
            return True
        choice[side - row.side_from] = 0
    return False


@machine
def _choice_depth(f: Any, b: Any, helpers: Any) -> int:
    if not representatives.one_side_each(f, 0, 0):
        return TWICE
    if not _has_a_day(f, b):
        return FULL
    best = NO_TIME
    slots = len(facts.slot(f)) - facts.option(f)[0].length + 1
    for word in range(facts.free(f).shape[1]):
        left = _common_word(f, word)
        while left and best < DISPLACED:
            t = WORD * word + bits.lowest(left)
            left &= left - ONE
            if t < slots:
                best = max(best, _time_depth(f, b, t, helpers))
    return best


@machine
def _has_a_day(f: Any, b: Any) -> bool:
    """Tell whether there is a day on which none of the draft's people is at a limit."""
    for day in range(len(facts.day(f))):
        if limits.nobody_is_full(f, b, 0, facts.day(f)[day].first):
            return True
    return False


@machine
def _common_word(f: Any, word: int) -> Any:
    """Give the slots of a word that are asked for and in which all attendees of the draft are available."""
    draft = facts.option(f)[0]
    left = facts.asked(f)[facts.request(f)[draft.request].asked, word]
    for k in range(draft.attendees):
        left &= facts.free(f)[facts.people(f)[k], word]
    return left


@machine
def _people_depth(f: Any, b: Any, t: int) -> int:  # noqa: PLR0911 (a list of reasons, each with its own return)
    """Judge the people of the draft from a start, wherever they meet; NO_SITE where nothing stops them yet."""
    if not start_slots.starts_where_asked(f, 0, t) or not neighbours.takes_neighbours(f, 0, t):
        return NO_TIME
    if not available.everybody_is_available(f, 0, t):
        return NO_TIME
    if not limits.limits_allow_one(f, 0, t) or not limits.nobody_is_full(f, b, 0, t):
        return FULL_THEN
    if not one_place.nobody_is_elsewhere(f, b, 0, t):
        return BUSY
    if not longest_run.fits_the_longest_run(f, 0, t) or not longest_run.no_run_grows_too_long(f, b, 0, t):
        return RUN
    if not order.keeps_the_order(f, b, 0, t):
        return ORDER
    return NO_SITE


@machine
def _time_depth(f: Any, b: Any, t: int, helpers: Any) -> int:
    best = _people_depth(f, b, t)
    if best < NO_SITE:
        return best
    for site in range(len(facts.site(f))):
        facts.option(f)[0].site = site
        best = max(best, place_depth(f, b, t, helpers))
        if best == DISPLACED:
            break
    draft = facts.option(f)[0]
    draft.site = draft.interpreter = NONE
    draft.people = draft.attendees
    return best


@machine
def place_depth(f: Any, b: Any, t: int, helpers: Any) -> int:
    """Judge the draft at its site from a start at which its people may meet."""
    if not tied.at_their_own_location(f, 0, t) or not owners.an_owner_attends(f, 0, t):
        return NO_SITE
    if not suitable.as_asked(f, 0, t) or not closed.is_open(f, 0, t):
        return NO_SITE
    if not one_place.nobody_is_elsewhere(f, b, 0, t):
        return NO_SITE
    if not capacity.has_the_table(f, 0, t) or not capacity.a_table_is_free(f, b, 0, t):
        return NO_TABLE
    if not walking.engagements_are_near(f, 0, t) or not walking.everybody_has_time_to_walk(f, b, 0, t):
        return WALK
    return DISPLACED if find_helper(f, b, t, helpers) else NO_HELP


@machine
def find_helper(f: Any, b: Any, t: int, helpers: Any) -> bool:
    """Tell whether everybody understands, or somebody could interpret; then the draft names them."""
    draft = facts.option(f)[0]
    if languages.everybody_understands(f, 0, t):
        return True
    for index in range(len(helpers)):
        draft.interpreter = helpers[index]
        draft.people = draft.attendees + 1
        facts.people(f)[draft.attendees] = helpers[index]
        if languages.everybody_understands(f, 0, t) and _helper_can(f, b, t):
            return True
    draft.interpreter = NONE
    draft.people = draft.attendees
    return False


@machine
def _helper_can(f: Any, b: Any, t: int) -> bool:
    if not admits_people(f, 0, t) or not limits.nobody_is_full(f, b, 0, t):
        return False
    if not one_place.nobody_is_elsewhere(f, b, 0, t) or not longest_run.no_run_grows_too_long(f, b, 0, t):
        return False
    return walking.engagements_are_near(f, 0, t) and walking.everybody_has_time_to_walk(f, b, 0, t)


@machine
def common_starts(f: Any, b: Any, requests: Any, choice: Any, depths: Any, helpers: Any, starts: Any) -> None:
    """Mark, for each request, the starts at which some choice of attendees gets at least as far as its depth."""
    for row in range(len(requests)):
        choice[:] = 0
        while True:
            set_choice(f, requests[row], choice)
            if representatives.one_side_each(f, 0, 0):
                _mark_starts(f, b, depths[row], helpers, starts[row])
            if not next_choice(f, requests[row], choice):
                break


@machine
def _mark_starts(f: Any, b: Any, enough: int, helpers: Any, starts: Any) -> None:
    for word in range(facts.free(f).shape[1]):
        left = _common_word(f, word)
        while left:
            t = WORD * word + bits.lowest(left)
            left &= left - ONE
            if t + facts.option(f)[0].length <= len(starts) and not starts[t]:
                starts[t] = _time_depth(f, b, t, helpers) >= enough


@machine
def judge_cells(f: Any, b: Any, request: int, helpers: Any, depth: Any, chosen: Any) -> None:
    """Write for each slot and site how far the best draft gets, and who would attend and interpret there."""
    choice = np.zeros(len(facts.people(f)), np.int32)
    row = facts.request(f)[request]
    for side in range(row.side_from, row.side_stop):
        if facts.sides(f)[side, 0] == facts.sides(f)[side, 1]:
            return
    while True:
        set_choice(f, request, choice)
        for slot in range(len(facts.slot(f))):
            for site in range(len(facts.site(f))):
                facts.option(f)[0].site = site
                found = _cell_depth(f, b, slot, helpers)
                if found > depth[slot, site]:
                    depth[slot, site] = found
                    draft = facts.option(f)[0]
                    for k in range(draft.people):
                        chosen[slot, site, k] = facts.people(f)[k]
                facts.option(f)[0].interpreter = NONE
                facts.option(f)[0].people = facts.option(f)[0].attendees
        if not next_choice(f, request, choice):
            return


@machine
def _cell_depth(f: Any, b: Any, t: int, helpers: Any) -> int:
    """Judge the draft in one cell, by the rules in the order of reasons."""
    if not representatives.one_side_each(f, 0, t):
        return TWICE
    if t + facts.option(f)[0].length > len(facts.slot(f)):
        return NO_TIME
    site = facts.option(f)[0].site
    facts.option(f)[0].site = NONE
    depth = _people_depth(f, b, t)
    facts.option(f)[0].site = site
    return place_depth(f, b, t, helpers) if depth == NO_SITE else depth

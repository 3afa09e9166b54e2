"""Nobody meets in more neighbouring slots in a row than their longest run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from solver.masks import Mask, bits, cover
from solver.rules.base import Rule

if TYPE_CHECKING:
    from solver.compiled import Compiled
    from solver.held import Held
    from solver.options import Option
    from solver.state import State


def fits_the_longest_run(compiled: Compiled, option: Option, starts: Mask) -> Mask:
    for person in option.people:
        most = compiled.people[person].max_consecutive
        if most is not None and most < option.length:
            return 0
    return starts


def no_run_grows_too_long(state: State, option: Option, starts: Mask) -> Mask:
    for person in option.people:
        most = state.compiled.people[person].max_consecutive
        busy = state.busy[person]
        if most is not None and busy:
            starts = _short_enough(starts, busy, option.length, most, state.compiled.time.link)
    return starts


def _short_enough(starts: Mask, busy: Mask, length: int, most: int, link: Mask) -> Mask:
    for start in bits(starts & (busy << 1 | busy >> length)):  # a meeting beside no other makes no longer run
        taken = cover(start, length)
        if taken & ~busy and _run_around(start, busy | taken, link) > most:
            starts ^= 1 << start
    return starts


def _run_around(slot: int, busy: Mask, link: Mask) -> int:
    first = last = slot
    while first and link >> (first - 1) & busy >> (first - 1) & 1:
        first -= 1
    while link >> last & busy >> (last + 1) & 1:
        last += 1
    return last - first + 1


def runs_have_breaks(held: Held) -> None:
    for person, who in enumerate(held.compiled.people):
        if who.max_consecutive is not None:
            for run in held.compiled.time.runs():
                for first in range(run.start, run.stop - who.max_consecutive):
                    _break_within(held, person, range(first, first + who.max_consecutive + 1))


def _break_within(held: Held, person: int, window: range) -> None:
    fixed = sum(held.fixed.busy[person] >> slot & 1 for slot in window)
    busy = [held.busy(person, slot) for slot in window if not held.fixed.busy[person] >> slot & 1]
    if fixed < len(window):  # frozen meetings alone are not judged
        held.at_most(busy, len(window) - 1, fixed)


RULE = Rule(
    "longest_run",
    "longest_run",
    on_interpreters=True,
    admits=fits_the_longest_run,
    leaves=no_run_grows_too_long,
    constrain=runs_have_breaks,
)

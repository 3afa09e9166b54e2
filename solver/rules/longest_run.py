"""Nobody meets in more neighbouring slots in a row than their longest run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from solver import bits, book, facts
from solver.facts import NO_LIMIT
from solver.machine import machine
from solver.rules.base import Rule

if TYPE_CHECKING:
    from solver.held import Held


@machine
def fits_the_longest_run(f: Any, o: int, t: int) -> bool:
    option = facts.option(f)[o]
    for k in range(option.first, option.first + option.people):
        if facts.person(f)[facts.people(f)[k]].max_consecutive < option.length:
            return False
    return True


@machine
def no_run_grows_too_long(f: Any, b: Any, o: int, t: int) -> bool:
    option = facts.option(f)[o]
    for k in range(option.first, option.first + option.people):
        if run_grows_too_long(f, b, facts.people(f)[k], t, t + option.length):
            return False
    return True


@machine
def run_grows_too_long(f: Any, b: Any, p: int, first: int, stop: int) -> bool:
    most = facts.person(f)[p].max_consecutive
    return most != NO_LIMIT and _run_around(f, b, p, first, stop) > most


@machine
def _run_around(f: Any, b: Any, p: int, first: int, stop: int) -> int:
    """Count the slots of the run that a meeting would make; 0 if the person meets in all its slots already."""
    news = False
    for slot in range(first, stop):
        news |= not bits.has(book.busy(b), p, slot)
    while news and first > 0 and facts.slot(f)[first - 1].link and bits.has(book.busy(b), p, first - 1):
        first -= 1
    while news and facts.slot(f)[stop - 1].link and bits.has(book.busy(b), p, stop):
        stop += 1
    return stop - first if news else 0


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
    allows=no_run_grows_too_long,
    constrain=runs_have_breaks,
)

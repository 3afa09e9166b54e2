"""Rules about what a schedule says of itself: requests not held, terms, value, bound, status and gap."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from solver.check.layout import Finding, Layout
from solver.check.score import value_of
from solver.schedule import TERMS, Schedule

REASONS = frozenset(
    {
        "no_representative",
        "person_full",
        "no_common_slot",
        "longest_run",
        "order",
        "no_location",
        "no_table",
        "walking",
        "no_interpreter",
        "displaced",
    }
)
FLOAT_NOISE = 1e-6
GAP_UNIT = 1e-4  # the gap is rounded to it


@dataclass(frozen=True, slots=True)
class Claim:
    """A schedule beside its own layout and the terms that its meetings truly give."""

    schedule: Schedule
    layout: Layout
    true_terms: Mapping[str, int]

    @property
    def distance(self) -> float:
        return abs(self.schedule.bound - self.schedule.value)


def unscheduled(claim: Claim) -> Iterator[Finding]:
    """Every request is either held or explained, once."""
    held = {meeting.request for meeting in claim.layout.meetings}
    explained = Counter(row.request for row in claim.schedule.unscheduled)
    for id_ in claim.layout.problem.requests:
        if explained[id_] != (id_ not in held):
            yield (id_,), f"{id_} is {'held' if id_ in held else 'not held'} and explained {explained[id_]} times"
    for id_ in explained.keys() - claim.layout.problem.requests.keys():
        yield (id_,), f"{id_} is explained and no request"


def reasons(claim: Claim) -> Iterator[Finding]:
    for row in claim.schedule.unscheduled:
        if row.reason not in REASONS:
            yield (row.request,), f"{row.request} is not held for an unknown reason, {row.reason}"


def terms(claim: Claim) -> Iterator[Finding]:
    given = claim.schedule.terms
    for name in TERMS:
        if given.get(name) != claim.true_terms[name]:
            yield (name,), f"the term {name} is given as {given.get(name)} and is {claim.true_terms[name]}"
    for name in given.keys() - set(TERMS):
        yield (name,), f"there is no term {name}"


def value(claim: Claim) -> Iterator[Finding]:
    true = value_of(claim.layout.problem, claim.schedule.objective, claim.true_terms)
    if claim.schedule.value != true:
        yield (), f"the value is given as {claim.schedule.value} and is {true}"


def bound(claim: Claim) -> Iterator[Finding]:
    """No value is beyond the bound: above it, or below it where breaks are minimised."""
    schedule = claim.schedule
    beyond = schedule.value - schedule.bound
    if schedule.objective == "breaks":
        beyond = -beyond
    if not (math.isfinite(schedule.bound) and beyond <= FLOAT_NOISE):
        yield (), f"the value {schedule.value} is beyond the bound {schedule.bound}"


def status(claim: Claim) -> Iterator[Finding]:
    proven = claim.distance < 1
    if claim.schedule.status != ("optimal" if proven else "feasible"):
        yield (), f"the status is {claim.schedule.status}, with bound and value {claim.distance:g} apart"


def gap(claim: Claim) -> Iterator[Finding]:
    true = claim.distance / max(1, abs(claim.schedule.bound))
    if not abs(claim.schedule.gap - true) <= GAP_UNIT / 2 + FLOAT_NOISE:
        yield (), f"the gap is given as {claim.schedule.gap} and is {true:.4f}"

"""The specification again, written apart from every strategy, so that each keeps watch over the other.

Nothing here is shared with the rest of the solver but the question and the answer; no OR-Tools.
One function a rule: it yields the ids concerned and a sentence, and its name is the rule's name.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from solver.check import agendas, answer, requests, rows
from solver.check.layout import Finding, Layout
from solver.check.score import terms_of, value_of
from solver.problem import Meeting, ObjectiveName, Problem
from solver.schedule import Schedule

__all__ = ["ANSWER_RULES", "HARD_RULES", "Violation", "breaches", "terms", "value", "violations"]

HARD_RULES: tuple[Callable[[Layout], Iterator[Finding]], ...] = (
    requests.known_ids,
    requests.complete_rows,
    requests.at_most_once,
    requests.mandatory,
    requests.pinned,
    requests.frozen,
    requests.order,
    rows.sides,
    rows.nobody_twice,
    rows.length,
    rows.request_slots,
    rows.request_locations,
    rows.features,
    rows.closed,
    rows.owners,
    rows.tied,
    rows.availability,
    rows.engagements,
    rows.languages,
    rows.interpreter_needed,
    rows.interpreter_availability,
    agendas.one_place,
    agendas.parallel,
    agendas.max_meetings,
    agendas.max_per_day,
    agendas.max_consecutive,
    agendas.walking,
    agendas.interpreter_one_place,
    agendas.interpreter_max_per_day,
    agendas.interpreter_max_consecutive,
    agendas.interpreter_walking,
    agendas.capacity,
    agendas.tables,
    agendas.max_breaks,
)
ANSWER_RULES: tuple[Callable[[answer.Claim], Iterator[Finding]], ...] = (
    answer.unscheduled,
    answer.reasons,
    answer.terms,
    answer.value,
    answer.bound,
    answer.status,
    answer.gap,
)


@dataclass(frozen=True, slots=True)
class Violation:
    """One breach: the rule's name, the ids concerned, and a sentence; ``str()`` gives the line to print."""

    rule: str
    ids: tuple[str, ...]
    sentence: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.sentence}"


def violations(problem: Problem, schedule: Schedule) -> Iterator[Violation]:
    """Yield every breach of a hard rule, and everything the schedule says of itself that is not so.

    The schedule's own objective counts, since the command line may name another than the problem does.
    """
    layout = Layout(problem, schedule.meetings, schedule.objective)
    yield from _breaches(layout)
    claim = answer.Claim(schedule, layout, terms_of(layout))
    for rule in ANSWER_RULES:
        for ids, sentence in rule(claim):
            yield Violation(rule.__name__, ids, sentence)


def breaches(problem: Problem, meetings: Iterable[Meeting], objective: ObjectiveName) -> Iterator[Violation]:
    """Yield the breaches of hard rules alone, for meetings that no schedule wraps yet."""
    yield from _breaches(Layout(problem, meetings, objective))


def _breaches(layout: Layout) -> Iterator[Violation]:
    for rule in HARD_RULES:
        for ids, sentence in rule(layout):
            yield Violation(rule.__name__, ids, sentence)


def terms(problem: Problem, meetings: Iterable[Meeting]) -> dict[str, int]:
    """Return the eight terms that the meetings give, whether or not they keep the rules."""
    return terms_of(Layout(problem, meetings, problem.objective))


def value(problem: Problem, meetings: Iterable[Meeting], objective: ObjectiveName) -> int:
    """Return what the meetings are worth under the objective."""
    return value_of(problem, objective, terms(problem, meetings))

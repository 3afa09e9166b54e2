"""The model and the checker keep watch over each other: whoever forgets a rule of the model is caught.

A rule of the model without a line in ``CHECKED_AS`` fails, and so does a line without a tempting day.
"""

from random import Random

import pytest
from ortools.sat.python import cp_model

from solver import SearchLimits, solve, violations
from solver.best import Best
from solver.compiled import Compiled
from solver.exact import build
from solver.race import placements
from solver.rules import RULES
from solver.search.anneal import anneal
from solver.search.greedy import first_schedule, is_whole
from solver.state import State
from solver.tables import rows_of
from tests.solver.days import answer
from tests.solver.random_days import random_problem, with_promises
from tests.solver.tempting import TEMPTING

LIMITS = SearchLimits(seconds=6, workers=1)
MOMENT = 0.1  # seconds
CHECKED_AS = {  # the rules of the checker that each rule of the model stands for
    "at_most_once": ["at_most_once"],
    "must": ["mandatory"],
    "representatives": ["nobody_twice"],
    "pinned": ["pinned"],
    "start_slots": ["request_slots"],
    "neighbours": ["length"],
    "available": ["availability", "engagements", "interpreter_availability"],
    "limits": ["max_meetings", "max_per_day", "interpreter_max_per_day"],
    "one_place": ["one_place", "parallel", "interpreter_one_place"],
    "longest_run": ["max_consecutive", "interpreter_max_consecutive"],
    "order": ["order"],
    "tied": ["tied"],
    "owners": ["owners"],
    "suitable": ["request_locations", "features"],
    "closed": ["closed"],
    "capacity": ["capacity", "tables"],
    "walking": ["walking", "interpreter_walking"],
    "languages": ["languages", "interpreter_needed"],
    "max_breaks": ["max_breaks"],
}
BY_NATURE = {"frozen", "sides"}  # no variable could break them: frozen meetings have none, others attend for no side
DAYS = [pytest.param(day, id=f"{rule}-{n}") for rule, days in TEMPTING.items() for n, day in enumerate(days)]
FACES = [(rule, face) for rule in RULES for face in CHECKED_AS[rule.name]]


def compiled_with(problem, rules):
    compiled = Compiled(problem, rules)
    compiled.tighten(State(compiled))
    return compiled


def exactly(problem, rules):
    """Solve the model alone, without anything that might notice a forgotten rule before the checker does."""
    compiled = compiled_with(problem, rules)
    held, _ = build(compiled)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    assert solver.solve(held.model) == cp_model.OPTIMAL
    return rows_of(compiled, placements(held, solver))


def greedily(problem, rules):
    compiled = compiled_with(problem, rules)
    state = first_schedule(compiled, lambda: False)
    return rows_of(compiled, [held for id_, held in state.held.items() if not compiled.requests[id_].frozen])


def annealed(problem, rules):
    """Anneal from the greedy schedule for a moment: the score need not be the best, and every rule is kept."""
    compiled = compiled_with(problem, rules)
    best = Best(compiled, SearchLimits(seconds=MOMENT, workers=1), None, None)
    state = first_schedule(compiled, lambda: False)
    if is_whole(state):
        best.offer(held for request, held in state.held.items() if not compiled.requests[request].frozen)
    anneal(best)
    return None if best.placements is None else rows_of(compiled, best.placements)


def rules_named(problem, rows):
    return {violation.rule for violation in violations(problem, answer(problem, rows))}


def without(rule):
    return [other for other in RULES if other is not rule]


def test_every_rule_of_the_checker_stands_in_the_model():
    said = [face for faces in CHECKED_AS.values() for face in faces]

    assert sorted(said) == sorted(TEMPTING.keys() - BY_NATURE)
    assert sorted(CHECKED_AS) == sorted(rule.name for rule in RULES)


@pytest.mark.parametrize(("rule", "face"), FACES, ids=lambda part: getattr(part, "name", part))
def test_the_checker_notices_a_rule_that_the_model_forgot(rule, face):
    named = [rules_named(day.problem, exactly(day.problem, without(rule))) for day in TEMPTING[face]]

    assert [rules for rules in named if face in rules] != []


@pytest.mark.parametrize("strategy", [greedily, annealed], ids=lambda strategy: strategy.__name__)
@pytest.mark.parametrize(
    ("rule", "face"),
    [(rule, face) for rule, face in FACES if rule.admits or rule.leaves],
    ids=lambda part: getattr(part, "name", part),
)
def test_the_checker_notices_a_rule_that_a_move_forgot(strategy, rule, face):
    named = [rules_named(day.problem, strategy(day.problem, without(rule))) for day in TEMPTING[face]]

    assert [rules for rules in named if face in rules] != []


@pytest.mark.parametrize("day", DAYS)
def test_no_strategy_is_tempted(day):
    compiled = compiled_with(day.problem, RULES)
    first = greedily(day.problem, RULES)

    solved = solve(day.problem, LIMITS)

    assert list(violations(day.problem, solved)) == []
    assert (solved.status, solved.value) == ("optimal", answer(day.problem, day.kept).value)
    assert rules_named(day.problem, exactly(day.problem, RULES)) == set()
    assert rules_named(day.problem, first) == set() or not is_whole(first_schedule(compiled, lambda: False))
    rows = annealed(day.problem, RULES)
    assert rows is None or rules_named(day.problem, rows) == set()


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("promised", [False, True], ids=["free", "promised"])
def test_annealing_keeps_every_rule_on_random_days(seed, promised):
    problem = random_problem(Random(seed), requests=12)
    if promised:
        problem, _ = with_promises(problem, Random(seed))

    rows = annealed(problem, RULES)

    assert rows is None or rules_named(problem, rows) == set()
    assert promised or rows

"""The model and the checker keep watch over each other: whoever forgets a rule of the model is caught.

A rule of the model without a line in ``CHECKED_AS`` fails, and so does a line without a tempting day.
"""

from random import Random

import numpy as np
import pytest
from ortools.sat.python import cp_model

from solver import SearchLimits, solve, violations
from solver.best import Best, is_whole
from solver.compiled import Compiled
from solver.exact import build
from solver.facts import NONE
from solver.race import placements
from solver.rules import RULES
from solver.search.anneal import anneal
from solver.search.guide import unguided
from solver.search.improve import first_schedule
from solver.search.moves import new_walk
from solver.tables import rows_of
from tests.solver.days import answer
from tests.solver.random_days import random_problem, with_promises
from tests.solver.tempting import TEMPTING

LIMITS = SearchLimits(seconds=6, workers=1)
MOVES = 2000
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
    return Compiled(problem, rules)


def exactly(problem, rules):
    """Solve the model alone, without anything that might notice a forgotten rule before the checker does."""
    compiled = compiled_with(problem, rules)
    held, _ = build(compiled)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    assert solver.solve(held.model) == cp_model.OPTIMAL
    return rows_of(compiled, placements(held, solver))


def greedily(problem, rules):
    return rows_of(compiled := compiled_with(problem, rules), placed(compiled, filled_first(compiled)))


def filled_first(compiled):
    return first_schedule(Best(compiled, LIMITS, None, None))


def placed(compiled, book):
    held = np.flatnonzero((book.held != NONE) & (compiled.facts.request["frozen"] == 0))
    return [(int(book.held[request]), int(book.at[request])) for request in held]


def annealed(problem, rules):
    """Anneal from the greedy schedule for a moment: the score need not be the best, and every rule is kept."""
    compiled = compiled_with(problem, rules)
    book = filled_first(compiled)
    guided = unguided(compiled.facts)
    if not len(guided.pool):
        return None
    anneal(guided.facts.refs, book.refs, new_walk(guided.pool, 1).refs, MOVES, 20.0, 0.1)
    return rows_of(compiled, placed(compiled, book)) if is_whole(compiled.facts.refs, book.refs) else None


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
    [(rule, face) for rule, face in FACES if rule.admits or rule.allows],
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
    assert rules_named(day.problem, first) == set() or not is_whole(compiled.facts.refs, filled_first(compiled).refs)
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

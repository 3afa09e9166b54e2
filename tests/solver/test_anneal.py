"""Annealing alone, without the exact model behind it: legal at every step, better than the first schedule."""

from random import Random

import numpy as np
import pytest

from solver import Location, Participant, SearchLimits, violations
from solver.best import Best
from solver.book import FIRM, empty_book, filled
from solver.compiled import Compiled
from solver.facts import NONE
from solver.search.anneal import anneal
from solver.search.guide import unguided
from solver.search.improve import first_schedule
from solver.search.moves import begin, come, make_room, new_walk, undo
from solver.search.returning import return_elsewhere
from solver.tables import rows_of
from tests.solver.days import a_day, answer, ask, slots
from tests.solver.random_days import random_problem

LIMITS = SearchLimits(seconds=60, workers=1)


def annealed(problem, moves=3000):
    """Return the compiled problem, the book as it was first, and as it was after annealing."""
    compiled = Compiled(problem)
    best = Best(compiled, LIMITS, None, None)
    first = first_schedule(best)
    last = first.copy()
    guided = unguided(compiled.facts)
    walk = new_walk(guided.pool, 1)
    anneal(guided.facts.refs, last.refs, walk.refs, moves, 5.0, 0.1)
    return compiled, first, last


def placed(compiled, book):
    held = np.flatnonzero((book.held != NONE) & (compiled.facts.request["frozen"] == 0))
    return [(int(book.held[request]), int(book.at[request])) for request in held]


def again(compiled, book):
    """Return a book filled anew with the same meetings."""
    return filled(compiled.facts, empty_book(compiled.facts), placed(compiled, book))


@pytest.mark.parametrize("seed", range(8))
def test_annealing_keeps_every_rule_and_its_own_books(seed):
    compiled, first, last = annealed(random_problem(Random(seed), requests=16))

    for book in (first, last):
        told = answer(compiled.problem, rows_of(compiled, placed(compiled, book)))
        assert [broken for broken in violations(compiled.problem, told) if "optimal" not in str(broken)] == []
        assert told.value == book.score[0] == again(compiled, book).score[0]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    "field", ["busy", "full", "load", "where", "count", "day_count", "site_load", "site_full", "agenda"]
)
def test_a_book_that_was_much_changed_says_what_a_new_one_says(seed, field):
    compiled, _, last = annealed(random_problem(Random(seed), requests=16))

    assert np.array_equal(getattr(last, field), getattr(again(compiled, last), field))


def test_annealing_beats_the_first_schedule():
    worth = []
    for seed in range(8):
        _, first, last = annealed(random_problem(Random(seed), requests=16))
        worth.append([int(first.score[0]), int(last.score[0])])

    assert all(first <= last for first, last in worth)
    assert any(first < last for first, last in worth)


def test_equal_seeds_take_equal_steps():
    problem = random_problem(Random(3), requests=16)
    compiled, _, last = annealed(problem)
    other, _, same = annealed(problem)

    assert placed(compiled, last) == placed(other, same)


def test_nobody_sits_before_somebody_lighter():
    """The seats of a site in a slot are a heap by weight, so that the lightest sits first."""
    rows = [row for seed in range(8) for row in seated(*annealed(random_problem(Random(seed), requests=24))[::2])]

    assert any(len(set(row)) > 1 for row in rows)
    assert all(row[(place - 1) // 2] <= row[place] for row in rows for place in range(1, len(row)))


def seated(compiled, book):
    """Give the weights of those who sit at each site in each slot, in the order of their seats."""
    f = compiled.facts
    heft = np.where(f.request["frozen"] != 0, FIRM, f.request["weight"])
    for site, row in enumerate(f.site):
        for slot in range(len(f.slot)):
            first = row["who_from"] + slot * row["seats"]
            yield heft[book.site_who[first : first + book.site_load[site, slot]]].tolist()


@pytest.fixture
def crowded():
    """One table: ann met bob first, dee and eve meet then; now ann meets cy, who is away then."""
    away = Participant("cy", unavailable_slots=frozenset({"1-2"}))
    requests = ask("heavy", "ann", "cy", weight=9), ask("usual", "ann", "bob", weight=5)
    requests += (ask("light", "dee", "eve", weight=1),)
    compiled = Compiled(a_day(slots(2), *requests, people=[away], locations=[Location("hall")]))
    return moved(compiled, [(1, 0), (2, 1)], (0, 0))


def moved(compiled, before, to):
    """Return a book before a move, and the walk that notes it, after the move has made room for an option and start."""
    book, walk = filled(compiled.facts, empty_book(compiled.facts), before), new_walk(np.zeros(1), 1)
    begin(walk.refs)
    assert make_room(compiled.facts.refs, book.refs, walk.refs, *to)
    come(compiled.facts.refs, book.refs, walk.refs, *to)
    return compiled, book, walk


def test_a_meeting_in_the_way_takes_the_place_of_a_lighter_one(crowded):
    compiled, book, walk = crowded

    return_elsewhere(compiled.facts.refs, book.refs, walk.refs)

    assert placed(compiled, book) == [(0, 0), (1, 1)]
    assert book.score[0] == again(compiled, book).score[0]


def test_a_meeting_in_the_way_leaves_a_heavier_one_in_place(crowded):
    compiled, book, walk = crowded
    compiled.facts.request["weight"] = 9, 5, 6

    return_elsewhere(compiled.facts.refs, book.refs, walk.refs)

    assert placed(compiled, book) == [(0, 0), (2, 1)]


def test_a_meeting_in_the_way_never_takes_the_place_of_what_it_left_for():
    requests = ask("new", "ann", "cy", weight=3), ask("before", "dee", "eve", weight=5)
    compiled = Compiled(a_day(slots(1), *requests, locations=[Location("hall")]))
    compiled, book, walk = moved(compiled, [(1, 0)], (0, 0))

    return_elsewhere(compiled.facts.refs, book.refs, walk.refs)

    assert placed(compiled, book) == [(0, 0)]


def test_a_move_in_which_several_left_is_taken_back_whole(crowded):
    compiled, book, walk = crowded
    return_elsewhere(compiled.facts.refs, book.refs, walk.refs)

    undo(compiled.facts.refs, book.refs, walk.refs)

    assert placed(compiled, book) == [(1, 0), (2, 1)]
    assert book.score[0] == again(compiled, book).score[0]

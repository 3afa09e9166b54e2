from itertools import product

import pytest

from matchmaker.domain.scoring import (
    BONUSES,
    CLASS_LABELS,
    LIKE_QUOTA,
    MUST_QUOTA,
    SHORTFALL,
    WEIGHT_TABLE,
    PairClass,
    Score,
    Wish,
    bonuses_for,
    most_priorities,
    reaches_the_solver,
    score,
)
from matchmaker.domain.states import Silence, WishLevel

MUSTS = {rank: Wish(WishLevel.MUST, rank) for rank in range(1, 6)}
LIKE = Wish(WishLevel.LIKE)
YES, NO = Wish(WishLevel.YES), Wish(WishLevel.NO)
VETO = Wish(WishLevel.VETO)
EVERY_WISH = [None, LIKE, VETO, Wish(WishLevel.MUST), *MUSTS.values(), Wish(WishLevel.MUST, 6)]


# Written out from the published table, not computed: rank of one side down, of the other across.
MUST_AND_MUST = {
    1: (100, 99, 98, 97, 96),
    2: (99, 98, 97, 96, 95),
    3: (98, 97, 96, 95, 94),
    4: (97, 96, 95, 94, 93),
    5: (96, 95, 94, 93, 92),
}
MUST_AND_LIKE = (80, 79, 78, 77, 76)
MUST_ALONE = (30, 29, 28, 27, 26)


@pytest.mark.parametrize(("a", "b"), [*product(range(1, 6), repeat=2)])
def test_score_of_two_musts_goes_by_both_ranks(a, b):
    assert score(MUSTS[a], MUSTS[b]) == Score(MUST_AND_MUST[a][b - 1], PairClass.MUST_MUST)


@pytest.mark.parametrize("rank", range(1, 6))
def test_score_of_a_must_and_a_like_goes_by_rank_from_either_side(rank):
    expected = Score(MUST_AND_LIKE[rank - 1], PairClass.MUST_LIKE)

    assert (score(MUSTS[rank], LIKE), score(LIKE, MUSTS[rank])) == (expected, expected)


@pytest.mark.parametrize("rank", range(1, 6))
def test_score_of_a_must_alone_goes_by_rank_from_either_side(rank):
    expected = Score(MUST_ALONE[rank - 1], PairClass.MUST_ALONE)

    assert (score(MUSTS[rank], None), score(None, MUSTS[rank])) == (expected, expected)


def test_score_of_likes():
    assert score(LIKE, LIKE) == Score(60, PairClass.LIKE_LIKE)
    assert score(LIKE, None) == score(None, LIKE) == Score(10, PairClass.LIKE_ALONE)


@pytest.mark.parametrize("asks", [LIKE, *MUSTS.values()])
def test_a_yes_to_who_asks_weighs_as_a_like(asks):
    assert score(asks, YES) == score(YES, asks) == score(asks, LIKE)


@pytest.mark.parametrize("other", [None, YES])
def test_a_yes_asks_for_nothing_by_itself(other):
    assert score(YES, other) == score(other, YES) == Score(0, None)
    assert not reaches_the_solver(YES, other)
    assert not reaches_the_solver(other, YES)


@pytest.mark.parametrize("other", EVERY_WISH)
def test_a_no_keeps_the_request_from_the_solver(other):
    assert score(NO, other) is score(other, NO) is None
    assert not reaches_the_solver(NO, other)


def test_a_yes_answers_also_for_those_whose_silence_refuses():
    assert reaches_the_solver(LIKE, YES, silence_of_a=Silence.REFUSES, silence_of_b=Silence.REFUSES)


@pytest.mark.parametrize("priority", [False, True])
def test_score_of_what_nobody_wants_is_nothing_even_with_priority(priority):
    assert score(None, None, priority=priority) == Score(0, None)


@pytest.mark.parametrize(("other", "priority"), [*product(EVERY_WISH, [False, True])])
def test_a_veto_by_either_side_keeps_the_request_from_the_solver(other, priority):
    assert score(VETO, other, priority=priority) is None
    assert score(other, VETO, priority=priority) is None


def test_a_must_without_rank_or_beyond_the_fifth_counts_as_the_fifth():
    assert score(Wish(WishLevel.MUST), None) == score(Wish(WishLevel.MUST, 9), None) == score(MUSTS[5], None)


@pytest.mark.parametrize(("level", "rank"), [(WishLevel.LIKE, 1), (WishLevel.VETO, 1), (WishLevel.MUST, 0)])
def test_a_wish_refuses_a_rank_that_means_nothing(level, rank):
    with pytest.raises(ValueError, match="only musts do"):
        Wish(level, rank)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (MUSTS[1], MUSTS[1], 115),
        (MUSTS[5], MUSTS[5], 107),
        (MUSTS[1], LIKE, 91),  # 95 would pass for the weakest must + must
        (MUSTS[4], LIKE, 91),  # 92 would equal it
        (MUSTS[5], LIKE, 91),
        (LIKE, LIKE, 75),
        (MUSTS[1], None, 45),
        (MUSTS[5], None, 41),
        (LIKE, None, 25),
    ],
)
def test_priority_adds_fifteen_but_stops_below_the_next_class(a, b, expected):
    assert score(a, b, priority=True).weight == score(b, a, priority=True).weight == expected


def test_priority_never_reaches_a_stronger_class():
    pairs = [pair for pair in product(EVERY_WISH, repeat=2) if VETO not in pair and pair != (None, None)]
    strength = list(reversed(PairClass))

    for weaker, stronger in product(pairs, repeat=2):
        low, high = score(*weaker, priority=True), score(*stronger)
        assert strength.index(low.klass) >= strength.index(high.klass) or low.weight < high.weight


def test_weight_table_shows_what_score_gives():
    given = {klass: {False: [], True: []} for klass in PairClass}
    for a, b, priority in product(EVERY_WISH, EVERY_WISH, [False, True]):
        if (found := score(a, b, priority=priority)) and found.klass:
            given[found.klass][priority].append(found.weight)

    assert [(row.klass, row.least, row.most, row.most_with_priority) for row in WEIGHT_TABLE] == [
        (klass, min(given[klass][False]), max(given[klass][False]), max(given[klass][True])) for klass in PairClass
    ]
    assert list(CLASS_LABELS) == list(PairClass)


@pytest.mark.parametrize(
    ("asked", "open_to_them", "expected"),
    [
        (0, 50, ()),
        (1, 50, ()),
        (2, 50, ()),
        (3, 50, (1000, 200, 50)),
        (12, 50, (1000, 200, 50)),
        (3, 3, (1000, 200, 50)),
        (2, 3, ()),
        (2, 2, (1000, 200, 50)),
        (1, 2, ()),
        (1, 1, (1000, 200, 50)),
        (0, 1, ()),
        (0, 0, ()),
    ],
)
def test_bonuses_are_for_those_who_asked_three_or_all(asked, open_to_them, expected):
    assert bonuses_for(asked, open_to_them) == expected


def test_published_numbers():
    assert (BONUSES, SHORTFALL, MUST_QUOTA, LIKE_QUOTA) == ((1000, 200, 50), -150, 5, 10)


@pytest.mark.parametrize(("requests", "most"), [(0, 0), (19, 0), (20, 1), (399, 19), (400, 20)])
def test_most_priorities_is_five_percent_rounded_down(requests, most):
    assert most_priorities(requests) == most


@pytest.mark.parametrize(
    ("a", "b", "silence_of_a", "silence_of_b", "expected"),
    [
        (LIKE, LIKE, "refuses", "refuses", True),
        (MUSTS[1], LIKE, "refuses", "refuses", True),
        (MUSTS[1], None, "refuses", "refuses", False),
        (MUSTS[1], None, "consents", "refuses", False),
        (MUSTS[1], None, "refuses", "consents", True),
        (LIKE, None, "consents", "consents", True),
        (None, LIKE, "refuses", "consents", False),
        (None, LIKE, "consents", "refuses", True),
        (None, None, "consents", "consents", False),
        (VETO, None, "consents", "consents", False),
        (LIKE, VETO, "consents", "consents", False),
        (VETO, MUSTS[1], "consents", "consents", False),
    ],
)
def test_silence_refuses_or_consents_by_type(a, b, silence_of_a, silence_of_b, expected):
    found = reaches_the_solver(a, b, silence_of_a=Silence(silence_of_a), silence_of_b=Silence(silence_of_b))

    assert found is expected

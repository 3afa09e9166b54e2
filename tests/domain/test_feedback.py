"""What becomes of a meeting: the whole table, and no step that the states do not allow."""

from itertools import product

import pytest

from matchmaker.domain.feedback import HAPPENED, outcome, steps
from matchmaker.domain.states import MEETING, MeetingState, moved

HELD, NO_SHOW = MeetingState.HELD, MeetingState.NO_SHOW
YES, NO, NOTHING = True, False, None
TABLE = {
    (YES, YES): HELD,
    (YES, NO): HELD,
    (YES, NOTHING): HELD,
    (NO, YES): HELD,
    (NO, NO): NO_SHOW,
    (NO, NOTHING): NO_SHOW,
    (NOTHING, YES): HELD,
    (NOTHING, NO): NO_SHOW,
    (NOTHING, NOTHING): None,
}


def test_the_table_is_whole():
    assert set(TABLE) == set(product((YES, NO, NOTHING), repeat=2))


@pytest.mark.parametrize(("said", "became"), TABLE.items())
def test_any_yes_is_held_else_any_no_is_a_no_show(said, became):
    assert outcome(said) is became


def test_a_side_of_several_people_counts_as_they_do():
    assert (outcome([NO, NOTHING, YES]), outcome([NO, NO, NOTHING]), outcome([])) == (HELD, NO_SHOW, None)


@pytest.mark.parametrize(
    ("before", "after", "through"),
    [
        (MeetingState.PROVISIONAL, HELD, (MeetingState.CONFIRMED, HELD)),
        (MeetingState.PROVISIONAL, NO_SHOW, (MeetingState.CONFIRMED, NO_SHOW)),
        (MeetingState.CONFIRMED, HELD, (HELD,)),
        (MeetingState.CONFIRMED, NO_SHOW, (NO_SHOW,)),
        (HELD, NO_SHOW, (NO_SHOW,)),
        (NO_SHOW, HELD, (HELD,)),
        (HELD, HELD, ()),
        (NO_SHOW, NO_SHOW, ()),
    ],
)
def test_each_step_to_an_outcome_is_allowed(before, after, through):
    assert steps(before, after) == through
    for state in through:
        before = moved(MEETING, before, state)
    assert before is after


def test_every_outcome_has_happened():
    assert {became for became in TABLE.values() if became} == HAPPENED

from dataclasses import replace
from datetime import date, time

import pytest

from matchmaker.domain.states import MeetingState
from matchmaker.domain.versions import Difference, Move, PersonalDifference, Placed, difference, next_sequence

DAY = date(2024, 7, 3)
ANN, BOB, CY, DEE = 1, 2, 3, 4
CHANGES = {
    "day": {"day": date(2024, 7, 4)},
    "start": {"start": time(8, 30)},
    "end": {"end": time(9, 30)},
    "location": {"location": "hall-b"},
    "table": {"table": 4},
    "attendees": {"attendees": frozenset({ANN, CY})},
}


def placed(request_id=1, start=9, attendees=(ANN, BOB), **kwargs):
    return Placed(request_id, DAY, time(start), time(start, 20), "hall-a", 3, frozenset(attendees), **kwargs)


def cancelled(row, sequence):
    return replace(row, state=MeetingState.CANCELLED, sequence=sequence)


def test_difference_of_equal_versions_tells_nobody():
    assert difference([placed()], [placed()]) == Difference(kept=(placed(),))


def test_a_first_version_adds_all_in_the_order_of_the_day():
    late, early = placed(1, start=11), placed(2, start=9, attendees=(BOB, CY))

    found = difference([], [late, early])

    assert found == Difference(
        added=(early, late),
        per_person={
            ANN: PersonalDifference(added=(late,)),
            BOB: PersonalDifference(added=(early, late)),
            CY: PersonalDifference(added=(early,)),
        },
    )
    assert found.changes == 2


@pytest.mark.parametrize("change", ["day", "start", "end", "location", "table"])
def test_a_change_of_time_or_place_is_a_move_told_to_both(change):
    old = placed(sequence=4)
    new = replace(old, **CHANGES[change])

    found = difference([old], [replace(new, sequence=0)])

    move = Move(old, replace(new, sequence=5))
    told = PersonalDifference(moved=(move,))
    assert found == Difference(moved=(move,), per_person={ANN: told, BOB: told})
    assert (move.another_time, move.another_place) == (
        change in {"day", "start", "end"},
        change in {"location", "table"},
    )


def test_who_is_replaced_is_told_of_a_cancellation_who_comes_of_an_addition():
    old, new = placed(attendees=(ANN, BOB)), placed(attendees=(ANN, CY))

    found = difference([old], [new])

    numbered = replace(new, sequence=1)
    assert found.moved == (Move(old, numbered),)
    assert found.per_person == {
        ANN: PersonalDifference(moved=(Move(old, numbered),)),
        BOB: PersonalDifference(cancelled=(cancelled(old, 1),)),
        CY: PersonalDifference(added=(numbered,)),
    }


@pytest.mark.parametrize("as_row", [False, True])
def test_a_meeting_that_goes_is_cancelled_and_told_to_both(as_row):
    old, kept = placed(1, sequence=2), placed(2, start=10, attendees=(CY, DEE))

    found = difference([old, kept], [kept, *([cancelled(old, 0)] if as_row else [])])

    told = PersonalDifference(cancelled=(cancelled(old, 3),))
    assert found == Difference(cancelled=(cancelled(old, 3),), kept=(kept,), per_person={ANN: told, BOB: told})


def test_a_meeting_that_comes_back_is_added_and_newer_than_its_cancellation():
    found = difference([cancelled(placed(), 3)], [placed()])

    assert found.added == (placed(sequence=4),)
    assert found.per_person[ANN] == PersonalDifference(added=(placed(sequence=4),))


def test_what_was_cancelled_stays_so_without_a_word():
    gone = cancelled(placed(), 3)

    assert difference([gone], []) == difference([gone], [cancelled(placed(), 0)]) == Difference()


def test_a_meeting_that_is_only_confirmed_is_kept_with_a_higher_number():
    provisional, confirmed = placed(state=MeetingState.PROVISIONAL), placed()

    assert difference([provisional], [confirmed]) == Difference(kept=(replace(confirmed, sequence=1),))


def test_another_interpreter_concerns_interpreters_alone():
    old, new = placed(interpreter="i1"), placed(interpreter="i2")

    assert difference([old], [new]) == Difference(
        kept=(replace(new, sequence=1),),
        per_interpreter={
            "i1": PersonalDifference(cancelled=(cancelled(old, 1),)),
            "i2": PersonalDifference(added=(replace(new, sequence=1),)),
        },
    )


def test_an_interpreter_who_stays_is_told_of_a_move():
    old, new = placed(interpreter="i1"), placed(start=11, interpreter="i1")

    move = Move(old, replace(new, sequence=1))
    assert difference([old], [new]).per_interpreter == {"i1": PersonalDifference(moved=(move,))}


@pytest.mark.parametrize("change", CHANGES)
def test_next_sequence_rises_with_each_change(change):
    old = placed(sequence=7)

    assert next_sequence(old, replace(old, **CHANGES[change])) == 8


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (None, MeetingState.PROVISIONAL, 0),
        (MeetingState.PROVISIONAL, MeetingState.PROVISIONAL, 7),
        (MeetingState.PROVISIONAL, MeetingState.CONFIRMED, 8),
        (MeetingState.CONFIRMED, MeetingState.CANCELLED, 8),
        (MeetingState.CONFIRMED, None, 8),
        (MeetingState.CANCELLED, None, 7),
        (MeetingState.CANCELLED, MeetingState.CONFIRMED, 8),
        (MeetingState.CONFIRMED, MeetingState.HELD, 7),  # no calendar knows the difference
        (MeetingState.CONFIRMED, MeetingState.NO_SHOW, 7),
        (MeetingState.HELD, MeetingState.NO_SHOW, 7),
    ],
)
def test_next_sequence_by_state(before, after, expected):
    old = placed(sequence=7, state=before) if before else None
    new = placed(state=after) if after else None

    assert next_sequence(old, new) == expected

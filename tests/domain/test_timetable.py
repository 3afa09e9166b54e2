from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.domain.timetable import Break, DayPlan, PlannedSlot, Span, breaks_on, make_slots, span, subtract

WEDNESDAY, THURSDAY, FRIDAY = date(2024, 7, 3), date(2024, 7, 4), date(2024, 7, 5)


def at(text):
    hour, minute = text.split(":")
    return time(int(hour), int(minute))


def plan(hours, day=WEDNESDAY):
    return DayPlan(day, *map(at, hours.split("-")))


def pause(hours, day=None, **kwargs):
    return Break(day, *map(at, hours.split("-")), **kwargs)


def told(slots):
    """Write each slot as its code, end, and a bar before it where a run of meetings is broken."""
    return " ".join(f"{'| ' if slot.break_before else ''}{slot.code}-{slot.end:%H%M}" for slot in slots)


def test_make_slots_gives_day_number_start_and_end():
    assert make_slots([plan("9:00-9:45")]) == (
        PlannedSlot("1-0900", WEDNESDAY, time(9), time(9, 20), break_before=False),
        PlannedSlot("1-0925", WEDNESDAY, time(9, 25), time(9, 45), break_before=False),
    )


@pytest.mark.parametrize(
    ("hours", "breaks", "expected"),
    [
        ("9:00-9:19", [], ""),
        ("9:00-9:20", [], "1-0900-0920"),
        ("9:00-9:44", [], "1-0900-0920"),
        ("9:00-10:30", ["9:45-10:00"], "1-0900-0920 1-0925-0945 | 1-1000-1020"),  # no change-over before a break
        ("9:00-10:30", ["9:44-10:00"], "1-0900-0920 | 1-1000-1020"),  # the second does not fit before it
        ("9:00-10:30", ["9:00-10:00"], "1-1000-1020"),  # a break at the start breaks no run
        ("9:00-10:30", ["8:00-9:30", "9:15-10:00"], "1-1000-1020"),
        ("9:00-10:30", ["9:20-9:25"], "1-0900-0920 | 1-0925-0945 1-0950-1010"),  # inside the change-over
        ("9:00-10:30", ["9:22-9:40"], "1-0900-0920 | 1-0940-1000 1-1005-1025"),
        ("9:00-10:30", ["9:45-10:00", "9:50-10:05"], "1-0900-0920 1-0925-0945 | 1-1005-1025"),
        ("9:00-10:00", ["9:30-11:00"], "1-0900-0920"),
        ("9:00-10:00", ["11:00-12:00"], "1-0900-0920 1-0925-0945"),
        ("23:00-23:59", [], "1-2300-2320 1-2325-2345"),
    ],
)
def test_make_slots_goes_round_breaks(hours, breaks, expected):
    assert told(make_slots([plan(hours)], [pause(text) for text in breaks])) == expected


def test_make_slots_starts_anew_without_a_mark_after_a_break_that_is_no_rest():
    slots = make_slots([plan("9:00-10:00")], [pause("9:20-9:40", is_rest=False)])

    assert told(slots) == "1-0900-0920 1-0940-1000"


def test_make_slots_numbers_days_by_date_and_keeps_their_own_breaks_apart():
    days = [plan("9:00-9:45", THURSDAY), plan("9:00-9:45", FRIDAY), plan("9:00-9:45", WEDNESDAY)]

    slots = make_slots(days, [pause("9:20-9:30"), pause("9:10-10:00", FRIDAY)])

    assert told(slots) == "1-0900-0920 2-0900-0920"


def test_make_slots_of_another_length():
    assert told(make_slots([plan("9:00-9:30")], length_minutes=10, changeover_minutes=0)) == (
        "1-0900-0910 1-0910-0920 1-0920-0930"
    )


@pytest.mark.parametrize(("length", "changeover"), [(0, 5), (-5, 5), (20, -1)])
def test_make_slots_refuses_lengths_that_mean_nothing(length, changeover):
    with pytest.raises(ValueError, match="slots of"):
        make_slots([plan("9:00-10:00")], [], length, changeover)


def test_make_slots_refuses_a_date_that_comes_twice():
    with pytest.raises(ValueError, match="twice"):
        make_slots([plan("9:00-10:00"), plan("14:00-15:00")])


@pytest.mark.parametrize("hours", ["10:00-9:00", "9:00-9:00"])
def test_days_and_breaks_do_not_run_backwards(hours):
    with pytest.raises(ValueError, match="ends at 09:00"):
        plan(hours)
    with pytest.raises(ValueError, match="ends at 09:00"):
        pause(hours)


MINUTES = st.integers(0, 24 * 60 - 1)
HOURS = (
    st.tuples(MINUTES, MINUTES)
    .filter(lambda pair: pair[0] < pair[1])
    .map(lambda pair: [time(*divmod(minute, 60)) for minute in pair])
)


@given(HOURS, st.lists(HOURS, max_size=5), st.integers(1, 90), st.integers(0, 30))
def test_no_slot_touches_a_break_or_another_and_none_is_left_out(hours, pauses, length, changeover):
    day, breaks = DayPlan(WEDNESDAY, *hours), [Break(None, *times) for times in pauses]

    slots = make_slots([day], breaks, length, changeover)

    spans = [span(slot.day, slot.start, slot.end) for slot in slots]
    whole = span(WEDNESDAY, *hours)
    taken = [span(WEDNESDAY, *times) for times in pauses]
    assert not any(one.overlaps(pause) for one in spans for pause in taken)
    assert all(whole.start <= one.start and one.end <= whole.end for one in spans)
    assert all(a.end + timedelta(minutes=changeover) <= b.start for a, b in pairwise(spans))
    grown = [Span(one.start - timedelta(minutes=changeover), one.end + timedelta(minutes=changeover)) for one in spans]
    assert all(left.end - left.start < timedelta(minutes=length) for left in subtract(whole, [*taken, *grown]))


def test_breaks_on_a_day_are_its_own_and_those_of_all_days():
    lunch, tea, friday = pause("12:30-14:00"), pause("10:00-10:15", WEDNESDAY), pause("12:00-15:00", FRIDAY)

    assert breaks_on(WEDNESDAY, [lunch, tea, friday]) == [tea, lunch]
    assert breaks_on(FRIDAY, [lunch, tea, friday]) == [friday, lunch]


@pytest.mark.parametrize(
    ("taken", "left"),
    [
        ([], [(9, 17)]),
        ([(10, 11)], [(9, 10), (11, 17)]),
        ([(14, 15), (10, 11)], [(9, 10), (11, 14), (15, 17)]),
        ([(10, 14), (11, 12)], [(9, 10), (14, 17)]),
        ([(10, 12), (12, 13)], [(9, 10), (13, 17)]),
        ([(8, 10), (16, 18)], [(10, 16)]),
        ([(7, 9), (17, 18)], [(9, 17)]),
        ([(8, 18)], []),
        ([(9, 17)], []),
    ],
)
def test_subtract(taken, left):
    def hours(pair):
        return Span(*(datetime.combine(WEDNESDAY, time(hour)) for hour in pair))

    assert subtract(hours((9, 17)), map(hours, taken)) == list(map(hours, left))

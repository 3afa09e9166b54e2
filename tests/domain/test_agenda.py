from datetime import date, datetime, time

import pytest

from matchmaker.domain.agenda import Item, Moment, Row, RowKind, agenda, timeline
from matchmaker.domain.timetable import DayPlan, Span

FIRST, SECOND = date(2025, 5, 14), date(2025, 5, 15)
PLAN = DayPlan(FIRST, time(9), time(13))


def wall(text, day=FIRST):
    return datetime.combine(day, time.fromisoformat(text))


def item(kind, hours, subject=None, day=FIRST, **kwargs):
    start, end = hours.split("-")
    return Item(RowKind(kind), Span(wall(start, day), wall(end, day)), subject, **kwargs)


def lines(rows):
    return [f"{row.start:%H:%M}-{row.end:%H:%M} {row.kind}" for row in rows]


def test_timeline_of_an_empty_day_is_free():
    assert timeline(PLAN, []) == (Row(RowKind.FREE, wall("09:00"), wall("13:00")),)


def test_timeline_puts_meetings_sessions_breaks_and_gaps_in_order():
    rows = timeline(
        PLAN,
        [
            item("break", "12:30-13:00", "lunch"),
            item("session", "11:00-12:00", "finance"),
            item("meeting", "09:25-09:45", "Tamount"),
            item("meeting", "09:50-10:10", "Anzar"),
        ],
    )

    assert [(row.subject, line) for row, line in zip(rows, lines(rows), strict=True)] == [
        (None, "09:00-09:25 free"),
        ("Tamount", "09:25-09:45 meeting"),
        ("Anzar", "09:50-10:10 meeting"),
        (None, "10:10-11:00 free"),
        ("finance", "11:00-12:00 session"),
        (None, "12:00-12:30 free"),
        ("lunch", "12:30-13:00 break"),
    ]
    assert [row.minutes for row in rows] == [25, 20, 20, 50, 60, 30, 30]


def test_timeline_shows_of_a_time_not_free_what_no_engagement_takes_and_joins_neighbouring_slots():
    rows = timeline(
        PLAN,
        [
            item("unavailable", "10:00-10:20"),
            item("unavailable", "10:25-10:45"),
            item("unavailable", "10:50-11:10"),
            item("meeting", "10:25-10:45"),
            item("break", "11:00-11:30"),
        ],
    )

    assert lines(rows) == [
        "09:00-10:00 free",
        "10:00-10:25 unavailable",
        "10:25-10:45 meeting",
        "10:45-11:10 unavailable",
        "11:10-11:30 break",
        "11:30-13:00 free",
    ]


def test_timeline_shows_overlapping_engagements_whole_and_those_outside_the_days_hours():
    rows = timeline(
        PLAN, [item("session", "08:00-12:55"), item("meeting", "09:00-09:20"), item("meeting", "19:00-19:20")]
    )

    assert lines(rows) == ["08:00-12:55 session", "09:00-09:20 meeting", "19:00-19:20 meeting"]


def test_a_cancelled_meeting_stands_in_the_list_and_leaves_its_time_free():
    rows = timeline(PLAN, [item("meeting", "09:00-09:20", takes_time=False)])

    assert lines(rows) == ["09:00-09:20 meeting", "09:00-13:00 free"]
    assert [row.takes_time for row in rows] == [False, True]


@pytest.mark.parametrize(("shortest", "expected"), [(4, 3), (5, 2), (10, 2)])
def test_a_gap_as_short_as_the_change_over_is_no_free_time(shortest, expected):
    plan = DayPlan(FIRST, time(9), time(9, 45))

    rows = timeline(plan, [item("meeting", "09:00-09:20"), item("meeting", "09:25-09:45")], shortest_free=shortest)

    assert len(rows) == expected


def moments(now, items):
    days = agenda([DayPlan(SECOND, time(9), time(10)), DayPlan(FIRST, time(9), time(10))], items, now)
    return [[str(row.moment) for row in day.rows] for day in days]


TWO_DAYS = [
    item("meeting", "09:00-09:20"),
    item("meeting", "09:25-09:45"),
    item("meeting", "09:00-09:20", day=SECOND),
]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (None, [["later", "later", "later"], ["later", "later"]]),
        (wall("08:00"), [["next", "later", "later"], ["later", "later"]]),
        (wall("09:00"), [["now", "next", "later"], ["later", "later"]]),
        (wall("09:19"), [["now", "next", "later"], ["later", "later"]]),
        (wall("09:20"), [["past", "next", "later"], ["later", "later"]]),
        (wall("09:25"), [["past", "now", "later"], ["next", "later"]]),
        (wall("09:50"), [["past", "past", "now"], ["next", "later"]]),
        (wall("22:00"), [["past", "past", "past"], ["next", "later"]]),
        (wall("09:30", SECOND), [["past", "past", "past"], ["past", "now"]]),
        (wall("11:00", SECOND), [["past", "past", "past"], ["past", "past"]]),
    ],
)
def test_agenda_marks_now_and_one_next_over_all_days(now, expected):
    assert moments(now, TWO_DAYS) == expected


def test_a_cancelled_meeting_is_never_next():
    items = [item("meeting", "09:00-09:20", takes_time=False), item("session", "09:30-10:00")]

    (day,) = agenda([DayPlan(FIRST, time(9), time(10))], items, wall("08:00"))

    assert [(row.kind, row.moment) for row in day.rows] == [
        (RowKind.MEETING, Moment.LATER),
        (RowKind.FREE, Moment.LATER),
        (RowKind.SESSION, Moment.NEXT),
    ]


def test_agenda_numbers_days_by_date():
    days = agenda([DayPlan(SECOND, time(9), time(10)), DayPlan(FIRST, time(9), time(10))], [])

    assert [(day.number, day.plan.day) for day in days] == [(1, FIRST), (2, SECOND)]

"""The timetable of a generated event: slots of 20 minutes, 5 minutes to change over, a long lunch."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from solver.generate.sizes import Size

FIRST_DAY = date(2026, 3, 24)
OPENING = 9 * 60  # minutes after midnight
SLOT, CHANGE_OVER, LUNCH = 20, 5, 75  # minutes

Row = dict[str, Any]


def slot_rows(size: Size) -> list[Row]:
    return [_slot(day, index, size) for day in range(size.days) for index in range(size.slots_a_day)]


def half_days(size: Size) -> list[range]:
    """Give the slot numbers of each morning and afternoon, in time order."""
    noon = _noon(size)
    return [
        range(first, last)
        for start in range(0, size.slots, size.slots_a_day)
        for first, last in ((start, start + noon), (start + noon, start + size.slots_a_day))
    ]


def _noon(size: Size) -> int:
    return (size.slots_a_day + 1) // 2


def _slot(day: int, index: int, size: Size) -> Row:
    after_lunch = index >= _noon(size)
    start = OPENING + index * (SLOT + CHANGE_OVER) + after_lunch * LUNCH
    row: Row = {
        "id": f"{day + 1}-{_clock(start).replace(':', '')}",
        "day": (FIRST_DAY + timedelta(days=day)).isoformat(),
        "start": _clock(start),
        "end": _clock(start + SLOT),
    }
    return row | {"break_before": True} if index == _noon(size) else row


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"

"""What an event usually looks like, by its format: a start that organisers change as they need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time

from matchmaker.domain.timetable import BreakKind
from matchmaker.domain.wording import N_


@dataclass(frozen=True, slots=True)
class Format:
    """``days`` of equal hours, the breaks of each, slots in minutes, tables in the first hall, wishes of each kind."""

    label: str
    words: str
    days: int
    start: time
    end: time
    breaks: tuple[tuple[BreakKind, time, time], ...]
    slot_minutes: int
    changeover_minutes: int
    tables: int
    musts: int
    likes: int


LUNCH = (BreakKind.LUNCH, time(12, 30), time(14))
COFFEE = (BreakKind.COFFEE, time(10, 30), time(10, 50))
PRAYER = (BreakKind.PRAYER, time(16), time(16, 20))
USUAL = "meetings"
FORMATS: Mapping[str, Format] = {
    USUAL: Format(
        N_("Business meetings"),
        N_("Two by two at numbered tables in a hall."),
        2, time(9), time(17), (COFFEE, LUNCH, PRAYER), 20, 5, 12, 5, 10,
    ),
    "audiences": Format(
        N_("Audiences"),
        N_("A few officials receive many, one by one, for a short time each."),
        1, time(9), time(13), (COFFEE,), 10, 2, 4, 3, 3,
    ),
    "fair": Format(
        N_("Fair"),
        N_("Exhibitors receive at their stands for several days; a hall for the others."),
        4, time(10), time(19), (LUNCH, PRAYER), 30, 10, 8, 5, 15,
    ),
}  # fmt: skip

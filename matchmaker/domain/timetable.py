"""The slots of an event's days, and a person's day as rows. All times are wall time at the event."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

SLOT_MINUTES = 20
CHANGEOVER_MINUTES = 5
AUDIENCE_MINUTES = 10


class BreakKind(StrEnum):
    COFFEE = "coffee"
    LUNCH = "lunch"
    PRAYER = "prayer"
    FRIDAY = "friday"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class DayPlan:
    """The hours of one day in which meetings may be held; a day ends before midnight."""

    day: date
    start: time
    end: time

    def __post_init__(self) -> None:
        _refuse_backwards(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Break:
    """A time without meetings, on one day or (``day`` None) on all.

    ``is_rest``: the slot after it begins a new run, so that nobody's longest run goes through it.
    """

    day: date | None
    start: time
    end: time
    kind: BreakKind = BreakKind.OTHER
    is_rest: bool = True

    def __post_init__(self) -> None:
        _refuse_backwards(self.start, self.end)


@dataclass(frozen=True, slots=True)
class PlannedSlot:
    """``code`` is the number of the day and the start: "1-0900"."""

    code: str
    day: date
    start: time
    end: time
    break_before: bool


@dataclass(frozen=True, slots=True)
class Span:
    """A time from ``start`` up to ``end``, which belongs to it no more."""

    start: datetime
    end: datetime

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end


def make_slots(
    days: Iterable[DayPlan],
    breaks: Sequence[Break] = (),
    length_minutes: int = SLOT_MINUTES,
    changeover_minutes: int = CHANGEOVER_MINUTES,
) -> tuple[PlannedSlot, ...]:
    """Fill each day with slots of one length, the change-over between them, in time order.

    Slots never touch a break; after one they start anew at its end. No change-over is kept free before a
    break or a day's end, where nobody has to be elsewhere. Days are numbered from 1 by date.

    Raises
    ------
    ValueError
        If the length is not at least a minute, the change-over is negative, or a date comes twice.
    """
    if length_minutes < 1 or changeover_minutes < 0:
        raise ValueError(f"slots of {length_minutes} min and a change-over of {changeover_minutes} min")
    ordered = sorted(days, key=lambda plan: plan.day)
    if len({plan.day for plan in ordered}) < len(ordered):
        raise ValueError("a date comes twice among the days")
    length, changeover = timedelta(minutes=length_minutes), timedelta(minutes=changeover_minutes)
    return tuple(
        slot
        for number, plan in enumerate(ordered, 1)
        for slot in _slots_of_day(number, plan, breaks_on(plan.day, breaks), length, changeover)
    )


def breaks_on(day: date, breaks: Iterable[Break]) -> list[Break]:
    """Return the breaks of a day, its own and those of all days, in time order."""
    return sorted((pause for pause in breaks if pause.day in {None, day}), key=lambda pause: (pause.start, pause.end))


def span(day: date, start: time, end: time) -> Span:
    return Span(datetime.combine(day, start), datetime.combine(day, end))


def subtract(whole: Span, taken: Iterable[Span]) -> list[Span]:
    """Return what is left of ``whole``, in time order, when the ``taken`` spans (in any order) are cut out."""
    left, start = [], whole.start
    for cut in sorted(taken, key=lambda cut: cut.start):
        if not cut.overlaps(whole):
            continue
        if start < cut.start:
            left.append(Span(start, cut.start))
        start = max(start, cut.end)
    return [*left, Span(start, whole.end)] if start < whole.end else left


def _slots_of_day(
    number: int, plan: DayPlan, breaks: Sequence[Break], length: timedelta, changeover: timedelta
) -> list[PlannedSlot]:
    hours = span(plan.day, plan.start, plan.end)
    pauses = [(span(plan.day, pause.start, pause.end), pause.is_rest) for pause in breaks]
    slots: list[Span] = []
    start = hours.start
    while (slot := Span(start, start + length)).end <= hours.end:
        if hit := [pause for pause, _ in pauses if pause.overlaps(slot)]:
            start = max(pause.end for pause in hit)
        else:
            slots.append(slot)
            start = slot.end + changeover
    rests = [pause for pause, is_rest in pauses if is_rest]
    return [
        PlannedSlot(
            code=f"{number}-{slot.start:%H%M}",
            day=plan.day,
            start=slot.start.time(),
            end=slot.end.time(),
            break_before=any(Span(before.end, slot.start).overlaps(rest) for rest in rests) if before else False,
        )
        for before, slot in zip([None, *slots], slots, strict=False)
    ]


def _refuse_backwards(start: time, end: time) -> None:
    if start >= end:
        raise ValueError(f"ends at {end:%H:%M}, before or as it starts at {start:%H:%M}")

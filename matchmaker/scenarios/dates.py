"""A scenario is always ahead: its dates move as one, by whole weeks, so that a Friday stays a Friday."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from matchmaker.domain.timetable import DayPlan, PlannedSlot
from matchmaker.scenarios.plans import EventPlan
from matchmaker.services.events import EventFrame

WEEK = timedelta(days=7)


def moved(event: EventPlan, today: date) -> EventPlan:
    """Return the event with its first day at least ``first_day_in`` days after today, on the weekday of the file."""
    first = event.frame.days[0].day
    ahead = today + timedelta(days=event.first_day_in) - first
    shift = -(-ahead // WEEK) * WEEK  # whole weeks, rounded up
    return replace(event, frame=_frame(event.frame, shift), slots=tuple(_slot(slot, shift) for slot in event.slots))


def _frame(frame: EventFrame, shift: timedelta) -> EventFrame:
    return replace(
        frame,
        days=tuple(DayPlan(plan.day + shift, plan.start, plan.end) for plan in frame.days),
        breaks=tuple(replace(pause, day=pause.day + shift if pause.day else None) for pause in frame.breaks),
        wishes_close_at=frame.wishes_close_at + shift if frame.wishes_close_at else None,
    )


def _slot(slot: PlannedSlot, shift: timedelta) -> PlannedSlot:
    return replace(slot, day=slot.day + shift)

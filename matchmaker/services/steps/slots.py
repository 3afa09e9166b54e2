"""The slots of an event made to fit its days and breaks, keeping every one that somebody relies on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matchmaker.domain.timetable import PlannedSlot
from matchmaker.errors import InUse
from matchmaker.models import (
    AudienceWindow,
    DraftMeeting,
    Event,
    InterpreterAbsence,
    LocationClosure,
    PersonBooking,
    Slot,
    TableBooking,
    Unavailability,
)

USERS = (
    DraftMeeting,
    PersonBooking,
    TableBooking,
    Unavailability,
    LocationClosure,
    AudienceWindow,
    InterpreterAbsence,
)
"""The rows that name a slot: where one does, the slot stays."""


def refit(session: Session, event: Event, planned: Sequence[PlannedSlot]) -> None:
    """Give the event the ``planned`` slots; those that stay, by day and start, keep their row and their code.

    Raises
    ------
    InUse
        If a slot that should go is named by a meeting, an unavailability, a closure or an audience.
    """
    wanted = {(slot.day, slot.start): slot for slot in planned}
    gone = [slot for slot in event.slots if (slot.day, slot.start) not in wanted]
    _refuse_used(session, gone)
    for slot in gone:
        event.slots.remove(slot)
    session.flush()
    kept = {(slot.day, slot.start): slot for slot in event.slots}
    for when, plan in wanted.items():
        if when in kept:
            kept[when].end, kept[when].break_before = plan.end, plan.break_before
        else:
            event.slots.append(_new(event, plan, {slot.code for slot in event.slots}))


def _refuse_used(session: Session, slots: Iterable[Slot]) -> None:
    ids = [slot.id for slot in slots]
    used = sum(session.scalar(select(func.count()).where(user.slot_id.in_(ids))) or 0 for user in USERS) if ids else 0
    if used:
        raise InUse("slot", used)


def _new(event: Event, plan: PlannedSlot, taken: Collection[str]) -> Slot:
    # A day put before the others would count its slots as theirs were: the date tells them apart.
    code = plan.code if plan.code not in taken else f"{plan.day:%Y%m%d}-{plan.start:%H%M}"
    return Slot(
        event_id=event.id,
        code=code,
        day=plan.day,
        start=plan.start,
        end=plan.end,
        break_before=plan.break_before,
    )

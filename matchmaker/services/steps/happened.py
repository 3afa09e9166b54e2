"""What went wrong becomes part of the frame once its repair is published, so that nothing later forgets it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.domain.happening import OF_PEOPLE, Happened, Happening, from_facts
from matchmaker.errors import RepairOutOfDate
from matchmaker.models import (
    EventSession,
    Location,
    LocationClosure,
    Slot,
    Unavailability,
)
from matchmaker.queries import repairs, versions
from matchmaker.queries.versions import Candidate


def refuse_out_of_date(found: Candidate, repair: Mapping[str, Any], wall: datetime) -> None:
    """Refuse a repair that would change a meeting which has begun, or whose version was changed by hand since.

    Raises
    ------
    RepairOutOfDate
        If it is one.
    """
    difference = found.difference
    rows = [*difference.added, *difference.cancelled]
    rows += [row for move in difference.moved for row in (move.old, move.new)]
    begun = any(datetime.combine(row.day, row.start) <= wall for row in rows)
    if begun or versions.mark(found.told.values()) != repair["told"]:
        raise RepairOutOfDate


def keep(session: Session, event_id: int, repair: Mapping[str, Any]) -> None:
    """Note who is not free, which location is closed, until when a session goes on."""
    happened = from_facts(repair)
    touched = list(_touched(session, event_id, happened, datetime.fromisoformat(repair["asked"])))
    if happened.kind is Happening.OVERRUN:
        row = session.get(EventSession, int(happened.of))
        if row is not None and happened.until is not None:
            row.end, row.revision = happened.until, row.revision + 1
    elif happened.kind in OF_PEOPLE:
        for id_ in session.scalars(repairs.people(event_id, happened)):
            _add(session, touched, Unavailability, {"event_id": event_id, "participation_id": id_})
    else:
        closed = select(Location.id).where(Location.event_id == event_id, Location.code == happened.of)
        for id_ in session.scalars(closed):
            _add(session, touched, LocationClosure, {"event_id": event_id, "location_id": id_})


def _touched(session: Session, event_id: int, happened: Happened, asked: datetime) -> Iterator[int]:
    for slot in session.scalars(select(Slot).where(Slot.event_id == event_id)):
        if datetime.combine(slot.day, slot.start) > asked and happened.touches(slot.day, slot.start, slot.end):
            yield slot.id


def _add(
    session: Session, slots: Iterable[int], kind: type[Unavailability | LocationClosure], of: dict[str, int]
) -> None:
    """Add a row for each slot that has none yet."""
    there = set(session.scalars(select(kind.slot_id).filter_by(**of)))
    session.add_all(kind(slot_id=slot, **of) for slot in slots if slot not in there)

"""How many meetings an event has room for, and who is asked more often than they can receive."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select

from matchmaker.domain.timetable import Span, span
from matchmaker.extensions import db
from matchmaker.models import (
    EventSession,
    Location,
    LocationClosure,
    LocationOwner,
    Participation,
    SessionSeat,
    Slot,
    Unavailability,
)


@dataclass(frozen=True, slots=True)
class Room:
    """``places`` are at tables that anybody may use, ``at_stands`` where only owners meet; closures are taken off."""

    slots: int
    blocked: int
    tables: int
    places: int
    stands: int
    at_stands: int

    @property
    def in_all(self) -> int:
        """Return how many meetings could be held if each found the place that it needs."""
        return self.places + self.at_stands


def room(event_id: int) -> Room:
    """Return what the event can hold; slots under a session for everybody hold nothing."""
    slots = list(db.session.scalars(select(Slot).where(Slot.event_id == event_id)))
    usable = {slot.id for slot in slots} - _blocked_for_all(event_id, slots)
    owned = set(db.session.scalars(select(LocationOwner.location_id).where(LocationOwner.event_id == event_id)))
    locations = list(db.session.scalars(select(Location).where(Location.event_id == event_id)))
    closed = _closed(event_id, usable)
    halls = [place for place in locations if not place.is_stand and place.id not in owned]
    stands = [place for place in locations if place not in halls]

    def places(of: list[Location]) -> int:
        return sum(place.capacity * (len(usable) - closed.get(place.id, 0)) for place in of)

    return Room(
        slots=len(usable),
        blocked=len(slots) - len(usable),
        tables=sum(hall.capacity for hall in halls),
        places=places(halls),
        stands=len(stands),
        at_stands=places(stands),
    )


def usable_slots(event_id: int) -> set[int]:
    """Return the slots that no session for everybody takes."""
    slots = list(db.session.scalars(select(Slot).where(Slot.event_id == event_id)))
    return {slot.id for slot in slots} - _blocked_for_all(event_id, slots)


def free_in(event_id: int) -> dict[int, set[int]]:
    """Return, by organisation, the slots in which one of its representatives is free."""
    slots = list(db.session.scalars(select(Slot).where(Slot.event_id == event_id)))
    usable = {slot.id for slot in slots} - _blocked_for_all(event_id, slots)
    where = Participation.event_id == event_id, Participation.withdrawn.is_(False), Participation.represents.is_(True)
    taken = _taken(event_id, slots, select(Participation.id).where(*where))
    found: dict[int, set[int]] = defaultdict(set)
    columns = Participation.id, Participation.organisation_id
    for id_, organisation_id in db.session.execute(select(*columns).where(*where)):
        found[organisation_id] |= usable - taken.get(id_, set())
    return found


def free_slots(event_id: int, organisations: Collection[int] | None = None) -> dict[int, int]:
    """Return, by organisation, in how many meetings its representatives could be, by their own times alone.

    All organisations of the event, or those whose ids are given.
    """
    slots = list(db.session.scalars(select(Slot).where(Slot.event_id == event_id)))
    usable = {slot.id for slot in slots} - _blocked_for_all(event_id, slots)
    where = [Participation.event_id == event_id, Participation.withdrawn.is_(False), Participation.represents.is_(True)]
    if organisations is not None:
        where.append(Participation.organisation_id.in_(organisations))
    taken = _taken(event_id, slots, select(Participation.id).where(*where))
    columns = Participation.id, Participation.organisation_id, Participation.parallel, Participation.max_meetings
    found: dict[int, int] = defaultdict(int)
    for id_, organisation_id, parallel, most in db.session.execute(select(*columns).where(*where)):
        free = len(usable - taken.get(id_, set())) * parallel
        found[organisation_id] += free if most is None else min(free, most)
    return dict(found)


def _blocked_for_all(event_id: int, slots: list[Slot]) -> set[int]:
    where = EventSession.event_id == event_id, EventSession.for_everybody.is_(True)
    spans = [span(one.day, one.start, one.end) for one in db.session.scalars(select(EventSession).where(*where))]
    return {slot.id for slot in slots if _meets(slot, spans)}


def _taken(event_id: int, slots: list[Slot], people: Select[Any]) -> Mapping[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    away = select(Unavailability.participation_id, Unavailability.slot_id).where(Unavailability.event_id == event_id)
    for participation_id, slot_id in db.session.execute(away.where(Unavailability.participation_id.in_(people))):
        found[participation_id].add(slot_id)
    seated = select(SessionSeat.participation_id, EventSession.day, EventSession.start, EventSession.end)
    seated = seated.join(EventSession, EventSession.id == SessionSeat.session_id)
    seated = seated.where(SessionSeat.event_id == event_id, SessionSeat.participation_id.in_(people))
    for participation_id, day, start, end in db.session.execute(seated):
        sitting = [span(day, start, end)]
        found[participation_id] |= {slot.id for slot in slots if _meets(slot, sitting)}
    return found


def _closed(event_id: int, usable: set[int]) -> Mapping[int, int]:
    found: dict[int, int] = defaultdict(int)
    closures = select(LocationClosure.location_id, LocationClosure.slot_id)
    for location_id, slot_id in db.session.execute(closures.where(LocationClosure.event_id == event_id)):
        found[location_id] += slot_id in usable
    return found


def _meets(slot: Slot, spans: list[Span]) -> bool:
    own = span(slot.day, slot.start, slot.end)
    return any(own.overlaps(other) for other in spans)

"""Where more meetings are wanted than there is room for: by slot and by place. A veto counts as silence, as everywhere.

What is asked of each organisation against its times stands in ``queries.demand``.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import select

from matchmaker.domain.states import POSITIVE
from matchmaker.extensions import db
from matchmaker.models import Location, LocationClosure, LocationOwner, Participation, Slot, Texts, Wish, Zone
from matchmaker.queries import capacity, shelf

Pair = tuple[int, int]


class SlotLoad(NamedTuple):
    """A slot in which ``places`` meetings can be held, and ``wanted`` if all wishes spread evenly over common times."""

    day: dt.date
    start: dt.time
    end: dt.time
    wanted: float
    places: int

    @property
    def missing(self) -> int:
        """Return how many whole meetings find no place."""
        return max(0, int(self.wanted) - self.places)


class PlaceLoad(NamedTuple):
    """The stands of a zone, where ``wanted`` meetings must be held, or the ``shared`` tables for all the others."""

    zone: Texts
    shared: bool
    wanted: int
    places: int

    @property
    def missing(self) -> int:
        return max(0, self.wanted - self.places)


@dataclass(frozen=True, slots=True)
class Bottlenecks:
    """``slots`` in the order of the days; ``apart`` counts wanted meetings whose sides are never free together."""

    slots: Sequence[SlotLoad]
    places: Sequence[PlaceLoad]
    apart: int


def bottlenecks(event_id: int) -> Bottlenecks:
    """Return where the wishes of an event press: counted anew after any change, by as many queries as ever."""
    return shelf.of_question("bottlenecks", event_id, lambda: _counted(event_id))


def _counted(event_id: int) -> Bottlenecks:
    ground = _Ground(event_id)
    pairs = _wanted(event_id)
    free = capacity.free_in(event_id)
    common = [free.get(one, set()) & free.get(other, set()) for one, other in pairs]
    load: dict[int, float] = defaultdict(float)
    for times in common:
        for slot_id in times:
            load[slot_id] += 1 / len(times)
    return Bottlenecks(
        slots=[
            SlotLoad(slot.day, slot.start, slot.end, round(load[slot.id], 6), ground.places_in(slot.id))
            for slot in ground.slots
        ],
        places=_by_place(event_id, pairs, ground),
        apart=sum(not times for times in common),
    )


class _Ground:
    """Slots and places of an event, and which place is open when."""

    def __init__(self, event_id: int) -> None:
        found = db.session.scalars(select(Slot).where(Slot.event_id == event_id).order_by(Slot.day, Slot.start))
        usable = capacity.usable_slots(event_id)
        self.slots = [slot for slot in found if slot.id in usable]
        rows = db.session.scalars(select(Location).where(Location.event_id == event_id).order_by(Location.id))
        self.locations: Mapping[int, Location] = {row.id: row for row in rows}
        owned = select(LocationOwner.location_id).where(LocationOwner.event_id == event_id)
        self._owned = set(db.session.scalars(owned))
        columns = LocationClosure.location_id, LocationClosure.slot_id
        closed = db.session.execute(select(*columns).where(LocationClosure.event_id == event_id))
        self._closed = {(location_id, slot_id) for location_id, slot_id in closed}

    @property
    def shared(self) -> list[int]:
        """Return the places that anybody may use."""
        return [id_ for id_, place in self.locations.items() if not place.is_stand and id_ not in self._owned]

    def places_in(self, slot_id: int) -> int:
        return sum(place.capacity for id_, place in self.locations.items() if (id_, slot_id) not in self._closed)

    def places_at(self, location_ids: Collection[int]) -> int:
        open_ = ((id_, slot.id) not in self._closed for id_ in location_ids for slot in self.slots)
        sizes = (self.locations[id_].capacity for id_ in location_ids for _ in self.slots)
        return sum(size for size, is_open in zip(sizes, open_, strict=True) if is_open)


def _wanted(event_id: int) -> set[Pair]:
    said = select(Wish.organisation_id, Wish.wanted_id).where(Wish.event_id == event_id, Wish.level.in_(POSITIVE))
    return {(min(one, other), max(one, other)) for one, other in db.session.execute(said)}


def _by_place(event_id: int, pairs: Collection[Pair], ground: _Ground) -> list[PlaceLoad]:
    """Return the tables for everybody first, then each zone in which somebody must be met at a stand."""
    tied = _tied(event_id)
    stands = [tied.get(one, tied.get(other)) for one, other in pairs]
    wanted = Counter(None if id_ is None else ground.locations[id_].zone_id or 0 for id_ in stands)
    names = dict(db.session.execute(select(Zone.id, Zone.names).where(Zone.event_id == event_id)).all())
    in_zone: dict[int, set[int]] = defaultdict(set)
    for id_ in tied.values():
        in_zone[ground.locations[id_].zone_id or 0].add(id_)
    zones = [
        PlaceLoad(names.get(zone_id, {}), False, wanted[zone_id], ground.places_at(ids))
        for zone_id, ids in sorted(in_zone.items())
    ]
    return [PlaceLoad({}, True, wanted[None], ground.places_at(ground.shared)), *zones]


def _tied(event_id: int) -> dict[int, int]:
    """Return, by organisation, the place at which all its representatives must be met."""
    columns = Participation.organisation_id, Participation.location_id
    where = Participation.event_id == event_id, Participation.withdrawn.is_(False), Participation.represents.is_(True)
    found: dict[int, set[int | None]] = defaultdict(set)
    for organisation_id, location_id in db.session.execute(select(*columns).where(*where)):
        found[organisation_id].add(location_id)
    return {id_: min(filter(None, places)) for id_, places in found.items() if None not in places}

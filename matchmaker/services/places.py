"""Where meetings are held: zones and the walk between them, halls with tables, stands."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.domain.wording import N_
from matchmaker.errors import InvalidValue
from matchmaker.models import (
    Draft,
    DraftMeeting,
    EventSession,
    Location,
    LocationClosure,
    LocationOwner,
    Organisation,
    Participation,
    PublishedMeeting,
    Slot,
    TableBooking,
    Version,
    Walk,
    Zone,
)
from matchmaker.services.steps import rows
from matchmaker.services.steps.journal import record
from matchmaker.services.steps.revisions import bump, refuse_stale
from matchmaker.unit_of_work import unit_of_work


@dataclass(frozen=True, slots=True)
class Place:
    """A hall with ``capacity`` tables, or a stand that only ``owner_ids`` (organisations) use, once it has some."""

    code: str
    names: Mapping[str, str]
    capacity: int = 1
    is_stand: bool = False
    zone_id: int | None = None
    features: tuple[str, ...] = ()
    owner_ids: frozenset[int] = frozenset()
    closed_slot_ids: frozenset[int] = frozenset()


def add_zone(event_id: int, code: str, names: Mapping[str, str], *, actor_id: int | None, now: datetime) -> int:
    """Add a part of the grounds; return its id.

    Raises
    ------
    InvalidValue
        If the code is taken, or the zone has no name.
    """
    with unit_of_work() as session:
        rows.the_event(session, event_id)
        rows.refuse_nameless(names)
        rows.refuse_taken(session, Zone, event_id, code)
        zone = Zone(event_id=event_id, code=code, names=dict(names))
        session.add(zone)
        session.flush()
        record(session, event_id=event_id, actor_id=actor_id, verb="zone.added", now=now, subject=code)
        return zone.id


def remove_zone(event_id: int, zone_id: int, *, actor_id: int | None, now: datetime) -> None:
    """Take a zone away, with its walks.

    Raises
    ------
    InUse
        If locations or sessions are in it.
    """
    with unit_of_work() as session:
        zone = rows.of_event(session, Zone, event_id, zone_id)
        rows.refuse_used(session, "zone", Location.zone_id == zone_id, EventSession.zone_id == zone_id)
        session.delete(zone)
        record(session, event_id=event_id, actor_id=actor_id, verb="zone.removed", now=now, subject=zone.code)


def set_walk(
    event_id: int, zone_ids: tuple[int, int], minutes: int | None, *, actor_id: int | None, now: datetime
) -> None:
    """Say how many minutes the walk between two zones takes, either way; None or 0: none to speak of.

    Raises
    ------
    InvalidValue
        If the zones are one, or the minutes negative or more than 120.
    NotFound
        If a zone is not of the event.
    """
    one, other = sorted(zone_ids)
    if one == other or not 0 <= (minutes or 0) <= 120:
        raise InvalidValue("minutes", N_("A walk leads between two zones and takes 0 to 120 minutes."))
    with unit_of_work() as session:
        codes = [rows.of_event(session, Zone, event_id, zone_id).code for zone_id in (one, other)]
        pair = Walk.event_id == event_id, Walk.zone_a_id == one, Walk.zone_b_id == other
        walk = session.scalar(select(Walk).where(*pair))
        if not minutes:
            _forget(session, walk)
        elif walk is None:
            session.add(Walk(event_id=event_id, zone_a_id=one, zone_b_id=other, minutes=minutes))
        else:
            walk.minutes = minutes
        detail = {"minutes": minutes or 0}
        subject = " ".join(codes)
        record(session, event_id=event_id, actor_id=actor_id, verb="walk.set", now=now, subject=subject, detail=detail)


def add_location(event_id: int, place: Place, *, actor_id: int | None, now: datetime) -> int:
    """Add a hall or a stand; return its id.

    Raises
    ------
    InvalidValue
        If the code is taken, the name missing, or there are less than 1 or more than 1,000 tables.
    NotFound
        If the zone, an owner or a slot is not of the event.
    """
    with unit_of_work() as session:
        rows.the_event(session, event_id)
        _check(session, event_id, place)
        location = Location(event_id=event_id, **_columns(place))
        session.add(location)
        session.flush()
        _furnish(location, place)
        record(session, event_id=event_id, actor_id=actor_id, verb="location.added", now=now, subject=place.code)
        return location.id


def change_location(
    event_id: int, location_id: int, place: Place, *, revision: int, actor_id: int | None, now: datetime
) -> None:
    """Change a hall or a stand.

    Raises
    ------
    ChangedMeanwhile
        If somebody saved it since ``revision`` was read.
    InUse
        If a table that should go has meetings in the newest draft or in what is published.
    InvalidValue, NotFound
        As for ``add_location``.
    """
    with unit_of_work() as session:
        location = rows.of_event(session, Location, event_id, location_id)
        yours = _columns(place) | {"owners": sorted(place.owner_ids), "closures": sorted(place.closed_slot_ids)}
        refuse_stale(location, revision, {name: _theirs(location, name) for name in yours}, yours)
        _check(session, event_id, place, location_id)
        _refuse_tables_in_use(session, location, place.capacity)
        bump(location, revision, _columns(place))
        _furnish(location, place)
        record(session, event_id=event_id, actor_id=actor_id, verb="location.changed", now=now, subject=place.code)


def give_stand(
    event_id: int, location_id: int, owner_ids: frozenset[int], *, actor_id: int | None, now: datetime
) -> None:
    """Make these organisations the owners of a location: their meetings alone may use it.

    Raises
    ------
    NotFound
        If the location, or an organisation, is not of the event.
    """
    with unit_of_work() as session:
        location = rows.of_event(session, Location, event_id, location_id)
        rows.refuse_strangers(session, Organisation, event_id, owner_ids)
        _own(location, owner_ids)
        location.revision += 1
        record(session, event_id=event_id, actor_id=actor_id, verb="location.owners", now=now, subject=location.code)


def remove_location(event_id: int, location_id: int, *, actor_id: int | None, now: datetime) -> None:
    """Take a hall or a stand away.

    Raises
    ------
    InUse
        If a draft or a published meeting is there, or a person is tied to it.
    """
    with unit_of_work() as session:
        location = rows.of_event(session, Location, event_id, location_id)
        users = (DraftMeeting, TableBooking, PublishedMeeting, Participation)
        rows.refuse_used(session, "location", *(user.location_id == location_id for user in users))
        session.delete(location)
        record(session, event_id=event_id, actor_id=actor_id, verb="location.removed", now=now, subject=location.code)


def _check(session: Session, event_id: int, place: Place, location_id: int | None = None) -> None:
    rows.refuse_nameless(place.names)
    rows.refuse_taken(session, Location, event_id, place.code, location_id)
    if place.zone_id is not None:
        rows.of_event(session, Zone, event_id, place.zone_id)
    rows.refuse_strangers(session, Organisation, event_id, place.owner_ids)
    rows.refuse_strangers(session, Slot, event_id, place.closed_slot_ids)
    if not 1 <= place.capacity <= 1000:
        raise InvalidValue("capacity", N_("A hall has 1 to 1,000 tables."))


def _refuse_tables_in_use(session: Session, location: Location, capacity: int) -> None:
    newest = select(Draft.id).where(Draft.event_id == location.event_id).order_by(Draft.number.desc()).limit(1)
    drafts: Collection[int] = {*session.scalars(newest), *_told(session, location.event_id)}
    beyond = (TableBooking.location_id == location.id) & (TableBooking.table_number > capacity)
    rows.refuse_used(session, "table", beyond & TableBooking.draft_id.in_(drafts))


def _told(session: Session, event_id: int) -> Iterator[int]:
    """Yield the drafts that hold what is told: the last one published, and those before it back to a whole one."""
    rows = select(Version.draft_id, Version.days).where(Version.event_id == event_id)
    for draft_id, days in session.execute(rows.order_by(Version.number.desc())):
        yield draft_id
        if not days:
            return


def _columns(place: Place) -> dict[str, Any]:
    return {
        "code": place.code,
        "names": dict(place.names),
        "capacity": place.capacity,
        "is_stand": place.is_stand,
        "zone_id": place.zone_id,
        "features": list(place.features),
    }


def _theirs(location: Location, name: str) -> Any:
    if name == "owners":
        return sorted(owner.organisation_id for owner in location.owners)
    if name == "closures":
        return sorted(closure.slot_id for closure in location.closures)
    return getattr(location, name)


def _furnish(location: Location, place: Place) -> None:
    """Make the rows of owners and closures those of ``place``; what stays keeps its row."""
    _own(location, place.owner_ids)
    closures = {row.slot_id: row for row in location.closures}
    location.closures = [
        closures.get(id_) or LocationClosure(event_id=location.event_id, slot_id=id_)
        for id_ in sorted(place.closed_slot_ids)
    ]


def _own(location: Location, owner_ids: frozenset[int]) -> None:
    owners = {row.organisation_id: row for row in location.owners}
    location.owners = [
        owners.get(id_) or LocationOwner(event_id=location.event_id, organisation_id=id_) for id_ in sorted(owner_ids)
    ]


def _forget(session: Session, walk: Walk | None) -> None:
    if walk is not None:
        session.delete(walk)

"""The grounds of an event: zones, walks, halls and stands, sessions; and what their forms may choose from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from matchmaker.errors import NotFound
from matchmaker.extensions import db
from matchmaker.models import (
    Account,
    EventSession,
    Location,
    Organisation,
    ParticipantType,
    Participation,
    SessionSeat,
    Slot,
    Texts,
    Walk,
    Zone,
)


def zones(event_id: int) -> Sequence[Zone]:
    return db.session.scalars(select(Zone).where(Zone.event_id == event_id).order_by(Zone.code)).all()


def walks(event_id: int) -> Sequence[Walk]:
    return db.session.scalars(
        select(Walk).where(Walk.event_id == event_id).order_by(Walk.zone_a_id, Walk.zone_b_id)
    ).all()


def locations(event_id: int) -> Sequence[Location]:
    """Return halls first, then stands, each by its code."""
    where = select(Location).where(Location.event_id == event_id)
    ways = (joinedload(Location.zone), selectinload(Location.owners), selectinload(Location.closures))
    return db.session.scalars(where.options(*ways).order_by(Location.is_stand, Location.code)).all()


def location(event_id: int, location_id: int) -> Location:
    """Return one place of the event.

    Raises
    ------
    NotFound
        If the event has none such.
    """
    found = db.session.get(Location, location_id)
    if found is None or found.event_id != event_id:
        raise NotFound("location", location_id)
    return found


def sessions(event_id: int) -> Sequence[tuple[EventSession, int]]:
    """Return the sessions in the order of time, each with the number of its seats taken."""
    seated = select(func.count(SessionSeat.id)).where(SessionSeat.session_id == EventSession.id).scalar_subquery()
    where = select(EventSession, seated).where(EventSession.event_id == event_id)
    order = EventSession.day, EventSession.start, EventSession.id
    return db.session.execute(where.order_by(*order)).all()


def session(event_id: int, session_id: int) -> EventSession:
    """Return one session of the event.

    Raises
    ------
    NotFound
        If the event has none such.
    """
    found = db.session.get(EventSession, session_id)
    if found is None or found.event_id != event_id:
        raise NotFound("session", session_id)
    return found


def seats(session_id: int) -> Sequence[SessionSeat]:
    return db.session.scalars(select(SessionSeat).where(SessionSeat.session_id == session_id)).all()


def types(event_id: int) -> Sequence[tuple[ParticipantType, int]]:
    """Return the types of participants, each with the number of its organisations."""
    members = select(func.count(Organisation.id)).where(Organisation.type_id == ParticipantType.id).scalar_subquery()
    where = select(ParticipantType, members).where(ParticipantType.event_id == event_id)
    return db.session.execute(where.order_by(ParticipantType.code)).all()


def type_(event_id: int, type_id: int) -> ParticipantType:
    """Return one type of the event.

    Raises
    ------
    NotFound
        If the event has none such.
    """
    found = db.session.get(ParticipantType, type_id)
    if found is None or found.event_id != event_id:
        raise NotFound("type", type_id)
    return found


class Party(NamedTuple):
    id: int
    code: str
    names: Texts


def organisations(event_id: int) -> list[Party]:
    """Return the organisations of an event, for a form that names some of them."""
    columns = Organisation.id, Organisation.code, Organisation.names
    rows = db.session.execute(select(*columns).where(Organisation.event_id == event_id).order_by(Organisation.id))
    return [Party._make(row) for row in rows]


def slots(event_id: int) -> Sequence[Slot]:
    return db.session.scalars(select(Slot).where(Slot.event_id == event_id).order_by(Slot.day, Slot.start)).all()


def people(event_id: int) -> Sequence[tuple[int, Texts, Texts]]:
    """Return id, names and organisation of all who take part, for a form that names some of them."""
    columns = Participation.id, Account.names, Organisation.names
    joined = select(*columns).join(Account, Account.id == Participation.account_id)
    joined = joined.join(Organisation, Organisation.id == Participation.organisation_id)
    where = Participation.event_id == event_id, Participation.withdrawn.is_(False)
    return db.session.execute(joined.where(*where).order_by(Participation.organisation_id, Participation.id)).all()

"""What the loader of a scenario has to find again: ids by codes, an event that is there, somebody to show."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import InstrumentedAttribute

from matchmaker.domain.states import POSITIVE, Channel, Role
from matchmaker.extensions import db
from matchmaker.models import Event, Membership, Organisation, Participation, Slot, Wish


@dataclass(frozen=True, slots=True)
class Loaded:
    """A loaded event, its owner's account, and a participant whose agenda has something to tell."""

    slug: str
    event_id: int
    organiser_account_id: int
    participation_id: int


def slot_ids(event_id: int) -> dict[str, int]:
    """Return the ids of an event's slots by their codes."""
    return {slot.code: slot.id for slot in db.session.scalars(select(Slot).where(Slot.event_id == event_id))}


def belongings(participation_id: int) -> tuple[int, int]:
    """Return the ids of a participant's organisation and account."""
    where = Participation.id == participation_id
    row = db.session.execute(select(Participation.organisation_id, Participation.account_id).where(where)).one()
    return row.organisation_id, row.account_id


def find(slug: str) -> Loaded | None:
    """Return a loaded event, or None if none has this address."""
    event_id = db.session.scalar(select(Event.id).where(Event.slug == slug))
    if event_id is None:
        return None
    owner = select(Membership.account_id).where(Membership.event_id == event_id, Membership.role == Role.OWNER)
    owner_id = db.session.scalars(owner.order_by(Membership.id).limit(1)).one()
    return Loaded(slug, event_id, owner_id, telling(event_id))


def telling(event_id: int) -> int:
    """Return somebody who is told by mail, for the busiest organisation that asks more than it is asked."""
    asks, is_asked = _wishes(Wish.organisation_id), _wishes(Wish.wanted_id)
    return db.session.scalars(
        select(Participation.id)
        .join(Organisation, Organisation.id == Participation.organisation_id)
        .where(Participation.event_id == event_id, Participation.channel == Channel.MAIL, ~Organisation.is_host)
        .order_by((asks >= is_asked).desc(), (asks + is_asked).desc(), Participation.id)
        .limit(1)
    ).one()


def _wishes(side: InstrumentedAttribute[int]) -> ScalarSelect[int]:
    counted = select(func.count(Wish.id)).where(side == Organisation.id, Wish.level.in_(POSITIVE))
    return counted.correlate(Organisation).scalar_subquery()

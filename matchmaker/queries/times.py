"""A person's time at an event: the slots, what they marked as not free, and what blocks them anyway."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from matchmaker.extensions import db
from matchmaker.models import Break, EventSession, Participation, SessionQueue, SessionSeat, Slot, Unavailability

Own = aliased(SessionQueue)


@dataclass(frozen=True, slots=True)
class Talk:
    """A session as one person sees it.

    ``taken`` counts the seats of all, ``place`` is the person's in the queue, from 1; None if they do not wait.
    """

    session: EventSession
    mine: bool
    taken: int
    place: int | None = None

    @property
    def blocks(self) -> bool:
        return self.mine or self.session.for_everybody

    @property
    def full(self) -> bool:
        return self.session.capacity is not None and self.taken >= self.session.capacity


@dataclass(frozen=True, slots=True)
class Times:
    slots: Sequence[Slot]
    breaks: Sequence[Break]
    talks: Sequence[Talk]
    away: frozenset[int]

    def blocked_by(self, slot: Slot) -> Talk | None:
        """Return what holds everybody, or this person, elsewhere in a slot."""
        for talk in self.talks:
            held = talk.session
            if talk.blocks and held.day == slot.day and held.start < slot.end and slot.start < held.end:
                return talk
        return None

    @property
    def open_slots(self) -> list[Slot]:
        """The slots that the person may mark."""
        return [slot for slot in self.slots if self.blocked_by(slot) is None]


def times(participation: Participation) -> Times:
    """Return the person's slots, breaks and sessions, each in time order."""
    event_id = participation.event_id
    away = select(Unavailability.slot_id).where(Unavailability.participation_id == participation.id)
    return Times(
        slots=db.session.scalars(select(Slot).where(Slot.event_id == event_id).order_by(Slot.day, Slot.start)).all(),
        breaks=db.session.scalars(select(Break).where(Break.event_id == event_id).order_by(Break.start)).all(),
        talks=_talks(participation),
        away=frozenset(db.session.scalars(away)),
    )


def _talks(participation: Participation) -> list[Talk]:
    """Return the sessions a person can see: a closed one is nobody's business but of those who sit in it."""
    taken = select(SessionSeat.session_id, func.count(SessionSeat.id)).where(
        SessionSeat.event_id == participation.event_id
    )
    counts = dict(db.session.execute(taken.group_by(SessionSeat.session_id)).all())
    mine = set(
        db.session.scalars(select(SessionSeat.session_id).where(SessionSeat.participation_id == participation.id))
    )
    sessions = select(EventSession).where(EventSession.event_id == participation.event_id)
    rows = db.session.scalars(sessions.order_by(EventSession.day, EventSession.start, EventSession.id))
    places = _places(participation)
    talks = [Talk(row, row.id in mine, counts.get(row.id, 0), places.get(row.id)) for row in rows]
    return [talk for talk in talks if talk.blocks or not talk.session.closed]


def _places(participation: Participation) -> Mapping[int, int]:
    """Return the person's place in the queue of each session for which they wait."""
    before = (
        select(Own.session_id, func.count(SessionQueue.id))
        .join(SessionQueue, (SessionQueue.session_id == Own.session_id) & (SessionQueue.id <= Own.id))
        .where(Own.participation_id == participation.id)
        .group_by(Own.session_id)
    )
    return dict(db.session.execute(before).all())

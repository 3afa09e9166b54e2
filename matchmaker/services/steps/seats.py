"""Seats of a session, and the queue of those who wait for one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matchmaker.models import EventSession, SessionQueue, SessionSeat
from matchmaker.services.steps.journal import record


def held_by(session: Session, session_id: int, participation_id: int) -> bool:
    where = (SessionSeat.session_id == session_id, SessionSeat.participation_id == participation_id)
    return session.scalar(select(SessionSeat.id).where(*where)) is not None


def free(session: Session, talk: EventSession) -> bool:
    """Tell whether a session has a seat left; its row must be locked, or two may see the same one."""
    taken = session.scalar(select(func.count(SessionSeat.id)).where(SessionSeat.session_id == talk.id)) or 0
    return talk.capacity is None or taken < talk.capacity


def take(session: Session, talk: EventSession, participation_id: int) -> None:
    session.add(SessionSeat(event_id=talk.event_id, session_id=talk.id, participation_id=participation_id))
    session.flush()


def wait(session: Session, talk: EventSession, participation_id: int) -> None:
    """Put a person at the end of the queue, where they stand once."""
    where = (SessionQueue.session_id == talk.id, SessionQueue.participation_id == participation_id)
    if session.scalar(select(SessionQueue.id).where(*where)) is None:
        session.add(SessionQueue(event_id=talk.event_id, session_id=talk.id, participation_id=participation_id))


def leave(session: Session, session_id: int, participation_id: int) -> bool:
    """Take a person out of a session and of its queue; tell whether they were in either."""
    found = [
        row
        for kind in (SessionSeat, SessionQueue)
        for row in session.scalars(
            select(kind).where(kind.session_id == session_id, kind.participation_id == participation_id)
        )
    ]
    for row in found:
        session.delete(row)
    session.flush()
    return bool(found)


def fill(session: Session, talk: EventSession, actor_id: int | None, now: datetime) -> None:
    """Give the seats that are free to those who have waited longest."""
    queue = select(SessionQueue).where(SessionQueue.session_id == talk.id).order_by(SessionQueue.id)
    for first in session.scalars(queue).all():
        if not free(session, talk):
            return
        participation_id = first.participation_id
        session.delete(first)
        if not held_by(session, talk.id, participation_id):
            take(session, talk, participation_id)
        record(
            session,
            event_id=talk.event_id,
            actor_id=actor_id,
            verb="got_seat",
            now=now,
            subject=str(talk.id),
            for_participation_id=participation_id,
        )

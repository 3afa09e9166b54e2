"""The numbered queue of a host: opened by the desk; numbers are given, and called, by the desk or the host."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from matchmaker.errors import NobodyWaits, NotFound, QueueClosed
from matchmaker.models import NumberedQueue, Organisation, Participation, QueueNumber
from matchmaker.services.steps.acting import refuse_strangers
from matchmaker.services.steps.journal import record
from matchmaker.unit_of_work import unit_of_work


def open_for(event_id: int, code: str, minutes: int, *, actor_id: int | None, now: datetime) -> None:
    """Open a queue for an organisation, by its code, in which a visitor takes so many minutes; it starts with 1.

    One that is open goes on with its numbers.

    Raises
    ------
    NotFound
        If the event has no such organisation.
    """
    with unit_of_work() as session:
        host = _host(session, event_id, code)
        queue = session.scalar(_queue(event_id, host.id))
        if queue is None:
            queue = NumberedQueue(event_id=event_id, organisation_id=host.id, is_open=False)
            session.add(queue)
        queue.minutes = minutes
        if not queue.is_open:
            queue.is_open, queue.last, queue.serving = True, 0, 0
            session.flush()
            session.execute(delete(QueueNumber).where(QueueNumber.queue_id == queue.id))
            _note(session, host, "queue.opened", actor_id=actor_id, now=now)


def close(event_id: int, code: str, *, actor_id: int | None, now: datetime) -> None:
    """Close a queue; its numbers are called no more.

    Raises
    ------
    NotFound
        If the event has no such organisation.
    QueueClosed
        If it has no open queue.
    """
    with unit_of_work() as session:
        host = _host(session, event_id, code)
        _opened(session, host).is_open = False
        _note(session, host, "queue.closed", actor_id=actor_id, now=now)


def give(event_id: int, code: str, participation_id: int | None = None, *, actor_id: int | None, now: datetime) -> int:
    """Give the next number, to somebody whose agenda shows it or on paper; who has one still to come keeps that.

    Raises
    ------
    NotFound
        If the event has no such organisation or person, or the actor is neither of the host nor of the staff.
    QueueClosed
        If the host has no open queue.
    """
    with unit_of_work() as session:
        host = _host(session, event_id, code)
        refuse_strangers(session, host, actor_id)
        queue = _opened(session, host)
        if participation_id is not None and (there := _number_of(session, queue, event_id, participation_id)):
            return there
        queue.last += 1
        about: dict[str, Any] = {"detail": {"number": queue.last}, "actor_id": actor_id, "now": now}
        if participation_id is not None:
            number = {"number": queue.last, "participation_id": participation_id}
            session.add(QueueNumber(event_id=event_id, queue_id=queue.id, given_at=now, **number))
            about["for_participation_id"] = participation_id
        _note(session, host, "queue.number", **about)
        return queue.last


def call_next(event_id: int, code: str, *, actor_id: int | None, now: datetime) -> int:
    """Call the next number and return it.

    Raises
    ------
    NobodyWaits
        If all numbers that were given have been called.
    NotFound, QueueClosed
        As for ``give``.
    """
    with unit_of_work() as session:
        host = _host(session, event_id, code)
        refuse_strangers(session, host, actor_id)
        queue = _opened(session, host)
        if queue.serving >= queue.last:
            raise NobodyWaits
        queue.serving += 1
        _note(session, host, "queue.called", detail={"number": queue.serving}, actor_id=actor_id, now=now)
        return queue.serving


def _host(session: Session, event_id: int, code: str) -> Organisation:
    found = session.scalar(select(Organisation).where(Organisation.event_id == event_id, Organisation.code == code))
    if found is None:
        raise NotFound("organisation", code)
    return found


def _queue(event_id: int, organisation_id: int) -> Any:
    """Lock the queue's row: of two who want the next number the second gets the one after."""
    where = NumberedQueue.event_id == event_id, NumberedQueue.organisation_id == organisation_id
    return select(NumberedQueue).where(*where).with_for_update().execution_options(populate_existing=True)


def _opened(session: Session, host: Organisation) -> NumberedQueue:
    queue: NumberedQueue | None = session.scalar(_queue(host.event_id, host.id))
    if queue is None or not queue.is_open:
        raise QueueClosed
    return queue


def _number_of(session: Session, queue: NumberedQueue, event_id: int, participation_id: int) -> int | None:
    """Return the number that somebody of the event has and that was not called yet."""
    one = session.get(Participation, participation_id)
    if one is None or one.event_id != event_id or one.withdrawn:
        raise NotFound("participation", participation_id)
    mine = QueueNumber.queue_id == queue.id, QueueNumber.participation_id == participation_id
    return session.scalar(select(QueueNumber.number).where(*mine, QueueNumber.number > queue.serving))


def _note(session: Session, host: Organisation, verb: str, **act: Any) -> None:
    record(session, event_id=host.event_id, verb=verb, subject=host.code, **act)

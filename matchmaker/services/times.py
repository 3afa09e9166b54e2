"""When a person is not free, and the sessions they attend."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matchmaker.domain.states import Phase
from matchmaker.errors import NotFound, SessionFull
from matchmaker.models import Event, EventSession, Participation, SessionSeat, Slot, Unavailability
from matchmaker.services.steps.acting import is_staff, refuse_when_closed
from matchmaker.services.steps.journal import record
from matchmaker.unit_of_work import unit_of_work

OPEN = frozenset({Phase.REGISTRATION, Phase.WISHES})


def replace(participation_id: int, slot_ids: Collection[int], *, actor_id: int | None, now: datetime) -> None:
    """Make ``slot_ids`` all the slots in which the person is not free.

    Raises
    ------
    NotFound
        If there is no such participant, or a slot is not one of their event.
    WishesClosed, PhaseForbids
        If times can no longer be changed by participants; what is stored stays.
    """
    with unit_of_work() as session:
        participation = _participation(session, participation_id)
        _refuse_when_closed(session, participation, actor_id, now)
        wanted = set(slot_ids)
        known = select(Slot.id).where(Slot.event_id == participation.event_id, Slot.id.in_(wanted))
        if strangers := wanted - set(session.scalars(known)):
            raise NotFound("slot", sorted(strangers))
        stored = {mark.slot_id: mark for mark in participation.unavailabilities}
        if stored.keys() == wanted:
            return
        participation.unavailabilities = [
            stored.get(slot_id) or Unavailability(event_id=participation.event_id, slot_id=slot_id)
            for slot_id in sorted(wanted)
        ]
        _record(session, participation, actor_id, now, verb="changed_times", subject=str(len(wanted)))


def seat(session_id: int, participation_id: int, *, actor_id: int | None, now: datetime) -> None:
    """Sign a person up for a session; it blocks their time. Signing up twice is signing up once.

    Raises
    ------
    NotFound
        If there is no such session in the person's event, or only staff may fill it.
    SessionFull
        If all its seats are taken.
    WishesClosed, PhaseForbids
        If times can no longer be changed by participants.
    """
    with unit_of_work() as session:
        participation = _participation(session, participation_id)
        _refuse_when_closed(session, participation, actor_id, now)
        talk = _session(session, session_id, participation.event_id)
        if talk.for_everybody or (talk.closed and not is_staff(session, talk.event_id, actor_id)):
            raise NotFound("session", session_id)
        if _seat(session, talk.id, participation.id) is not None:
            return
        _refuse_when_full(session, talk)
        session.add(SessionSeat(event_id=talk.event_id, session_id=talk.id, participation_id=participation.id))
        _record(session, participation, actor_id, now, verb="joined_session", subject=str(talk.id))


def unseat(session_id: int, participation_id: int, *, actor_id: int | None, now: datetime) -> None:
    """Take a person out of a session; their time is free again.

    Raises
    ------
    NotFound
        If there is no such session in the person's event, or only staff may change who is in it.
    WishesClosed, PhaseForbids
        If times can no longer be changed by participants.
    """
    with unit_of_work() as session:
        participation = _participation(session, participation_id)
        _refuse_when_closed(session, participation, actor_id, now)
        talk = _session(session, session_id, participation.event_id)
        if talk.closed and not is_staff(session, talk.event_id, actor_id):
            raise NotFound("session", session_id)
        taken = _seat(session, talk.id, participation.id)
        if taken is not None:
            session.delete(taken)
            _record(session, participation, actor_id, now, verb="left_session", subject=str(talk.id))


def _participation(session: Session, participation_id: int) -> Participation:
    participation = session.get(Participation, participation_id)
    if participation is None or participation.withdrawn:
        raise NotFound("participation", participation_id)
    return participation


def _refuse_when_closed(session: Session, participation: Participation, actor_id: int | None, now: datetime) -> None:
    refuse_when_closed(session, session.get_one(Event, participation.event_id), actor_id, OPEN, now)


def _session(session: Session, session_id: int, event_id: int) -> EventSession:
    # The row is locked, so that of two who want the last seat the second counts the first.
    where = (EventSession.id == session_id, EventSession.event_id == event_id)
    talk = session.scalar(select(EventSession).where(*where).with_for_update())
    if talk is None:
        raise NotFound("session", session_id)
    return talk


def _seat(session: Session, session_id: int, participation_id: int) -> SessionSeat | None:
    where = (SessionSeat.session_id == session_id, SessionSeat.participation_id == participation_id)
    return session.scalar(select(SessionSeat).where(*where))


def _refuse_when_full(session: Session, talk: EventSession) -> None:
    taken = session.scalar(select(func.count(SessionSeat.id)).where(SessionSeat.session_id == talk.id)) or 0
    if talk.capacity is not None and taken >= talk.capacity:
        raise SessionFull(talk.capacity)


def _record(session: Session, participation: Participation, actor_id: int | None, now: datetime, **act: Any) -> None:
    record(
        session,
        event_id=participation.event_id,
        actor_id=actor_id,
        now=now,
        for_participation_id=participation.id,
        **act,
    )

"""When a person is not free, and the sessions they attend."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.domain.states import Phase
from matchmaker.errors import NotFound
from matchmaker.models import Event, EventSession, Participation, Slot, Unavailability
from matchmaker.services.steps import seats
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
        if stored.keys() == wanted and participation.times_said_at:
            return
        participation.times_said_at = participation.times_said_at or now
        participation.unavailabilities = [
            stored.get(slot_id) or Unavailability(event_id=participation.event_id, slot_id=slot_id)
            for slot_id in sorted(wanted)
        ]
        _record(session, participation, actor_id, now, verb="changed_times", subject=str(len(wanted)))


def seat(session_id: int, participation_id: int, *, actor_id: int | None, now: datetime) -> bool:
    """Sign a person up for a session; it blocks their time. Where it is full, they wait for a seat instead.

    Return whether they have a seat. Signing up twice is signing up once.

    Raises
    ------
    NotFound
        If there is no such session in the person's event, or only staff may fill it.
    WishesClosed, PhaseForbids
        If times can no longer be changed by participants.
    """
    with unit_of_work() as session:
        participation = _participation(session, participation_id)
        _refuse_when_closed(session, participation, actor_id, now)
        talk = _session(session, session_id, participation.event_id)
        if talk.for_everybody or (talk.closed and not is_staff(session, talk.event_id, actor_id)):
            raise NotFound("session", session_id)
        if seats.held_by(session, talk.id, participation.id):
            return True
        sits = seats.free(session, talk)
        seats.take(session, talk, participation.id) if sits else seats.wait(session, talk, participation.id)
        verb = "joined_session" if sits else "waits_for_session"
        _record(session, participation, actor_id, now, verb=verb, subject=str(talk.id))
        return sits


def unseat(session_id: int, participation_id: int, *, actor_id: int | None, now: datetime) -> None:
    """Take a person out of a session or of its queue; their time is free again, and whoever waited longest sits down.

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
        if seats.leave(session, talk.id, participation.id):
            _record(session, participation, actor_id, now, verb="left_session", subject=str(talk.id))
            seats.fill(session, talk, actor_id, now)


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


def _record(session: Session, participation: Participation, actor_id: int | None, now: datetime, **act: Any) -> None:
    record(
        session,
        event_id=participation.event_id,
        actor_id=actor_id,
        now=now,
        for_participation_id=participation.id,
        **act,
    )

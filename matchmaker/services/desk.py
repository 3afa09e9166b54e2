"""What the welcome desk notes on the day: who has arrived, and who did not come to a meeting."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from matchmaker.domain import zones
from matchmaker.domain.states import MeetingState
from matchmaker.errors import NotFound
from matchmaker.models import Participation, PublishedMeeting
from matchmaker.queries import changes
from matchmaker.services.steps import published
from matchmaker.services.steps.journal import record
from matchmaker.unit_of_work import unit_of_work


def arrive(event_id: int, participation_id: int, *, actor_id: int | None, now: datetime) -> None:
    """Note that somebody has arrived; whoever arrived before stays as they were.

    Raises
    ------
    NotFound
        If nobody of the event is this, or they have withdrawn.
    """
    _note_arrival(event_id, participation_id, "arrived", actor_id=actor_id, now=now)


def take_arrival_back(event_id: int, participation_id: int, *, actor_id: int | None, now: datetime) -> None:
    """Note that somebody has not arrived after all.

    Raises
    ------
    NotFound
        As for ``arrive``.
    """
    _note_arrival(event_id, participation_id, "arrival.taken_back", actor_id=actor_id, now=now)


def missed(event_id: int, code: str, participation_id: int, *, actor_id: int | None, now: datetime) -> None:
    """Mark a meeting that has begun as a no-show, because one who attends did not come.

    ``code`` is that of the meeting's request.

    Raises
    ------
    NotFound
        If the last version has no such meeting, it is cancelled, the person does not attend it, or it has not begun.
    """
    with unit_of_work() as session:
        meeting = _begun(session, event_id, code, now)
        published.seat(meeting, participation_id)
        published.settle(meeting, MeetingState.NO_SHOW)
        record(
            session,
            event_id=event_id,
            actor_id=actor_id,
            verb="meeting.missed",
            now=now,
            subject=code,
            for_participation_id=participation_id,
        )


def met(event_id: int, code: str, *, actor_id: int | None, now: datetime) -> None:
    """Mark a meeting that has begun as held: they met after all.

    Raises
    ------
    NotFound
        If the last version has no such meeting, it is cancelled, or it has not begun.
    """
    with unit_of_work() as session:
        meeting = _begun(session, event_id, code, now)
        published.settle(meeting, MeetingState.HELD)
        record(session, event_id=event_id, actor_id=actor_id, verb="meeting.met", now=now, subject=code)


def _note_arrival(event_id: int, participation_id: int, verb: str, *, actor_id: int | None, now: datetime) -> None:
    arrives = verb == "arrived"
    with unit_of_work() as session:
        one = _person(session, event_id, participation_id)
        if (one.arrived_at is None) is not arrives:
            return
        one.arrived_at = now if arrives else None
        about: dict[str, Any] = {"subject": one.code, "for_participation_id": one.id}
        record(session, event_id=event_id, actor_id=actor_id, verb=verb, now=now, **about)


def _person(session: Session, event_id: int, participation_id: int) -> Participation:
    one = session.get(Participation, participation_id, with_for_update=True, populate_existing=True)
    if one is None or one.event_id != event_id or one.withdrawn:
        raise NotFound("participation", participation_id)
    return one


def _begun(session: Session, event_id: int, code: str, now: datetime) -> PublishedMeeting:
    """Return a meeting of the last version; the event's row is locked, so that no other version comes meanwhile."""
    event = published.locked_event(session, event_id)
    meeting = changes.meeting(event_id, code)
    session.refresh(meeting, ["state", "sequence"], with_for_update=True)
    begins = zones.instant(datetime.combine(meeting.day, meeting.start), event.zone)
    if meeting.state is MeetingState.CANCELLED or now < begins:
        raise NotFound("meeting", code)
    return meeting

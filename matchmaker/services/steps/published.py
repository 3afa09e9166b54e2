"""A published meeting opened for a change that makes no new version, and those told who are concerned."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.domain.feedback import steps
from matchmaker.domain.states import CHANGE, MEETING, ChangeState, MeetingState, moved
from matchmaker.errors import MeetingOver, NotFound, PhaseForbids
from matchmaker.models import Attendance, ChangeRequest, Event, Mail, Participation, PublishedMeeting, Version
from matchmaker.queries import changes
from matchmaker.queries.meeting_rows import Person
from matchmaker.services.steps import outbox
from matchmaker.services.steps.acting import is_staff


def locked_event(session: Session, event_id: int) -> Event:
    """Return the event and keep its version from being changed, or followed by another, till the end of this unit.

    Publishing locks the same row: of any two who change what is published the second waits, and then reads what
    the first left. Rows that merely belong to the event can still be added meanwhile.

    Raises
    ------
    NotFound
        If there is none.
    """
    event = session.get(Event, event_id, with_for_update={"key_share": True}, populate_existing=True)
    if event is None:
        raise NotFound("event", event_id)
    return event


def opened(
    session: Session, event_id: int, code: str, *, running: bool = False, actor_id: int | None, now: datetime
) -> tuple[Event, PublishedMeeting]:
    """Return the event, locked, and a meeting of its last version that has not begun.

    Where one that is ``running`` will do, the staff get that as well.

    Raises
    ------
    MeetingOver
        If it has begun, or is over, or does not stand.
    NotFound
        If the version holds no meeting of this code.
    PhaseForbids
        If no agenda is in force and the actor is not of the event's staff.
    """
    event = locked_event(session, event_id)
    found = changes.meeting(event_id, code)
    by_staff = is_staff(session, event_id, actor_id)
    if event.phase not in changes.IN_FORCE and not by_staff:
        raise PhaseForbids(event.phase)
    if changes.is_over(found, event, now) and not (running and by_staff and changes.is_running(found, event, now)):
        raise MeetingOver
    return event, found


def settle(meeting: PublishedMeeting, outcome: MeetingState) -> None:
    """Let a meeting that has begun be held, or a no-show, whatever was noted of it before."""
    if meeting.state is MeetingState.PROVISIONAL:
        meeting.sequence += 1  # a calendar that has it as provisional learns that it stood
    for state in steps(meeting.state, outcome):
        meeting.state = moved(MEETING, meeting.state, state)


def seat(meeting: PublishedMeeting, participation_id: int) -> Attendance:
    """Return the seat of somebody who attends.

    Raises
    ------
    NotFound
        If they do not.
    """
    found = next((one for one in meeting.attendances if one.participation_id == participation_id), None)
    if found is None:
        raise NotFound("attendance", participation_id)
    return found


def shared_languages(people: Iterable[Participation | Person]) -> list[str]:
    """Return the languages that all who attend say they speak; whoever says nothing understands everybody."""
    said = [set(one.languages) for one in people if one.languages]
    return sorted(set.intersection(*said)) if said else []


def close_requests(
    session: Session,
    meeting: PublishedMeeting,
    state: ChangeState,
    *,
    of: int | None = None,
    actor_id: int | None,
    now: datetime,
) -> None:
    """Settle what is still open about a meeting, of everybody or ``of`` one participation."""
    where = [ChangeRequest.request_id == meeting.request_id, ChangeRequest.state == ChangeState.OPEN]
    if of is not None:
        where.append(ChangeRequest.participation_id == of)
    for change in session.scalars(select(ChangeRequest).where(*where)):
        change.state = moved(CHANGE, change.state, state)
        change.settled_by_id, change.settled_at = actor_id, now


def tell(
    session: Session,
    event: Event,
    meeting: PublishedMeeting,
    person: Participation,
    *,
    occasion: str,
    news: str,
    now: datetime,
) -> Mail | None:
    """Put one mail about a change into the outbox; ``news`` is what the meeting became to the person.

    ``occasion`` is this change's own, so that it is told once. See ``queries.agenda_changes.on_the_spot``. None where
    the person is not told things by mail.
    """
    number = session.scalar(select(Version.number).where(Version.id == meeting.version_id))
    return outbox.enqueue(
        session,
        event=event,
        participation=person,
        kind="changes",
        occasion=occasion,
        facts={"version": number, "on_the_spot": {news: meeting.request_id}},
        version_id=meeting.version_id,
        now=now,
    )

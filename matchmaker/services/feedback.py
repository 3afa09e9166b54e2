"""What people say of their meetings once these have begun, and what the meetings become by it."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matchmaker.domain import zones
from matchmaker.domain.feedback import outcome
from matchmaker.domain.states import MeetingState
from matchmaker.errors import NotFound
from matchmaker.models import Attendance, Event, Feedback, Participation, PublishedMeeting, Request, Version
from matchmaker.services.steps import published
from matchmaker.services.steps.journal import record
from matchmaker.unit_of_work import unit_of_work


class Answers(TypedDict, total=False):
    """What a person says. What is not named stays as it was said before; None takes it back.

    ``useful`` counts only beside the person's own "took place". ``note`` has at most LONGEST_NOTE characters.
    """

    took_place: bool | None
    useful: bool | None
    note: str


def say(participation_id: int, code: str, answers: Answers, *, actor_id: int | None, now: datetime) -> None:
    """Keep what a person says of a meeting of theirs, named by the code of its request, and move the meeting by it.

    Raises
    ------
    NotFound
        If there is no such participant, or the last version tells them of no such meeting, or it is cancelled, or
        it has not begun by the event's clock.
    """
    with unit_of_work() as session:
        participation = session.get(Participation, participation_id)
        if participation is None or participation.withdrawn:
            raise NotFound("participation", participation_id)
        meeting = _begun_meeting(session, participation, code, now)
        row = _feedback(session, participation, meeting)
        before = row.took_place, row.useful
        _answer(row, answers)
        session.flush()
        _settle(session, meeting)
        # The log tells the organiser of the outcome. Whether it was useful, and the note, are the person's own.
        if (row.took_place, row.useful) != before:
            record(
                session,
                event_id=participation.event_id,
                actor_id=actor_id,
                verb="said_how_it_went",
                now=now,
                subject=code,
                for_participation_id=participation.id,
                detail={"took_place": row.took_place, "state": str(meeting.state)},
            )


def _begun_meeting(session: Session, participation: Participation, code: str, now: datetime) -> PublishedMeeting:
    """Lock the meeting's row, so that of two sides who speak at once the second counts what the first said.

    The event's row is held first, shared: whoever publishes waits, and copies the outcome, or was first, and then it
    is the new version's row that moves.
    """
    event = session.get_one(Event, participation.event_id, with_for_update={"read": True}, populate_existing=True)
    last = select(func.max(Version.number)).where(Version.event_id == event.id).scalar_subquery()
    query = (
        select(PublishedMeeting)
        .join(Version, Version.id == PublishedMeeting.version_id)
        .join(Request, Request.id == PublishedMeeting.request_id)
        .join(Attendance, Attendance.meeting_id == PublishedMeeting.id)
        .where(Version.event_id == event.id, Version.number == last)
        .where(Request.code == code, Attendance.participation_id == participation.id)
        .with_for_update(of=PublishedMeeting)
    )
    meeting = session.scalar(query, execution_options={"populate_existing": True})
    if meeting is None or meeting.state is MeetingState.CANCELLED:
        raise NotFound("meeting", code)
    if zones.wall(now, event.zone) < datetime.combine(meeting.day, meeting.start):
        raise NotFound("meeting", code)
    return meeting


def _feedback(session: Session, participation: Participation, meeting: PublishedMeeting) -> Feedback:
    where = (Feedback.participation_id == participation.id, Feedback.request_id == meeting.request_id)
    row = session.scalar(select(Feedback).where(*where))
    if row is None:
        row = Feedback(
            event_id=participation.event_id, participation_id=participation.id, request_id=meeting.request_id, note=""
        )
        session.add(row)
    return row


def _answer(row: Feedback, answers: Answers) -> None:
    if "took_place" in answers:
        row.took_place = answers["took_place"]
    if "useful" in answers:
        row.useful = answers["useful"]
    if "note" in answers:
        row.note = answers["note"]
    if not row.took_place:
        row.useful = None


def _settle(session: Session, meeting: PublishedMeeting) -> None:
    """Move the meeting to what those who attend say of it now."""
    attending = select(Attendance.participation_id).where(Attendance.meeting_id == meeting.id)
    said = select(Feedback.took_place).where(
        Feedback.request_id == meeting.request_id, Feedback.participation_id.in_(attending)
    )
    became = outcome(session.scalars(said))
    if became is not None:
        published.settle(meeting, became)

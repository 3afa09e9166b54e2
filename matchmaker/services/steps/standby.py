"""A meeting made on the day in a hole of the last version, moving nobody, and those told who come to it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, exists, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matchmaker.domain import zones
from matchmaker.domain.states import MeetingState
from matchmaker.errors import DoubleBooking
from matchmaker.models import (
    Attendance,
    Event,
    Interpreter,
    Location,
    Participation,
    PublishedMeeting,
    PublishedUnscheduled,
    Request,
    StandbyMeeting,
    StandbyPerson,
    StandbyTable,
    Version,
)
from matchmaker.scheduling.standby import Hole
from matchmaker.services.steps import published
from matchmaker.services.steps.journal import record


def hold(
    session: Session, event: Event, version: Version, hole: Hole, *, actor_id: int | None, now: datetime
) -> list[int]:
    """Hold a request in a hole of the version that is out; return who comes and is told by no mail.

    Raises
    ------
    DoubleBooking
        If a person or the table would be in two such meetings at once; the database has the last word on that.
    """
    _let_go(session, version)
    request = session.get_one(Request, hole.request_id)
    people = [session.get_one(Participation, id_) for id_ in hole.place.people]
    try:
        meeting = _written(session, event, version, hole, people)
        _book(session, meeting, hole)
        session.flush()
    except IntegrityError as error:
        raise DoubleBooking from error
    made = StandbyMeeting(event_id=event.id, meeting_id=meeting.id, made_by_id=actor_id, made_at=now)
    session.add(made)
    session.flush()
    record(session, event_id=event.id, actor_id=actor_id, verb="standby.made", now=now, subject=request.code)
    mails = [
        published.tell(session, event, meeting, one, occasion=f"s{made.id}", news="added", now=now) for one in people
    ]
    return [one.id for one, mail in zip(people, mails, strict=True) if mail is None]


def _let_go(session: Session, version: Version) -> None:
    """Free what cancelled meetings had, and who has handed theirs to a colleague."""
    cancelled = select(PublishedMeeting.id).where(
        PublishedMeeting.version_id == version.id,
        PublishedMeeting.state.in_((MeetingState.CANCELLED, MeetingState.NO_SHOW)),
    )
    attends = exists().where(
        Attendance.meeting_id == StandbyPerson.meeting_id,
        Attendance.participation_id == StandbyPerson.participation_id,
    )
    gone = StandbyPerson.meeting_id.in_(cancelled) | ~attends
    session.execute(delete(StandbyPerson).where(StandbyPerson.version_id == version.id, gone))
    session.execute(delete(StandbyTable).where(StandbyTable.meeting_id.in_(cancelled)))


def _written(
    session: Session, event: Event, version: Version, hole: Hole, people: list[Participation]
) -> PublishedMeeting:
    """Write the meeting into the version: anew, or over the one that was cancelled there."""
    place, of_event = hole.place, {"event_id": version.event_id}
    location = session.get_one(Location, place.location_id)
    interpreter = session.get(Interpreter, place.interpreter_id) if place.interpreter_id else None
    this = PublishedMeeting.request_id == hole.request_id
    before = session.scalar(select(func.max(PublishedMeeting.sequence)).where(this))
    row = session.scalar(select(PublishedMeeting).where(PublishedMeeting.version_id == version.id, this))
    meeting = row or PublishedMeeting(version_id=version.id, request_id=hole.request_id, **of_event)
    meeting.state, meeting.sequence = MeetingState.CONFIRMED, 0 if before is None else before + 1
    meeting.day, meeting.start, meeting.end = hole.start.date(), hole.start.time(), hole.end.time()
    meeting.begins_at = zones.instant(hole.start, event.zone)
    meeting.location_id, meeting.location_names = location.id, dict(location.names)
    meeting.is_stand, meeting.table_number = location.is_stand, place.table
    meeting.languages = published.shared_languages(people)
    meeting.interpreter_names = dict(interpreter.names) if interpreter else {}
    meeting.moved, meeting.was_day, meeting.was_start = False, None, None
    session.add(meeting)
    meeting.attendances.clear()
    session.flush()
    meeting.attendances = [
        Attendance(participation_id=one.id, side=side, **of_event) for side, one in enumerate(people)
    ]
    why = PublishedUnscheduled.version_id == version.id, PublishedUnscheduled.request_id == hole.request_id
    session.execute(delete(PublishedUnscheduled).where(*why))
    return meeting


def _book(session: Session, meeting: PublishedMeeting, hole: Hole) -> None:
    place = hole.place
    booked = {"event_id": meeting.event_id, "version_id": meeting.version_id, "meeting_id": meeting.id}
    for start in hole.starts:
        when = {"day": start.date(), "start": start.time()}
        for id_ in place.people:
            seat = _seat(session, meeting.version_id, id_, start)
            session.add(StandbyPerson(participation_id=id_, seat=seat, **when, **booked))
        session.add(StandbyTable(location_id=place.location_id, table_number=place.table, **when, **booked))


def _seat(session: Session, version_id: int, participation_id: int, start: datetime) -> int:
    """Return the first seat that is free with a host of several at once; for everybody else there is one."""
    if session.get_one(Participation, participation_id).parallel == 1:
        return 0
    where = StandbyPerson.version_id == version_id, StandbyPerson.participation_id == participation_id
    then = StandbyPerson.day == start.date(), StandbyPerson.start == start.time()
    with session.no_autoflush:
        taken = session.scalars(select(StandbyPerson.seat).where(*where, *then)).all()
    return next(seat for seat in range(len(taken) + 1) if seat not in taken)

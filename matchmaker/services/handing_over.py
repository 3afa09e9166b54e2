"""An organisation's people come in each other's place, or one more of them comes, without a new version."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.domain.states import ChangeState
from matchmaker.errors import NotFound, NotFree
from matchmaker.models import Attendance, Event, HandOver, Organisation, Participation, PublishedMeeting
from matchmaker.queries.free import free
from matchmaker.services.steps import entries, published
from matchmaker.services.steps.acting import refuse_strangers
from matchmaker.services.steps.journal import record
from matchmaker.unit_of_work import unit_of_work


def hand_over(event_id: int, code: str, gives_id: int, takes_id: int, *, actor_id: int | None, now: datetime) -> None:
    """Let a colleague attend a published meeting instead of somebody; both are told, the other side reads it.

    ``code`` is that of the meeting's request. What the giver had asked about the meeting is thereby taken back. At the
    welcome desk this is done while the meeting runs as well.

    Raises
    ------
    MeetingOver
        If the meeting has begun, for the staff if it is over, or does not stand.
    NotFound
        If the giver does not attend, the taker is no representative of the same organisation, or the actor may not
        settle it: one of the organisation, the head of its delegation, the staff.
    NotFree
        If the taker attends already, or has something else then.
    PhaseForbids
        If no agenda is in force and the actor is not of the event's staff.
    """
    with unit_of_work() as session:
        by: dict[str, Any] = {"actor_id": actor_id, "now": now}
        event, meeting = published.opened(session, event_id, code, running=True, **by)
        seat = published.seat(meeting, gives_id)
        giver = session.get_one(Participation, gives_id)
        taker = _taker(session, meeting, giver.organisation_id, takes_id, actor_id)
        seat.participation_id = taker.id
        published.close_requests(session, meeting, ChangeState.TAKEN_BACK, of=giver.id, **by)
        change = _changed(session, meeting, HandOver(gave_id=giver.id, took_id=taker.id, made_by_id=actor_id), now)
        for one, news, verb in ((giver, "handed_over", "handed_over"), (taker, "added", "took_over")):
            published.tell(session, event, meeting, one, occasion=f"h{change.id}", news=news, now=now)
            _note(session, event, code, one, **by, verb=verb)
        entries.refresh(session, event, now=now)


def add(event_id: int, code: str, organisation_id: int, takes_id: int, *, actor_id: int | None, now: datetime) -> None:
    """Let one more of an organisation attend a published meeting; they are told, the other side reads it.

    Raises
    ------
    MeetingOver, NotFree, PhaseForbids
        As for ``hand_over``.
    NotFound
        If nobody of the organisation attends, the taker is no representative of it, or the actor may not settle it.
    """
    with unit_of_work() as session:
        event, meeting = published.opened(session, event_id, code, actor_id=actor_id, now=now)
        side = _side(meeting, organisation_id)
        taker = _taker(session, meeting, organisation_id, takes_id, actor_id)
        meeting.attendances.append(Attendance(event_id=event_id, participation_id=taker.id, side=side))
        change = _changed(session, meeting, HandOver(gave_id=None, took_id=taker.id, made_by_id=actor_id), now)
        published.tell(session, event, meeting, taker, occasion=f"h{change.id}", news="added", now=now)
        _note(session, event, code, taker, actor_id=actor_id, now=now, verb="joined_meeting")
        entries.refresh(session, event, now=now)


def _side(meeting: PublishedMeeting, organisation_id: int) -> int:
    for seat in meeting.attendances:
        if seat.participation.organisation_id == organisation_id:
            return seat.side
    raise NotFound("meeting", meeting.id)


def _taker(
    session: Session, meeting: PublishedMeeting, organisation_id: int, takes_id: int, actor_id: int | None
) -> Participation:
    refuse_strangers(session, session.get_one(Organisation, organisation_id), actor_id)
    taker = session.get(Participation, takes_id)
    if taker is None or taker.organisation_id != organisation_id or taker.withdrawn or not taker.represents:
        raise NotFound("participation", takes_id)
    attends = taker.id in {seat.participation_id for seat in meeting.attendances}
    if attends or not free(meeting, [taker]):
        raise NotFree
    return taker


def _changed(session: Session, meeting: PublishedMeeting, change: HandOver, now: datetime) -> HandOver:
    """Keep who came, and let calendars and the other side learn who attends now."""
    change.event_id, change.meeting_id, change.made_at = meeting.event_id, meeting.id, now
    session.add(change)
    session.flush()
    attending = [seat.participation_id for seat in meeting.attendances]
    people = session.scalars(select(Participation).where(Participation.id.in_(attending)))
    meeting.languages = published.shared_languages(people)
    meeting.sequence += 1
    return change


def _note(session: Session, event: Event, code: str, person: Participation, **act: Any) -> None:
    record(session, event_id=event.id, subject=code, for_participation_id=person.id, **act)

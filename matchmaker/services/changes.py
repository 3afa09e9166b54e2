"""What people ask the organiser to change of a published meeting, and how it is settled."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.domain.states import CHANGE, MEETING, ChangeAsked, ChangeState, MeetingState, moved
from matchmaker.errors import MeetingOver, NotFound, SettledAlready
from matchmaker.models import ChangeRequest, Event, Organisation, Participation, PublishedMeeting
from matchmaker.queries import changes
from matchmaker.services.steps import entries, published, requests, rows
from matchmaker.services.steps.acting import refuse_strangers
from matchmaker.services.steps.journal import record
from matchmaker.unit_of_work import unit_of_work


def ask(
    event_id: int,
    code: str,
    participation_id: int,
    kind: ChangeAsked,
    words: str = "",
    *,
    withdraw: bool = False,
    actor_id: int | None,
    now: datetime,
) -> None:
    """Ask the organiser to cancel a meeting, or to find another time. Asking again changes what was asked.

    ``code`` is that of the meeting's request; ``words`` are at most 300 characters; ``withdraw``: once cancelled,
    the meeting is not wanted any more either.

    Raises
    ------
    MeetingOver
        If the meeting has begun, or does not stand.
    NotFound
        If the person does not attend, or the actor may not act for their organisation.
    PhaseForbids
        If no agenda is in force and the actor is not of the event's staff.
    """
    with unit_of_work() as session:
        _event, meeting = published.opened(session, event_id, code, actor_id=actor_id, now=now)
        published.seat(meeting, participation_id)
        _refuse_strangers(session, participation_id, actor_id)
        change = _open(session, participation_id, meeting.request_id) or ChangeRequest(
            event_id=event_id, request_id=meeting.request_id, participation_id=participation_id
        )
        change.kind, change.words, change.made_at = kind, words, now
        change.withdraw = withdraw and kind is ChangeAsked.CANCEL
        session.add(change)
        by: dict[str, Any] = {"actor_id": actor_id, "now": now}
        _note(session, event_id, code, participation_id, **by, verb="asked_change", detail={"kind": kind})


def take_back(event_id: int, code: str, participation_id: int, *, actor_id: int | None, now: datetime) -> None:
    """Take back what was asked about a meeting.

    Raises
    ------
    NotFound
        If the version holds no such meeting, or the actor may not act for the person's organisation.
    SettledAlready
        If nothing is open.
    """
    with unit_of_work() as session:
        published.locked_event(session, event_id)
        meeting = changes.meeting(event_id, code)
        _refuse_strangers(session, participation_id, actor_id)
        change = _open(session, participation_id, meeting.request_id)
        if change is None:
            raise SettledAlready
        _settle(change, ChangeState.TAKEN_BACK, "", actor_id, now)
        _note(session, event_id, code, participation_id, actor_id=actor_id, now=now, verb="took_change_back")


def settle(event_id: int, change_id: int, answer: str = "", *, actor_id: int | None, now: datetime) -> None:
    """Note that the organiser did what was asked, or something as good; ``answer`` is for whoever asked.

    Raises
    ------
    NotFound
        If the event has no such change request.
    SettledAlready
        If it is not open.
    """
    with unit_of_work() as session:
        by: dict[str, Any] = {"actor_id": actor_id, "now": now}
        _settled(session, event_id, change_id, ChangeState.DONE, answer, **by, verb="change.settled")


def refuse(event_id: int, change_id: int, answer: str = "", *, actor_id: int | None, now: datetime) -> None:
    """Leave the meeting as it is; ``answer`` is for whoever asked.

    Raises
    ------
    NotFound, SettledAlready
        As for ``settle``.
    """
    with unit_of_work() as session:
        by: dict[str, Any] = {"actor_id": actor_id, "now": now}
        _settled(session, event_id, change_id, ChangeState.REFUSED, answer, **by, verb="change.refused")


def cancel(event_id: int, change_id: int, answer: str = "", *, actor_id: int | None, now: datetime) -> None:
    """Cancel a published meeting, as somebody asked, at once; all who attend are told.

    Other requests about the same meeting are settled by it. If it was asked for, the asker's organisation does not
    want the meeting any more either.

    Raises
    ------
    MeetingOver
        If the meeting does not stand any more.
    NotFound
        If the event has no such change request, or something else was asked for.
    SettledAlready
        As for ``settle``.
    """
    with unit_of_work() as session:
        event = published.locked_event(session, event_id)
        verb = "change.cancelled"
        by: dict[str, Any] = {"actor_id": actor_id, "now": now}
        change = _settled(session, event_id, change_id, ChangeState.DONE, answer, **by, verb=verb)
        if change.kind is not ChangeAsked.CANCEL:
            raise NotFound("change_request", change_id)
        meeting = changes.meeting(event_id, change.request.code)
        if meeting.state not in changes.STANDING:
            raise MeetingOver
        meeting.state = moved(MEETING, meeting.state, MeetingState.CANCELLED)
        meeting.sequence += 1
        published.close_requests(session, meeting, ChangeState.DONE, **by)
        for one in [seat.participation for seat in meeting.attendances]:
            published.tell(session, event, meeting, one, occasion=f"c{change.id}", news="cancelled", now=now)
        entries.refresh(session, event, now=now)
        if change.withdraw:
            _withdraw(session, event, meeting, change, now)


def _withdraw(session: Session, event: Event, meeting: PublishedMeeting, change: ChangeRequest, now: datetime) -> None:
    own = session.get_one(Participation, change.participation_id).organisation_id
    (other,) = {meeting.request.first_id, meeting.request.second_id} - {own}
    requests.take_back(session, own, other)
    session.flush()
    requests.refresh(session, event.id, now=now)


def _refuse_strangers(session: Session, participation_id: int, actor_id: int | None) -> None:
    person = session.get(Participation, participation_id)
    if person is None:
        raise NotFound("participation", participation_id)
    refuse_strangers(session, session.get_one(Organisation, person.organisation_id), actor_id)


def _open(session: Session, participation_id: int, request_id: int) -> ChangeRequest | None:
    mine = ChangeRequest.participation_id == participation_id, ChangeRequest.request_id == request_id
    return session.scalar(select(ChangeRequest).where(*mine, ChangeRequest.state == ChangeState.OPEN))


def _settled(
    session: Session,
    event_id: int,
    change_id: int,
    state: ChangeState,
    answer: str,
    *,
    verb: str,
    actor_id: int | None,
    now: datetime,
) -> ChangeRequest:
    published.locked_event(session, event_id)
    change = rows.of_event(session, ChangeRequest, event_id, change_id)
    if change.state is not ChangeState.OPEN:
        raise SettledAlready
    _settle(change, state, answer, actor_id, now)
    _note(session, event_id, change.request.code, change.participation_id, actor_id=actor_id, now=now, verb=verb)
    return change


def _settle(change: ChangeRequest, state: ChangeState, answer: str, actor_id: int | None, now: datetime) -> None:
    change.state = moved(CHANGE, change.state, state)
    change.answer, change.settled_by_id, change.settled_at = answer, actor_id, now


def _note(session: Session, event_id: int, code: str, participation_id: int, **act: Any) -> None:
    record(session, event_id=event_id, subject=code, for_participation_id=participation_id, **act)

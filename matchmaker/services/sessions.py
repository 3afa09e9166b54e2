"""Talks, workshops and seminars, which block the time of those who attend."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.domain.wording import N_
from matchmaker.errors import InvalidValue
from matchmaker.models import EventDay, EventSession, Participation, SessionSeat, Zone
from matchmaker.services.steps import rows, seats
from matchmaker.services.steps.journal import record
from matchmaker.services.steps.revisions import bump
from matchmaker.unit_of_work import unit_of_work


@dataclass(frozen=True, slots=True)
class SessionPlan:
    """A session on one day, wall time. ``closed``: nobody signs up, its people are named (a board meeting)."""

    titles: Mapping[str, str]
    day: dt.date
    start: dt.time
    end: dt.time
    rooms: Mapping[str, str] = field(default_factory=dict)
    zone_id: int | None = None
    for_everybody: bool = False
    closed: bool = False
    capacity: int | None = None


def add(event_id: int, plan: SessionPlan, *, actor_id: int | None, now: dt.datetime) -> int:
    """Add a session; return its id.

    Raises
    ------
    InvalidValue
        If it has no title, ends before it starts, or stands on no day of the event.
    """
    with unit_of_work() as session:
        rows.the_event(session, event_id)
        _check(session, event_id, plan)
        added = EventSession(event_id=event_id, **_columns(plan))
        session.add(added)
        session.flush()
        _note(session, event_id, "session.added", plan.titles, actor_id=actor_id, now=now)
        return added.id


def change(
    event_id: int, session_id: int, plan: SessionPlan, *, revision: int, actor_id: int | None, now: dt.datetime
) -> None:
    """Change a session; its seats stay, and new ones go to those who have waited longest.

    Raises
    ------
    ChangedMeanwhile
        If somebody saved it since ``revision`` was read.
    InvalidValue
        As for ``add``; also if it would have fewer seats than people.
    """
    with unit_of_work() as session:
        row = rows.of_event(session, EventSession, event_id, session_id)
        _check(session, event_id, plan)
        seated = len(_seats(session, session_id))
        if plan.capacity is not None and plan.capacity < seated:
            raise InvalidValue("capacity", N_("More people than that have a seat already."))
        bump(row, revision, _columns(plan))
        seats.fill(session, row, actor_id, now)
        _note(session, event_id, "session.changed", plan.titles, actor_id=actor_id, now=now)


def remove(event_id: int, session_id: int, *, actor_id: int | None, now: dt.datetime) -> None:
    """Take a session away; those who had a seat are free then."""
    with unit_of_work() as session:
        row = rows.of_event(session, EventSession, event_id, session_id)
        session.delete(row)
        _note(session, event_id, "session.removed", row.titles, actor_id=actor_id, now=now)


def name_people(
    event_id: int,
    session_id: int,
    participation_ids: frozenset[int],
    *,
    speaker_ids: frozenset[int] = frozenset(),
    actor_id: int | None,
    now: dt.datetime,
) -> None:
    """Make these people, and the speakers, the ones who have a seat in the session.

    Raises
    ------
    InvalidValue
        If they are more than the session admits.
    NotFound
        If one of them does not take part in the event.
    """
    everybody = participation_ids | speaker_ids
    with unit_of_work() as session:
        row = rows.of_event(session, EventSession, event_id, session_id)
        rows.refuse_strangers(session, Participation, event_id, everybody)
        if row.capacity is not None and len(everybody) > row.capacity:
            raise InvalidValue("people", N_("These are more people than the session has seats."))
        there = _seats(session, session_id)
        for id_ in sorted(set(there) - everybody):
            session.delete(there[id_])
        for id_ in sorted(everybody - set(there)):
            session.add(SessionSeat(event_id=event_id, session_id=session_id, participation_id=id_, speaks=False))
        session.flush()
        for id_, seat in _seats(session, session_id).items():
            seat.speaks = id_ in speaker_ids
        _note(session, event_id, "session.seats", row.titles, actor_id=actor_id, now=now, people=len(everybody))


def _check(session: Session, event_id: int, plan: SessionPlan) -> None:
    rows.refuse_nameless(plan.titles, "titles")
    if plan.start >= plan.end:
        raise InvalidValue("end", N_("A session must end after it starts."))
    if not session.scalar(select(EventDay.id).where(EventDay.event_id == event_id, EventDay.day == plan.day)):
        raise InvalidValue("day", N_("This date is no day of the event."))
    if plan.zone_id is not None:
        rows.of_event(session, Zone, event_id, plan.zone_id)


def _columns(plan: SessionPlan) -> dict[str, Any]:
    plain = ("day", "start", "end", "zone_id", "for_everybody", "closed", "capacity")
    return {name: getattr(plan, name) for name in plain} | {"titles": dict(plan.titles), "rooms": dict(plan.rooms)}


def _seats(session: Session, session_id: int) -> dict[int, SessionSeat]:
    found = session.scalars(select(SessionSeat).where(SessionSeat.session_id == session_id))
    return {seat.participation_id: seat for seat in found}


def _note(
    session: Session,
    event_id: int,
    verb: str,
    titles: Mapping[str, str],
    *,
    actor_id: int | None,
    now: dt.datetime,
    **detail: int,
) -> None:
    subject = next((text for text in titles.values() if text), "")
    record(session, event_id=event_id, actor_id=actor_id, verb=verb, now=now, subject=subject, detail=detail)

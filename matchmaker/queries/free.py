"""Who has nothing else during a published meeting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, select, union
from sqlalchemy.orm import joinedload

from matchmaker.domain.states import MeetingState
from matchmaker.extensions import db
from matchmaker.models import (
    Attendance,
    EventSession,
    Participation,
    PublishedMeeting,
    SessionSeat,
    Slot,
    Unavailability,
)


def free(meeting: PublishedMeeting, people: Sequence[Participation]) -> list[Participation]:
    """Return those of ``people`` who are free while a meeting lasts; the way between places is not asked for.

    Somebody who takes part for two organisations is one person, and busy with what either of them holds.
    """
    accounts = {one.account_id for one in people}
    rows = select(Participation.id, Participation.account_id).where(
        Participation.event_id == meeting.event_id, Participation.account_id.in_(accounts)
    )
    parts = dict(db.session.execute(rows).all())
    busy = {parts[id_] for id_ in _engaged(meeting, list(parts))}
    return [one for one in people if one.account_id not in busy]


def takers(meeting: PublishedMeeting, organisation_id: int) -> list[Participation]:
    """Return the people of an organisation who could come to the meeting and do not attend it yet."""
    attending = [seat.participation_id for seat in meeting.attendances]
    rows = (
        select(Participation)
        .where(Participation.organisation_id == organisation_id, Participation.id.not_in(attending))
        .where(Participation.represents, Participation.withdrawn.is_(False))
        .options(joinedload(Participation.account))
        .order_by(Participation.id)
    )
    return free(meeting, db.session.scalars(rows).all())


def _engaged(meeting: PublishedMeeting, ids: Sequence[int]) -> set[int]:
    met = (
        select(Attendance.participation_id)
        .join(PublishedMeeting, PublishedMeeting.id == Attendance.meeting_id)
        .where(PublishedMeeting.version_id == meeting.version_id, PublishedMeeting.id != meeting.id)
        .where(PublishedMeeting.state != MeetingState.CANCELLED, _then(PublishedMeeting, meeting))
        .where(Attendance.participation_id.in_(ids))
    )
    away = (
        select(Unavailability.participation_id)
        .join(Slot, Slot.id == Unavailability.slot_id)
        .where(Unavailability.participation_id.in_(ids), _then(Slot, meeting))
    )
    seated = (
        select(SessionSeat.participation_id)
        .join(EventSession, EventSession.id == SessionSeat.session_id)
        .where(SessionSeat.participation_id.in_(ids), _then(EventSession, meeting))
    )
    for_all = exists().where(EventSession.for_everybody, _then(EventSession, meeting))
    everybody = select(Participation.id).where(Participation.id.in_(ids), for_all)
    return set(db.session.scalars(union(met, away, seated, everybody)))


def _then(kind: Any, meeting: PublishedMeeting) -> ColumnElement[bool]:
    """Tell whether a row of the kind overlaps the meeting; all are wall times of one event."""
    return and_(
        kind.event_id == meeting.event_id,
        kind.day == meeting.day,
        kind.start < meeting.end,
        kind.end > meeting.start,
    )

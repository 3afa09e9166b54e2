"""Which notices are due, and to whom each goes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import CompoundSelect, Select, select
from sqlalchemy.orm import joinedload, selectinload

from matchmaker.domain import zones
from matchmaker.domain.notices import Kind, Notice, notices
from matchmaker.domain.states import Channel, MeetingState, Phase, VersionKind
from matchmaker.extensions import db
from matchmaker.models import (
    Attendance,
    Event,
    EventSession,
    Participation,
    PublishedMeeting,
    SessionSeat,
    Version,
)
from matchmaker.models import Notice as Told
from matchmaker.queries import agenda_rows

LOOKED_BACK = timedelta(days=30)
"""What was due longer ago is nobody's concern any more: an event that was brought in when it was over."""
PUBLIC = (Phase.FINAL, Phase.ON_THE_DAY, Phase.AFTER)


def due(now: datetime) -> list[tuple[int, Notice]]:
    """Return what is to be told now, or should have been told, by event."""
    events = db.session.scalars(
        select(Event).where(Event.data_deleted_at.is_(None)).options(selectinload(Event.days)).order_by(Event.id)
    ).all()
    told: dict[int, set[str]] = defaultdict(set)
    for event_id, name in db.session.execute(select(Told.event_id, Told.name)):
        told[event_id].add(name)
    return [(event.id, one) for event in events for one in of_event(event, now) if one.name not in told[event.id]]


def of_event(event: Event, now: datetime) -> list[Notice]:
    """Return the notices of an event whose time has come, those that missed theirs among them."""
    wall = zones.wall(now, event.zone)
    found = notices([(day.day, day.start) for day in event.days], event.delete_after)
    return [one for one in found if one.since <= wall <= one.until + LOOKED_BACK and _concerns(event, one)]


def due_since(event: Event, notice: Notice) -> datetime:
    """Return since when a notice could be told: no earlier than what it speaks of was there."""
    version = None if notice.kind is Kind.DELETION else agenda_rows.last_version(event.id)
    return max(zones.instant(notice.since, event.zone), version.published_at if version else event.created_at)


def is_told(event_id: int, notice: Notice) -> bool:
    where = Told.event_id == event_id, Told.name == notice.name
    return db.session.scalar(select(Told.id).where(*where)) is not None


def _concerns(event: Event, notice: Notice) -> bool:
    """Tell whether the event has something to tell: of what stands in a final version, or of data that it holds."""
    return notice.kind is Kind.DELETION or (event.phase in PUBLIC and event.archived_at is None)


def readers(event: Event, notice: Notice) -> Sequence[Participation]:
    """Return those to whom a notice goes: those with engagements on that day or with meetings at all, or everybody."""
    people = select(Participation).where(
        Participation.event_id == event.id,
        Participation.withdrawn.is_(False),
        Participation.deleted_at.is_(None),
        Participation.channel == Channel.MAIL,
    )
    if notice.kind is not Kind.DELETION:
        version = agenda_rows.last_version(event.id)
        if version is None or version.kind is not VersionKind.FINAL:
            return []
        people = people.where(Participation.id.in_(_engaged(version, notice)))
    return db.session.scalars(people.options(joinedload(Participation.account)).order_by(Participation.id)).all()


def _engaged(version: Version, notice: Notice) -> Select[int] | CompoundSelect[int]:
    seats = select(Attendance.participation_id).join(PublishedMeeting, PublishedMeeting.id == Attendance.meeting_id)
    held = PublishedMeeting.version_id == version.id, PublishedMeeting.state != MeetingState.CANCELLED
    if notice.kind is Kind.THANKS:
        return seats.where(*held)
    listening = select(SessionSeat.participation_id).join(EventSession, EventSession.id == SessionSeat.session_id)
    of_the_event = EventSession.event_id == version.event_id, EventSession.day == notice.day
    return seats.where(*held, PublishedMeeting.day == notice.day).union(listening.where(*of_the_event))

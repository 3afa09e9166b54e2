"""Meetings that calendars were told at another instant than is reckoned now: the zone data, or the zone, is another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload

from matchmaker.domain import zones
from matchmaker.domain.states import MeetingState, VersionKind
from matchmaker.domain.versions import other_instant
from matchmaker.extensions import db
from matchmaker.models import Draft, Event, PublishedMeeting, Request, Texts, Version
from matchmaker.queries import agenda_rows, versions


@dataclass(frozen=True, slots=True)
class Shifted:
    """A meeting: its wall time, which stays, and its instant in UTC as calendars were told and as it is now."""

    first: Texts
    second: Texts
    start: dt.datetime
    told: dt.datetime
    now: dt.datetime


@dataclass(frozen=True, slots=True)
class Shift:
    """What became of a version; ``draft`` is the number to publish again, None where it was a repair, told once."""

    version: int
    kind: VersionKind
    told_by: str
    draft: int | None
    meetings: tuple[Shifted, ...]


def shift(event: Event) -> Shift | None:
    """Return what of the last version is at another instant by now, or None if all is as it was told."""
    version = agenda_rows.last_version(event.id)
    if version is None or not (moments := _moments(event, version)):
        return None
    draft = db.session.get_one(Draft, version.draft_id)
    return Shift(
        version=version.number,
        kind=version.kind,
        told_by=version.zone_edition,
        draft=None if versions.happened(draft) else draft.number,
        meetings=tuple(_shifted(event, row) for row in _meetings(version, moments)),
    )


Moment = tuple[dt.date, dt.time]


def _moments(event: Event, version: Version) -> list[Moment]:
    """Return when meetings begin that were told at another instant: few, however many they are."""
    columns = PublishedMeeting.day, PublishedMeeting.start, PublishedMeeting.begins_at
    stands = PublishedMeeting.version_id == version.id, PublishedMeeting.state != MeetingState.CANCELLED
    rows = db.session.execute(select(*columns).where(*stands).distinct())
    return [(day, start) for day, start, told in rows if other_instant(told, _instant(event, day, start))]


def _meetings(version: Version, moments: Sequence[Moment]) -> Sequence[PublishedMeeting]:
    then = [and_(PublishedMeeting.day == day, PublishedMeeting.start == start) for day, start in moments]
    request = joinedload(PublishedMeeting.request)
    query = (
        select(PublishedMeeting)
        .where(PublishedMeeting.version_id == version.id, PublishedMeeting.state != MeetingState.CANCELLED, or_(*then))
        .options(request.joinedload(Request.first), request.joinedload(Request.second))
        .order_by(PublishedMeeting.day, PublishedMeeting.start, PublishedMeeting.id)
    )
    return db.session.scalars(query).all()


def _shifted(event: Event, row: PublishedMeeting) -> Shifted:
    now = _instant(event, row.day, row.start)
    told = row.begins_at or now
    start = dt.datetime.combine(row.day, row.start)
    return Shifted(row.request.first.names, row.request.second.names, start, told, now)


def _instant(event: Event, day: dt.date, start: dt.time) -> dt.datetime:
    return zones.instant(dt.datetime.combine(day, start), event.zone)

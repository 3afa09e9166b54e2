"""Which events have come to the day on which they announced to delete all personal data."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from matchmaker.domain import zones
from matchmaker.extensions import db
from matchmaker.models import Event


def due(now: datetime) -> list[int]:
    """Return the events whose announced day is over on their own clocks and whose data is still there."""
    latest = (now + timedelta(days=1)).date()  # no clock on earth shows a later day
    waiting = Event.delete_after < latest, Event.data_deleted_at.is_(None)
    events = db.session.scalars(select(Event).where(*waiting).order_by(Event.id))
    return [event.id for event in events if is_due(event, now)]


def is_due(event: Event, now: datetime) -> bool:
    """Tell whether an event's data must go now, and has not gone yet."""
    if event.delete_after is None or event.data_deleted_at is not None:
        return False
    return zones.wall(now, event.zone).date() > event.delete_after


def over_at(event: Event) -> datetime:
    """Return when the announced day of an event that is due was over on its own clock."""
    midnight = datetime.combine((event.delete_after or date.min) + timedelta(days=1), time())
    return zones.instant(midnight, event.zone)

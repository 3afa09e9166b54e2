"""Which days of an event are out: the one question that all ask who tell of a day, or fill it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from matchmaker.domain import days_out
from matchmaker.domain.days_out import Days, Plan
from matchmaker.domain.states import Phase
from matchmaker.extensions import db
from matchmaker.models import Event, EventDay, Version
from matchmaker.queries import agenda_rows


@dataclass(frozen=True, slots=True)
class DaysOut:
    """The days of an event, and which of them are ``out``: none before the first version."""

    days: tuple[dt.date, ...]
    out: Days
    rest_on: dt.date | None = None

    def to_come(self, today: dt.date) -> tuple[dt.date, ...]:
        return days_out.to_come(self.left, today)

    @property
    def left(self) -> tuple[dt.date, ...]:
        return days_out.withheld(self.days, self.out)

    @property
    def told(self) -> tuple[dt.date, ...]:
        return tuple(day for day in self.days if day not in self.left)

    @property
    def usual(self) -> tuple[dt.date, ...]:
        """The days that are published unless others are chosen: those left, or all again."""
        return self.left or self.days


def of_event(event_id: int) -> DaysOut:
    rows = select(EventDay.day).where(EventDay.event_id == event_id).order_by(EventDay.day)
    return _of(event_id, tuple(db.session.scalars(rows)))


def of(event: Event) -> DaysOut:
    """Return the same for whoever has the event and its days at hand."""
    return _of(event.id, tuple(day.day for day in event.days))


def _of(event_id: int, days: tuple[dt.date, ...]) -> DaysOut:
    version = agenda_rows.last_version(event_id)
    return DaysOut(days, version.out, version.rest_on) if version else DaysOut(days, frozenset())


def withheld(version: Version | None) -> tuple[dt.date, ...]:
    """Return the days of which nothing is told although a version is out, in order; none once the event is over."""
    if version is None or version.out is None:
        return ()
    rows = select(EventDay.day).join(Event, Event.id == EventDay.event_id)
    days = db.session.scalars(rows.where(Event.id == version.event_id, Event.phase != Phase.AFTER))
    return days_out.withheld(days, version.out)


def to_come(version: Version | None, today: dt.date) -> tuple[dt.date, ...]:
    """Return those of the days withheld that are not over."""
    return days_out.to_come(withheld(version), today)


def plan(event_id: int, chosen: Collection[dt.date] | None, *, repair: bool) -> Plan:
    """Return what publishing these days does, None all; a repair goes out on the days that are out."""
    found = of_event(event_id)
    wanted = found.days if chosen is None else chosen
    return Plan(found.days, found.out, found.out if repair else days_out.some_of(found.days, wanted))

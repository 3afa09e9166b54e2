"""Meetings that are made on the day of people and a table that are free, without a new version."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Date, ForeignKey, Time, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.models.base import Base, Instant, of_event


class StandbyMeeting(Base):
    """That a published meeting was made on the day: by the clock where nobody is named."""

    __tablename__ = "standby_meeting"
    __table_args__ = (of_event("meeting_id", "published_meeting", ondelete="CASCADE"),)

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    meeting_id: Mapped[int] = mapped_column(index=True)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    made_at: Mapped[dt.datetime] = mapped_column(Instant)


class StandbyPerson(Base):
    """One person at one time of such a meeting: the database itself forbids a second one, but for hosts of several."""

    __tablename__ = "standby_person"
    __table_args__ = (
        UniqueConstraint("version_id", "participation_id", "day", "start", "seat"),
        of_event("version_id", "version", ondelete="CASCADE"),
        of_event("meeting_id", "published_meeting", ondelete="CASCADE"),
        of_event("participation_id", "participation"),
    )

    event_id: Mapped[int]
    version_id: Mapped[int]
    meeting_id: Mapped[int] = mapped_column(index=True)
    participation_id: Mapped[int]
    day: Mapped[dt.date] = mapped_column(Date)
    start: Mapped[dt.time] = mapped_column(Time)
    seat: Mapped[int] = mapped_column(default=0)


class StandbyTable(Base):
    """One table at one time of such a meeting: the database itself forbids a second one."""

    __tablename__ = "standby_table"
    __table_args__ = (
        UniqueConstraint("version_id", "location_id", "table_number", "day", "start"),
        of_event("version_id", "version", ondelete="CASCADE"),
        of_event("meeting_id", "published_meeting", ondelete="CASCADE"),
        of_event("location_id", "location"),
    )

    event_id: Mapped[int]
    version_id: Mapped[int]
    meeting_id: Mapped[int] = mapped_column(index=True)
    location_id: Mapped[int]
    table_number: Mapped[int]
    day: Mapped[dt.date] = mapped_column(Date)
    start: Mapped[dt.time] = mapped_column(Time)

"""What was published: numbered versions, frozen in their own words and times."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Date, ForeignKey, String, Time, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.domain.days_out import Days
from matchmaker.domain.states import MeetingState, VersionKind
from matchmaker.models.account import Account
from matchmaker.models.base import Base, Instant, Texts, choice, of_event
from matchmaker.models.event import Location
from matchmaker.models.participation import Participation
from matchmaker.models.request import Request


class Version(Base):
    """What everybody saw at a time.

    ``zone_edition`` is the zone data by which its instants were reckoned, ``zone_noted`` the one of which the clock
    last looked whether it moves them; both are empty where nobody knows. ``days`` are those it published, ``days_out``
    all that are told since; either is empty where it is all of the event's. ``rest_on`` is the day on which the others
    are to come out, where organisers said it.
    """

    __tablename__ = "version"
    __table_args__ = (
        UniqueConstraint("event_id", "number"),
        UniqueConstraint("event_id", "id"),
        of_event("draft_id", "draft"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    number: Mapped[int]
    kind: Mapped[VersionKind] = mapped_column(choice(VersionKind))
    draft_id: Mapped[int]
    published_at: Mapped[dt.datetime] = mapped_column(Instant)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    zone_edition: Mapped[str] = mapped_column(String(16), default="")
    zone_noted: Mapped[str] = mapped_column(String(16), default="")
    days: Mapped[list[str]] = mapped_column(default=list)
    days_out: Mapped[list[str]] = mapped_column(default=list)
    rest_on: Mapped[dt.date | None] = mapped_column(Date)

    published_by: Mapped[Account | None] = relationship()
    meetings: Mapped[list[PublishedMeeting]] = relationship(cascade="all, delete-orphan")

    @property
    def chosen(self) -> Days:
        return _days(self.days)

    @property
    def out(self) -> Days:
        return _days(self.days_out)


def _days(written: list[str]) -> Days:
    return frozenset(map(dt.date.fromisoformat, written)) or None


class PublishedMeeting(Base):
    """A meeting as it was told. Times and words are copies: later edits of the frame do not reach them.

    ``sequence`` rises with every change that a calendar must learn; a cancelled meeting stays as a row.
    ``was_*`` is where it stood in the version before, if it moved. ``begins_at`` is the instant that calendars were
    told, by the zone data of that day.
    """

    __tablename__ = "published_meeting"
    __table_args__ = (
        UniqueConstraint("version_id", "request_id"),
        UniqueConstraint("event_id", "id"),
        of_event("version_id", "version", ondelete="CASCADE"),
        of_event("request_id", "request"),
        of_event("location_id", "location"),
    )

    event_id: Mapped[int]
    version_id: Mapped[int]
    request_id: Mapped[int]
    state: Mapped[MeetingState] = mapped_column(choice(MeetingState))
    sequence: Mapped[int] = mapped_column(default=0)
    day: Mapped[dt.date] = mapped_column(Date)
    start: Mapped[dt.time] = mapped_column(Time)
    end: Mapped[dt.time] = mapped_column(Time)
    begins_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    location_id: Mapped[int]
    location_names: Mapped[Texts]
    is_stand: Mapped[bool] = mapped_column(default=False)
    table_number: Mapped[int]
    languages: Mapped[list[str]] = mapped_column(default=list)  # that all who attend share
    interpreter_names: Mapped[Texts] = mapped_column(default=dict)
    moved: Mapped[bool] = mapped_column(default=False)
    was_day: Mapped[dt.date | None] = mapped_column(Date)
    was_start: Mapped[dt.time | None] = mapped_column(Time)

    request: Mapped[Request] = relationship(viewonly=True)
    location: Mapped[Location] = relationship(viewonly=True)
    attendances: Mapped[list[Attendance]] = relationship(cascade="all, delete-orphan", order_by="Attendance.side")


class Attendance(Base):
    __tablename__ = "attendance"
    __table_args__ = (
        UniqueConstraint("meeting_id", "participation_id"),
        of_event("meeting_id", "published_meeting", ondelete="CASCADE"),
        of_event("participation_id", "participation"),
    )

    event_id: Mapped[int]
    meeting_id: Mapped[int]
    participation_id: Mapped[int] = mapped_column(index=True)
    side: Mapped[int]

    participation: Mapped[Participation] = relationship(viewonly=True)


class PublishedUnscheduled(Base):
    """A request not held in a version, with its reason; who may read it is asked elsewhere."""

    __tablename__ = "published_unscheduled"
    __table_args__ = (
        UniqueConstraint("version_id", "request_id"),
        of_event("version_id", "version", ondelete="CASCADE"),
        of_event("request_id", "request"),
    )

    event_id: Mapped[int]
    version_id: Mapped[int]
    request_id: Mapped[int]
    reason: Mapped[str] = mapped_column(String(24))

    request: Mapped[Request] = relationship(viewonly=True)

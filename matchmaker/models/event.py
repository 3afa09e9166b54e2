"""An event and its frame: days, breaks, slots, places, sessions, who walks how long."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, DateTime, ForeignKey, LargeBinary, String, Time, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.domain import zones
from matchmaker.domain.asking import Terms
from matchmaker.domain.states import Asking, Phase, Silence
from matchmaker.models.base import Base, Instant, Texts, choice, of_event


class Event(Base):
    """One event. Its wall times are read in ``zone``; ``revision`` rises with each edit of the frame.

    ``logos`` are those of its ``Logo`` rows in the order of protocol, each with ``id``, ``alt`` (words by language)
    and its ``width`` and ``height`` on pages: so no page asks for them. One that is not ``on_pages`` has too many
    details for them, and stands on paper only; those from before this was said are.
    """

    __tablename__ = "event"

    slug: Mapped[str] = mapped_column(String(64), unique=True)
    names: Mapped[Texts]
    places: Mapped[Texts]
    patronage: Mapped[Texts]
    zone: Mapped[str] = mapped_column(String(64))
    languages: Mapped[list[str]]
    accent: Mapped[str] = mapped_column(String(16), default="petrol")
    public_address: Mapped[bool] = mapped_column(default=True)
    controller: Mapped[str] = mapped_column(String(200), default="")
    cndp_number: Mapped[str] = mapped_column(String(64), default="")
    phase: Mapped[Phase] = mapped_column(choice(Phase))
    asking: Mapped[Asking] = mapped_column(choice(Asking), default=Asking.WISHES)
    wishes_close_at: Mapped[dt.datetime | None] = mapped_column(DateTime)  # wall time
    answer_days: Mapped[int | None]  # a request by mutual consent waits so long for its answer
    agendas_on: Mapped[dt.date | None] = mapped_column(Date)  # the day on which agendas are promised
    digest_on: Mapped[dt.date | None] = mapped_column(Date)  # the last day on which people were told who waits
    logos: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, server_default="[]")
    archived_at: Mapped[dt.datetime | None] = mapped_column(Instant)  # closed to all but its owners since then
    delete_after: Mapped[dt.date | None] = mapped_column(Date)  # the last day on which personal data is there
    data_deleted_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    mail_stopped_at: Mapped[dt.datetime | None] = mapped_column(Instant)  # nothing leaves since then
    comments_close_at: Mapped[dt.datetime | None] = mapped_column(DateTime)  # wall time
    slot_minutes: Mapped[int] = mapped_column(default=20)
    changeover_minutes: Mapped[int] = mapped_column(default=5)
    must_quota: Mapped[int] = mapped_column(default=5)
    like_quota: Mapped[int] = mapped_column(default=10)
    max_consecutive: Mapped[int | None]
    standby_by_clock: Mapped[bool] = mapped_column(default=False)  # on the day the clock fills holes by itself
    standby_looked_at: Mapped[dt.datetime | None] = mapped_column(Instant)  # when it last looked for some
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[dt.datetime] = mapped_column(Instant)

    days: Mapped[list[EventDay]] = relationship(order_by="EventDay.day", cascade="all, delete-orphan")
    breaks: Mapped[list[Break]] = relationship(order_by="Break.start", cascade="all, delete-orphan")
    slots: Mapped[list[Slot]] = relationship(order_by="(Slot.day, Slot.start)", cascade="all, delete-orphan")

    __table_args__ = (
        CheckConstraint("slot_minutes BETWEEN 5 AND 240", name="slot_minutes"),
        CheckConstraint("changeover_minutes BETWEEN 0 AND 60", name="changeover_minutes"),
        CheckConstraint("answer_days BETWEEN 1 AND 60", name="answer_days"),
    )

    @property
    def terms(self) -> Terms:
        closes_at = zones.instant(self.wishes_close_at, self.zone) if self.wishes_close_at else None
        return Terms(self.asking, self.answer_days, closes_at)


class Logo(Base):
    """The two drawings of a logo, as PNG: ``small`` for pages, which may be missing, ``large`` for paper."""

    __tablename__ = "logo"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    small: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    large: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class EventDay(Base):
    """A day on which meetings may be held, from ``start`` to ``end``, wall time."""

    __tablename__ = "event_day"
    __table_args__ = (UniqueConstraint("event_id", "day"), CheckConstraint('start < "end"', name="order"))

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    day: Mapped[dt.date] = mapped_column(Date)
    start: Mapped[dt.time] = mapped_column(Time)
    end: Mapped[dt.time] = mapped_column(Time)


class Break(Base):
    """A pause of everybody; on every day where ``day`` is null."""

    __tablename__ = "event_break"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    day: Mapped[dt.date | None] = mapped_column(Date)
    start: Mapped[dt.time] = mapped_column(Time)
    end: Mapped[dt.time] = mapped_column(Time)
    kind: Mapped[str] = mapped_column(String(16))  # lunch, prayer, coffee, friday, other
    titles: Mapped[Texts]


class Slot(Base):
    """A place in the timetable; ``code`` such as 1-0900 is its name for the solver, for life."""

    __tablename__ = "slot"
    __table_args__ = (
        UniqueConstraint("event_id", "code"),
        UniqueConstraint("event_id", "day", "start"),
        UniqueConstraint("event_id", "id"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(24))
    day: Mapped[dt.date] = mapped_column(Date)
    start: Mapped[dt.time] = mapped_column(Time)
    end: Mapped[dt.time] = mapped_column(Time)
    break_before: Mapped[bool] = mapped_column(default=False)


class Zone(Base):
    """A part of the grounds; walking between zones takes time."""

    __tablename__ = "zone"
    __table_args__ = (UniqueConstraint("event_id", "code"), UniqueConstraint("event_id", "id"))

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(16))
    names: Mapped[Texts]


class Walk(Base):
    """Minutes between two zones, either way; ``zone_a_id`` is the smaller id."""

    __tablename__ = "walk"
    __table_args__ = (
        UniqueConstraint("event_id", "zone_a_id", "zone_b_id"),
        of_event("zone_a_id", "zone", ondelete="CASCADE"),
        of_event("zone_b_id", "zone", ondelete="CASCADE"),
        CheckConstraint("zone_a_id < zone_b_id", name="order"),
        CheckConstraint("minutes > 0", name="minutes"),
    )

    event_id: Mapped[int]
    zone_a_id: Mapped[int]
    zone_b_id: Mapped[int]
    minutes: Mapped[int]


class Location(Base):
    """A hall with tables, or a stand. A stand is used only by its owners' meetings."""

    __tablename__ = "location"
    __table_args__ = (
        UniqueConstraint("event_id", "code"),
        UniqueConstraint("event_id", "id"),
        of_event("zone_id", "zone"),
        CheckConstraint("capacity > 0", name="capacity"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(24))
    names: Mapped[Texts]
    is_stand: Mapped[bool] = mapped_column(default=False)
    zone_id: Mapped[int | None]
    capacity: Mapped[int] = mapped_column(default=1)
    features: Mapped[list[str]] = mapped_column(default=list)
    revision: Mapped[int] = mapped_column(default=1)

    zone: Mapped[Zone | None] = relationship(viewonly=True)
    owners: Mapped[list[LocationOwner]] = relationship(cascade="all, delete-orphan")
    closures: Mapped[list[LocationClosure]] = relationship(cascade="all, delete-orphan")


class LocationOwner(Base):
    """An organisation whose meetings alone may use the location."""

    __tablename__ = "location_owner"
    __table_args__ = (
        UniqueConstraint("location_id", "organisation_id"),
        of_event("location_id", "location", ondelete="CASCADE"),
        of_event("organisation_id", "organisation", ondelete="CASCADE"),
    )

    event_id: Mapped[int]
    location_id: Mapped[int]
    organisation_id: Mapped[int]


class LocationClosure(Base):
    """A slot in which the location cannot be used."""

    __tablename__ = "location_closure"
    __table_args__ = (
        UniqueConstraint("location_id", "slot_id"),
        of_event("location_id", "location", ondelete="CASCADE"),
        of_event("slot_id", "slot", ondelete="CASCADE"),
    )

    event_id: Mapped[int]
    location_id: Mapped[int]
    slot_id: Mapped[int]


class EventSession(Base):
    """A talk, workshop or seminar, which blocks the time of those who attend; of all if ``for_everybody``."""

    __tablename__ = "event_session"
    __table_args__ = (UniqueConstraint("event_id", "id"), of_event("zone_id", "zone"))

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    titles: Mapped[Texts]
    rooms: Mapped[Texts]
    zone_id: Mapped[int | None]
    day: Mapped[dt.date] = mapped_column(Date)
    start: Mapped[dt.time] = mapped_column(Time)
    end: Mapped[dt.time] = mapped_column(Time)
    for_everybody: Mapped[bool] = mapped_column(default=False)
    closed: Mapped[bool] = mapped_column(default=False)  # not offered for sign-up: a board meeting
    capacity: Mapped[int | None]
    revision: Mapped[int] = mapped_column(default=1)


class ParticipantType(Base):
    """Buyer, supplier, institution …: their limits, their promised minimum, what their silence means."""

    __tablename__ = "participant_type"
    __table_args__ = (UniqueConstraint("event_id", "code"), UniqueConstraint("event_id", "id"))

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(24))
    names: Mapped[Texts]
    max_meetings: Mapped[int | None]
    max_per_day: Mapped[int | None]
    max_consecutive: Mapped[int | None]
    min_meetings: Mapped[int] = mapped_column(default=0)
    silence: Mapped[Silence] = mapped_column(choice(Silence), default=Silence.CONSENTS)
    revision: Mapped[int] = mapped_column(default=1)

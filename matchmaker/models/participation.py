"""Organisations and the people who take part for them in one event."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.domain.states import Channel
from matchmaker.models.account import Account
from matchmaker.models.base import Base, Instant, Texts, choice, of_event
from matchmaker.models.event import EventSession, Location, ParticipantType, Slot


class Organisation(Base):
    """The party: wishes, quotas and vetoes are its own. It belongs to one event, as all that is said of it does."""

    __tablename__ = "organisation"
    __table_args__ = (
        UniqueConstraint("event_id", "id"),
        UniqueConstraint("event_id", "code"),
        of_event("type_id", "participant_type"),
        of_event("delegation_id", "delegation"),
        CheckConstraint("meeting_slots BETWEEN 1 AND 12", name="meeting_slots"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(32))  # opaque, stable: addresses, calendars
    names: Mapped[Texts]
    short_names: Mapped[Texts] = mapped_column(default=dict)
    city: Mapped[str] = mapped_column(String(80), default="")
    country: Mapped[str] = mapped_column(String(2), default="MA")
    website: Mapped[str] = mapped_column(String(200), default="")
    about: Mapped[str] = mapped_column(Text, default="")
    offers_text: Mapped[str] = mapped_column(Text, default="")
    needs_text: Mapped[str] = mapped_column(Text, default="")
    type_id: Mapped[int | None]
    delegation_id: Mapped[int | None]
    is_host: Mapped[bool] = mapped_column(default=False)  # an official who hears many: audiences
    meeting_slots: Mapped[int] = mapped_column(default=1)
    listed: Mapped[bool] = mapped_column(default=True)
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[dt.datetime] = mapped_column(Instant)

    type: Mapped[ParticipantType | None] = relationship(viewonly=True)
    topics: Mapped[list[OrganisationTopic]] = relationship(cascade="all, delete-orphan")
    participations: Mapped[list[Participation]] = relationship(
        back_populates="organisation", order_by="Participation.id", overlaps="account"
    )


class OrganisationTopic(Base):
    """What an organisation offers or needs, by the codes of config/taxonomy.toml."""

    __tablename__ = "organisation_topic"
    __table_args__ = (
        UniqueConstraint("organisation_id", "kind", "topic"),
        of_event("organisation_id", "organisation", ondelete="CASCADE"),
        CheckConstraint("kind IN ('offer', 'need')", name="kind"),
    )

    event_id: Mapped[int]
    organisation_id: Mapped[int]
    kind: Mapped[str] = mapped_column(String(8))
    topic: Mapped[str] = mapped_column(String(40))


class Delegation(Base):
    __tablename__ = "delegation"
    __table_args__ = (UniqueConstraint("event_id", "code"), UniqueConstraint("event_id", "id"))

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(24))
    names: Mapped[Texts]
    head_id: Mapped[int | None]  # a participation of the event; set after it exists
    revision: Mapped[int] = mapped_column(default=1, server_default="1")


class Participation(Base):
    """One person in one event, for one organisation: a participant.

    Limits that are null are those of the organisation's type. ``link_generation`` is part of the personal
    links; raising it revokes them. ``languages`` empty: understands everybody. With ``deleted_at`` it is nobody:
    an anonymous row that versions refer to.
    """

    __tablename__ = "participation"
    __table_args__ = (
        UniqueConstraint("event_id", "id"),
        UniqueConstraint("event_id", "code"),
        UniqueConstraint("event_id", "account_id", "organisation_id"),
        of_event("organisation_id", "organisation"),
        of_event("location_id", "location"),
        CheckConstraint("parallel BETWEEN 1 AND 100", name="parallel"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(32))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(index=True)
    title: Mapped[Texts] = mapped_column(default=dict)  # of protocol, before the name: «معالي», "S.E. M."
    protocol_rank: Mapped[int | None]  # 1 stands first; without a number, after all that have one
    moved_by_hand: Mapped[bool] = mapped_column(default=False)  # no run moves what stands for this person
    job: Mapped[Texts] = mapped_column(default=dict)
    languages: Mapped[list[str]] = mapped_column(default=list)
    channel: Mapped[Channel] = mapped_column(choice(Channel), default=Channel.MAIL)
    wants_reminders: Mapped[bool] = mapped_column(default=True, server_default=true())  # and all they can do without
    by_invitation: Mapped[bool] = mapped_column(default=False)  # each meeting comes to their calendar by itself
    times_said_at: Mapped[dt.datetime | None] = mapped_column(Instant)  # to be free all the time is an answer too
    represents: Mapped[bool] = mapped_column(default=True)  # may be named for meetings of the organisation
    withdrawn: Mapped[bool] = mapped_column(default=False)
    max_meetings: Mapped[int | None]
    max_per_day: Mapped[int | None]
    max_consecutive: Mapped[int | None]
    min_meetings: Mapped[int | None]
    parallel: Mapped[int] = mapped_column(default=1)
    location_id: Mapped[int | None]  # tied to this stand or room
    link_generation: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[dt.datetime] = mapped_column(Instant)
    arrived_at: Mapped[dt.datetime | None] = mapped_column(Instant)  # noted by the desk on the day
    deleted_at: Mapped[dt.datetime | None] = mapped_column(Instant)  # when the person's data was deleted

    account: Mapped[Account] = relationship()
    organisation: Mapped[Organisation] = relationship(back_populates="participations", overlaps="account")
    location: Mapped[Location | None] = relationship(viewonly=True)
    unavailabilities: Mapped[list[Unavailability]] = relationship(cascade="all, delete-orphan")


class Unavailability(Base):
    """A slot that the person marked as not free."""

    __tablename__ = "unavailability"
    __table_args__ = (
        UniqueConstraint("participation_id", "slot_id"),
        of_event("participation_id", "participation", ondelete="CASCADE"),
        of_event("slot_id", "slot", ondelete="CASCADE"),
    )

    event_id: Mapped[int]
    participation_id: Mapped[int]
    slot_id: Mapped[int]

    slot: Mapped[Slot] = relationship(viewonly=True)


class SessionSeat(Base):
    """A person who attends or speaks in a session, and so is not free then."""

    __tablename__ = "session_seat"
    __table_args__ = (
        UniqueConstraint("session_id", "participation_id"),
        of_event("session_id", "event_session", ondelete="CASCADE"),
        of_event("participation_id", "participation", ondelete="CASCADE"),
    )

    event_id: Mapped[int]
    session_id: Mapped[int]
    participation_id: Mapped[int] = mapped_column(index=True)
    speaks: Mapped[bool] = mapped_column(default=False)

    session: Mapped[EventSession] = relationship(viewonly=True)


class SessionQueue(Base):
    """A person who waits for a seat in a session that is full; their time stays free meanwhile. First come, first."""

    __tablename__ = "session_queue"
    __table_args__ = (
        UniqueConstraint("session_id", "participation_id"),
        of_event("session_id", "event_session", ondelete="CASCADE"),
        of_event("participation_id", "participation", ondelete="CASCADE"),
    )

    event_id: Mapped[int]
    session_id: Mapped[int]
    participation_id: Mapped[int] = mapped_column(index=True)


class AudienceWindow(Base):
    """A slot that a host keeps for one theme: only organisations with this offer or need may start then."""

    __tablename__ = "audience_window"
    __table_args__ = (
        UniqueConstraint("organisation_id", "slot_id", "topic"),
        of_event("organisation_id", "organisation", ondelete="CASCADE"),
        of_event("slot_id", "slot", ondelete="CASCADE"),
    )

    event_id: Mapped[int]
    organisation_id: Mapped[int]
    slot_id: Mapped[int]
    topic: Mapped[str] = mapped_column(String(40))


class Interpreter(Base):
    __tablename__ = "interpreter"
    __table_args__ = (UniqueConstraint("event_id", "id"), UniqueConstraint("event_id", "code"))

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(32))
    names: Mapped[Texts]
    languages: Mapped[list[str]]
    max_per_day: Mapped[int | None]
    max_consecutive: Mapped[int | None]

    absences: Mapped[list[InterpreterAbsence]] = relationship(cascade="all, delete-orphan")


class InterpreterAbsence(Base):
    __tablename__ = "interpreter_absence"
    __table_args__ = (
        UniqueConstraint("interpreter_id", "slot_id"),
        of_event("interpreter_id", "interpreter", ondelete="CASCADE"),
        of_event("slot_id", "slot", ondelete="CASCADE"),
    )

    event_id: Mapped[int]
    interpreter_id: Mapped[int]
    slot_id: Mapped[int]


class Consent(Base):
    """What a person agreed to, purpose by purpose, and when."""

    __tablename__ = "consent"
    __table_args__ = (
        UniqueConstraint("participation_id", "purpose"),
        of_event("participation_id", "participation", ondelete="CASCADE"),
    )

    event_id: Mapped[int]
    participation_id: Mapped[int]
    purpose: Mapped[str] = mapped_column(String(24))  # scheduling, directory, contact
    given_at: Mapped[dt.datetime] = mapped_column(Instant)

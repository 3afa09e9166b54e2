"""Runs of the solver and the drafts they leave. A draft meeting is not a published one."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Float, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.domain.states import RunState
from matchmaker.models.account import Account
from matchmaker.models.base import Base, Instant, choice, of_event
from matchmaker.models.event import Location, Slot
from matchmaker.models.participation import Interpreter, Participation
from matchmaker.models.request import Request


class Run(Base):
    """One run. ``problem`` is the gzipped problem file as it was solved, with opaque ids: it can be replayed.

    A repair of what was published has ``happened``: what went wrong, and what it goes out from.
    """

    __tablename__ = "run"
    __table_args__ = (UniqueConstraint("event_id", "number"), UniqueConstraint("event_id", "id"))

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    number: Mapped[int]
    state: Mapped[RunState] = mapped_column(choice(RunState), default=RunState.QUEUED)
    preset: Mapped[str] = mapped_column(String(24))
    bonus_percent: Mapped[int] = mapped_column(default=100, server_default="100")  # of what fairness weighs
    seconds: Mapped[int]
    seed: Mapped[int]
    problem: Mapped[bytes | None] = mapped_column(LargeBinary)
    happened: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    created_at: Mapped[dt.datetime] = mapped_column(Instant)
    claimed_by: Mapped[str | None] = mapped_column(String(64))
    heartbeat_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    stop_asked_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    cancel_asked: Mapped[bool] = mapped_column(default=False)
    started_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    finished_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    failure: Mapped[str] = mapped_column(String(24), default="")  # code: memory, time, crashed, conflict …
    failure_detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
    schedule: Mapped[bytes | None] = mapped_column(LargeBinary)  # gzipped: what a repair starts from
    from_number: Mapped[int | None]  # of the draft that a repair starts from

    started_by: Mapped[Account | None] = relationship()


class RunProgress(Base):
    """A point of the run's curve. ``seconds`` counts from the child's start."""

    __tablename__ = "run_progress"

    run_id: Mapped[int] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"), index=True)
    seconds: Mapped[float] = mapped_column(Float)
    phase: Mapped[str] = mapped_column(String(24))
    value: Mapped[float | None] = mapped_column(Float)
    bound: Mapped[float | None] = mapped_column(Float)


class Draft(Base):
    """A numbered answer. ``scores`` is the score card, ``terms`` those of the objective.

    What a run left is never overwritten. A draft without a run was made by hand from the one of ``from_number``, and
    may be changed by hand until it is published.
    """

    __tablename__ = "draft"
    __table_args__ = (
        UniqueConstraint("event_id", "number"),
        UniqueConstraint("event_id", "id"),
        of_event("run_id", "run"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    number: Mapped[int]
    run_id: Mapped[int | None] = mapped_column(index=True)
    value: Mapped[float] = mapped_column(Float)
    bound: Mapped[float] = mapped_column(Float)
    gap: Mapped[float] = mapped_column(Float)
    seconds: Mapped[float] = mapped_column(Float)
    proven: Mapped[bool] = mapped_column(default=False)
    terms: Mapped[dict[str, Any]]
    scores: Mapped[dict[str, Any]]
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[dt.datetime] = mapped_column(Instant)
    from_number: Mapped[int | None]

    run: Mapped[Run | None] = relationship(viewonly=True)
    meetings: Mapped[list[DraftMeeting]] = relationship(cascade="all, delete-orphan")
    unscheduled: Mapped[list[DraftUnscheduled]] = relationship(cascade="all, delete-orphan")


class DraftMeeting(Base):
    __tablename__ = "draft_meeting"
    __table_args__ = (
        UniqueConstraint("draft_id", "request_id"),
        UniqueConstraint("event_id", "id"),
        of_event("draft_id", "draft", ondelete="CASCADE"),
        of_event("request_id", "request"),
        of_event("slot_id", "slot"),
        of_event("location_id", "location"),
        of_event("interpreter_id", "interpreter"),
    )

    event_id: Mapped[int]
    draft_id: Mapped[int]
    request_id: Mapped[int]
    slot_id: Mapped[int]
    length: Mapped[int] = mapped_column(default=1)
    location_id: Mapped[int]
    table_number: Mapped[int]
    interpreter_id: Mapped[int | None]
    locked: Mapped[bool] = mapped_column(default=False)

    request: Mapped[Request] = relationship(viewonly=True)
    slot: Mapped[Slot] = relationship(viewonly=True)
    location: Mapped[Location] = relationship(viewonly=True)
    interpreter: Mapped[Interpreter | None] = relationship(viewonly=True)
    people: Mapped[list[PersonBooking]] = relationship(cascade="all, delete-orphan", order_by="PersonBooking.side")
    tables: Mapped[list[TableBooking]] = relationship(cascade="all, delete-orphan")


class PersonBooking(Base):
    """One person in one slot of a draft: the database itself forbids a second one.

    ``seat`` is 0 for everybody but hosts who receive several at once; they have seats 0 to parallel - 1.
    """

    __tablename__ = "person_booking"
    __table_args__ = (
        UniqueConstraint("draft_id", "participation_id", "slot_id", "seat"),
        of_event("meeting_id", "draft_meeting", ondelete="CASCADE"),
        of_event("draft_id", "draft", ondelete="CASCADE"),
        of_event("participation_id", "participation"),
        of_event("slot_id", "slot"),
        CheckConstraint("seat >= 0", name="seat"),
    )

    event_id: Mapped[int]
    meeting_id: Mapped[int] = mapped_column(index=True)
    draft_id: Mapped[int]
    participation_id: Mapped[int] = mapped_column(index=True)
    slot_id: Mapped[int]
    seat: Mapped[int] = mapped_column(default=0)
    side: Mapped[int]

    participation: Mapped[Participation] = relationship(viewonly=True)


class TableBooking(Base):
    """One table in one slot of a draft: the database itself forbids a second meeting at it."""

    __tablename__ = "table_booking"
    __table_args__ = (
        UniqueConstraint("draft_id", "location_id", "table_number", "slot_id"),
        of_event("meeting_id", "draft_meeting", ondelete="CASCADE"),
        of_event("draft_id", "draft", ondelete="CASCADE"),
        of_event("location_id", "location"),
        of_event("slot_id", "slot"),
    )

    event_id: Mapped[int]
    meeting_id: Mapped[int] = mapped_column(index=True)
    draft_id: Mapped[int]
    location_id: Mapped[int]
    table_number: Mapped[int]
    slot_id: Mapped[int]


class DraftUnscheduled(Base):
    """A request that a draft does not hold: the solver's reason and what would change it."""

    __tablename__ = "draft_unscheduled"
    __table_args__ = (
        UniqueConstraint("draft_id", "request_id"),
        of_event("draft_id", "draft", ondelete="CASCADE"),
        of_event("request_id", "request"),
    )

    event_id: Mapped[int]
    draft_id: Mapped[int]
    request_id: Mapped[int]
    reason: Mapped[str] = mapped_column(String(24))
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)

    request: Mapped[Request] = relationship(viewonly=True)


class DraftStep(Base):
    """One change by hand: where a request stood before and after, None where it is not held. An undone one waits."""

    __tablename__ = "draft_step"
    __table_args__ = (
        UniqueConstraint("draft_id", "number"),
        of_event("draft_id", "draft", ondelete="CASCADE"),
        of_event("request_id", "request"),
    )

    event_id: Mapped[int]
    draft_id: Mapped[int]
    number: Mapped[int]
    request_id: Mapped[int]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    undone: Mapped[bool] = mapped_column(default=False)

    request: Mapped[Request] = relationship(viewonly=True)

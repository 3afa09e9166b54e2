"""The numbered queue of a host who takes people without appointment."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.models.base import Base, Instant, of_event
from matchmaker.models.participation import Organisation


class NumberedQueue(Base):
    """A host's queue: ``last`` is the number given last, ``serving`` the one called last; 0 before the first."""

    __tablename__ = "numbered_queue"
    __table_args__ = (
        UniqueConstraint("event_id", "organisation_id"),
        UniqueConstraint("event_id", "id"),
        of_event("organisation_id", "organisation", ondelete="CASCADE"),
        CheckConstraint("minutes BETWEEN 1 AND 120", name="minutes"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    organisation_id: Mapped[int]
    minutes: Mapped[int]  # that one visitor takes, as the host says
    is_open: Mapped[bool] = mapped_column(default=True)
    last: Mapped[int] = mapped_column(default=0)
    serving: Mapped[int] = mapped_column(default=0)

    organisation: Mapped[Organisation] = relationship(viewonly=True)


class QueueNumber(Base):
    """A number of a queue that somebody has whose agenda shows it; others have theirs on a slip of paper."""

    __tablename__ = "queue_number"
    __table_args__ = (
        UniqueConstraint("queue_id", "number"),
        of_event("queue_id", "numbered_queue", ondelete="CASCADE"),
        of_event("participation_id", "participation", ondelete="CASCADE"),
    )

    event_id: Mapped[int]
    queue_id: Mapped[int]
    number: Mapped[int]
    participation_id: Mapped[int] = mapped_column(index=True)
    given_at: Mapped[dt.datetime] = mapped_column(Instant)

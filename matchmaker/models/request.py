"""What organisations wish, and the requests that grow out of it. A wish is not a request."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.domain.states import RequestState, WishLevel
from matchmaker.models.base import Base, Instant, choice, of_event
from matchmaker.models.participation import Organisation


class Wish(Base):
    """What one organisation said of another. A must has a rank from 1, nothing else has one.

    A yes and a no are answers to the other's wish, and take no place of a quota.
    """

    __tablename__ = "wish"
    __table_args__ = (
        UniqueConstraint("organisation_id", "wanted_id"),
        of_event("organisation_id", "organisation", ondelete="CASCADE"),
        of_event("wanted_id", "organisation", ondelete="CASCADE"),
        CheckConstraint("organisation_id <> wanted_id", name="not_oneself"),
        CheckConstraint("(level = 'must') = (rank IS NOT NULL)", name="rank"),
    )

    event_id: Mapped[int] = mapped_column(index=True)
    organisation_id: Mapped[int]
    wanted_id: Mapped[int] = mapped_column(index=True)
    level: Mapped[WishLevel] = mapped_column(choice(WishLevel))
    rank: Mapped[int | None]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    made_at: Mapped[dt.datetime] = mapped_column(Instant)

    wanted: Mapped[Organisation] = relationship(
        primaryjoin="Wish.wanted_id == Organisation.id", foreign_keys="Wish.wanted_id", viewonly=True
    )


class Request(Base):
    """A pair of organisations of which at least one asks for the meeting; ``first_id`` is the smaller id.

    Whether it was vetoed is not written here but asked of the wishes when a problem is made, so that
    nothing that an asker sees can differ. ``code`` names it for life: the solver's id, the calendar's UID.
    """

    __tablename__ = "request"
    __table_args__ = (
        UniqueConstraint("event_id", "id"),
        UniqueConstraint("event_id", "code"),
        UniqueConstraint("event_id", "first_id", "second_id"),
        of_event("first_id", "organisation"),
        of_event("second_id", "organisation"),
        CheckConstraint("first_id < second_id", name="order"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(32))
    first_id: Mapped[int]
    second_id: Mapped[int] = mapped_column(index=True)
    state: Mapped[RequestState] = mapped_column(choice(RequestState), default=RequestState.ASKED)
    weight: Mapped[int]
    klass: Mapped[str] = mapped_column(String(16))
    priority: Mapped[bool] = mapped_column(default=False)
    priority_reason: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[dt.datetime] = mapped_column(Instant)

    first: Mapped[Organisation] = relationship(
        primaryjoin="Request.first_id == Organisation.id", foreign_keys="Request.first_id", viewonly=True
    )
    second: Mapped[Organisation] = relationship(
        primaryjoin="Request.second_id == Organisation.id", foreign_keys="Request.second_id", viewonly=True
    )

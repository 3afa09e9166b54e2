"""What changes between two versions: what people ask for, and who came in whose place."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.domain.states import ChangeAsked, ChangeState
from matchmaker.models.account import Account
from matchmaker.models.base import Base, Instant, choice, of_event
from matchmaker.models.participation import Participation
from matchmaker.models.request import Request

_OPEN = text("state = 'open'")


class ChangeRequest(Base):
    """What somebody asks of the organiser about one of their meetings; of each meeting they have one open at most.

    ``withdraw``: a meeting that is cancelled is not wanted any more either. ``answer`` is a sentence of whoever
    settled it, for the one who asked.
    """

    __tablename__ = "change_request"
    __table_args__ = (
        Index(
            "uq_change_request_open",
            "participation_id",
            "request_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        of_event("request_id", "request", ondelete="CASCADE"),
        of_event("participation_id", "participation", ondelete="CASCADE"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    request_id: Mapped[int] = mapped_column(index=True)
    participation_id: Mapped[int]
    kind: Mapped[ChangeAsked] = mapped_column(choice(ChangeAsked))
    words: Mapped[str] = mapped_column(String(300), default="")
    withdraw: Mapped[bool] = mapped_column(default=False)
    state: Mapped[ChangeState] = mapped_column(choice(ChangeState), default=ChangeState.OPEN)
    made_at: Mapped[dt.datetime] = mapped_column(Instant)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    settled_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    answer: Mapped[str] = mapped_column(String(300), default="")

    request: Mapped[Request] = relationship(viewonly=True)
    participation: Mapped[Participation] = relationship(viewonly=True)
    settled_by: Mapped[Account | None] = relationship(viewonly=True)


class HandOver(Base):
    """Somebody who came to a published meeting without a new version, in the place of a colleague or besides them.

    Calendars of those who ``gave`` a meeting still have to learn that it is theirs no more.
    """

    __tablename__ = "hand_over"
    __table_args__ = (
        of_event("meeting_id", "published_meeting", ondelete="CASCADE"),
        of_event("gave_id", "participation", ondelete="CASCADE"),
        of_event("took_id", "participation", ondelete="CASCADE"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    meeting_id: Mapped[int] = mapped_column(index=True)
    gave_id: Mapped[int | None] = mapped_column(index=True)
    took_id: Mapped[int]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    made_at: Mapped[dt.datetime] = mapped_column(Instant)

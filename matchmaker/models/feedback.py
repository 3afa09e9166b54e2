"""What people say of their meetings when these are over."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.domain.feedback import LONGEST_NOTE
from matchmaker.models.base import Base, of_event


class Feedback(Base):
    """What one person says of one meeting, which is that of a request whatever the version. Null: nothing is said.

    ``note`` is the person's own: no page, file or log of anybody else may hold it.
    """

    __tablename__ = "feedback"
    __table_args__ = (
        UniqueConstraint("participation_id", "request_id"),
        of_event("participation_id", "participation", ondelete="CASCADE"),
        of_event("request_id", "request", ondelete="CASCADE"),
        CheckConstraint("useful IS NULL OR (took_place IS NOT NULL AND took_place)", name="useful"),
    )

    event_id: Mapped[int]
    participation_id: Mapped[int]
    request_id: Mapped[int] = mapped_column(index=True)
    took_place: Mapped[bool | None]
    useful: Mapped[bool | None]
    note: Mapped[str] = mapped_column(String(LONGEST_NOTE), default="")

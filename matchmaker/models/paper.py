"""What is printed: the files that the worker made of a version."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.domain.states import PaperState
from matchmaker.models.base import Base, choice


class PaperPack(Base):
    """All the paper of one version, as files in ``folder`` of the data folder's ``paper``; "" before it was made once.

    ``version_number`` is 0 before any version. ``files`` holds the bytes of each kind. What was made stays on offer
    while it is made again; it shows what stood in the database at ``made_at``.
    """

    __tablename__ = "paper_pack"
    __table_args__ = (UniqueConstraint("event_id", "version_number"),)

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    version_number: Mapped[int]
    state: Mapped[PaperState] = mapped_column(choice(PaperState), default=PaperState.ASKED, index=True)
    asked_at: Mapped[dt.datetime]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    claimed_by: Mapped[str | None] = mapped_column(String(64))
    claimed_at: Mapped[dt.datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[dt.datetime | None]
    folder: Mapped[str] = mapped_column(String(40), default="")
    files: Mapped[dict[str, int]] = mapped_column(default=dict)

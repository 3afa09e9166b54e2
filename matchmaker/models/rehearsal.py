"""Rehearsals: a whole event played on a copy, before the day."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.domain.states import RunState
from matchmaker.models.base import Base, Instant, choice


class Rehearsal(Base):
    """One rehearsal; ``plan`` says what was to go wrong, ``result`` what came of it, in figures and codes.

    ``step`` names what is being played, of which ``done`` of ``total`` parts are over. Of an event the newest that
    ended with figures is kept, and one that is under way.
    """

    __tablename__ = "rehearsal"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    state: Mapped[RunState] = mapped_column(choice(RunState), default=RunState.QUEUED)
    plan: Mapped[dict[str, Any]]
    step: Mapped[str] = mapped_column(String(24), default="")
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    result: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[dt.datetime] = mapped_column(Instant)
    claimed_by: Mapped[str | None] = mapped_column(String(64))
    heartbeat_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    finished_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    failure: Mapped[str] = mapped_column(String(24), default="")  # code, as of a run

"""What organisers ask of the solver beside schedules: what changes would bring, and what fairness costs."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.domain.states import RunState, StudyKind
from matchmaker.models.base import Base, Instant, choice


class Study(Base):
    """One question, asked at ``created_at`` of the wishes of that moment, and its answers.

    ``problem`` is gzipped like that of a run; ``question`` says what is changed in it, ``result`` holds the solver's
    answers in the same order. Of an event and kind the newest answered one is kept, and one that is under way.
    """

    __tablename__ = "study"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    kind: Mapped[StudyKind] = mapped_column(choice(StudyKind))
    state: Mapped[RunState] = mapped_column(choice(RunState), default=RunState.QUEUED)
    seconds: Mapped[int]
    problem: Mapped[bytes] = mapped_column(LargeBinary)
    question: Mapped[dict[str, Any]] = mapped_column(default=dict)
    result: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[dt.datetime] = mapped_column(Instant)
    claimed_by: Mapped[str | None] = mapped_column(String(64))
    heartbeat_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    finished_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    failure: Mapped[str] = mapped_column(String(24), default="")  # code, as of a run

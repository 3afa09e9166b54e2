"""The log of who did what, when, and for whom, written in the same unit of work as the change."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from matchmaker.models import LogEntry


def record(
    session: Session,
    *,
    event_id: int | None,
    actor_id: int | None,
    verb: str,
    now: datetime,
    subject: str = "",
    for_participation_id: int | None = None,
    detail: dict[str, Any] | None = None,
) -> None:
    """Note one act. ``actor_id`` is None for what the clock did."""
    session.add(
        LogEntry(
            event_id=event_id,
            at=now,
            actor_id=actor_id,
            for_participation_id=for_participation_id,
            verb=verb,
            subject=subject[:80],
            detail=detail or {},
        )
    )

"""Saying in the worker's log what the clock came to late: whoever looks after a machine that slept finds it there."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

LATE = timedelta(minutes=10)

log = structlog.get_logger()


def say(kind: str, event_id: int, *, due: datetime, now: datetime) -> None:
    """Log a job that was done more than ``LATE`` after it was due; one line for each, once it is done."""
    if now - due > LATE:
        minutes = int((now - due).total_seconds() // 60)
        log.warning("late", kind=kind, of=event_id, due=due.isoformat(), minutes=minutes)

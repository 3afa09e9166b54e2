"""The queue of runs: one of an event at a time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matchmaker.domain.states import UNDER_WAY, Phase, RunState
from matchmaker.errors import NotFound, PhaseForbids, RunInProgress
from matchmaker.models import Event, Run


def opened(session: Session, event_id: int) -> Event:
    """Lock the event's row, so that of two starts one waits, and see that a run may start.

    Raises
    ------
    NotFound
        If there is no such event.
    PhaseForbids
        If it is over.
    RunInProgress
        If a run of it is queued or running.
    """
    event = session.get(Event, event_id, with_for_update=True, populate_existing=True)
    if event is None:
        raise NotFound("event", event_id)
    if event.phase is Phase.AFTER:
        raise PhaseForbids(event.phase)
    if session.scalar(select(Run.id).where(Run.event_id == event_id, Run.state.in_(UNDER_WAY)).limit(1)):
        raise RunInProgress
    return event


def enqueue(
    session: Session, event_id: int, problem: bytes, *, actor_id: int | None, now: datetime, **fields: Any
) -> int:
    """Add the next run over a packed problem and return its number; ``fields`` are others of the row."""
    number = (session.scalar(select(func.max(Run.number)).where(Run.event_id == event_id)) or 0) + 1
    asked = {"problem": problem, "started_by_id": actor_id, "created_at": now, **fields}
    session.add(Run(event_id=event_id, number=number, state=RunState.QUEUED, **asked))
    return number

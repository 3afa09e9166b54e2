"""Moving events to another phase, and what the log says of it: who set the one that stands, and since when."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matchmaker.domain.states import Phase
from matchmaker.models import Event, LogEntry
from matchmaker.services.steps.journal import record

VERB = "event.phase"


def move(session: Session, event: Event, phase: Phase, *, actor_id: int | None, now: datetime) -> None:
    """Set an event's phase and note from which it was moved; ``actor_id`` is None where its days decide."""
    before, event.phase = event.phase, phase
    detail = {"before": before.value}
    record(session, event_id=event.id, actor_id=actor_id, verb=VERB, now=now, subject=phase, detail=detail)


def last_lines(session: Session, event_ids: Collection[int]) -> Mapping[int, LogEntry]:
    """Return the last line about the phase of each of these events that has one."""
    of_these = LogEntry.event_id.in_(event_ids), LogEntry.verb == VERB
    last = select(func.max(LogEntry.id)).where(*of_these).group_by(LogEntry.event_id)
    lines = session.scalars(select(LogEntry).where(LogEntry.id.in_(last)))
    return {line.event_id: line for line in lines if line.event_id is not None}

"""What the log says of the phases of events: who set the one that stands, and since when."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matchmaker.models import LogEntry

VERB = "event.phase"


def last_lines(session: Session, event_ids: Collection[int]) -> Mapping[int, LogEntry]:
    """Return the last line about the phase of each of these events that has one."""
    of_these = LogEntry.event_id.in_(event_ids), LogEntry.verb == VERB
    last = select(func.max(LogEntry.id)).where(*of_these).group_by(LogEntry.event_id)
    lines = session.scalars(select(LogEntry).where(LogEntry.id.in_(last)))
    return {line.event_id: line for line in lines if line.event_id is not None}

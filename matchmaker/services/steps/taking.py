"""Work that waits in a table for a worker: one takes it, and has it as long as it says so."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from matchmaker.domain.states import RunState
from matchmaker.models import Rehearsal, Run, Study

Work = TypeVar("Work", Run, Study, Rehearsal)


def take(session: Session, kind: type[Run | Study | Rehearsal], holder: str, now: datetime, **more: Any) -> int | None:
    """Take the oldest that waits for one worker and return its id; None if there is none, or another was faster."""
    oldest = session.scalar(select(kind.id).where(kind.state == RunState.QUEUED).order_by(kind.id).limit(1))
    won = session.execute(
        update(kind)
        .where(kind.id == oldest, kind.state == RunState.QUEUED)
        .values(state=RunState.RUNNING, claimed_by=holder, heartbeat_at=now, **more)
    )
    return oldest if won.rowcount == 1 else None  # type: ignore[attr-defined]


def held(session: Session, kind: type[Work], id_: int, holder: str) -> Work | None:
    """Return the work if this worker still has it."""
    row = session.get(kind, id_)
    if row is None or row.state is not RunState.RUNNING or row.claimed_by != holder:
        return None
    return row

"""Who did what for whom, the latest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, func, select
from sqlalchemy.orm import joinedload

from matchmaker.extensions import db
from matchmaker.models import Account, LogEntry, Organisation, Participation, Texts

PAGE = 60


@dataclass(frozen=True, slots=True)
class Line:
    """``organisation_names`` are of the organisation that the entry's subject is the code of, if it is one."""

    entry: LogEntry
    person_code: str | None
    person_names: Texts | None
    organisation_names: Texts | None


@dataclass(frozen=True, slots=True)
class Pageful:
    lines: Sequence[Line]
    total: int
    first: int


def entries(event_id: int, page: int = 1) -> Pageful:
    """Return a page of the event's log."""
    first = (max(page, 1) - 1) * PAGE
    total = db.session.scalar(select(func.count(LogEntry.id)).where(LogEntry.event_id == event_id)) or 0
    chosen = select(LogEntry, Participation.code, Account.names, Organisation.names)
    chosen = chosen.where(LogEntry.event_id == event_id)
    chosen = chosen.outerjoin(Participation, Participation.id == LogEntry.for_participation_id)
    chosen = chosen.outerjoin(Account, Account.id == Participation.account_id).options(joinedload(LogEntry.actor))
    named = and_(Organisation.event_id == LogEntry.event_id, Organisation.code == LogEntry.subject)
    chosen = chosen.outerjoin(Organisation, named)
    rows = db.session.execute(chosen.order_by(LogEntry.id.desc()).offset(first).limit(PAGE))
    return Pageful([Line(*row) for row in rows], total, first + 1)

"""Who did what for whom, the latest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased, joinedload

from matchmaker.extensions import db
from matchmaker.models import Account, LogEntry, Organisation, Participation, Request, Texts

PAGE = 60


@dataclass(frozen=True, slots=True)
class Line:
    """``organisation_names`` are of the organisation or of the first side of the request whose code is the subject."""

    entry: LogEntry
    person_code: str | None
    person_names: Texts | None
    organisation_names: Texts | None
    other_side_names: Texts | None


@dataclass(frozen=True, slots=True)
class Pageful:
    lines: Sequence[Line]
    total: int
    first: int


def entries(event_id: int, page: int = 1) -> Pageful:
    """Return a page of the event's log."""
    first = (max(page, 1) - 1) * PAGE
    total = db.session.scalar(select(func.count(LogEntry.id)).where(LogEntry.event_id == event_id)) or 0
    one, first_side, other_side = aliased(Organisation), aliased(Organisation), aliased(Organisation)
    names = func.coalesce(one.names, first_side.names).label("names")
    chosen = select(LogEntry, Participation.code, Account.names, names, other_side.names)
    chosen = chosen.where(LogEntry.event_id == event_id)
    chosen = chosen.outerjoin(Participation, Participation.id == LogEntry.for_participation_id)
    chosen = chosen.outerjoin(Account, Account.id == Participation.account_id).options(joinedload(LogEntry.actor))
    chosen = chosen.outerjoin(one, and_(one.event_id == LogEntry.event_id, one.code == LogEntry.subject))
    chosen = chosen.outerjoin(Request, and_(Request.event_id == LogEntry.event_id, Request.code == LogEntry.subject))
    chosen = chosen.outerjoin(first_side, first_side.id == Request.first_id)
    chosen = chosen.outerjoin(other_side, other_side.id == Request.second_id)
    rows = db.session.execute(chosen.order_by(LogEntry.id.desc()).offset(first).limit(PAGE))
    return Pageful([Line(*row) for row in rows], total, first + 1)

"""What the solver answered beside schedules, and whether more is on its way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import defer

from matchmaker.domain.states import UNDER_WAY, RunState, StudyKind
from matchmaker.extensions import db
from matchmaker.models import Location, Organisation, Study, Texts


class Shown(NamedTuple):
    """``answered`` is the newest with answers, ``latest`` the newest of all, as it stands."""

    answered: Study | None
    latest: Study | None

    @property
    def under_way(self) -> bool:
        return self.latest is not None and self.latest.state in UNDER_WAY

    @property
    def failed(self) -> bool:
        return self.latest is not None and not self.under_way and self.latest.state is not RunState.DONE


def shown(event_id: int, kind: StudyKind) -> Shown:
    """Return the studies of one kind that a page shows, without their problems."""
    where = Study.event_id == event_id, Study.kind == kind
    rows = db.session.scalars(select(Study).where(*where).order_by(Study.id.desc()).options(defer(Study.problem))).all()
    return Shown(next((row for row in rows if row.state is RunState.DONE), None), rows[0] if rows else None)


def names(event_id: int) -> Mapping[str, Texts]:
    """Return the names of what additions speak of, places and organisations, by code."""
    found: dict[str, Texts] = {}
    for kind in (Location, Organisation):
        rows = db.session.execute(select(kind.code, kind.names).where(kind.event_id == event_id))
        found |= {code: words for code, words in rows}  # noqa: C416 -- a row is no pair to the type checker
    return found

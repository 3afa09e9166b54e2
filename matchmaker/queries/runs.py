"""Runs and the drafts they left, as organisers see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import defer, joinedload

from matchmaker.domain.states import UNDER_WAY, RunState
from matchmaker.errors import NotFound
from matchmaker.extensions import db
from matchmaker.models import Draft, Request, Run, RunProgress, Texts, Version


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft in a list, with the run that left it; ``version`` is the newest that was published from it."""

    draft: Draft
    run: Run | None
    version: int | None


def of_event(event_id: int) -> Sequence[Run]:
    """Return the runs of an event, newest first, without their problems."""
    query = select(Run).where(Run.event_id == event_id).order_by(Run.number.desc())
    return db.session.scalars(query.options(defer(Run.problem), defer(Run.schedule), joinedload(Run.started_by))).all()


def run(event_id: int, number: int) -> Run:
    """Return a run by its number, without its problem.

    Raises
    ------
    NotFound
        If the event has none.
    """
    query = select(Run).where(Run.event_id == event_id, Run.number == number)
    found = db.session.scalar(query.options(defer(Run.problem), defer(Run.schedule), joinedload(Run.started_by)))
    if found is None:
        raise NotFound("run", number)
    return found


def state(run_id: int) -> RunState:
    return db.session.scalars(select(Run.state).where(Run.id == run_id)).one()


def under_way(event_id: int) -> Run | None:
    """Return the run that is queued or running, if there is one."""
    query = (
        select(Run)
        .where(Run.event_id == event_id, Run.state.in_(UNDER_WAY))
        .options(defer(Run.problem), defer(Run.schedule))
    )
    return db.session.scalar(query.order_by(Run.id.desc()).limit(1))


def points(run_id: int, after: int = 0) -> Sequence[RunProgress]:
    """Return the curve of a run, from the row that follows ``after``."""
    query = select(RunProgress).where(RunProgress.run_id == run_id, RunProgress.id > after)
    return db.session.scalars(query.order_by(RunProgress.id)).all()


def drafts(event_id: int) -> list[DraftRow]:
    """Return the drafts of an event, newest first."""
    published = {
        row.draft_id: row.number
        for row in db.session.scalars(select(Version).where(Version.event_id == event_id).order_by(Version.number))
    }
    found = db.session.execute(
        select(Draft, Run)
        .outerjoin(Run, Run.id == Draft.run_id)
        .options(defer(Run.problem))
        .where(Draft.event_id == event_id)
        .order_by(Draft.number.desc())
    )
    return [DraftRow(draft, run, published.get(draft.id)) for draft, run in found]


def versions(event_id: int) -> list[tuple[Version, int]]:
    """Return the versions of an event, newest first, each with the number of its draft."""
    rows = (
        select(Version, Draft.number)
        .join(Draft, Draft.id == Version.draft_id)
        .where(Version.event_id == event_id)
        .options(joinedload(Version.published_by))
        .order_by(Version.number.desc())
    )
    return [(version, number) for version, number in db.session.execute(rows)]


def draft_of(run_id: int) -> Draft | None:
    """Return the draft of a run, the first of several."""
    return db.session.scalar(select(Draft).where(Draft.run_id == run_id).order_by(Draft.number).limit(1))


def pairs(event_id: int, codes: Sequence[str]) -> list[tuple[Texts, Texts]]:
    """Return the two organisations of each of these requests."""
    query = select(Request).where(Request.event_id == event_id, Request.code.in_(codes)).order_by(Request.id)
    both = (joinedload(Request.first), joinedload(Request.second))
    return [(row.first.names, row.second.names) for row in db.session.scalars(query.options(*both))]

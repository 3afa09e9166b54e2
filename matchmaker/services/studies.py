"""Studies: what additions would bring, and what fairness costs; asked for, and worked out beside the runs.

A study changes nothing but itself. It always ends in a stated state: answers, or the code of what went wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from matchmaker.domain.states import RUN, UNDER_WAY, Phase, RunState, StudyKind, moved
from matchmaker.errors import NotFound, NothingToSchedule, PhaseForbids
from matchmaker.models import Event, Study
from matchmaker.queries import demand, meeting_rows
from matchmaker.scheduling import forecast
from matchmaker.scheduling import problem as problems
from matchmaker.scheduling import rows as event_rows
from matchmaker.scheduling.child import Child, Limits
from matchmaker.scheduling.presets import presets
from matchmaker.scheduling.tasks import Frontier, Outcome, WhatIf
from matchmaker.services.runs import BEAT_SECONDS, SILENT_AFTER, STATE_OF, Capacity
from matchmaker.services.steps import requests, taking
from matchmaker.services.steps.journal import record
from matchmaker.unit_of_work import unit_of_work

SECONDS = {StudyKind.FORECAST: 60, StudyKind.FRONTIER: 90}
"""Shared by all that one study solves."""
MOST_ASKED = 3
"""Of so many organisations it is asked what one more hour or representative would bring."""
GRACE_SECONDS = 60.0
"""What reading and compiling may take: a study does both once for each addition."""


def ask(event_id: int, kind: StudyKind, *, actor_id: int | None, now: datetime, seconds: int | None = None) -> None:
    """Queue a study of the wishes of this moment; nothing happens if one of the kind is under way.

    It is asked under the first preset, whose bonuses the frontier scales.

    Raises
    ------
    NothingToSchedule
        If there is no request that may be scheduled, no slot, or no table.
    PhaseForbids
        If the event is over.
    """
    with unit_of_work() as session:
        if not _may_ask(session, event_id, kind):
            return
        requests.refresh(session, event_id, now=now)
        session.flush()
        preset = next(iter(presets().values()))
        told = meeting_rows.told_last(event_id)
        problem = problems.build(event_rows.read(session, event_id), preset, (), told.values())
        if problem is None:
            raise NothingToSchedule
        study = Study(
            event_id=event_id,
            kind=kind,
            state=RunState.QUEUED,
            seconds=SECONDS[kind] if seconds is None else seconds,
            problem=problems.packed(problem),
            question=_question(event_id, kind, problem),
            created_at=now,
        )
        session.add(study)
        verb = "study.frontier" if kind is StudyKind.FRONTIER else "study.forecast"
        record(session, event_id=event_id, actor_id=actor_id, verb=verb, now=now)


def claim(holder: str, now: datetime) -> int | None:
    """Take the oldest queued study for one worker and return its id; None if there is none, or another was faster."""
    with unit_of_work() as session:
        return taking.take(session, Study, holder, now)


def execute(
    study_id: int,
    *,
    holder: str,
    capacity: Capacity,
    clock: Callable[[], datetime],
    leaving: Callable[[], bool] = lambda: False,
) -> None:
    """Work a claimed study out between two units of work; if the worker must leave, it goes back to the queue."""
    with unit_of_work() as session:
        study = session.get_one(Study, study_id)
        if study.claimed_by != holder:
            return
        question, kind = study.problem, study.kind
        additions = study.question.get("additions", [])
        limits = Limits(study.seconds, capacity.memory_mb, capacity.workers, 0, GRACE_SECONDS)
    problem = problems.unpacked(question)
    changed = [problems.packed(forecast.added(problem, addition)) for addition in additions]
    with Child(question, limits, WhatIf(changed) if kind is StudyKind.FORECAST else Frontier()) as child:
        while child.running and not leaving():
            child.progress(BEAT_SECONDS)
            if not _beat(study_id, holder, clock()):
                return
        outcome = None if leaving() else child.outcome()
    _keep(study_id, holder, outcome, clock())


def reap(now: datetime) -> int:
    """End the studies whose worker has died, and return how many there were: whoever wants one asks again."""
    with unit_of_work() as session:
        silent = session.scalars(
            select(Study).where(Study.state == RunState.RUNNING, Study.heartbeat_at < now - SILENT_AFTER)
        ).all()
        for study in silent:
            _end(study, Outcome(failure="worker"), now)
        return len(silent)


def _may_ask(session: Session, event_id: int, kind: StudyKind) -> bool:
    """Lock the event's row, so that of two who ask one waits; tell whether no study of the kind is under way."""
    event = session.get(Event, event_id, with_for_update=True, populate_existing=True)
    if event is None:
        raise NotFound("event", event_id)
    if event.phase is Phase.AFTER:
        raise PhaseForbids(event.phase)
    under_way = select(Study.id).where(Study.event_id == event_id, Study.kind == kind, Study.state.in_(UNDER_WAY))
    return session.scalar(under_way.limit(1)) is None


def _question(event_id: int, kind: StudyKind, problem: Any) -> dict[str, Any]:
    if kind is StudyKind.FRONTIER:
        return {}
    wanted = [one for one in demand.demand(event_id).wanted if one.asked_by]
    pressed = sorted(wanted, key=lambda one: one.slots - one.asked_by)
    return {"additions": forecast.additions(problem, [one.code for one in pressed[:MOST_ASKED]])}


def _beat(study_id: int, holder: str, now: datetime) -> bool:
    with unit_of_work() as session:
        study = taking.held(session, Study, study_id, holder)
        if study is None:
            return False
        study.heartbeat_at = now
        return True


def _keep(study_id: int, holder: str, outcome: Outcome | None, now: datetime) -> None:
    with unit_of_work() as session:
        study = taking.held(session, Study, study_id, holder)
        if study is None:
            return
        if outcome is None:
            study.state = moved(RUN, study.state, RunState.QUEUED)
            study.claimed_by = study.heartbeat_at = None
            return
        _end(study, outcome, now)
        older = Study.event_id == study.event_id, Study.kind == study.kind, Study.id < study.id
        if outcome.answers is not None:
            session.execute(delete(Study).where(*older))


def _end(study: Study, outcome: Outcome, now: datetime) -> None:
    answered = outcome.answers is not None
    study.state = moved(RUN, study.state, RunState.DONE if answered else STATE_OF.get(outcome.failure, RunState.FAILED))
    study.result = {"answers": [dict(answer) for answer in outcome.answers or ()]}
    study.failure, study.finished_at = outcome.failure, now

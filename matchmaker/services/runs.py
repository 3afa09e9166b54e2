"""Runs of the solver: asked for, claimed by one worker, solved in a child process, kept as a draft.

The published version is never touched here. A run always ends in a stated state: a draft, or the code of what
went wrong. Starting one does not change the event's phase, so that organisers can rehearse while wishes are open.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from matchmaker.domain.states import RUN, RunState, moved
from matchmaker.errors import DoubleBooking, InvalidValue, NotFound, NothingToSchedule
from matchmaker.models import Draft, DraftMeeting, Request, Run, RunProgress
from matchmaker.queries import meeting_rows, versions
from matchmaker.scheduling import draft as drafting
from matchmaker.scheduling import problem as problems
from matchmaker.scheduling import repairing
from matchmaker.scheduling import rows as event_rows
from matchmaker.scheduling.child import Child, Limits, Progress
from matchmaker.scheduling.grid import places_of
from matchmaker.scheduling.presets import preset as named_preset
from matchmaker.scheduling.question import Question, preset_of
from matchmaker.scheduling.tasks import Outcome, Repair, RepairAround, Task
from matchmaker.services.steps import queue, requests, taking
from matchmaker.services.steps.journal import record
from matchmaker.services.steps.revisions import refuse_stale
from matchmaker.unit_of_work import unit_of_work

LEAST_SECONDS, MOST_SECONDS = 1, 3600
MOST_BONUS_PERCENT = 1000
REPAIR_SECONDS = 10
BEAT_SECONDS = 1.0
LOADING_SECONDS = 40.0
"""The grace of a repair, whose seconds count only once all is loaded: that takes long where a machine is busy."""
SILENT_AFTER = timedelta(seconds=30)
"""A run whose worker has said nothing for so long has lost it."""
STATE_OF: dict[str, RunState] = {"conflict": RunState.INFEASIBLE, "nothing_found": RunState.NOTHING_FOUND}


class Asked(StrEnum):
    """What has become of a run while its child works."""

    NOTHING = "nothing"
    STOP = "stop"
    CANCEL = "cancel"
    LOST = "lost"
    """It is not this worker's any more."""


@dataclass(frozen=True, slots=True)
class Capacity:
    """What one run may use of the machine."""

    memory_mb: int
    workers: int


def start(
    event_id: int,
    preset: str,
    seconds: int,
    *,
    actor_id: int | None,
    now: datetime,
    draft_number: int | None = None,
    bonus_percent: int = 100,
    seed: int | None = None,
) -> int:
    """Queue a run over the wishes of this moment and return its number.

    The locked meetings of the draft ``draft_number`` are kept where they are. ``bonus_percent`` is what first meetings
    count against the rules: more is fairer, less may give a greater total. ``seed`` decides between equals;
    without one a lot is drawn, and stored.

    Raises
    ------
    RunInProgress
        If a run of the event is queued or running.
    NothingToSchedule
        If there is no request that may be scheduled, no slot, or no table.
    InvalidValue
        If there is no such preset, or the seconds or the weight of fairness are out of range.
    PhaseForbids
        If the event is over.
    """
    chosen = named_preset(preset)
    if not LEAST_SECONDS <= seconds <= MOST_SECONDS:
        raise InvalidValue("seconds", f"between {LEAST_SECONDS} and {MOST_SECONDS}")
    if not 0 <= bonus_percent <= MOST_BONUS_PERCENT:
        raise InvalidValue("bonus_percent", f"between 0 and {MOST_BONUS_PERCENT}")
    with unit_of_work() as session:
        queue.opened(session, event_id)
        requests.refresh(session, event_id, now=now)
        session.flush()
        pinned = problems.locked_meetings(session, _draft_id(session, event_id, draft_number)) if draft_number else ()
        told = meeting_rows.told_last(event_id)
        rows = event_rows.read(session, event_id)
        problem = problems.build(rows, chosen, pinned, told.values(), bonus_percent=bonus_percent)
        if problem is None:
            raise NothingToSchedule
        limits = {"preset": preset, "bonus_percent": bonus_percent, "seconds": seconds}
        limits["seed"] = secrets.randbelow(2**31) if seed is None else seed
        number = queue.enqueue(session, event_id, problems.packed(problem), actor_id=actor_id, now=now, **limits)
        record(session, event_id=event_id, actor_id=actor_id, verb="start_run", now=now, subject=str(number))
    return number


def repair(
    event_id: int,
    draft_number: int,
    code: str,
    *,
    revision: int,
    actor_id: int | None,
    now: datetime,
    seed: int | None = None,
) -> int:
    """Queue a run that leaves one meeting of a draft and the locked ones where they are, and moves few others.

    Raises
    ------
    ChangedMeanwhile
        If somebody changed the draft since ``revision``.
    NotFound
        If there is no such draft, or it does not hold the request.
    RunInProgress, NothingToSchedule, PhaseForbids
        As for ``start``.
    """
    with unit_of_work() as session:
        queue.opened(session, event_id)
        draft = versions.draft(event_id, draft_number)
        refuse_stale(draft, revision, {}, {})
        meeting = session.scalar(
            select(DraftMeeting).join(Request).where(DraftMeeting.draft_id == draft.id, Request.code == code)
        )
        if meeting is None:
            raise NotFound("meeting", code)
        preset = preset_of(draft)
        pinned = problems.locked_meetings(session, draft.id, also=meeting.request_id)
        rows = event_rows.read(session, event_id)
        problem = problems.build(rows, named_preset(preset), pinned)
        if problem is None:
            raise NothingToSchedule
        question = Question(rows, problem, preset)
        held = [question.meeting(request_id, place) for request_id, place in places_of(draft.id).items()]
        asked, schedule = problems.to_repair(problem, [one for one in held if one is not None])
        limits = {"preset": preset, "seconds": REPAIR_SECONDS}
        limits["seed"] = secrets.randbelow(2**31) if seed is None else seed
        start_from = {"schedule": schedule, "from_number": draft_number}
        number = queue.enqueue(session, event_id, asked, actor_id=actor_id, now=now, **limits, **start_from)
        detail = {"draft": draft_number}
        record(session, event_id=event_id, actor_id=actor_id, verb="repair", now=now, subject=code, detail=detail)
    return number


def ask_stop(event_id: int, number: int, *, actor_id: int | None, now: datetime) -> None:
    """Ask a run to end and keep the best it has; one still queued has nothing to keep and is cancelled."""
    with unit_of_work() as session:
        run = _run(session, event_id, number)
        if run.state is RunState.QUEUED:
            _end(run, RunState.CANCELLED, now)
        elif run.state is RunState.RUNNING:
            run.stop_asked_at = run.stop_asked_at or now
        record(session, event_id=event_id, actor_id=actor_id, verb="stop_run", now=now, subject=str(number))


def cancel(event_id: int, number: int, *, actor_id: int | None, now: datetime) -> None:
    """End a run and keep nothing of it. What has ended stays as it is."""
    with unit_of_work() as session:
        run = _run(session, event_id, number)
        if run.state is RunState.QUEUED:
            _end(run, RunState.CANCELLED, now)
        elif run.state is RunState.RUNNING:
            run.cancel_asked = True
        record(session, event_id=event_id, actor_id=actor_id, verb="cancel_run", now=now, subject=str(number))


def claim(holder: str, now: datetime) -> int | None:
    """Take the oldest queued run for one worker and return its id; None if there is none, or another was faster."""
    with unit_of_work() as session:
        return taking.take(session, Run, holder, now, started_at=now)


def execute(
    run_id: int,
    *,
    holder: str,
    capacity: Capacity,
    clock: Callable[[], datetime],
    leaving: Callable[[], bool] = lambda: False,
) -> None:
    """Solve a claimed run between two units of work, and keep what came of it.

    ``leaving`` says that the worker must go: then the best so far is kept, and a run that has none goes back to
    the queue.
    """
    with unit_of_work() as session:
        run = session.get_one(Run, run_id)
        if run.claimed_by != holder or run.problem is None:
            return
        question, limits = run.problem, _limits(run, capacity)
        task = _task(run)
    with Child(question, limits, task) as child:
        asked = _attend(run_id, child, holder, clock, leaving)
        if asked is Asked.LOST:
            return
        outcome = Outcome(failure="cancelled") if asked is Asked.CANCEL else child.outcome()
    _keep(run_id, question, outcome, holder=holder, now=clock(), left=leaving())


def _limits(run: Run, capacity: Capacity) -> Limits:
    limits = Limits(run.seconds, capacity.memory_mb, capacity.workers, run.seed)
    return replace(limits, grace=LOADING_SECONDS) if run.happened else limits


def _task(run: Run) -> Task | None:
    """Return what the run asks for; None where it is simply to be solved."""
    if run.happened and run.problem:
        return Repair(*repairing.standing(problems.unpacked(run.problem), run.happened["now"]))
    return RepairAround(run.schedule) if run.schedule else None


def reap(now: datetime) -> int:
    """See to runs whose worker has died, and return how many there were.

    The first time such a run goes back to the queue; the second time it fails, so that a run which kills its
    worker does not kill them all.
    """
    with unit_of_work() as session:
        silent = session.scalars(
            select(Run).where(Run.state == RunState.RUNNING, Run.heartbeat_at < now - SILENT_AFTER).order_by(Run.id)
        ).all()
        for run in silent:
            if run.cancel_asked:
                _end(run, RunState.CANCELLED, now)
            elif run.failure_detail.get("worker_died"):
                _fail(run, Outcome(failure="worker"), now)
            else:
                _requeue(session, run, {"worker_died": True})
        return len(silent)


def _draft_id(session: Session, event_id: int, number: int) -> int:
    found = session.scalar(select(Draft.id).where(Draft.event_id == event_id, Draft.number == number))
    if found is None:
        raise NotFound("draft", number)
    return found


def _run(session: Session, event_id: int, number: int) -> Run:
    found = session.scalar(select(Run).where(Run.event_id == event_id, Run.number == number))
    if found is None:
        raise NotFound("run", number)
    return found


def _attend(
    run_id: int, child: Child, holder: str, clock: Callable[[], datetime], leaving: Callable[[], bool]
) -> Asked:
    """Write down the child's progress until it ends; hand on what people ask of the run."""
    while child.running:
        points = _gather(child)
        asked = _beat(run_id, points, holder, clock())
        if asked in {Asked.CANCEL, Asked.LOST}:
            return asked
        if asked is Asked.STOP or leaving():
            child.stop()
    return _beat(run_id, child.progress(0), holder, clock())


def _gather(child: Child) -> list[Progress]:
    """Return the news of one beat: all of it in one transaction, so that a chatty child costs no more."""
    points = list(child.progress(BEAT_SECONDS))
    while more := child.progress(0):
        points.extend(more)
    return points


def _beat(run_id: int, points: Sequence[Progress], holder: str, now: datetime) -> Asked:
    with unit_of_work() as session:
        run = session.get_one(Run, run_id)
        if run.state is not RunState.RUNNING or run.claimed_by != holder:
            return Asked.LOST
        run.heartbeat_at = now
        session.add_all(
            RunProgress(run_id=run_id, seconds=p.seconds, phase=p.phase, value=p.value, bound=p.bound) for p in points
        )
        if run.cancel_asked:
            return Asked.CANCEL
        return Asked.STOP if run.stop_asked_at else Asked.NOTHING


def _keep(run_id: int, question: bytes, outcome: Outcome, *, holder: str, now: datetime, left: bool) -> None:
    """Store what a run ended with: a draft if the checker finds no fault, else what went wrong."""
    problem = problems.unpacked(question)
    if faults := [fault for schedule in outcome.schedules for fault in drafting.faults(problem, schedule)]:
        outcome = Outcome(failure="wrong_answer", detail={"faults": faults})
    try:
        with unit_of_work() as session:
            run = session.get_one(Run, run_id)
            if run.state is not RunState.RUNNING or run.claimed_by != holder:
                return
            _settle(session, run, problem, outcome, now=now, left=left)
    except DoubleBooking:
        _keep_failure(run_id, Outcome(failure="wrong_answer", detail={"faults": ["double booking"]}), now)


def _settle(session: Session, run: Run, problem: Any, outcome: Outcome, *, now: datetime, left: bool) -> None:
    if outcome.schedule:
        before = versions.reasons(run.event_id) if run.happened else {}
        for schedule in outcome.schedules:
            drafting.store(session, run, problem, schedule, before, now=now)
        _end(run, RunState.DONE, now)
    elif outcome.failure == "cancelled" or run.cancel_asked:
        _end(run, RunState.CANCELLED, now)
    elif left:
        _requeue(session, run, dict(run.failure_detail))
    else:
        _fail(run, outcome, now)


def _keep_failure(run_id: int, outcome: Outcome, now: datetime) -> None:
    with unit_of_work() as session:
        _fail(session.get_one(Run, run_id), outcome, now)


def _fail(run: Run, outcome: Outcome, now: datetime) -> None:
    run.failure, run.failure_detail = outcome.failure, dict(outcome.detail)
    _end(run, STATE_OF.get(outcome.failure, RunState.FAILED), now)


def _end(run: Run, state: RunState, now: datetime) -> None:
    run.state = moved(RUN, run.state, state)
    run.finished_at = now


def _requeue(session: Session, run: Run, detail: dict[str, Any]) -> None:
    run.state = moved(RUN, run.state, RunState.QUEUED)
    run.claimed_by = run.heartbeat_at = run.started_at = run.stop_asked_at = None
    run.failure_detail = detail
    session.execute(delete(RunProgress).where(RunProgress.run_id == run.id))

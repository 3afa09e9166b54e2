"""Runs for tests: started, claimed and carried out at once by the real solver in its real process."""

from __future__ import annotations

from matchmaker import clock
from matchmaker.domain.states import RunState
from matchmaker.extensions import db
from matchmaker.models import Draft, Run
from matchmaker.services import runs
from matchmaker.services.runs import Capacity

CAPACITY = Capacity(memory_mb=6000, workers=1)


def started(forum, now, seconds=5, **kwargs):
    """Queue a run and return its number."""
    return runs.start(forum.id, "fairness", seconds, actor_id=forum.organiser.id, now=now, seed=3, **kwargs)


def carry_out(now, capacity=CAPACITY, **kwargs):
    """Claim the oldest queued run, solve it, and return its row as it then is."""
    run_id = runs.claim("worker", now)
    runs.execute(run_id, holder="worker", capacity=capacity, clock=clock.now, **kwargs)
    db.session.rollback()
    return db.session.get(Run, run_id)


def solved(forum, now, **kwargs):
    """Start a run, carry it out, and return the draft it leaves."""
    started(forum, now, **kwargs)
    run = carry_out(now)
    assert run.state is RunState.DONE, (run.failure, run.failure_detail)
    return db.session.scalars(db.select(Draft).where(Draft.run_id == run.id)).one()

"""Rehearsals: asked for by organisers, played by the worker on a copy of the event, kept in figures.

The copy is all that the playing process is given: it knows neither the house's database nor its relay, so that what it
publishes, marks and puts into an outbox reaches nobody. The event itself keeps a row of figures, and nothing else.
"""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import structlog
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from matchmaker.domain.states import RUN, UNDER_WAY, Phase, RunState, moved
from matchmaker.errors import InvalidValue, NotFound, PhaseForbids
from matchmaker.extensions import db
from matchmaker.models import Event, Interpreter, Organisation, Participation, Rehearsal, Request
from matchmaker.paths import PACKAGE
from matchmaker.queries import rehearsals as queries
from matchmaker.services.runs import BEAT_SECONDS, SILENT_AFTER, STATE_OF, Capacity
from matchmaker.services.steps import requests, taking
from matchmaker.services.steps.copying import copy_event
from matchmaker.services.steps.journal import record
from matchmaker.settings import PREFIX
from matchmaker.unit_of_work import unit_of_work

MOST_PERCENT = 90
MOST_TIME = timedelta(minutes=20)
"""After so long a rehearsal is ended without figures."""
COPY = "matchmaker.sqlite"
"""The name of the copy in its folder: where an installation without other settings has its database."""

ERRORS = "errors"

Line = Mapping[str, Any]
CRASHED: Line = {"failure": "crashed"}
log = structlog.get_logger()


def ask(event_id: int, plan: Mapping[str, Any], *, actor_id: int | None, now: datetime) -> None:
    """Queue a rehearsal of the event as it then is; nothing happens if one is under way.

    ``plan`` may name ``no_shows`` and ``late`` (percent), ``seed``, ``seconds`` of the run and the code of the
    ``place`` that closes; the rest is as in ``rehearsal.Plan``. The schedule is weighed as the event's last run was.

    Raises
    ------
    InvalidValue
        If a percentage is out of range, or the event has no such place.
    NotFound
        If there is no such event.
    PhaseForbids
        If the event is over.
    """
    for name in ("no_shows", "late"):
        if not 0 <= plan.get(name, 0) <= MOST_PERCENT:
            raise InvalidValue(name, f"between 0 and {MOST_PERCENT}")
    with unit_of_work() as session:
        event = session.get(Event, event_id, with_for_update=True, populate_existing=True)
        if event is None:
            raise NotFound("event", event_id)
        if event.phase is Phase.AFTER:
            raise PhaseForbids(event.phase)
        if plan.get("place") and not queries.has_place(event_id, plan["place"]):
            raise InvalidValue("place", f"no place {plan['place']!r}")
        mine = Rehearsal.event_id == event_id, Rehearsal.state.in_(UNDER_WAY)
        if session.scalar(select(Rehearsal.id).where(*mine).limit(1)) is not None:
            return
        whole = {**plan, "preset": queries.preset(event_id)}
        session.add(Rehearsal(event_id=event_id, state=RunState.QUEUED, plan=whole, created_at=now))
        record(session, event_id=event_id, actor_id=actor_id, verb="rehearsal.asked", now=now)


def claim(holder: str, now: datetime) -> int | None:
    """Take the oldest queued rehearsal for one worker and return its id; None if there is none to take."""
    with unit_of_work() as session:
        return taking.take(session, Rehearsal, holder, now)


def execute(
    rehearsal_id: int,
    *,
    holder: str,
    capacity: Capacity,
    clock: Callable[[], datetime],
    leaving: Callable[[], bool] = lambda: False,
) -> None:
    """Play a claimed rehearsal in a process of its own; if the worker must leave, it goes back to the queue."""
    row = db.session.get_one(Rehearsal, rehearsal_id)
    event_id, plan, owner = row.event_id, dict(row.plan), row.claimed_by
    db.session.rollback()
    if owner != holder:
        return
    with TemporaryDirectory(prefix="matchmaker-rehearsal-") as folder:
        copy(event_id, Path(folder))
        with _playing(Path(folder), plan, capacity) as process:
            result = _attend(rehearsal_id, process, holder, clock, leaving)
        if result == CRASHED:
            log.error("rehearsal crashed", rehearsal=rehearsal_id, cause=_last_words(Path(folder)))
    if result is not None or leaving():
        _keep(rehearsal_id, holder, result, clock())


def reap(now: datetime) -> int:
    """End the rehearsals whose worker has died, and return how many there were: whoever wants one asks again."""
    with unit_of_work() as session:
        silent = session.scalars(
            select(Rehearsal).where(Rehearsal.state == RunState.RUNNING, Rehearsal.heartbeat_at < now - SILENT_AFTER)
        ).all()
        for row in silent:
            _end(row, {"failure": "worker"}, now)
        return len(silent)


def copy(event_id: int, folder: Path) -> None:
    """Write a copy of the event into a folder, without names, addresses and ways in; the event is only read."""
    copy_event(db.session(), event_id, folder / COPY)


def name_again(event_id: int, *, now: datetime) -> None:
    """Bring the requests of a copy up to its wishes and give all codes anew, equal in equal rehearsals.

    Codes are drawn, and searches follow them. Organisations keep theirs: figures name them by these.
    """
    with unit_of_work() as session:
        requests.refresh(session, event_id, now=now)
        session.flush()
        for table in (Participation, Interpreter, Request):
            _name_again(session, table, event_id)


def name_parties_again(event_id: int) -> None:
    """Give the organisations of a scenario, which nobody knows by their codes, codes that are equal each time."""
    with unit_of_work() as session:
        _name_again(session, Organisation, event_id)


def _name_again(session: Session, table: type[Any], event_id: int) -> None:
    letter = table.__tablename__[0]
    for row in session.scalars(select(table).where(table.event_id == event_id)):
        row.code = f"{letter}{row.id:07}"
    session.flush()


@contextmanager
def _playing(folder: Path, plan: Mapping[str, Any], capacity: Capacity) -> Iterator[subprocess.Popen[bytes]]:
    """Give the process that plays what is in ``folder``; it is ended with the block, however that ends."""
    command = [sys.executable, "-m", "matchmaker", "rehearse", "--copy", str(folder), "--plan", json.dumps(plan)]
    ours = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    limits = {f"{PREFIX}RUN_MEMORY_MB": str(capacity.memory_mb), f"{PREFIX}DATA_FOLDER": str(folder)}
    path = os.pathsep.join([str(PACKAGE.parent), *filter(None, [ours.get("PYTHONPATH")])])
    with (
        (folder / ERRORS).open("wb") as errors,
        subprocess.Popen(
            [*command, "--parent", str(os.getpid())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            cwd=folder,
            env={**ours, **limits, "PYTHONPATH": path},
            process_group=0,
        ) as process,
    ):
        try:
            yield process
        finally:
            process.kill()


def _attend(
    rehearsal_id: int,
    process: subprocess.Popen[bytes],
    holder: str,
    clock: Callable[[], datetime],
    leaving: Callable[[], bool],
) -> Line | None:
    """Write down how far it is until it ends; return its last line, None if it was taken away or must be left."""
    last: Line = CRASHED
    deadline = time.monotonic() + MOST_TIME.total_seconds()
    for lines in _lines(process):
        if leaving():
            return None
        last = lines[-1] if lines else last
        if not _beat(rehearsal_id, holder, last, clock()):
            return None
        if time.monotonic() > deadline:
            return {"failure": "time"}
    return last if last.keys() & {"facts", "failure"} else CRASHED


def _last_words(folder: Path) -> str:
    lines = (folder / ERRORS).read_text("utf-8", "replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "")[:200]


def _lines(process: subprocess.Popen[bytes]) -> Iterator[list[Line]]:
    """Yield what the process says, at least once a beat and nothing then, until it says no more."""
    rest, pipe = b"", process.stdout
    if pipe is None:
        return
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while True:
            data = os.read(pipe.fileno(), 1 << 16) if (heard := selector.select(BEAT_SECONDS)) else b""
            if heard and not data:
                return
            *lines, rest = (rest + data).split(b"\n")
            yield [json.loads(line) for line in lines if line.startswith(b"{")]


def _beat(rehearsal_id: int, holder: str, said: Line, now: datetime) -> bool:
    with unit_of_work() as session:
        row = taking.held(session, Rehearsal, rehearsal_id, holder)
        if row is None:
            return False
        row.heartbeat_at = now
        if "step" in said:
            row.step, row.done, row.total = said["step"], said["done"], said["of"]
        return True


def _keep(rehearsal_id: int, holder: str, result: Line | None, now: datetime) -> None:
    with unit_of_work() as session:
        row = taking.held(session, Rehearsal, rehearsal_id, holder)
        if row is None:
            return
        if result is None:
            row.state = moved(RUN, row.state, RunState.QUEUED)
            row.claimed_by = row.heartbeat_at = None
            row.step, row.done, row.total = "", 0, 0
            return
        _end(row, result, now)
        if "facts" in result:
            session.execute(delete(Rehearsal).where(Rehearsal.event_id == row.event_id, Rehearsal.id < row.id))


def _end(row: Rehearsal, result: Line, now: datetime) -> None:
    failure = result.get("failure", "")
    row.state = moved(RUN, row.state, STATE_OF.get(failure, RunState.FAILED) if failure else RunState.DONE)
    row.result, row.failure, row.finished_at = dict(result.get("facts", {})), failure, now

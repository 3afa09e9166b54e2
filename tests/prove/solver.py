"""Runs of the solver that cannot go well: each ends in a stated result, in time, and what is published stays."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from matchmaker.domain.states import UNDER_WAY, RunState
from matchmaker.extensions import db
from matchmaker.models import DraftMeeting, Event, Run, Version
from matchmaker.queries.agenda import agendas
from matchmaker.scheduling.child import Child
from matchmaker.services.runs import Capacity
from matchmaker.unit_of_work import unit_of_work
from tests import placed, solved
from tests.conftest import NOW
from tests.forum import Forum, a_crowd, a_forum
from tests.prove import house
from tests.prove.rows import Measured, Off, Offs, Row, switched

BEYOND = 15.0
LITTLE = Capacity(memory_mb=150, workers=1)
FAILED, FOUND = RunState.FAILED, {(RunState.DONE, ""), (RunState.NOTHING_FOUND, "nothing_found")}
LATE = {(RunState.NOTHING_FOUND, "nothing_found"), (FAILED, "time")}
"""How any run may end on a machine that is too busy for its seconds; that, too, is stated."""


class Shot(Child):
    """The real child, killed from outside once it has a schedule."""

    def progress(self, patience: float) -> object:
        points = super().progress(patience)
        if any(point.value is not None for point in points):
            os.kill(self.pid, signal.SIGKILL)
        return points


@dataclass(frozen=True)
class Way:
    """How a run goes wrong, and the ends that it may then have."""

    seconds: int
    ends: set[tuple[RunState, str]]
    capacity: Capacity = solved.CAPACITY
    child: type[Child] = Child
    locked: bool = False


WAYS = {
    "killed": Way(20, {(FAILED, "crashed")}, child=Shot),
    "no memory": Way(5, {(FAILED, "memory")}, LITTLE),
    "infeasible": Way(5, {(RunState.INFEASIBLE, "conflict")}, locked=True),
    "no time": Way(1, FOUND),
}


def measure(size: int, offs: Offs) -> Measured:
    """Let ``size`` runs go wrong, one way after the other."""
    faults, ends, longest = [], Counter[str](), 0.0
    with house.a_house():
        crowd, tight = a_crowd(), _contradiction()
        placed.version_of(crowd, "ab 09:00, cd 09:25", now=NOW)
        before = _published(crowd)
        for number in range(size):
            name, way = list(WAYS.items())[number % len(WAYS)]
            began = time.monotonic()
            end = _ended(tight if way.locked else crowd, way, offs)
            over = time.monotonic() - began - way.seconds
            longest = max(longest, over)
            ends[f"{name}: {end[1] or end[0].value}"] += 1
            faults += [f"run {number}, {name}: {what}" for what in _wrong(way, end, over)]
        if _published(crowd) != before:
            faults.append("what was published is not as it was")
    said = ", ".join(f"{end} {count}" for end, count in sorted(ends.items()))
    return Measured(f"{said}; longest {longest:+.0f} s beyond its limit", f"{size} runs", faults)


def _wrong(way: Way, end: tuple[RunState, str], over: float) -> Iterator[str]:
    if end not in way.ends | LATE:
        yield f"ended as {end}"
    if over > BEYOND * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1)):  # a busy machine is not the run's fault
        yield f"{over:.0f} s beyond its limit"


def _ended(forum: Forum, way: Way, offs: Offs) -> tuple[RunState, str]:
    """Start a run and carry it out; return how it ended."""
    _clear(forum.id)
    solved.started(forum, NOW, seconds=way.seconds, draft_number=1 if way.locked else None)
    with switched([Off("matchmaker.services.runs:Child", way.child), *offs]):
        run = solved.carry_out(NOW, way.capacity)
    return run.state, run.failure or ""


def _clear(event_id: int) -> None:
    """Take away what an earlier run did not end, so that the next can begin."""
    with unit_of_work() as session:
        for run in session.scalars(db.select(Run).where(Run.event_id == event_id, Run.state.in_(UNDER_WAY))):
            run.state = RunState.FAILED


def _contradiction() -> Forum:
    """Make a forum whose first draft locks one person in two meetings at once."""
    forum = a_forum("a!b a!c", capacity=1)
    one, other = solved.solved(forum, NOW).meetings
    with unit_of_work() as session:
        for meeting in (one, other):
            session.get_one(DraftMeeting, meeting.id).locked = True
        session.get_one(DraftMeeting, other.id).slot_id = one.slot_id
        session.get_one(type(forum.people["a"]), forum.people["a"].id).parallel = 1
    return forum


def _published(forum: Forum) -> object:
    db.session.rollback()
    versions = db.session.scalars(db.select(Version.number)).all()
    people = [db.session.get_one(type(one), one.id) for one in forum.people.values()]
    phase = db.session.get_one(Event, forum.id).phase
    return versions, phase, [[(meeting.start, meeting.state) for meeting in one.meetings] for one in agendas(people)]


def _says_nothing(*_args: object) -> None:
    return


ROW = Row(
    name="solver-faults",
    asked="solver killed, out of memory, infeasible, no time, 200 times: all end in a stated result within "
    "limit + 15 s; published schedule untouched",
    full=200,
    smoke=4,
    measure=measure,
    controls={"a failure is not written down": (Off("matchmaker.services.runs:_fail", _says_nothing),)},
    minutes=12,
)

"""The worker as real processes: one clock, a clean end, and nothing lost by an unclean one."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from matchmaker import jobs, worker
from matchmaker.domain.states import MailState, RunState
from matchmaker.extensions import db
from matchmaker.models import Draft, Event, Lease, Mail, Participation, Run
from matchmaker.services import in_hand, leases, outbox, runs
from matchmaker.services.steps.outbox import enqueue
from matchmaker.unit_of_work import unit_of_work
from tests.forum import a_crowd, a_forum
from tests.solved import started

pytestmark = pytest.mark.usefixtures("app")
PROGRAM = """
import sys
import time
from contextlib import nullcontext
from pathlib import Path
import time_machine
from matchmaker import worker
from matchmaker.settings import Settings
folder, address, ahead = sys.argv[1:]
own = Settings(data_folder=Path(folder), database_url=address, secret_key="only for tests and long enough")
with time_machine.travel(time.time() + float(ahead)) if float(ahead) else nullcontext():
    worker.main(own)
"""


@contextmanager
def working(settings, ahead=0):
    """Run a worker as a process, with a clock that is so many seconds fast."""
    command = [sys.executable, "-c", PROGRAM, str(settings.data_folder), str(db.engine.url), str(ahead)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def until(found, seconds=40.0):
    """Wait until ``found`` of a fresh look at the database is true, and return it."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        db.session.rollback()
        if result := found():
            return result
        time.sleep(0.1)
    raise AssertionError("it did not come to pass")


def state():
    db.session.rollback()
    return db.session.scalars(db.select(Run.state)).one()


def progress():
    return db.session.scalar(db.text("SELECT count(*) FROM run_progress WHERE value IS NOT NULL"))


def children_of(pid):
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return {int(child) for task in tasks for child in (task / "children").read_text("ascii").split()}


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rsplit(") ", 1)[1][0] != "Z"
    except FileNotFoundError:
        return False


def test_worker_takes_a_queued_run_and_leaves_a_draft(settings, now):
    started(a_forum(), now)

    with working(settings):
        until(lambda: state() is RunState.DONE)

    assert db.session.scalars(db.select(Draft.number)).all() == [1]


def test_no_run_is_taken_before_the_machine_code_is_made(app, settings, now):
    started(a_forum(), now)
    made = threading.Event()
    waiting = worker.Worker(app, settings, every=0.1, ready=made.is_set)
    thread = threading.Thread(target=waiting.work)
    thread.start()
    try:
        time.sleep(2)
        assert state() is RunState.QUEUED

        made.set()
        until(lambda: state() is RunState.DONE)
    finally:
        waiting.leave()
        thread.join(30)


class Ticking(worker.Worker):
    """A worker that notes its rounds instead of working, by a clock that no setting changes."""

    def __init__(self, app, settings, lasting=0.0):
        super().__init__(app, settings, every=0.2)
        self.rounds, self._lasting = [], lasting

    def tick(self):
        self.rounds.append(time.monotonic())
        time.sleep(self._lasting)


@pytest.mark.parametrize("jump", [timedelta(hours=-1), timedelta(seconds=-3), timedelta(hours=1), timedelta(days=365)])
def test_rounds_go_on_when_the_clock_jumps(app, settings, now, jump):
    ticking = Ticking(app, settings)
    thread = threading.Thread(target=ticking.work)
    with time_machine.travel(now) as wall:
        thread.start()
        try:
            until(lambda: len(ticking.rounds) > 1)
            wall.shift(jump)
            jumped = time.monotonic()
            time.sleep(3)
        finally:
            ticking.leave()
            thread.join(60)

    since = [moment - jumped for moment in ticking.rounds if moment > jumped]
    assert since
    assert since[0] < 2
    assert 4 < len(since) < 17


def test_a_round_that_lasts_longer_than_the_pause_is_no_line_of_the_log(app, settings, caplog):
    ticking = Ticking(app, settings, lasting=1)
    thread = threading.Thread(target=ticking.work)
    thread.start()
    try:
        until(lambda: len(ticking.rounds) > 1)
    finally:
        ticking.leave()
        thread.join(60)

    assert [record.getMessage() for record in caplog.records] == []


def test_of_two_workers_one_holds_the_clock_and_the_other_takes_over(settings):
    with working(settings) as first:
        holder = until(lambda: db.session.scalars(db.select(Lease.holder)).first())
        with working(settings) as second:
            time.sleep(3)
            db.session.rollback()
            assert db.session.scalars(db.select(Lease.holder)).one() == holder
            assert f"-{first.pid}-" in holder

            first.send_signal(signal.SIGTERM)
            assert first.wait(30) == 0

            lease = until(lambda: db.session.scalars(db.select(Lease).where(Lease.holder != holder)).first())
            assert f"-{second.pid}-" in lease.holder
            assert lease.fence == 2


def test_what_a_worker_with_a_fast_clock_held_when_it_was_killed_is_free(settings):
    with working(settings, ahead=3600) as fast:
        holder = until(lambda: db.session.scalars(db.select(Lease.holder)).first())
        fast.kill()

    with working(settings) as right:
        lease = until(lambda: db.session.scalars(db.select(Lease).where(Lease.holder != holder)).first())

    assert f"-{right.pid}-" in lease.holder


def test_sigterm_stops_the_child_and_keeps_the_best(settings, now):
    started(a_crowd(), now, seconds=300)

    with working(settings) as worker:
        until(progress)
        child = children_of(worker.pid)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(30) == 0

    assert state() is RunState.DONE
    assert [pid for pid in child if alive(pid)] == []


def test_a_killed_worker_takes_its_child_along_and_another_does_the_run_again(settings, now):
    started(a_crowd(), now, seconds=300)
    with working(settings) as worker:
        until(progress)
        child = children_of(worker.pid)
        worker.kill()
        worker.wait()
        until(lambda: not any(alive(pid) for pid in child))
    with_heartbeat_long_ago()

    with working(settings):
        until(lambda: db.session.scalars(db.select(Run.failure_detail)).one() == {"worker_died": True})
        until(progress)

    assert state() is RunState.RUNNING


def with_heartbeat_long_ago():
    """Let a minute pass, for the lease and for the run."""
    connection = db.engine.connect().execution_options(matchmaker_writes=True)
    with connection:
        for statement in (
            "UPDATE run SET heartbeat_at = '2026-01-01 00:00:00.000000'",
            "UPDATE lease SET expires_at = '2026-01-01 00:00:00.000000'",
        ):
            connection.execute(db.text(statement))
        connection.commit()


def test_a_lease_raced_by_twenty_has_one_holder(app, now):
    gate, fences = threading.Barrier(20), []

    def race(number):
        with app.app_context():
            gate.wait()
            fences.append(leases.hold("test", f"worker-{number}", seconds=30, now=now))

    threads = [threading.Thread(target=race, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(fences, key=str) == [1, *[None] * 19]


def test_a_lease_is_renewed_by_its_holder_and_taken_by_another_only_when_it_ends(now):
    later, much_later = now + timedelta(seconds=10), now + timedelta(seconds=60)

    held = [
        leases.hold("test", "one", seconds=30, now=now),
        leases.hold("test", "one", seconds=30, now=later),
        leases.hold("test", "two", seconds=30, now=later),
        leases.hold("test", "two", seconds=30, now=much_later),
        leases.hold("test", "one", seconds=30, now=much_later),
    ]

    assert held == [1, 1, None, 2, None]


def test_a_lease_of_a_clock_that_was_ahead_is_nobodys(now):
    ahead = now + timedelta(hours=1)
    leases.hold("test", "dead", seconds=30, now=ahead)

    held = [
        leases.hold("test", "one", seconds=30, now=ahead - timedelta(seconds=10)),
        leases.hold("test", "one", seconds=30, now=now),
        leases.hold("test", "two", seconds=30, now=now),
    ]

    assert held == [None, 2, None]


def test_only_the_last_holder_has_a_lease_and_until_it_ends(now):
    later = now + timedelta(seconds=31)
    first = leases.hold("test", "one", seconds=30, now=now)

    assert leases.is_held("test", "one", first, now=now)
    assert not leases.is_held("test", "two", first, now=now)
    assert not leases.is_held("test", "one", first, now=later)

    leases.hold("test", "two", seconds=30, now=later)
    again = leases.hold("test", "one", seconds=30, now=later + timedelta(seconds=31))
    assert [leases.is_held("test", "one", fence, now=later) for fence in (first, again)] == [False, True]


def test_a_worker_paused_for_longer_than_its_lease_leaves_its_round_to_another(app, settings, now, monkeypatch):
    paused, other = (worker.Worker(app, settings, ready=lambda: False) for _ in range(2))
    done = []
    monkeypatch.setattr(jobs, "tell_who_waits", lambda: done.append("first job"))
    monkeypatch.setattr(jobs, "delete_announced_data", lambda: done.append("later job"))

    def pause():
        monkeypatch.setattr(jobs, "tell_notices", lambda: None)
        wall.shift(timedelta(seconds=21))
        other.tick()

    monkeypatch.setattr(jobs, "tell_notices", pause)
    with time_machine.travel(now) as wall:
        paused.tick()
        assert done == ["first job", "first job", "later job"]
        assert db.session.scalars(db.select(Lease.holder)).one() == other.holder

        paused.tick()
        assert len(done) == 3
        other.tick()
        assert len(done) == 5
        for lane in (*paused._lanes, *other._lanes):
            lane.join()


@pytest.mark.parametrize("jump", [timedelta(hours=1), timedelta(hours=-1)])
def test_nobody_is_robbed_of_what_they_are_at_when_the_clock_jumps(app, settings, now, jump):
    """Each is alive; what they had stamped last is an hour old, or lies an hour ahead."""
    event = a_forum()
    one = worker.Worker(app, settings, ready=lambda: False)
    with time_machine.travel(now, tick=False) as wall:
        one.tick()
        a_run, a_mail = under_way(event, now)
        wall.shift(jump)
        one.tick()
        for lane in one._lanes:
            lane.join()

    db.session.rollback()
    run, mail = db.session.get(Run, a_run), db.session.get(Mail, a_mail)
    assert (run.state, run.heartbeat_at) == (RunState.RUNNING, now + jump)
    assert (mail.state, mail.claimed_at, mail.claimed_by) == (MailState.DATA, now + jump, "alive")


def test_whoever_died_is_found_after_a_jump_as_after_any_death(now):
    a_run, a_mail = under_way(a_forum(), now + timedelta(days=1))

    in_hand.judge_from_now(jumped=False, now=now)
    early = runs.reap(now + timedelta(seconds=29)), outbox.sweep(now=now + timedelta(minutes=9))
    late = runs.reap(now + timedelta(seconds=31)), outbox.sweep(now=now + timedelta(minutes=11))

    assert (early, late) == ((0, {}), (1, {"held": 1}))
    assert db.session.get(Run, a_run).state is RunState.QUEUED
    assert db.session.get(Mail, a_mail).state is MailState.HELD


def under_way(forum, moment):
    """Let somebody be at a run and at a mail since a moment; return the ids of both."""
    started(forum, moment)
    with unit_of_work() as session:
        person = next(iter(forum.people.values()))
        mail = enqueue(
            session,
            event=session.get(Event, person.event_id),
            participation=session.get(Participation, person.id),
            kind="agenda",
            occasion="version-1",
            now=moment,
        )
        mail.state, mail.claimed_by, mail.claimed_at, mail.tries = MailState.DATA, "alive", moment, 1
        run = session.scalars(db.select(Run)).one()
        run.state, run.claimed_by, run.heartbeat_at = RunState.RUNNING, "alive", moment
        session.flush()
        return run.id, mail.id


def test_a_lease_let_go_is_free_at_once(now):
    leases.hold("test", "one", seconds=30, now=now)

    leases.release("test", "two", now=now)
    assert leases.hold("test", "two", seconds=30, now=now) is None

    leases.release("test", "one", now=now)
    assert leases.hold("test", "two", seconds=30, now=now) == 2

"""The process that owns the clock, the mail and the runs.

Any number may be started: all of them send mail, one holds the lease of the clock and does the rest. Mail, runs,
studies, imports, paper and the holes of the day each have a lane, a thread of their own, so that neither a slow relay
nor a long run keeps the clock from ticking; rehearsals share that of studies. On SIGTERM a run's child is asked for the
best it has; a run that has nothing, a study and a rehearsal go back to the queue.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from secrets import token_hex
from typing import TypeVar

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from flask import Flask

from matchmaker import clock, jobs
from matchmaker.app import create_app
from matchmaker.memory import set_apart
from matchmaker.scheduling.child import prepare
from matchmaker.services.runs import Capacity
from matchmaker.services.steps import turns
from matchmaker.settings import Settings

TICK_SECONDS = 1.0
A_JUMP = 5.0
"""So many seconds, either way, are more than clocks are put right by between two rounds."""
PATIENCE_SECONDS = 20.0
"""How long the end waits for a lane: a run's child stops within seconds, a mail that hangs is left to the sweep."""

BEHIND = {"runs": 5, "studies": 5, "mail": 5, "imports": 5, "paper": 10}
"""How nice a lane is: pages come first. Beside a page that wants the processor too, what is nice by 5 gets a third of
what the page does: with less, a run might end without an answer.

Linux weighs processes against each other within a session only, where each has its share: who starts a process here
gives it a group of its own, for the sake of Ctrl-C, and never a session.
"""

T = TypeVar("T")
Work = Callable[[int, str, Capacity, Callable[[], bool]], None]
log = structlog.get_logger()


def main(settings: Settings) -> None:
    """Work until somebody says stop (SIGTERM or Ctrl-C)."""
    warming = prepare(settings.run_memory_mb)
    worker = Worker(create_app(settings), settings, ready=lambda: warming.poll() is not None)
    set_apart()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.leave())
    try:
        worker.work()
    finally:
        warming.kill()
        warming.wait()


class Lane:
    """A thread that does one piece of work at a time; what comes while it is busy is not started.

    Work with a ``niceness`` gives way to the pages, with the processes that it starts.
    """

    def __init__(self, name: str, niceness: int = 0) -> None:
        self._name, self._niceness = name, niceness
        self._thread: threading.Thread | None = None

    @property
    def busy(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def start(self, work: Callable[[], object]) -> None:
        if not self.busy:
            target = partial(_give_way_and, work, self._niceness) if self._niceness else work
            self._thread = threading.Thread(target=target, name=self._name, daemon=True)
            self._thread.start()

    def join(self) -> None:
        if self._thread:
            self._thread.join(PATIENCE_SECONDS)


def _give_way_and(work: Callable[[], object], niceness: int) -> None:
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), niceness)  # to Linux each thread has its own
    work()


class Pulse(BaseTrigger):
    """The next round is reckoned from the present, never from the last: a clock that leapt a year ahead missed none."""

    def __init__(self, seconds: float) -> None:
        self._pause = timedelta(seconds=seconds)

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:  # noqa: ARG002 -- APScheduler's
        return now + self._pause


class Jumps:
    """Tells by how much the clock was set since it was asked last; after a machine slept it looks the same."""

    def __init__(self) -> None:
        self._apart = self._from_the_steady()

    def seconds(self) -> float:
        before, self._apart = self._apart, self._from_the_steady()
        return self._apart - before

    @staticmethod
    def _from_the_steady() -> float:
        return clock.now().timestamp() - time.monotonic()


class Worker:
    """One process of ours; ``holder`` is its name in leases and claims."""

    def __init__(
        self,
        app: Flask,
        settings: Settings,
        *,
        every: float = TICK_SECONDS,
        ready: Callable[[], bool] = lambda: True,
    ) -> None:
        self.holder = f"{socket.gethostname()[:32]}-{os.getpid()}-{token_hex(4)}"
        self._app, self._every, self._ready = app, every, ready
        self._capacity = Capacity(settings.run_memory_mb, settings.run_workers)
        self._leaving, self._jumps = threading.Event(), Jumps()
        self._runs, self._studies, self._mail, self._imports, self._paper, self._holes = self._lanes = [
            Lane(name, BEHIND.get(name, 0)) for name in ("runs", "studies", "mail", "imports", "paper", "holes")
        ]

    def leave(self) -> None:
        """Ask for the end; safe in a signal handler."""
        self._leaving.set()

    def work(self) -> None:
        """Tick until ``leave``, then see the lanes out and let the lease go."""
        scheduler = BackgroundScheduler(executors={"default": ThreadPoolExecutor(1)}, timezone="UTC")
        once = {"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
        scheduler.add_job(self.tick, Pulse(self._every), id="tick", **once)
        logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a round longer than the pause is no news
        scheduler.start()
        log.info("worker started", holder=self.holder)
        while not self._leaving.wait(self._every):
            self._bring_forward(scheduler)
        scheduler.shutdown(wait=True)
        for lane in self._lanes:
            lane.join()
        self._attempt(partial(jobs.let_the_clock_go, self.holder))
        log.info("worker left", holder=self.holder)

    def _bring_forward(self, scheduler: BackgroundScheduler) -> None:
        """Begin a round that is further off than any should be: the clock was set back since it was planned."""
        planned, now = scheduler.get_job("tick").next_run_time, clock.now()
        if planned > now + timedelta(seconds=self._every):
            scheduler.modify_job("tick", next_run_time=now)

    def tick(self) -> None:
        """Send mail, and start what is due if this worker holds the lease, for as long as it does."""
        if self._leaving.is_set():
            return
        self._mail.start(partial(self._attempt, partial(jobs.send_mail, self.holder, self._leaving.is_set)))
        if jumped := abs(seconds := self._jumps.seconds()) > A_JUMP:
            log.warning("clock jumped", seconds=round(seconds))
        fence = self._attempt(partial(jobs.hold_the_clock, self.holder))
        if fence is None:
            return
        for step in self._steps(jumped=jumped):
            if not self._attempt(partial(jobs.still_holds_the_clock, self.holder, fence)):
                log.warning("clock lost", holder=self.holder, fence=fence)
                return
            step()

    def _steps(self, *, jumped: bool) -> Iterator[Callable[[], object]]:
        """Yield what a round is made of, to be done one by one."""
        yield partial(self._attempt, partial(jobs.judge_from_now, jumped=jumped))
        yield partial(self._attempt, jobs.see_to_dead_runs)
        yield partial(self._attempt, jobs.follow_days)
        yield partial(self._attempt, jobs.tell_who_waits)
        yield partial(self._attempt, jobs.tell_notices)
        yield partial(self._attempt, jobs.delete_announced_data)
        yield partial(self._attempt, jobs.ask_for_paper)
        yield partial(self._attempt, jobs.see_to_mail)
        yield partial(self._attempt, jobs.note_shifted_clocks)
        yield partial(self._imports.start, partial(self._attempt, jobs.enter_people))
        yield partial(self._paper.start, partial(self._attempt, partial(jobs.make_paper, self.holder)))
        yield partial(self._holes.start, partial(self._attempt, jobs.fill_holes))
        if self._ready():  # a first run would wait for the machine code with its clock running
            alone = replace(self._capacity, workers=1)
            yield partial(self._solve, self._runs, jobs.take_run, jobs.carry_out, self._capacity)
            yield partial(self._solve, self._studies, jobs.take_study, jobs.work_out, alone)
            yield partial(self._solve, self._studies, jobs.take_rehearsal, jobs.rehearse, alone)

    def _solve(self, lane: Lane, take: Callable[[str], int | None], carry_out: Work, capacity: Capacity) -> None:
        if not lane.busy and (id_ := self._attempt(partial(take, self.holder))) is not None:
            work = partial(carry_out, id_, self.holder, capacity, self._leaving.is_set)
            lane.start(partial(self._attempt, work))

    def _attempt(self, job: Callable[[], T]) -> T | None:
        """Do one job; if it fails, say so and go on: the others must have their turn."""
        name = getattr(getattr(job, "func", job), "__name__", "job")
        done: T | None = None
        with self._app.app_context(), turns.turn(name):  # the clock goes on, whatever it is
            done = job()
        return done  # noqa: RET504 -- a turn lets nothing out that fails

"""What the clock triggers: each job finds its work in the database, and may run twice without harm."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from matchmaker import clock
from matchmaker.extensions import current_settings
from matchmaker.queries import deletion as announced
from matchmaker.queries import importing as waiting
from matchmaker.queries import standby as holes
from matchmaker.services import (
    bounces,
    clocks,
    deletion,
    digests,
    importing,
    in_hand,
    leases,
    notices,
    outbox,
    paper,
    phases,
    rehearsals,
    runs,
    standby,
    studies,
)
from matchmaker.services.runs import Capacity
from matchmaker.services.steps import turns

CLOCK = "clock"
CLOCK_SECONDS = 20
A_ROUND = 1000
"""So many mails leave before the clock is asked anew."""


def hold_the_clock(holder: str) -> int | None:
    """Return the fence of the worker that acts in this round; None to any other."""
    return leases.hold(CLOCK, holder, seconds=CLOCK_SECONDS, now=clock.now())


def still_holds_the_clock(holder: str, fence: int) -> bool:
    """Tell whether nobody else may act by now: a worker may be paused for longer than its lease lasts."""
    return leases.is_held(CLOCK, holder, fence, now=clock.now())


def let_the_clock_go(holder: str) -> None:
    leases.release(CLOCK, holder, now=clock.now())


def judge_from_now(*, jumped: bool) -> None:
    """Rob nobody of what they are at because the clock jumped, or the machine slept; comes before all that may."""
    in_hand.judge_from_now(jumped=jumped, now=clock.now())


def see_to_dead_runs() -> int:
    return runs.reap(clock.now()) + studies.reap(clock.now()) + rehearsals.reap(clock.now())


def delete_announced_data() -> None:
    """Do one batch of each event that is due: the next tick does the next, and no lease is outstayed."""
    now = clock.now()
    turns.each("delete_announced_data", announced.due(now), partial(deletion.delete_batch, now=now))


def take_run(holder: str) -> int | None:
    return runs.claim(holder, clock.now())


def carry_out(run_id: int, holder: str, capacity: Capacity, leaving: Callable[[], bool]) -> None:
    runs.execute(run_id, holder=holder, capacity=capacity, clock=clock.now, leaving=leaving)


def take_study(holder: str) -> int | None:
    return studies.claim(holder, clock.now())


def work_out(study_id: int, holder: str, capacity: Capacity, leaving: Callable[[], bool]) -> None:
    studies.execute(study_id, holder=holder, capacity=capacity, clock=clock.now, leaving=leaving)


def take_rehearsal(holder: str) -> int | None:
    return rehearsals.claim(holder, clock.now())


def rehearse(rehearsal_id: int, holder: str, capacity: Capacity, leaving: Callable[[], bool]) -> None:
    rehearsals.execute(rehearsal_id, holder=holder, capacity=capacity, clock=clock.now, leaving=leaving)


def tell_who_waits() -> int:
    return digests.tell_who_waits(now=clock.now())


def tell_notices() -> int:
    return notices.tell(now=clock.now())


def follow_days() -> int:
    return phases.follow_days(now=clock.now())


def fill_holes() -> None:
    """On the day, make meetings of those who are free, where organisers let the clock do it."""
    now = clock.now()
    turns.each("fill_holes", holes.due(now), partial(standby.fill, now=now))


def note_shifted_clocks() -> int:
    return clocks.note_shifts(now=clock.now())


def enter_people() -> None:
    """Enter the people of the imports that organisers confirmed, and delete the tables that nobody did."""
    for import_id in waiting.confirmed():
        importing.carry_out(import_id, now=clock.now())
    if waiting.any_older(clock.now() - importing.KEPT):
        importing.forget(now=clock.now())


def ask_for_paper() -> None:
    """Take away what was printed of what is no more, and ask for what is printed by itself."""
    paper.sweep()
    paper.ask_on_the_eve(now=clock.now())


def make_paper(holder: str) -> int | None:
    return paper.make_next(holder=holder, now=clock.now())


def send_mail(holder: str, leaving: Callable[[], bool]) -> None:
    """Send what is due, without a pause as long as there is some."""
    outbox.send_due(holder=holder, clock=clock.now, most=A_ROUND, leaving=leaving)


def see_to_mail() -> None:
    """Take back what a dead worker had claimed, and read what came back."""
    outbox.sweep(now=clock.now())
    if folder := current_settings().bounce_folder:
        bounces.read(Path(folder), now=clock.now())

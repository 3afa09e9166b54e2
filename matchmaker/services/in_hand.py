"""What workers have in hand when the clock jumps: it is judged from now on, by no stamp of before."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import true, update

from matchmaker.domain.states import MailState, PaperState, RunState
from matchmaker.models import Mail, PaperPack, Rehearsal, Run, Study
from matchmaker.unit_of_work import unit_of_work

IN_HAND = (
    (Run.state == RunState.RUNNING, Run.heartbeat_at),
    (Study.state == RunState.RUNNING, Study.heartbeat_at),
    (Rehearsal.state == RunState.RUNNING, Rehearsal.heartbeat_at),
    (PaperPack.state == PaperState.MAKING, PaperPack.claimed_at),
    (Mail.state.in_((MailState.CLAIMED, MailState.DATA)), Mail.claimed_at),
)
AHEAD = timedelta(minutes=1)
"""A stamp that lies further ahead is of a clock that was fast."""


def judge_from_now(*, jumped: bool, now: datetime) -> None:
    """Count what bears a stamp of a clock that was fast as taken up just now; all that is in hand if it ``jumped``.

    Whoever is alive goes on with it and says so; whoever is dead is found when they have been silent for as long as
    after any death.
    """
    with unit_of_work() as session:
        for is_in_hand, stamp in IN_HAND:
            wrong = true() if jumped else stamp > now + AHEAD
            session.execute(update(stamp.class_).where(is_in_hand, wrong).values({stamp: now}))

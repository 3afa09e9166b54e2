"""What a rehearsal does with the services, as the organiser, the worker and the desk do it on the day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Any

from sqlalchemy.orm import Session

from matchmaker.domain import zones
from matchmaker.domain.happening import Happened
from matchmaker.domain.states import RunState, StudyKind, VersionKind
from matchmaker.errors import MatchmakerError, NothingToRepair, NothingToSchedule
from matchmaker.extensions import db
from matchmaker.models import Draft, Event, Run, Study
from matchmaker.queries import rehearsed, versions
from matchmaker.queries import repairs as ways_of
from matchmaker.queries import studies as answers
from matchmaker.rehearsal.plan import Plan
from matchmaker.services import publishing, repairs, runs, studies
from matchmaker.services.runs import Capacity

HOLDER = "rehearsal"
STUDY_SECONDS = 24
"""Shared by all that the forecast asks: about three seconds for each."""

Facts = dict[str, Any]


class RehearsalEndedError(MatchmakerError):
    """The rehearsal cannot go on; ``failure`` is the code of a run, or ``nothing`` where there is none to make."""

    def __init__(self, failure: str) -> None:
        self.failure = failure
        super().__init__(SENTENCES.get(failure, f"the run ended with {failure!r}"))


SENTENCES = {
    "nothing": "there is nothing to schedule: it takes requests, slots and tables",
    "nothing_found": "no schedule was found in the time given; allow more --seconds",
    "conflict": "what is settled by hand contradicts itself, so that there is no schedule",
    "memory": "the run needed more memory than it may have",
}


@dataclass(frozen=True, slots=True)
class Stage:
    """One event, in an application whose database is a copy; ``tell`` hears of each step, and how far it is."""

    event_id: int
    plan: Plan
    capacity: Capacity
    tell: Callable[[str, int, int], None]

    @property
    def session(self) -> Session:
        return db.session()

    @property
    def event(self) -> Event:
        return self.session.get_one(Event, self.event_id)

    def instant(self, wall: dt.datetime) -> dt.datetime:
        """Return the moment at which the event's clock shows ``wall``."""
        return zones.instant(wall, self.event.zone)

    def solve(self, preset: str, *, now: dt.datetime) -> Draft:
        """Make the schedule as a run of the organiser does; return its draft."""
        plan = self.plan
        try:
            number = runs.start(self.event_id, preset, plan.seconds, actor_id=None, now=now, seed=plan.seed)
        except NothingToSchedule as refusal:
            raise RehearsalEndedError("nothing") from refusal
        run = self._carry_out(now)
        if run.state is not RunState.DONE:
            raise RehearsalEndedError(run.failure or str(run.state))
        return rehearsed.draft_of(self.event_id, number)

    def publish(self, draft: int, kind: VersionKind, *, now: dt.datetime) -> None:
        expected = versions.latest_number(self.event_id)
        publishing.publish(self.event_id, draft, kind, expected_version=expected, actor_id=None, now=now)

    def forecast(self, *, now: dt.datetime) -> list[tuple[Facts, Facts]]:
        """Return what additions would bring, each with its answer; none if it cannot be worked out."""
        studies.ask(self.event_id, StudyKind.FORECAST, actor_id=None, now=now, seconds=STUDY_SECONDS)
        study_id = studies.claim(HOLDER, now)
        if study_id is not None:
            studies.execute(study_id, holder=HOLDER, capacity=self.capacity, clock=lambda: now)
        self.session.rollback()
        found: Study | None = answers.shown(self.event_id, StudyKind.FORECAST).answered
        if found is None:
            return []
        return list(zip(found.question["additions"], found.result["answers"], strict=True))

    def repair(self, happened: Happened, *, now: dt.datetime) -> Facts:
        """Have repairs looked for and publish the one that is advised; return what it changed, and its seconds."""
        started = monotonic()
        befell = {"kind": str(happened.kind), "day": happened.day.isoformat()}
        try:
            number = repairs.ask(self.event_id, happened, actor_id=None, now=now, seed=self.plan.seed)
        except NothingToRepair:
            return {**befell, "came": "nothing"}
        self._carry_out(now)
        ways = ways_of.ways(ways_of.run(self.event_id, number))
        if not ways:
            return {**befell, "came": "failed"}
        chosen = next((way for way in ways if way.advised), ways[0]).preview
        figures = {
            "ways": len(ways),
            "moved": len(chosen.moved),
            "cancelled": len(chosen.cancelled),
            "by_mail": len(chosen.told),
            "otherwise": len(chosen.untold),
        }
        self.publish(chosen.draft.number, rehearsed.told_kind(self.event_id), now=now)
        return {**befell, "came": "published", **figures, "seconds": round(monotonic() - started, 1)}

    def _carry_out(self, now: dt.datetime) -> Run:
        """Do the worker's part for the run that waits."""
        run_id = runs.claim(HOLDER, now)
        if run_id is None:
            raise RehearsalEndedError("lost")
        runs.execute(run_id, holder=HOLDER, capacity=self.capacity, clock=lambda: now)
        self.session.rollback()
        return self.session.get_one(Run, run_id)

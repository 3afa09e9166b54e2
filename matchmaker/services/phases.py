"""The two phases that an event's days decide: the clock sets them, and never against what an organiser said since."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from matchmaker.domain import zones
from matchmaker.domain.phases import Step, by_itself
from matchmaker.domain.states import Phase
from matchmaker.extensions import db
from matchmaker.models import Event, LogEntry
from matchmaker.services.steps import lateness
from matchmaker.services.steps.journal import record
from matchmaker.unit_of_work import unit_of_work

VERB = "event.phase"


def follow_days(*, now: datetime) -> int:
    """Set each event whose first day has begun on the day, and each whose last is over after it; return how many.

    Only what is final goes on by itself. Once somebody set a phase since the step was due, that stands.
    """
    may = Event.phase.in_((Phase.FINAL, Phase.ON_THE_DAY)), Event.archived_at.is_(None)
    ids = [event.id for event in db.session.scalars(select(Event).where(*may).order_by(Event.id)) if _due(event, now)]
    db.session.rollback()
    return sum(_follow(event_id, now) for event_id in ids)


def _due(event: Event, now: datetime) -> Step | None:
    wall = zones.wall(now, event.zone)
    return next(
        (one for one in reversed(by_itself(event.phase, [day.day for day in event.days])) if one.since <= wall), None
    )


def _follow(event_id: int, now: datetime) -> bool:
    with unit_of_work() as session:
        event = session.get_one(Event, event_id, with_for_update=True, populate_existing=True)
        step = _due(event, now)
        if step is None or event.archived_at or _was_set_since(session, event, step):
            return False
        detail = {"before": event.phase.value}
        event.phase = step.phase
        record(session, event_id=event_id, actor_id=None, verb=VERB, now=now, subject=step.phase, detail=detail)
        due = zones.instant(step.since, event.zone)
    lateness.say("phase", event_id, due=due, now=now)
    return True


def _was_set_since(session: Session, event: Event, step: Step) -> bool:
    since = zones.instant(step.since, event.zone)
    said = exists().where(LogEntry.event_id == event.id, LogEntry.verb == VERB, LogEntry.at >= since)
    return bool(session.scalar(select(said)))

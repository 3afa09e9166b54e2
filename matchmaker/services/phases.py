"""The two phases that an event's days decide: the clock sets them, and never against what an organiser said since."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from matchmaker.domain import zones
from matchmaker.domain.phases import Step, by_itself
from matchmaker.domain.states import Phase
from matchmaker.extensions import db
from matchmaker.models import Event, LogEntry
from matchmaker.queries.agenda_rows import last_version
from matchmaker.services.steps import lateness, turns
from matchmaker.services.steps import phases as steps
from matchmaker.unit_of_work import unit_of_work


def follow_days(*, now: datetime) -> int:
    """Set each event whose first day has begun on the day, and each whose last is over after it; return how many.

    Only what is final goes on by itself. Once somebody set a phase since the step was due, that stands.
    """
    ids = _due_events(now)
    db.session.rollback()
    return sum(turns.each("follow_days", ids, partial(_follow, now=now)))


def _due_events(now: datetime) -> list[int]:
    """Return the events whose phase is to be set, by a handful of questions however many there are."""
    may = Event.phase.in_((Phase.FINAL, Phase.ON_THE_DAY)), Event.archived_at.is_(None)
    events = db.session.scalars(select(Event).where(*may).options(selectinload(Event.days)).order_by(Event.id)).all()
    due = [(event, step) for event in events if (step := _due(event, now))]
    said = steps.last_lines(db.session(), [event.id for event, _step in due]) if due else {}
    return [event.id for event, step in due if not _was_said_since(event, step, said.get(event.id), now)]


def _due(event: Event, now: datetime) -> Step | None:
    wall = zones.wall(now, event.zone)
    return next(
        (one for one in reversed(by_itself(event.phase, [day.day for day in event.days])) if one.since <= wall), None
    )


def _follow(event_id: int, *, now: datetime) -> bool:
    with unit_of_work() as session:
        event = session.get_one(Event, event_id, with_for_update=True, populate_existing=True)
        step, said = _due(event, now), steps.last_lines(session, [event_id]).get(event_id)
        if step is None or event.archived_at or _was_said_since(event, step, said, now):
            return False
        steps.move(session, event, step.phase, actor_id=None, now=now)
        due = _due_since(event, step)
    lateness.say("phase", event_id, due=due, now=now)
    return True


def _was_said_since(event: Event, step: Step, said: LogEntry | None, now: datetime) -> bool:
    """Tell whether an organiser set the phase that stands since the step was due.

    A phase that came by publishing has no line of its own, so that the last line speaks of another; a line that lies
    ahead was written while the clock was fast.
    """
    if said is None or said.actor_id is None or said.subject != event.phase:
        return False
    return zones.instant(step.since, event.zone) <= said.at <= now


def _due_since(event: Event, step: Step) -> datetime:
    """Return since when the step could be done: not before the agenda was out."""
    since, version = zones.instant(step.since, event.zone), last_version(event.id)
    return max(since, version.published_at) if version else since

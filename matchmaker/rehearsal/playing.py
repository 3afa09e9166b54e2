"""The rehearsal from the wishes to the figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from time import monotonic

from matchmaker.domain.states import Phase, VersionKind, WishLevel
from matchmaker.queries import rehearsed
from matchmaker.queries.report import report
from matchmaker.rehearsal import figures, inventing
from matchmaker.rehearsal.day import Days
from matchmaker.rehearsal.plan import Plan
from matchmaker.rehearsal.stage import Facts, RehearsalEndedError, Stage
from matchmaker.scheduling.presets import presets
from matchmaker.services import events, rehearsals
from matchmaker.services import wishes as wishing
from matchmaker.services.runs import Capacity

__all__ = ["RehearsalEndedError", "play"]

EVE = dt.timedelta(days=2)
"""At the latest so long before the first slot the schedule is made."""
HOUR = dt.timedelta(hours=1)


def play(
    event_id: int, plan: Plan, *, now: dt.datetime, capacity: Capacity, tell: Callable[[str, int, int], None]
) -> Facts:
    """Play the event to its end and return the figures, as plain values without a name.

    It begins ``now``, or two days before the event if that is earlier. ``tell`` hears which step begins, and of the
    days how many slots of how many are over.

    Raises
    ------
    RehearsalEndedError
        If no schedule comes of it.
    """
    started = monotonic()
    stage = Stage(event_id, plan, capacity, tell)
    moments = rehearsed.moments(event_id)
    if not moments:
        raise RehearsalEndedError("nothing")
    now = min(now, stage.instant(moments[0].wall) - EVE)
    tell("wishes", 0, 0)
    invented = _wish(stage, now)
    tell("run", 0, 0)
    draft = stage.solve(plan.preset or next(iter(presets())), now=now)
    number, scores = draft.number, dict(draft.scores)
    run = {"value": draft.value, "bound": draft.bound, "proven": draft.proven}
    tell("forecast", 0, 0)
    additions = stage.forecast(now=now)
    tell("publishing", 0, 0)
    stage.publish(number, VersionKind.PROVISIONAL, now=now + HOUR)
    stage.publish(number, VersionKind.FINAL, now=now + 2 * HOUR)
    events.set_phase(event_id, Phase.ON_THE_DAY, actor_id=None, now=now + 3 * HOUR)
    before = figures.Eve(report(event_id), rehearsed.meetings_of_people(event_id)[0], scores)
    days = Days(stage)
    days.play()
    tell("figures", 0, 0)
    found = figures.figures(event_id, before, additions, days.repairs)
    return {"plan": plan.facts(), "invented": invented, "run": run, **found, "seconds": round(monotonic() - started, 1)}


def _wish(stage: Stage, now: dt.datetime) -> bool:
    """Open the wishes and, where nobody has given any, give some; tell whether they are invented."""
    event_id = stage.event_id
    events.set_phase(event_id, Phase.WISHES, actor_id=None, now=now)
    invented = not rehearsed.anybody_asks(event_id)
    if invented:
        event = stage.event
        quotas = {WishLevel.MUST: event.must_quota, WishLevel.LIKE: event.like_quota}
        actor_id = rehearsed.owner(event_id)
        for organisation_id, given in inventing.wishes(event_id, stage.plan, quotas).items():
            lines = [wishing.WishInput(wanted, level) for wanted, level in given.items()]
            wishing.replace(organisation_id, lines, actor_id=actor_id, now=now)
    rehearsals.name_again(event_id, now=now)
    return invented

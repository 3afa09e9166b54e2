"""Something went wrong on the day: ways to go on are looked for as a run, and kept as drafts to choose from.

Publishing one of them is publishing a draft; see ``services.publishing``.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from matchmaker.domain import zones
from matchmaker.domain.happening import Happened, Happening
from matchmaker.domain.wording import N_
from matchmaker.errors import InvalidValue, NotFound, NothingToRepair
from matchmaker.models import Draft, Event, Version
from matchmaker.queries import agenda_rows, days_out, meeting_rows, versions
from matchmaker.scheduling import problem as problems
from matchmaker.scheduling import repairing
from matchmaker.scheduling import rows as event_rows
from matchmaker.scheduling.presets import Preset, presets
from matchmaker.services.steps import queue, requests
from matchmaker.services.steps.journal import record
from matchmaker.unit_of_work import unit_of_work

SECONDS = 3
"""For all ways together; the first, which moves nobody, is there in a fraction of it."""


def ask(event_id: int, happened: Happened, *, actor_id: int | None, now: datetime, seed: int | None = None) -> int:
    """Queue the search for repairs of the last version and return the number of its run.

    All that has begun by the event's clock stays as it is; every later meeting may be touched. ``seed`` decides
    between equals; without one a lot is drawn.

    Raises
    ------
    InvalidValue
        If the times contradict each other or the clock.
    NotFound
        If there is no such event, or no version of it is out.
    NothingToRepair
        If nothing that is still to come is touched.
    PhaseForbids
        If the event is over.
    RunInProgress
        If a run of the event is queued or running.
    """
    with unit_of_work() as session:
        event = queue.opened(session, event_id)
        wall = zones.wall(now, event.zone)
        _refuse_contradictions(happened, wall)
        version = agenda_rows.last_version(event_id)
        if version is None:
            raise NotFound("version", event_id)
        requests.refresh(session, event_id, now=now)
        session.flush()
        lot = secrets.randbelow(2**31) if seed is None else seed
        number = _enqueue(session, event, version, happened, wall=wall, seed=lot, actor_id=actor_id, now=now)
        act: dict[str, Any] = {"event_id": event_id, "actor_id": actor_id, "now": now}
        detail = {"kind": str(happened.kind), "run": number}
        record(session, verb="repair.asked", subject=happened.of, detail=detail, **act)
        return number


def _refuse_contradictions(happened: Happened, wall: datetime) -> None:
    if happened.kind in {Happening.LEFT, Happening.ABSENT}:
        return
    until = happened.until
    if until is None:
        raise InvalidValue("until", N_("Write the time."))
    if happened.start is not None and until <= happened.start:
        raise InvalidValue("until", N_("This must be later than the beginning."))
    if datetime.combine(happened.day, until) <= wall:
        raise InvalidValue("until", N_("This time has passed already."))


def _enqueue(session: Session, event: Event, version: Version, happened: Happened, *, wall: datetime, **by: Any) -> int:
    preset = _preset(session, version)
    told = meeting_rows.told_last(event.id)
    rows, withheld = event_rows.read(session, event.id), days_out.withheld(version)
    asked = repairing.question(rows, told, happened, preset, wall=wall, withheld=withheld)
    if asked is None:
        raise NothingToRepair
    goes_out_from = {"told": versions.mark(told.values()), "now": asked.now, "asked": wall.isoformat()}
    facts = {**happened.facts(), **goes_out_from}
    limits: dict[str, Any] = {"preset": preset.code, "seconds": SECONDS}
    return queue.enqueue(session, event.id, problems.packed(asked.problem), happened=facts, **limits, **by)


def _preset(session: Session, version: Version) -> Preset:
    """Weigh as the published schedule was weighed."""
    draft = session.get_one(Draft, version.draft_id)
    known = presets()
    return known.get(draft.run.preset if draft.run else "") or next(iter(known.values()))

"""The zone data in use became another after a version went out: whoever looks into the log finds it said once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from matchmaker.domain import zones
from matchmaker.domain.states import Phase
from matchmaker.models import Event, Version
from matchmaker.queries.agenda_rows import last_version
from matchmaker.queries.clocks import shift
from matchmaker.services.steps.journal import record
from matchmaker.unit_of_work import unit_of_work


def note_shifts(*, now: datetime) -> int:
    """Note in the log of each event how many meetings another edition of the zone data moves; return how many did.

    Each version is looked at once an edition, however often this runs; an event that is over is not.
    """
    with unit_of_work() as session:
        edition = zones.edition()
        stale = Version.zone_edition.not_in(("", edition)), Version.zone_noted != edition
        noted = 0
        for version in session.scalars(select(Version).where(*stale).with_for_update(skip_locked=True)).all():
            version.zone_noted = edition
            event = session.get_one(Event, version.event_id)
            found = shift(event) if event.phase is not Phase.AFTER and last_version(event.id) is version else None
            if found is None:
                continue
            noted += 1
            detail = {"told_by": found.told_by, "version": found.version, "meetings": len(found.meetings)}
            record(
                session, event_id=event.id, actor_id=None, verb="zones.shifted", now=now, subject=edition, detail=detail
            )
        return noted

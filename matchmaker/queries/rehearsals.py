"""The rehearsals of an event: what its page shows, and what the next one takes over from the event."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import select

from matchmaker.domain.states import UNDER_WAY, RunState
from matchmaker.extensions import db
from matchmaker.models import Event, Location, Rehearsal, Run


class Shown(NamedTuple):
    """``played`` is the newest with figures, ``latest`` the newest of all, as it stands."""

    played: Rehearsal | None
    latest: Rehearsal | None

    @property
    def under_way(self) -> bool:
        return self.latest is not None and self.latest.state in UNDER_WAY

    @property
    def failed(self) -> bool:
        return self.latest is not None and not self.under_way and self.latest.state is not RunState.DONE


def shown(event_id: int) -> Shown:
    """Return the rehearsals that a page shows."""
    rows = db.session.scalars(select(Rehearsal).where(Rehearsal.event_id == event_id).order_by(Rehearsal.id.desc()))
    found = rows.all()
    return Shown(next((row for row in found if row.state is RunState.DONE), None), found[0] if found else None)


def preset(event_id: int) -> str:
    """Return the code by which the event's last run was weighed; "" before there was one."""
    last = select(Run.preset).where(Run.event_id == event_id, Run.happened.is_(None)).order_by(Run.id.desc()).limit(1)
    return db.session.scalar(last) or ""


def has_place(event_id: int, code: str) -> bool:
    where = Location.event_id == event_id, Location.code == code
    return db.session.scalar(select(Location.id).where(*where)) is not None


def event_id_of(slug: str) -> int | None:
    return db.session.scalar(select(Event.id).where(Event.slug == slug))


def only_event() -> int:
    """Return the id of the event of a copy, which holds no other."""
    return db.session.scalars(select(Event.id)).one()

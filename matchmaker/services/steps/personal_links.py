"""Personal links of one person, which follow from a number of theirs: raising it makes every older one worthless."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from matchmaker.models import Participation
from matchmaker.services.steps import journal


def renew(session: Session, participation: Participation, *, actor_id: int | None, now: datetime) -> None:
    """Make agenda, read-only, feed and QR links of the person worthless. New ones follow from the row."""
    participation.link_generation += 1
    journal.record(
        session,
        event_id=participation.event_id,
        actor_id=actor_id,
        verb="person.link_renewed",
        now=now,
        for_participation_id=participation.id,
    )

"""Personal links: revoking all of one person's, and so making new ones."""

from __future__ import annotations

from datetime import datetime

from matchmaker.errors import NotFound
from matchmaker.models import Participation
from matchmaker.services.steps import personal_links
from matchmaker.unit_of_work import unit_of_work


def renew(participation_id: int, *, actor_id: int | None, now: datetime) -> None:
    """Make every link of the person worthless: agenda, read-only, feed and QR. New ones follow from the row.

    Raises
    ------
    NotFound
        If there is no such participation.
    """
    with unit_of_work() as session:
        participation = session.get(Participation, participation_id, with_for_update=True)
        if participation is None:
            raise NotFound("participation", participation_id)
        personal_links.renew(session, participation, actor_id=actor_id, now=now)

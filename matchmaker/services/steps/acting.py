"""Who holds the pen: people for themselves, the head of their delegation or the staff of the event for them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.domain import zones
from matchmaker.domain.states import Phase, Role
from matchmaker.errors import NotFound, PhaseForbids, WishesClosed
from matchmaker.models import Event, Membership, Organisation, Participation
from matchmaker.queries import delegation

HELPING = frozenset({Role.OWNER, Role.ORGANISER, Role.DESK})


def is_staff(session: Session, event_id: int, actor_id: int | None) -> bool:
    """Tell whether the actor may act for participants of the event, whatever its deadlines."""
    if actor_id is None:
        return False
    where = (Membership.event_id == event_id, Membership.account_id == actor_id, Membership.role.in_(HELPING))
    return session.scalar(select(Membership.id).where(*where)) is not None


def refuse_strangers(session: Session, organisation: Organisation, actor_id: int | None) -> None:
    """Let only those settle what an organisation's people do who are of it, head its delegation, or are staff.

    Raises
    ------
    NotFound
        If the actor is none of these.
    """
    event_id = organisation.event_id
    if actor_id is None:
        raise NotFound("organisation", organisation.id)
    own = select(Participation.id).where(
        Participation.organisation_id == organisation.id,
        Participation.account_id == actor_id,
        Participation.withdrawn.is_(False),
    )
    if session.scalar(own.limit(1)) is not None or is_staff(session, event_id, actor_id):
        return
    if organisation.delegation_id not in {one.id for one in delegation.headed(event_id, actor_id)}:
        raise NotFound("organisation", organisation.id)


def refuse_when_closed(
    session: Session, event: Event, actor_id: int | None, phases: frozenset[Phase], now: datetime
) -> None:
    """Let participants change what the solver reads only while that is asked of them; staff may always.

    Raises
    ------
    WishesClosed
        If the event's deadline has passed.
    PhaseForbids
        If the event is in none of ``phases``.
    """
    if is_staff(session, event.id, actor_id):
        return
    if event.wishes_close_at and now >= zones.instant(event.wishes_close_at, event.zone):
        raise WishesClosed(event.wishes_close_at)
    if event.phase not in phases:
        raise PhaseForbids(event.phase)

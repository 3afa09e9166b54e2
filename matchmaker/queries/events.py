"""The events that an account helps to run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from matchmaker.domain.states import Role
from matchmaker.errors import NotFound
from matchmaker.extensions import db
from matchmaker.models import Account, Event, EventDay, Membership, Organisation, Participation


@dataclass(frozen=True, slots=True)
class Mine:
    event: Event
    role: Role
    people: int


def of_account(account_id: int) -> list[Mine]:
    """Return the events of which the account is one of those who run them, the next first; archived ones to owners."""
    people = (
        select(func.count(Participation.id))
        .where(Participation.event_id == Event.id, Participation.withdrawn.is_(False))
        .scalar_subquery()
    )
    first_day = select(func.min(EventDay.day)).where(EventDay.event_id == Event.id).scalar_subquery()
    rows = (
        select(Event, Membership.role, people)
        .join(Membership, Membership.event_id == Event.id)
        .where(Membership.account_id == account_id)
        .where(or_(Event.archived_at.is_(None), Membership.role == Role.OWNER))
        .options(selectinload(Event.days))
        .order_by(first_day.desc(), Event.id)
    )
    return [Mine(*row) for row in db.session.execute(rows)]


def refuse_without_password(account_id: int) -> None:
    """Refuse those who came by a participant's link: events are made by staff.

    Raises
    ------
    NotFound
        If the account has no sign-in name.
    """
    if not db.session.scalar(select(Account.login).where(Account.id == account_id)):
        raise NotFound("event")


def team(event_id: int) -> Sequence[Membership]:
    where = Membership.event_id == event_id
    return db.session.scalars(
        select(Membership).where(where).options(joinedload(Membership.account)).order_by(Membership.id)
    ).all()


def people_count(event_id: int) -> tuple[int, int]:
    """Return how many people take part, and of how many organisations."""
    where = Participation.event_id == event_id, Participation.withdrawn.is_(False)
    people = db.session.scalar(select(func.count(Participation.id)).where(*where)) or 0
    parties = db.session.scalar(select(func.count(Organisation.id)).where(Organisation.event_id == event_id)) or 0
    return people, parties

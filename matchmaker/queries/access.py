"""The only way to a row by something that a person sent: absent and forbidden are the same ``NotFound``."""

from __future__ import annotations

from sqlalchemy import exists, or_, select

from matchmaker.domain.states import Role
from matchmaker.errors import NotFound
from matchmaker.extensions import db
from matchmaker.models import Account, Event, Membership, Participation


def event(slug: str, *, archived: bool = False) -> Event:
    """Return the event of this address; one that is ``archived`` only to who asks for such.

    Raises
    ------
    NotFound
        If there is none.
    """
    found = db.session.scalar(select(Event).where(Event.slug == slug))
    if found is None or (found.archived_at is not None and not archived):
        raise NotFound("event", slug)
    return found


def account(account_id: int) -> Account | None:
    return db.session.get(Account, account_id)


def staff(account_id: int) -> Role:
    """Return the role on pages about one's own events: whoever has a password, or a role in an event, owns those.

    Raises
    ------
    NotFound
        If the account only takes part.
    """
    has_role = exists().where(Membership.account_id == Account.id)
    where = (Account.id == account_id, or_(Account.login.is_not(None), has_role))
    if db.session.scalar(select(Account.id).where(*where)) is None:
        raise NotFound("account", account_id)
    return Role.OWNER


def role(event_id: int, account_id: int) -> Role | None:
    """Return what the account may do in the event, or None."""
    where = (Membership.event_id == event_id, Membership.account_id == account_id)
    return db.session.scalar(select(Membership.role).where(*where))


def own_participation(event_id: int, account_id: int) -> Participation:
    """Return the account's own part in the event, the oldest if there are several.

    Raises
    ------
    NotFound
        If the account does not take part, or no longer.
    """
    where = (
        Participation.event_id == event_id,
        Participation.account_id == account_id,
        Participation.withdrawn.is_(False),
    )
    found = db.session.scalar(select(Participation).where(*where).order_by(Participation.id).limit(1))
    if found is None:
        raise NotFound("participation", event_id)
    return found


def participation(event_id: int, participation_id: int) -> Participation:
    """Return one participation of the event by its number, for those who have just made it.

    Raises
    ------
    NotFound
        If it is none of the event.
    """
    found = db.session.get(Participation, participation_id)
    if found is None or found.event_id != event_id:
        raise NotFound("participation", participation_id)
    return found

"""Who runs an event, and what each may do in it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matchmaker.domain.states import Role
from matchmaker.domain.wording import N_
from matchmaker.errors import InvalidValue, NotFound
from matchmaker.models import Account, Membership
from matchmaker.services.steps import rows
from matchmaker.services.steps.journal import record
from matchmaker.unit_of_work import unit_of_work


def admit(event_id: int, login: str, role: Role, *, actor_id: int | None, now: datetime) -> None:
    """Give the account with this sign-in name a role in the event, in place of the one it may have.

    Raises
    ------
    InvalidValue
        If nobody has this sign-in name, or the event would be left without an owner.
    """
    with unit_of_work() as session:
        rows.the_event(session, event_id)
        account_id = session.scalar(select(Account.id).where(Account.login == login.strip().lower()))
        if account_id is None:
            raise InvalidValue("login", N_("Nobody has this sign-in name."))
        member = _member(session, event_id, account_id)
        if member is None:
            session.add(Membership(event_id=event_id, account_id=account_id, role=role))
        else:
            _refuse_last_owner(session, member, role)
            member.role = role
        detail = {"role": role.value}
        record(session, event_id=event_id, actor_id=actor_id, verb="team.role", now=now, subject=login, detail=detail)


def dismiss(event_id: int, account_id: int, *, actor_id: int | None, now: datetime) -> None:
    """Take an account's role in the event away.

    Raises
    ------
    NotFound
        If it has none.
    InvalidValue
        If it is the last owner's.
    """
    with unit_of_work() as session:
        member = _member(session, event_id, account_id)
        if member is None:
            raise NotFound("member", account_id)
        _refuse_last_owner(session, member, None)
        session.delete(member)
        subject = member.account.login or ""
        record(session, event_id=event_id, actor_id=actor_id, verb="team.dismissed", now=now, subject=subject)


def _member(session: Session, event_id: int, account_id: int) -> Membership | None:
    where = Membership.event_id == event_id, Membership.account_id == account_id
    return session.scalar(select(Membership).where(*where))


def _refuse_last_owner(session: Session, member: Membership, role: Role | None) -> None:
    owners = Membership.event_id == member.event_id, Membership.role == Role.OWNER
    alone = session.scalar(select(func.count()).where(*owners)) == 1
    if member.role is Role.OWNER and role is not Role.OWNER and alone:
        raise InvalidValue("role", N_("An event needs an owner: name another one first."))

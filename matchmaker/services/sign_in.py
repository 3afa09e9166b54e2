"""Ways in: a single-use link for participants, a password for those who run events."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from matchmaker.domain import links
from matchmaker.domain.states import Locale
from matchmaker.domain.wording import N_
from matchmaker.errors import InvalidValue, LinkUsedUp, NotFound, WrongPassword
from matchmaker.extensions import current_settings
from matchmaker.models import Account, Event, Participation, SignInLink, Texts
from matchmaker.services.steps import tries
from matchmaker.services.steps.outbox import enqueue
from matchmaker.services.steps.people import address
from matchmaker.services.steps.sign_in_links import issue, token_of
from matchmaker.unit_of_work import unit_of_work

SHORTEST_PASSWORD = 10


def ask(email: str, *, event_id: int | None, now: datetime) -> None:
    """Send one link to each person behind the address; nothing tells the asker whether there is any.

    With ``event_id`` only those who take part in that event are meant.

    Raises
    ------
    TooManyTries
        If the address was asked for too often, whether it exists or not.
    """
    wanted = address(email) or ""
    with unit_of_work() as session:
        key = tries.key_of("ask", wanted)
        tries.spend(session, key, current_settings().sign_in_tries_per_hour, now)
        for participation in _behind(session, wanted, event_id):
            _send(session, participation, now)


def use(token: str, *, now: datetime) -> int:
    """Use a link up; return the account that it signs in. Of two who use it at once, one is refused.

    Raises
    ------
    LinkUsedUp
        If the link was used, has expired, or never was.
    """
    with unit_of_work() as session:
        usable = (
            SignInLink.token_digest == links.digest(token),
            SignInLink.used_at.is_(None),
            SignInLink.expires_at > now,
        )
        taken = update(SignInLink).where(*usable).values(used_at=now).returning(SignInLink.account_id)
        account_id = session.scalar(taken)
        if account_id is None:
            raise LinkUsedUp
        return account_id


def link_for(account_id: int, event_id: int | None, *, now: datetime) -> str:
    """Make a link for somebody who stands at the desk; return its token, which is shown once."""
    with unit_of_work() as session:
        if session.get(Account, account_id) is None:
            raise NotFound("account", account_id)
        return token_of(issue(session, account_id, event_id, now=now).nonce)


def end_sessions(account_id: int) -> None:
    """End every session of an account, on whatever device: what they carry opens nothing any more.

    Raises
    ------
    NotFound
        If the account is gone.
    """
    with unit_of_work() as session:
        account = session.get(Account, account_id, with_for_update=True)
        if account is None:
            raise NotFound("account", account_id)
        account.session_generation += 1


def make_staff(names: Texts, login: str, password: str, locale: Locale, *, now: datetime) -> int:
    """Make an account that signs in by password; its roles are given event by event. Return its id.

    Raises
    ------
    InvalidValue
        If the password is too short, or the sign-in name is taken.
    """
    if len(password) < SHORTEST_PASSWORD:
        raise InvalidValue("password", N_("At least ten characters, please."))
    password_hash = PasswordHasher().hash(password)
    name = login.strip().lower()
    with unit_of_work() as session:
        if session.scalar(select(Account.id).where(Account.login == name)) is not None:
            raise InvalidValue("login", N_("This sign-in name is taken."))
        account = Account(
            names=names,
            email=name if "@" in name else None,
            login=name,
            password_hash=password_hash,
            locale=locale,
            created_at=now,
        )
        session.add(account)
        session.flush()
        return account.id


def check_password(login: str, password: str, *, now: datetime) -> int:
    """Return the account of this name and password.

    An unknown name costs as much time as a wrong password. The try is kept before the password is looked
    at, and the slow hashing happens in no transaction.

    Raises
    ------
    WrongPassword
        If they do not belong together.
    TooManyTries
        If this name was tried too often in the last hour.
    """
    name = login.strip().lower()
    key = tries.key_of("password", name)
    with unit_of_work() as session:
        tries.spend(session, key, current_settings().sign_in_tries_per_hour, now)
        found = session.execute(select(Account.id, Account.password_hash).where(Account.login == name)).first()
    account_id, password_hash = found or (None, None)
    if not _verified(password_hash or _nobodys_hash(), password) or account_id is None or password_hash is None:
        raise WrongPassword
    with unit_of_work() as session:
        tries.forget(session, key)
    return int(account_id)


def _behind(session: Session, email: str, event_id: int | None) -> list[Participation]:
    """Return one participation of each person with this address: the newest, where no event is meant."""
    newest = (
        select(func.max(Participation.id))
        .join(Account, Account.id == Participation.account_id)
        .where(Account.email == email, Participation.withdrawn.is_(False))
        .group_by(Participation.account_id)
    )
    if event_id is not None:
        newest = newest.where(Participation.event_id == event_id)
    return list(session.scalars(select(Participation).where(Participation.id.in_(newest)).order_by(Participation.id)))


def _send(session: Session, participation: Participation, now: datetime) -> None:
    event = session.get_one(Event, participation.event_id)
    link = issue(session, participation.account_id, event.id, now=now)
    enqueue(
        session,
        event=event,
        kind="sign_in",
        occasion=f"link-{link.id}",
        now=now,
        participation=participation,
        facts={"link_id": link.id},
    )


def _verified(password_hash: str, password: str) -> bool:
    try:
        return PasswordHasher().verify(password_hash, password)
    except VerificationError:
        return False


@cache
def _nobodys_hash() -> str:
    return PasswordHasher().hash("the password of nobody")

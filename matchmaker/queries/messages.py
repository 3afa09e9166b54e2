"""The outbox as organisers see it: how many messages stand where, and which need somebody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from matchmaker.domain.states import MailState
from matchmaker.errors import NotFound
from matchmaker.extensions import db
from matchmaker.models import Account, Mail, Participation
from matchmaker.queries.sending import TAKEN_BACK

PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One message and whom it is for."""

    mail: Mail
    account: Account | None
    person: Participation | None


@dataclass(frozen=True, slots=True)
class Box:
    counts: Mapping[MailState, int]
    lines: Sequence[Line]
    total: int
    first: int


def box(event_id: int, state: MailState | None = None, page: int = 1) -> Box:
    """Return a page of an event's messages, the newest first, and how many stand in each state.

    Those to mailboxes that are their person's no more are nobody's business.
    """
    listed = Mail.event_id == event_id, Mail.kind != TAKEN_BACK
    counted = select(Mail.state, func.count()).where(*listed).group_by(Mail.state)
    counts = dict(db.session.execute(counted).all())
    first = (max(page, 1) - 1) * PAGE
    chosen = select(Mail).where(*listed)
    if state is not None:
        chosen = chosen.where(Mail.state == state)
    mails = list(db.session.scalars(chosen.order_by(Mail.id.desc()).offset(first).limit(PAGE)))
    people = _people(mails)
    accounts = {account.id: account for account in _accounts(mails, people)}
    lines = [_line(mail, people, accounts) for mail in mails]
    total = sum(counts.values()) if state is None else counts.get(state, 0)
    return Box({one: counts.get(one, 0) for one in MailState}, lines, total, first + 1)


def _people(mails: Sequence[Mail]) -> dict[int, Participation]:
    ids = {mail.participation_id for mail in mails if mail.participation_id}
    found = select(Participation).where(Participation.id.in_(ids)).options(joinedload(Participation.account))
    return {person.id: person for person in db.session.scalars(found)}


def _accounts(mails: Sequence[Mail], people: Mapping[int, Participation]) -> list[Account]:
    ids = {mail.account_id for mail in mails if mail.account_id} | {one.account_id for one in people.values()}
    return list(db.session.scalars(select(Account).where(Account.id.in_(ids))))


def _line(mail: Mail, people: Mapping[int, Participation], accounts: Mapping[int, Account]) -> Line:
    person = people.get(mail.participation_id or 0)
    account_id = person.account_id if person else mail.account_id
    return Line(mail, accounts.get(account_id or 0), person)


def in_doubt(event_id: int) -> int:
    """Return how many messages wait for somebody's decision or could not be delivered."""
    states = (MailState.HELD, MailState.FAILED)
    where = Mail.event_id == event_id, Mail.state.in_(states), Mail.kind != TAKEN_BACK
    return db.session.scalar(select(func.count(Mail.id)).where(*where)) or 0


def is_undelivered(mail: Mail, person: Participation | None) -> bool:
    """Tell whether a message did not arrive, for all we know, and its person may be told another way.

    Whoever has withdrawn may not: the words say that they take part, and the link in them opens nothing any more.
    """
    there = person is not None and person.deleted_at is None and not person.withdrawn
    return there and mail.state in {MailState.FAILED, MailState.HELD}


def undelivered(event_id: int, mail_id: int) -> tuple[Mail, Participation]:
    """Return a message of an event that did not arrive, and its person.

    Raises
    ------
    NotFound
        If there is none.
    """
    mail = db.session.scalar(select(Mail).where(Mail.id == mail_id, Mail.event_id == event_id))
    person = db.session.get(Participation, mail.participation_id) if mail and mail.participation_id else None
    if mail is None or person is None or not is_undelivered(mail, person):
        raise NotFound("mail", mail_id)
    return mail, person


def refuse_strange(event_id: int, mail_id: int) -> None:
    """Refuse the number of a message that is not of the event.

    Raises
    ------
    NotFound
        If it is not, or does not exist.
    """
    if not db.session.scalar(select(Mail.id).where(Mail.id == mail_id, Mail.event_id == event_id)):
        raise NotFound("mail", mail_id)

"""Doing what the table of fates says: to the rows about some people of an event, or to a whole event."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Table, delete, select, update
from sqlalchemy.orm import Session, joinedload

from matchmaker.domain import fates
from matchmaker.domain.fates import When
from matchmaker.domain.searching import folded
from matchmaker.domain.states import MailState
from matchmaker.models import (
    Account,
    Attempt,
    Base,
    Delegation,
    Event,
    LogEntry,
    Mail,
    Membership,
    Organisation,
    PaperPack,
    Participation,
    PeopleImport,
    SignInLink,
    Texts,
    Wish,
)
from matchmaker.services.steps import tries

Names = dict[int, list[Texts]]


def whole(session: Session, event_id: int, ids: Collection[int]) -> Sequence[Participation]:
    """Lock and return these participations and all others that the same people have in the event."""
    accounts = select(Participation.account_id).where(Participation.id.in_(ids))
    theirs = Participation.event_id == event_id, Participation.account_id.in_(accounts)
    ways = joinedload(Participation.account, innerjoin=True), joinedload(Participation.organisation, innerjoin=True)
    chosen = select(Participation).where(*theirs, Participation.deleted_at.is_(None)).order_by(Participation.id)
    locked = chosen.options(*ways).with_for_update(of=Participation).execution_options(populate_existing=True)
    return session.scalars(locked).all()


def erase(session: Session, event_id: int, people: Sequence[Participation], *, now: datetime) -> None:
    """Delete and make anonymous all that the event's rows say of these people; give all participations of each.

    What they were goes first, who they were last: an organisation is compared with their names.
    """
    ids = {person.id for person in people}
    names: Names = {}
    for person in people:
        names.setdefault(person.organisation_id, []).append(person.account.names)
    _erase_rows(session, event_id, ids)
    session.execute(delete(PaperPack).where(PaperPack.event_id == event_id))  # the worker takes the files away
    for person in people:
        for column, value in fates.anonymous("participation").items():
            setattr(person, column, value)
        person.link_generation += 1
        person.revision += 1
        person.deleted_at = now
    session.flush()
    _erase_accounts(session, event_id, people, now)
    for organisation in _left(session, {person.organisation_id: person.organisation for person in people}):
        _empty(organisation, names[organisation.id])
    session.flush()


def erase_event(session: Session, event: Event) -> None:
    """Empty what is nobody's in particular once all people of the event are gone; other rows of it stay."""
    for name, table in Base.metadata.tables.items():
        if values := fates.anonymous(name, When.EVENT):
            session.execute(table.update().where(table.c.event_id == event.id).values(**values))
    written_since = Mail.event_id == event.id, Mail.participation_id.is_not(None)
    session.execute(update(Mail).where(*written_since).values(**fates.anonymous("mail")))
    session.execute(delete(PeopleImport).where(PeopleImport.event_id == event.id))
    nobody = Organisation.event_id == event.id
    session.execute(update(Organisation).where(nobody).values(**fates.anonymous("organisation", When.LAST)))


def _erase_rows(session: Session, event_id: int, ids: set[int]) -> None:
    session.execute(delete(Mail).where(Mail.participation_id.in_(ids), Mail.state != MailState.SENT))
    for table, values in _tables_of_people():
        theirs = table.c.participation_id.in_(ids)
        session.execute(table.update().where(theirs).values(**values) if values else table.delete().where(theirs))
    heads = Delegation.event_id == event_id, Delegation.head_id.in_(ids)
    session.execute(update(Delegation).where(*heads).values(**fates.anonymous("delegation")))
    about = LogEntry.for_participation_id.in_(ids)
    session.execute(update(LogEntry).where(about).values(**fates.anonymous("log_entry", When.EVENT)))


def _tables_of_people() -> Iterator[tuple[Table, dict[str, Any]]]:
    """Yield each table that names a participation and loses something with it; without values it loses the row."""
    for name, table in Base.metadata.tables.items():
        values = fates.anonymous(name)
        if "participation_id" in table.c and (values or fates.FATES[name].is_deleted):
            yield table, values


def _erase_accounts(session: Session, event_id: int, people: Sequence[Participation], now: datetime) -> None:
    ids = {person.account_id for person in people}
    locked = select(Account).where(Account.id.in_(ids)).order_by(Account.id).with_for_update()
    accounts = {account.id: account for account in session.scalars(locked)}  # another event may be letting go of one
    needed = _needed_elsewhere(session, event_id, accounts)
    for id_, account in accounts.items():
        if id_ in needed:
            _part(session, event_id, account, [person for person in people if person.account_id == id_], now)
        else:
            _make_anonymous(session, account)


def _needed_elsewhere(session: Session, event_id: int, accounts: dict[int, Account]) -> set[int]:
    """Return the accounts that sign in by password, run an event, or take part in another."""
    others = Participation.account_id.in_(accounts), Participation.event_id != event_id
    take_part = session.scalars(select(Participation.account_id).where(*others))
    run = session.scalars(select(Membership.account_id).where(Membership.account_id.in_(accounts)))
    return {*take_part, *run, *(id_ for id_, account in accounts.items() if account.login)}


def _make_anonymous(session: Session, account: Account) -> None:
    if account.email:
        session.execute(delete(Attempt).where(Attempt.key == tries.key_of("ask", account.email)))
    session.execute(delete(SignInLink).where(SignInLink.account_id == account.id))
    session.execute(update(Mail).where(Mail.account_id == account.id).values(**fates.anonymous("mail")))
    for column, value in fates.anonymous("account").items():
        setattr(account, column, value)
    account.session_generation += 1


def _part(session: Session, event_id: int, account: Account, people: Sequence[Participation], now: datetime) -> None:
    """Part an account from this event: what refers to it here refers to a new one without a name."""
    nobody = Account(**fates.anonymous("account"), created_at=now)
    session.add(nobody)
    session.flush()
    for person in people:
        person.account = nobody
    here = SignInLink.account_id == account.id, SignInLink.event_id == event_id
    session.execute(delete(SignInLink).where(*here))
    ids = {person.id for person in people}
    session.execute(update(Mail).where(Mail.participation_id.in_(ids)).values(account_id=nobody.id))
    helps = select(Membership.id).where(Membership.event_id == event_id, Membership.account_id == account.id)
    if session.scalar(helps) is None:
        made = Wish.event_id == event_id, Wish.made_by_id == account.id
        session.execute(update(Wish).where(*made).values(made_by_id=nobody.id))
        did = LogEntry.event_id == event_id, LogEntry.actor_id == account.id
        session.execute(update(LogEntry).where(*did).values(actor_id=nobody.id))


def _left(session: Session, organisations: dict[int, Organisation]) -> list[Organisation]:
    """Return those in which nobody is left whose data is still there."""
    there = Participation.organisation_id.in_(organisations), Participation.deleted_at.is_(None)
    peopled = set(session.scalars(select(Participation.organisation_id).where(*there)))
    return [organisation for id_, organisation in organisations.items() if id_ not in peopled]


def _empty(organisation: Organisation, people: Sequence[Texts]) -> None:
    values = fates.anonymous("organisation", When.LAST)
    if any(_bears(organisation, names) for names in people):
        values |= fates.anonymous("organisation", When.NAMESAKE)
    for column, value in values.items():
        setattr(organisation, column, value)
    organisation.revision += 1


def _bears(organisation: Organisation, names: Texts) -> bool:
    """Tell whether an organisation is called by a person's whole name, in any of their scripts: one's own business."""
    called = [set(folded(text).split()) for text in (*organisation.names.values(), *organisation.short_names.values())]
    whole_names = [set(folded(text).split()) for text in names.values() if text.strip()]
    return any(words == text or (len(words) > 1 and words <= text) for words in whole_names for text in called)

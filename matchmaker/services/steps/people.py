"""What registering somebody and editing them share: how they are reached, and the rows of a new participant."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.domain.states import Channel, Locale
from matchmaker.domain.wording import N_
from matchmaker.errors import DataDeleted, InvalidValue, NotFound
from matchmaker.models import Account, Consent, Event, Organisation, Participation
from matchmaker.queries.deletion import is_due
from matchmaker.services.steps.codes import new_code
from matchmaker.services.steps.outbox import enqueue
from matchmaker.services.steps.sign_in_links import FIRST_MAIL_LASTS, issue

PURPOSES = ("scheduling", "directory", "contact")


class Person(Protocol):
    """Somebody as a form describes them."""

    @property
    def names(self) -> dict[str, str]: ...
    @property
    def email(self) -> str | None: ...
    @property
    def phone(self) -> str | None: ...
    @property
    def job(self) -> dict[str, str]: ...
    @property
    def languages(self) -> tuple[str, ...]: ...
    @property
    def locale(self) -> Locale: ...
    @property
    def channel(self) -> Channel: ...


class Registrant(Person, Protocol):
    """Somebody who comes anew, with what they agree to."""

    @property
    def consents(self) -> frozenset[str]: ...


def address(email: str | None) -> str | None:
    """Return an address as it is stored and searched for, or None where there is none."""
    return (email or "").strip().lower() or None


def refuse_unreachable(person: Person) -> None:
    """Refuse a way of being told things that cannot work.

    Raises
    ------
    InvalidValue
        If mail is wanted without an address, or a call without a number.
    """
    if person.channel is Channel.MAIL and not person.email:
        raise InvalidValue("email", N_("Give an e-mail address, or choose to be told by phone or on paper."))
    if person.channel is Channel.PHONE and not person.phone:
        raise InvalidValue("phone", N_("Give a phone number, or choose to be told by e-mail or on paper."))


def refuse_nameless(names: dict[str, str], field: str = "names") -> None:
    if not any(name.strip() for name in names.values()):
        raise InvalidValue(field, N_("Give a name, in Latin or in Arabic letters."))


def new_account(session: Session, person: Person, now: datetime) -> Account:
    account = Account(
        names=person.names,
        email=address(person.email),
        phone=person.phone or None,
        locale=person.locale,
        created_at=now,
    )
    session.add(account)
    return account


def join(
    session: Session, organisation: Organisation, account: Account, person: Registrant, now: datetime
) -> Participation:
    """Make the account a participant for the organisation, with what it agreed to."""
    participation = enter(session, organisation, account, person, now)
    session.flush()
    agree(session, participation, person.consents, now)
    return participation


def enter(
    session: Session, organisation: Organisation, account: Account, person: Person, now: datetime
) -> Participation:
    """Make the account a participant who has agreed to nothing yet, and is asked at the first visit."""
    participation = Participation(
        event_id=organisation.event_id,
        code=new_code(),
        account=account,
        organisation=organisation,
        job=person.job,
        languages=list(person.languages),
        channel=person.channel,
        created_at=now,
    )
    session.add(participation)
    return participation


def open_event(session: Session, event_id: int, now: datetime) -> Event:
    """Return the event, unless its people's data is deleted or about to be; not even staff adds to that.

    Raises
    ------
    NotFound
        If there is none.
    DataDeleted
        If the event's announced day is over.
    """
    event = session.get(Event, event_id)
    if event is None:
        raise NotFound("event", event_id)
    if event.data_deleted_at is not None or is_due(event, now):
        raise DataDeleted
    return event


def agree(session: Session, participation: Participation, purposes: frozenset[str], now: datetime) -> None:
    """Make these all the purposes to which the person agrees; what was given before keeps its moment."""
    stored = session.scalars(select(Consent).where(Consent.participation_id == participation.id)).all()
    for taken_back in stored:
        if taken_back.purpose not in purposes:
            session.delete(taken_back)
    for purpose in sorted((purposes & set(PURPOSES)) - {consent.purpose for consent in stored}):
        session.add(
            Consent(event_id=participation.event_id, participation_id=participation.id, purpose=purpose, given_at=now)
        )


def welcome(session: Session, event: Event, participation: Participation, now: datetime) -> None:
    """Send the first mail, with a link that signs in once."""
    if not participation.account.email:
        return
    link = issue(session, participation.account_id, event.id, now=now, lasts=FIRST_MAIL_LASTS)
    facts = {"link_id": link.id}
    enqueue(session, event=event, kind="welcome", occasion="first", now=now, participation=participation, facts=facts)

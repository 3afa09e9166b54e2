"""Taking part in an event: a person with a new organisation, or a colleague in one that is there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.domain.states import Channel, Locale, Phase
from matchmaker.errors import NotFound
from matchmaker.models import Account, Event, Organisation, ParticipantType, Participation, Texts
from matchmaker.services.steps import people
from matchmaker.services.steps.acting import is_staff, refuse_when_closed
from matchmaker.services.steps.codes import new_code
from matchmaker.services.steps.journal import record
from matchmaker.unit_of_work import unit_of_work

OPEN = frozenset({Phase.REGISTRATION, Phase.WISHES})


@dataclass(frozen=True, slots=True)
class Colleague:
    """A person as the form describes them. ``languages`` are codes; none means: understands everybody."""

    names: Texts
    email: str | None = None
    phone: str | None = None
    job: Texts = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    locale: Locale = Locale.FRENCH
    consents: frozenset[str] = frozenset()
    channel: Channel = Channel.MAIL


@dataclass(frozen=True, slots=True)
class Registration:
    """A person and the organisation they bring. ``country`` is an ISO code of two letters."""

    names: Texts
    organisation_names: Texts
    email: str | None
    phone: str | None
    job: Texts
    languages: tuple[str, ...]
    locale: Locale
    city: str = ""
    country: str = "MA"
    type_code: str | None = None
    consents: frozenset[str] = frozenset()
    channel: Channel = Channel.MAIL


def register(
    event_id: int,
    registration: Registration,
    *,
    now: datetime,
    actor_id: int | None = None,
    account_id: int | None = None,
    welcome: bool = True,
) -> int:
    """Make a participant with an organisation of their own; return the participation's id.

    Nobody is merged: an address that is known already belongs, for all we can tell, to somebody else.
    ``account_id`` is given only for a person who is signed in; ``actor_id`` for staff who register somebody.
    Without ``welcome`` no first mail is sent: for those who were told already, or will be by other means.

    Raises
    ------
    DataDeleted
        If the event's announced day is over.
    WishesClosed, PhaseForbids
        If registration is over and the actor is not of the event's staff.
    InvalidValue
        If there is no name, or no way to reach the person as they wish.
    """
    with unit_of_work() as session:
        event = people.open_event(session, event_id, now)
        refuse_when_closed(session, event, actor_id, OPEN, now)
        people.refuse_nameless(registration.names)
        people.refuse_nameless(registration.organisation_names, "organisation_names")
        people.refuse_unreachable(registration)
        organisation = _new_organisation(session, event, registration, now)
        account = _account(session, registration, account_id, now)
        participation = people.join(session, organisation, account, registration, now)
        if welcome:
            people.welcome(session, event, participation, now)
        record(
            session,
            event_id=event.id,
            actor_id=actor_id or account.id,
            verb="registered",
            now=now,
            subject=organisation.code,
            for_participation_id=participation.id,
        )
        return participation.id


def add_colleague(
    organisation_id: int, colleague: Colleague, *, now: datetime, actor_id: int | None, welcome: bool = True
) -> int:
    """Add a person to an organisation that takes part; return the participation's id.

    Raises
    ------
    NotFound
        If there is no such organisation, or the actor neither represents it nor is of the staff.
    DataDeleted
        If the event's announced day is over.
    WishesClosed, PhaseForbids
        If registration is over and the actor is not of the event's staff.
    """
    with unit_of_work() as session:
        organisation = session.get(Organisation, organisation_id)
        if organisation is None or not _may_add(session, organisation, actor_id):
            raise NotFound("organisation", organisation_id)
        event = people.open_event(session, organisation.event_id, now)
        refuse_when_closed(session, event, actor_id, OPEN, now)
        people.refuse_nameless(colleague.names)
        people.refuse_unreachable(colleague)
        account = people.new_account(session, colleague, now)
        participation = people.join(session, organisation, account, colleague, now)
        if welcome:
            people.welcome(session, event, participation, now)
        record(
            session,
            event_id=event.id,
            actor_id=actor_id,
            verb="added_colleague",
            now=now,
            subject=organisation.code,
            for_participation_id=participation.id,
        )
        return participation.id


def _account(session: Session, registration: Registration, account_id: int | None, now: datetime) -> Account:
    if account_id is None:
        return people.new_account(session, registration, now)
    account = session.get(Account, account_id)
    if account is None:
        raise NotFound("account", account_id)
    return account


def _new_organisation(session: Session, event: Event, registration: Registration, now: datetime) -> Organisation:
    organisation = Organisation(
        event_id=event.id,
        code=new_code(),
        names=registration.organisation_names,
        city=registration.city,
        country=registration.country,
        type_id=_type_id(session, event.id, registration.type_code),
        created_at=now,
    )
    session.add(organisation)
    return organisation


def _type_id(session: Session, event_id: int, code: str | None) -> int | None:
    if not code:
        return None
    where = (ParticipantType.event_id == event_id, ParticipantType.code == code)
    type_id = session.scalar(select(ParticipantType.id).where(*where))
    if type_id is None:
        raise NotFound("type", code)
    return type_id


def _may_add(session: Session, organisation: Organisation, actor_id: int | None) -> bool:
    if is_staff(session, organisation.event_id, actor_id):
        return True
    where = (
        Participation.organisation_id == organisation.id,
        Participation.account_id == actor_id,
        Participation.withdrawn.is_(False),
    )
    return actor_id is not None and session.scalar(select(Participation.id).where(*where).limit(1)) is not None

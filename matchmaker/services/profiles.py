"""What people say of themselves and of their organisation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from matchmaker.domain.states import Channel, Locale, Phase
from matchmaker.domain.wording import N_
from matchmaker.errors import InvalidValue, NotFound, PhaseForbids
from matchmaker.models import Account, Event, Membership, Organisation, OrganisationTopic, Participation, Texts
from matchmaker.queries.taxonomy import taxonomy
from matchmaker.services.steps import entries, mailboxes, people, published
from matchmaker.services.steps.acting import is_staff
from matchmaker.services.steps.journal import record
from matchmaker.services.steps.revisions import bump, refuse_stale
from matchmaker.unit_of_work import unit_of_work


@dataclass(frozen=True, slots=True)
class Profile:
    """A person as they describe themselves; the names and the ways to reach them hold for all their events.

    ``by_invitation``: each meeting comes to their calendar by itself, not all in one file. ``consents`` are all the
    purposes to which they agree in this one; None leaves them as they are.
    """

    names: Texts
    email: str | None = None
    phone: str | None = None
    job: Texts = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    locale: Locale = Locale.FRENCH
    channel: Channel = Channel.MAIL
    by_invitation: bool = False
    consents: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class OrganisationProfile:
    """An organisation as it describes itself; offers and needs are codes of the taxonomy."""

    names: Texts
    city: str = ""
    country: str = "MA"
    website: str = ""
    about: str = ""
    offers: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    offers_text: str = ""
    needs_text: str = ""


def change(participation_id: int, profile: Profile, *, revision: int, actor_id: int | None, now: datetime) -> None:
    """Replace what the person says of themselves; a new address is told what is to come, the old one lets go of it.

    Raises
    ------
    ChangedMeanwhile
        If somebody saved after ``revision``; nothing is changed.
    InvalidValue
        If there is no name, no way to reach the person as they wish, or the address is not the actor's to change.
    PhaseForbids
        If the event is over.
    """
    with unit_of_work() as session:
        events = _events_to_tell(session, participation_id, profile)
        participation = session.get(Participation, participation_id, with_for_update=True, populate_existing=True)
        if participation is None or participation.deleted_at is not None:
            raise NotFound("participation", participation_id)
        _refuse_after(session, participation.event_id, actor_id)
        people.refuse_nameless(profile.names)
        people.refuse_unreachable(profile)
        _refuse_to_redirect(session, participation, profile, actor_id)
        with _moving(session, participation.account, profile, events, actor_id=actor_id, now=now) as moves:
            _set_person(participation, profile, revision)
        if profile.consents is not None:
            people.agree(session, participation, profile.consents, now)
        if not moves:
            for event in events:
                entries.choose(session, event, participation, now=now)
        record(
            session,
            event_id=participation.event_id,
            actor_id=actor_id,
            verb="changed_profile",
            now=now,
            for_participation_id=participation.id,
        )


def change_organisation(
    organisation_id: int, profile: OrganisationProfile, *, revision: int, actor_id: int | None, now: datetime
) -> None:
    """Replace what the organisation says of itself, its offers and needs included.

    Raises
    ------
    ChangedMeanwhile
        If a colleague saved after ``revision``; nothing is changed.
    InvalidValue
        If there is no name, or a topic is not in the taxonomy.
    PhaseForbids
        If the event is over.
    """
    with unit_of_work() as session:
        organisation = session.get(Organisation, organisation_id)
        if organisation is None:
            raise NotFound("organisation", organisation_id)
        _refuse_after(session, organisation.event_id, actor_id)
        people.refuse_nameless(profile.names)
        _refuse_unknown_topics(profile)
        _set_organisation(organisation, profile, revision)
        record(
            session,
            event_id=organisation.event_id,
            actor_id=actor_id,
            verb="changed_organisation",
            now=now,
            subject=organisation.code,
        )


def _events_to_tell(session: Session, participation_id: int, profile: Profile) -> list[Event]:
    """Return the events in which the person's calendar is told otherwise, locked before their row as publishing does.

    By another address it is all of theirs: the account is one.
    """
    stored = session.get(Participation, participation_id)
    if stored is None:
        return []
    if people.address(profile.email) != stored.account.email:
        theirs = Participation.account_id == stored.account_id, Participation.deleted_at.is_(None)
        ids = session.scalars(select(Participation.event_id).where(*theirs).distinct()).all()
    else:
        chose = (stored.by_invitation, stored.channel) != (profile.by_invitation, profile.channel)
        ids = [stored.event_id] if chose else []
    return [published.locked_event(session, id_) for id_ in sorted(ids)]


@contextmanager
def _moving(
    session: Session,
    account: Account,
    profile: Profile,
    events: Sequence[Event],
    *,
    actor_id: int | None,
    now: datetime,
) -> Iterator[bool]:
    """Bring a person's calendars to another mailbox around the change of address; tell whether there is one.

    Where it is not the person who changes it, the old address was wrong.
    """
    old, moves = account.email, people.address(profile.email) != account.email
    by_id = {event.id: event for event in events if moves}
    theirs = Participation.account_id == account.id, Participation.event_id.in_(by_id)
    parts = session.scalars(select(Participation).where(*theirs, Participation.deleted_at.is_(None))).all()
    mails = [mail for one in parts for mail in mailboxes.leave(session, by_id[one.event_id], one, now=now)]
    yield moves
    session.add_all(mails)
    if moves and old:
        if actor_id != account.id:
            mailboxes.lock_out(session, account, old, parts, actor_id=actor_id, now=now)
        mailboxes.redirect(session, account, old)
    for one in parts:
        mailboxes.arrive(session, by_id[one.event_id], one, now=now)


def _refuse_after(session: Session, event_id: int, actor_id: int | None) -> None:
    event = session.get_one(Event, event_id)
    if event.phase is Phase.AFTER and not is_staff(session, event_id, actor_id):
        raise PhaseForbids(event.phase)


def _refuse_to_redirect(session: Session, participation: Participation, profile: Profile, actor_id: int | None) -> None:
    """Let staff send nobody's sign-in links elsewhere, where these open more than a part in the staff's own event."""
    account = participation.account
    if actor_id in {None, account.id} or people.address(profile.email) == account.email:
        return
    elsewhere = (Participation.account_id == account.id, Participation.event_id != participation.event_id)
    opens_more = exists().where(Membership.account_id == account.id) | exists().where(*elsewhere)
    if account.login or session.scalar(select(opens_more)):
        raise InvalidValue("email", N_("Only the person can change this address: their account opens more than this."))


def _set_person(participation: Participation, profile: Profile, revision: int) -> None:
    of_account: dict[str, Any] = {
        "names": profile.names,
        "email": people.address(profile.email),
        "phone": profile.phone or None,
        "locale": profile.locale,
    }
    of_participation = {
        "job": profile.job,
        "languages": list(profile.languages),
        "channel": profile.channel,
        "by_invitation": profile.by_invitation,
    }
    stored = {name: getattr(participation.account, name) for name in of_account}
    stored |= {name: getattr(participation, name) for name in of_participation}
    refuse_stale(participation, revision, stored, of_account | of_participation)
    bump(participation, revision, of_participation)
    for name, value in of_account.items():
        setattr(participation.account, name, value)


def _set_organisation(organisation: Organisation, profile: OrganisationProfile, revision: int) -> None:
    fields = {
        "names": profile.names,
        "city": profile.city,
        "country": profile.country,
        "website": profile.website,
        "about": profile.about,
        "offers_text": profile.offers_text,
        "needs_text": profile.needs_text,
    }
    topics = {"offers": sorted(profile.offers), "needs": sorted(profile.needs)}
    stored = {name: getattr(organisation, name) for name in fields}
    stored |= {"offers": _topics(organisation, "offer"), "needs": _topics(organisation, "need")}
    refuse_stale(organisation, revision, stored, fields | topics)
    bump(organisation, revision, fields)
    _set_topics(organisation, profile)


def _topics(organisation: Organisation, kind: str) -> list[str]:
    return sorted(topic.topic for topic in organisation.topics if topic.kind == kind)


def _set_topics(organisation: Organisation, profile: OrganisationProfile) -> None:
    wanted = {("offer", topic) for topic in profile.offers} | {("need", topic) for topic in profile.needs}
    kept = [topic for topic in organisation.topics if (topic.kind, topic.topic) in wanted]
    added = sorted(wanted - {(topic.kind, topic.topic) for topic in kept})
    organisation.topics = kept + [
        OrganisationTopic(event_id=organisation.event_id, kind=kind, topic=topic) for kind, topic in added
    ]


def _refuse_unknown_topics(profile: OrganisationProfile) -> None:
    known = taxonomy().topics.keys()
    for name, topics in (("offers", profile.offers), ("needs", profile.needs)):
        if topics - known:
            raise InvalidValue(name, N_("One of these topics is not on the list."))

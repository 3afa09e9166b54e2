"""What an organiser settles for people and their organisations: limits, hosts, delegations, withdrawal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.domain.wording import N_
from matchmaker.errors import InvalidValue, NotFound
from matchmaker.models import (
    AudienceWindow,
    Location,
    Organisation,
    ParticipantType,
    Participation,
    Slot,
)
from matchmaker.services.steps import delegations, entries, mailboxes, published, rows
from matchmaker.services.steps.journal import record
from matchmaker.services.steps.revisions import bump, refuse_stale
from matchmaker.unit_of_work import unit_of_work

HIGHEST_RANK = 999


@dataclass(frozen=True, slots=True)
class Limits:
    """A person's own limits; None: as the type says. ``parallel``: meetings at once; ``location_id``: tied to it."""

    max_meetings: int | None = None
    max_per_day: int | None = None
    max_consecutive: int | None = None
    min_meetings: int | None = None
    parallel: int = 1
    location_id: int | None = None
    represents: bool = True


@dataclass(frozen=True, slots=True)
class Protocol:
    """A title by language, the rank in the order of protocol (1 is first), and whether only people move meetings."""

    title: Mapping[str, str]
    rank: int | None = None
    moved_by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Hosting:
    """How an organisation receives. ``windows``: (slot id, topic), slots kept for those with this offer or need."""

    type_id: int | None = None
    is_host: bool = False
    meeting_slots: int = 1
    listed: bool = True
    windows: frozenset[tuple[int, str]] = frozenset()


def set_limits(
    event_id: int, participation_id: int, limits: Limits, *, revision: int, actor_id: int | None, now: datetime
) -> None:
    """Give a person limits of their own.

    Raises
    ------
    ChangedMeanwhile
        If somebody saved the person since ``revision`` was read.
    InvalidValue
        If the minimum is above the limit, or ``parallel`` is not 1 to 100.
    NotFound
        If the person or the location is not of the event.
    """
    with unit_of_work() as session:
        person = _person(session, event_id, participation_id)
        _check_limits(session, event_id, limits)
        bump(person, revision, {name: getattr(limits, name) for name in Limits.__slots__})
        _note(session, person, "person.limits", actor_id=actor_id, now=now)


def set_protocol(
    event_id: int, participation_id: int, protocol: Protocol, *, revision: int, actor_id: int | None, now: datetime
) -> None:
    """Settle what protocol asks for a person.

    Raises
    ------
    ChangedMeanwhile
        If somebody saved the person since ``revision`` was read.
    InvalidValue
        If the rank is not 1 to 999.
    NotFound
        If the person is not of the event.
    """
    with unit_of_work() as session:
        person = _person(session, event_id, participation_id)
        if protocol.rank is not None and not 1 <= protocol.rank <= HIGHEST_RANK:
            raise InvalidValue("rank", N_("A rank is a number from 1 to 999."))
        asked = {"title": dict(protocol.title), "protocol_rank": protocol.rank, "moved_by_hand": protocol.moved_by_hand}
        bump(person, revision, asked)
        _note(session, person, "person.protocol", actor_id=actor_id, now=now)


def set_hosting(
    event_id: int, organisation_id: int, hosting: Hosting, *, revision: int, actor_id: int | None, now: datetime
) -> None:
    """Say what type an organisation is of, whether it hears audiences, how long and which slots it keeps for whom.

    Raises
    ------
    ChangedMeanwhile
        If somebody saved the organisation since ``revision`` was read.
    InvalidValue
        If a meeting would take less than 1 slot or more than 12.
    NotFound
        If the organisation, its type or a slot is not of the event.
    """
    with unit_of_work() as session:
        organisation = rows.of_event(session, Organisation, event_id, organisation_id)
        _check_hosting(session, event_id, hosting)
        windows = {(row.slot_id, row.topic): row for row in _windows(session, organisation_id)}
        plain = {name: getattr(hosting, name) for name in ("type_id", "is_host", "meeting_slots", "listed")}
        theirs = {name: getattr(organisation, name) for name in plain} | {"windows": sorted(windows)}
        refuse_stale(organisation, revision, theirs, plain | {"windows": sorted(hosting.windows)})
        bump(organisation, revision, plain)
        for key in sorted(set(windows) - hosting.windows):
            session.delete(windows[key])
        for slot_id, topic in sorted(hosting.windows - set(windows)):
            kept = {"slot_id": slot_id, "topic": topic}
            session.add(AudienceWindow(event_id=event_id, organisation_id=organisation_id, **kept))
        subject = organisation.code
        record(session, event_id=event_id, actor_id=actor_id, verb="organisation.hosting", now=now, subject=subject)


def join_delegation(
    event_id: int, organisation_id: int, delegation_id: int | None, *, actor_id: int | None, now: datetime
) -> None:
    """Put an organisation into a delegation, or (None) out of its own, which has no head then if the head is of it.

    Raises
    ------
    NotFound
        If one of them is not of the event.
    """
    with unit_of_work() as session:
        organisation = delegations.move(session, event_id, organisation_id, delegation_id)
        verb, subject = "organisation.delegation", organisation.code
        record(session, event_id=event_id, actor_id=actor_id, verb=verb, now=now, subject=subject)


def join_organisation(
    event_id: int, participation_id: int, organisation_code: str, *, actor_id: int | None, now: datetime
) -> None:
    """Move a person to another organisation, named by its code; one left without people is listed no more.

    Raises
    ------
    InvalidValue
        If no organisation of the event has the code, or the person is in it already.
    """
    with unit_of_work() as session:
        person = _person(session, event_id, participation_id)
        where = Organisation.event_id == event_id, Organisation.code == organisation_code.strip().lower()
        target = session.scalar(select(Organisation).where(*where))
        if target is None or any(one.account_id == person.account_id for one in target.participations):
            raise InvalidValue("organisation_code", N_("No other organisation of the event has this code."))
        left = person.organisation
        delegations.keep_head_within(session, person, left, target)
        person.organisation_id = target.id
        person.revision += 1
        session.flush()
        if not _people_of(session, left.id):
            left.listed = False
        _note(session, person, "person.organisation", actor_id=actor_id, now=now, detail={"from": left.code})


def withdraw(event_id: int, participation_id: int, *, actor_id: int | None, now: datetime) -> None:
    """Take a person out of the event; what they said stays, and no run counts them any more."""
    _set_withdrawn(event_id, participation_id, True, "person.withdrawn", actor_id=actor_id, now=now)


def readmit(event_id: int, participation_id: int, *, actor_id: int | None, now: datetime) -> None:
    """Let a person who had withdrawn take part again."""
    _set_withdrawn(event_id, participation_id, False, "person.readmitted", actor_id=actor_id, now=now)


def _set_withdrawn(
    event_id: int,
    participation_id: int,
    withdrawn: bool,  # noqa: FBT001 -- the two public functions name it
    verb: str,
    *,
    actor_id: int | None,
    now: datetime,
) -> None:
    with unit_of_work() as session:
        event = published.locked_event(session, event_id)
        person = _person(session, event_id, participation_id)
        if person.withdrawn is withdrawn:  # asked twice, done once
            return
        person.withdrawn = withdrawn
        person.revision += 1
        if withdrawn:
            mailboxes.withdraw(session, event, person, now=now)
            entries.refresh_around(session, event, person, now=now)
        else:
            mailboxes.come_back(session, event, person)
            entries.choose(session, event, person, now=now)
        _note(session, person, verb, actor_id=actor_id, now=now)


def _person(session: Session, event_id: int, participation_id: int) -> Participation:
    """Return a person of the event; one whose data was deleted is none any more."""
    person = rows.of_event(session, Participation, event_id, participation_id)
    if person.deleted_at is not None:
        raise NotFound("participation", participation_id)
    return person


def _check_limits(session: Session, event_id: int, limits: Limits) -> None:
    if not 1 <= limits.parallel <= 100:
        raise InvalidValue("parallel", N_("A person receives 1 to 100 at once."))
    if limits.max_meetings is not None and (limits.min_meetings or 0) > limits.max_meetings:
        raise InvalidValue("min_meetings", N_("The minimum is above the limit."))
    if limits.location_id is not None:
        rows.of_event(session, Location, event_id, limits.location_id)


def _check_hosting(session: Session, event_id: int, hosting: Hosting) -> None:
    if not 1 <= hosting.meeting_slots <= 12:
        raise InvalidValue("meeting_slots", N_("A meeting takes 1 to 12 slots."))
    if hosting.type_id is not None:
        rows.of_event(session, ParticipantType, event_id, hosting.type_id)
    rows.refuse_strangers(session, Slot, event_id, {slot_id for slot_id, _ in hosting.windows})


def _windows(session: Session, organisation_id: int) -> list[AudienceWindow]:
    return list(session.scalars(select(AudienceWindow).where(AudienceWindow.organisation_id == organisation_id)))


def _people_of(session: Session, organisation_id: int) -> list[int]:
    where = Participation.organisation_id == organisation_id, Participation.withdrawn.is_(False)
    return list(session.scalars(select(Participation.id).where(*where)))


def _note(
    session: Session,
    person: Participation,
    verb: str,
    *,
    actor_id: int | None,
    now: datetime,
    detail: dict[str, Any] | None = None,
) -> None:
    record(
        session,
        event_id=person.event_id,
        actor_id=actor_id,
        verb=verb,
        now=now,
        subject=person.code,
        for_participation_id=person.id,
        detail=detail,
    )

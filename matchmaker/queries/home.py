"""What the start page and a participant's event page tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import joinedload, selectinload

from matchmaker.domain.states import ASKS, Phase
from matchmaker.extensions import db
from matchmaker.models import (
    Consent,
    Event,
    EventDay,
    Membership,
    OrganisationTopic,
    ParticipantType,
    Participation,
    Unavailability,
    Version,
    Wish,
)
from matchmaker.queries.requests import waiting

REGISTERING = (Phase.REGISTRATION, Phase.WISHES)


@dataclass(frozen=True, slots=True)
class Part:
    """An event in which an account takes part, and for whom."""

    event: Event
    participation: Participation


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a participant has come; ``version`` is the number of what was published last."""

    agreed: bool
    has_profile: bool
    times_said: bool
    away: int
    musts: int
    likes: int
    asked_by: int
    to_answer: int
    version: int | None


def open_events() -> Sequence[Event]:
    """Return the events that take registrations, the next first."""
    first_day = select(func.min(EventDay.day)).where(EventDay.event_id == Event.id).scalar_subquery()
    takes_them = Event.phase.in_(REGISTERING), Event.archived_at.is_(None)
    rows = select(Event).where(*takes_them).options(selectinload(Event.days))
    return db.session.scalars(rows.order_by(first_day, Event.id)).all()


def parts(account_id: int) -> list[Part]:
    """Return the events in which the account takes part, the newest first."""
    rows = (
        select(Event, Participation)
        .join(Participation, Participation.event_id == Event.id)
        .where(Participation.account_id == account_id, Participation.withdrawn.is_(False))
        .where(Event.archived_at.is_(None))
        .options(selectinload(Event.days), joinedload(Participation.organisation))
        .order_by(Participation.id.desc())
    )
    return [Part(*row) for row in db.session.execute(rows)]


def runs_events(account_id: int) -> bool:
    """Tell whether the account is one of those who run some event."""
    return bool(db.session.scalar(select(exists().where(Membership.account_id == account_id))))


def takes_part(event_id: int, account_id: int) -> bool:
    where = (
        Participation.event_id == event_id,
        Participation.account_id == account_id,
        Participation.withdrawn.is_(False),
    )
    return bool(db.session.scalar(select(exists().where(*where))))


def types(event_id: int) -> Sequence[ParticipantType]:
    return db.session.scalars(
        select(ParticipantType).where(ParticipantType.event_id == event_id).order_by(ParticipantType.id)
    ).all()


def colleagues(organisation_id: int) -> Sequence[Participation]:
    """Return all who take part for the organisation, the reader among them."""
    where = Participation.organisation_id == organisation_id, Participation.withdrawn.is_(False)
    rows = select(Participation).where(*where).options(joinedload(Participation.account))
    return db.session.scalars(rows.order_by(Participation.id)).all()


def consents_of(participation_id: int) -> frozenset[str]:
    """Return the purposes to which a person agreed."""
    return frozenset(db.session.scalars(select(Consent.purpose).where(Consent.participation_id == participation_id)))


def progress(event: Event, participation: Participation, *, now: datetime) -> Progress:
    """Return what the person, and their organisation, have done so far."""
    party = participation.organisation_id
    asking = select(func.count(Wish.id)).where(Wish.wanted_id == party, Wish.level.in_(ASKS))
    levels = select(Wish.level, func.count(Wish.id)).where(Wish.organisation_id == party).group_by(Wish.level)
    counts = {str(level): count for level, count in db.session.execute(levels)}
    away = select(func.count(Unavailability.id)).where(Unavailability.participation_id == participation.id)
    newest = select(func.max(Version.number)).where(Version.event_id == participation.event_id)
    return Progress(
        agreed="scheduling" in consents_of(participation.id),
        times_said=participation.times_said_at is not None,
        has_profile=bool(db.session.scalar(select(exists().where(OrganisationTopic.organisation_id == party)))),
        away=db.session.scalar(away) or 0,
        musts=counts.get("must", 0),
        likes=counts.get("like", 0),
        asked_by=db.session.scalar(asking) or 0,
        to_answer=len(waiting(event, now=now, organisation_id=party).get(party, ())),
        version=db.session.scalar(newest),
    )

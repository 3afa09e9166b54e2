"""All that a problem is made of, read in a number of queries that does not grow with the event."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from matchmaker.domain import scoring
from matchmaker.domain.states import Asking, RequestState, Silence
from matchmaker.models import (
    AudienceWindow,
    Base,
    Event,
    EventSession,
    Interpreter,
    Location,
    Organisation,
    OrganisationTopic,
    ParticipantType,
    Participation,
    Request,
    SessionSeat,
    Slot,
    Unavailability,
    Walk,
    Wish,
    Zone,
)

LIVE = (RequestState.ASKED, RequestState.ACCEPTED)
Row = TypeVar("Row", bound=Base)


class Live(NamedTuple):
    """What a problem needs of a request; there are many, and whole rows take long to read."""

    id: int
    code: str
    first_id: int
    second_id: int
    weight: int
    klass: str
    created_at: dt.datetime
    state: RequestState


class Topic(NamedTuple):
    """A topic that an organisation offers or needs."""

    organisation_id: int
    topic: str


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one event. ``people`` are those who may attend meetings, in the order of their ids."""

    event: Event
    slots: Sequence[Slot]
    zones: Mapping[int, Zone]
    walks: Sequence[Walk]
    locations: Sequence[Location]
    types: Mapping[int, ParticipantType]
    organisations: Mapping[int, Organisation]
    topics: Sequence[Topic]
    people: Sequence[Participation]
    unavailabilities: Sequence[Unavailability]
    sessions: Sequence[EventSession]
    seats: Sequence[SessionSeat]
    windows: Sequence[AudienceWindow]
    interpreters: Sequence[Interpreter]
    requests: Sequence[Live]
    wishes: Mapping[tuple[int, int], scoring.Wish]
    """(who wishes, whom) -> what, vetoes included."""

    def type_of(self, organisation_id: int) -> ParticipantType | None:
        type_id = self.organisations[organisation_id].type_id
        return None if type_id is None else self.types[type_id]

    def silence_of(self, organisation_id: int) -> Silence:
        """What it means that an organisation did not answer; those without a type consent.

        Where meetings take both sides' consent, silence gives none.
        """
        if self.event.asking is Asking.REQUESTS:
            return Silence.REFUSES
        kind = self.type_of(organisation_id)
        return kind.silence if kind else Silence.CONSENTS


def read(session: Session, event_id: int) -> Rows:
    """Read the event whose requests are live; they must have been brought up to the wishes before."""
    event = session.get_one(Event, event_id)

    def all_of(kind: type[Row], *options: Any) -> list[Row]:
        where = kind.event_id == event_id  # type: ignore[attr-defined]
        return list(session.scalars(select(kind).where(where).order_by(kind.id).options(*options)))

    return Rows(
        event=event,
        slots=sorted(all_of(Slot), key=lambda slot: (slot.day, slot.start)),
        zones={zone.id: zone for zone in all_of(Zone)},
        walks=all_of(Walk),
        locations=all_of(Location, selectinload(Location.owners), selectinload(Location.closures)),
        types={kind.id: kind for kind in all_of(ParticipantType)},
        organisations={row.id: row for row in all_of(Organisation)},
        topics=_topics(session, event_id),
        people=[row for row in all_of(Participation) if row.represents and not row.withdrawn],
        unavailabilities=all_of(Unavailability),
        sessions=all_of(EventSession),
        seats=all_of(SessionSeat),
        windows=all_of(AudienceWindow),
        interpreters=all_of(Interpreter, selectinload(Interpreter.absences)),
        requests=_live(session, event_id),
        wishes=_wishes(session, event_id),
    )


def _live(session: Session, event_id: int) -> list[Live]:
    columns = (getattr(Request, name) for name in Live._fields)
    where = Request.event_id == event_id, Request.state.in_(LIVE)
    return [Live(*row) for row in session.execute(select(*columns).where(*where).order_by(Request.id))]


def _topics(session: Session, event_id: int) -> list[Topic]:
    rows = select(OrganisationTopic.organisation_id, OrganisationTopic.topic)
    return [Topic(*row) for row in session.execute(rows.where(OrganisationTopic.event_id == event_id))]


def _wishes(session: Session, event_id: int) -> dict[tuple[int, int], scoring.Wish]:
    columns = Wish.organisation_id, Wish.wanted_id, Wish.level, Wish.rank
    rows = session.execute(select(*columns).where(Wish.event_id == event_id).order_by(Wish.id))
    alike = cache(scoring.Wish)  # thousands, and few are different
    return {(giver, wanted): alike(level, rank) for giver, wanted, level, rank in rows}

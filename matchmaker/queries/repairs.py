"""What may go wrong with what is still to come, and the ways to go on that were found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import defer, joinedload

from matchmaker.domain.happening import OF_PEOPLE, Happened, Happening
from matchmaker.domain.states import MeetingState
from matchmaker.errors import NotFound
from matchmaker.extensions import db
from matchmaker.models import (
    Attendance,
    Delegation,
    Draft,
    EventSession,
    Location,
    Organisation,
    Participation,
    PublishedMeeting,
    Run,
    Texts,
    Version,
)
from matchmaker.queries import agenda_rows, publishing
from matchmaker.queries.publishing import Preview

LATEST = 5


@dataclass(frozen=True, slots=True)
class Concerned:
    """Who, which places and which sessions still have something to come; of delegations, how many people."""

    people: Sequence[Participation]
    delegations: Sequence[tuple[Delegation, int]]
    locations: Sequence[Location]
    sessions: Sequence[EventSession]


@dataclass(frozen=True, slots=True)
class Way:
    """One way to go on: its draft, and all that publishing it would change."""

    preview: Preview
    advised: bool

    @property
    def told(self) -> int:
        return len(self.preview.told) + len(self.preview.untold)


def concerned(event_id: int, wall: dt.datetime) -> Concerned:
    """Return what could go wrong after ``wall``, the event's clock; empty before anything was published."""
    version = agenda_rows.last_version(event_id)
    coming = select(PublishedMeeting.id).where(
        PublishedMeeting.version_id == (version.id if version else 0),
        PublishedMeeting.state != MeetingState.CANCELLED,
        _after(PublishedMeeting.day, PublishedMeeting.start, wall),
    )
    attending = select(Attendance.participation_id).where(Attendance.meeting_id.in_(coming))
    both = joinedload(Participation.account), joinedload(Participation.organisation)
    people = select(Participation).where(Participation.id.in_(attending)).options(*both)
    parties = (
        select(Delegation, func.count(Participation.id))
        .join(Organisation, Organisation.delegation_id == Delegation.id)
        .join(Participation, Participation.organisation_id == Organisation.id)
        .where(Participation.id.in_(attending))
        .group_by(Delegation.id)
    )
    used = select(PublishedMeeting.location_id).where(PublishedMeeting.id.in_(coming))
    sessions = select(EventSession).where(
        EventSession.event_id == event_id, _after(EventSession.day, EventSession.end, wall)
    )
    return Concerned(
        people=db.session.scalars(people).all(),
        delegations=[(row[0], row[1]) for row in db.session.execute(parties.order_by(Delegation.id))],
        locations=db.session.scalars(select(Location).where(Location.id.in_(used)).order_by(Location.id)).all(),
        sessions=db.session.scalars(sessions.order_by(EventSession.day, EventSession.start)).all(),
    )


def run(event_id: int, number: int) -> Run:
    """Return the run of a repair.

    Raises
    ------
    NotFound
        If the event has none of this number.
    """
    query = select(Run).where(Run.event_id == event_id, Run.number == number).options(defer(Run.problem))
    found = db.session.scalar(query)
    if found is None or not found.happened:
        raise NotFound("repair", number)
    return found


def latest(event_id: int) -> Sequence[Run]:
    """Return the runs of the last repairs that were asked for, the newest first."""
    query = select(Run).where(Run.event_id == event_id, Run.happened.is_not(None)).options(defer(Run.problem))
    return db.session.scalars(query.order_by(Run.number.desc()).limit(LATEST)).all()


def ways(found: Run) -> list[Way]:
    """Return the ways that a run found, from few changes to many; the one with the fewest cancelled is advised."""
    version = agenda_rows.last_version(found.event_id)
    if version is None:
        return []
    numbers = select(Draft.number).where(Draft.run_id == found.id).order_by(Draft.number)
    previews = [publishing.preview(found.event_id, number, version.kind) for number in db.session.scalars(numbers)]
    best = min(previews, key=lambda one: (len(one.cancelled), len(one.moved)), default=None)
    return [Way(one, advised=one is best and len(previews) > 1) for one in previews]


def published_from(found: Run) -> int | None:
    """Return the number of the version that a repair became."""
    drafts = select(Draft.id).where(Draft.run_id == found.id)
    return db.session.scalar(select(Version.number).where(Version.draft_id.in_(drafts)).limit(1))


def people(event_id: int, happened: Happened) -> Select[int]:
    """Choose the ids of those whom it befell: one person, or all of a delegation."""
    of_event = select(Participation.id).where(Participation.event_id == event_id)
    if happened.delegation is None:
        return of_event.where(Participation.code == happened.of)
    party = select(Organisation.id).where(Organisation.delegation_id == happened.delegation)
    return of_event.where(Participation.organisation_id.in_(party))


def names(event_id: int, happened: Happened) -> tuple[Texts, ...]:
    """Return what to call what something befell: a person's name and organisation, or one name of whatever it is."""
    if happened.delegation is not None:
        party = db.session.get(Delegation, happened.delegation)
        return (party.names,) if party else ()
    if happened.kind in OF_PEOPLE:
        query = select(Participation).where(Participation.id.in_(people(event_id, happened)))
        both = joinedload(Participation.account), joinedload(Participation.organisation)
        person = db.session.scalar(query.options(*both))
        return (person.account.names, person.organisation.names) if person else ()
    if happened.kind is Happening.OVERRUN:
        session = db.session.get(EventSession, int(happened.of))
        return (session.titles,) if session else ()
    place = select(Location.names).where(Location.event_id == event_id, Location.code == happened.of)
    found = db.session.scalar(place)
    return (found,) if found else ()


def _after(day: Any, time: Any, wall: dt.datetime) -> ColumnElement[bool]:
    return or_(day > wall.date(), (day == wall.date()) & (time > wall.time()))

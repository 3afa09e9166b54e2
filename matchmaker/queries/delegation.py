"""Who heads a delegation, and how those stand whom they came with."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from matchmaker.domain.states import MeetingState
from matchmaker.errors import NotFound
from matchmaker.extensions import db
from matchmaker.models import (
    Attendance,
    Delegation,
    Organisation,
    Participation,
    PublishedMeeting,
    Request,
    Texts,
    Version,
)
from matchmaker.queries import agenda_rows

MOST_SHOWN = 3
"""How many of a person's next meetings stand in a list of many people."""


@dataclass(frozen=True, slots=True)
class Coming:
    """A meeting that has not begun, as a list of many names it; ``agenda_words.place`` says where."""

    code: str
    start: dt.datetime
    organisation: Texts
    location: Texts
    is_stand: bool
    table: int


@dataclass(frozen=True, slots=True)
class Member:
    """One who takes part; ``count`` is of all their meetings that stand, ``coming`` are the next."""

    person: Participation
    count: int
    coming: tuple[Coming, ...]


@dataclass(frozen=True, slots=True)
class Party:
    organisation: Organisation
    members: tuple[Member, ...]


def headed(event_id: int, account_id: int) -> Sequence[Delegation]:
    """Return the delegations whose head this account is."""
    return db.session.scalars(_headed(event_id, account_id).order_by(Delegation.code)).all()


def led(event_id: int, account_id: int, code: str) -> Participation:
    """Return somebody of a delegation whose head the account is.

    Raises
    ------
    NotFound
        If the account heads no delegation to which that person's organisation belongs.
    """
    mine = _headed(event_id, account_id).with_only_columns(Delegation.id)
    found = db.session.scalar(
        select(Participation)
        .join(Organisation, Organisation.id == Participation.organisation_id)
        .where(Participation.event_id == event_id, Participation.code == code, Participation.withdrawn.is_(False))
        .where(Organisation.delegation_id.in_(mine))
        .options(joinedload(Participation.account), joinedload(Participation.organisation))
    )
    if found is None:
        raise NotFound("participation", code)
    return found


def parties_of(delegation_id: int, now_wall: dt.datetime) -> list[Party]:
    """Return the organisations of a delegation with their people; the queries do not grow with them."""
    where = Organisation.delegation_id == delegation_id
    return _parties(db.session.scalars(select(Organisation).where(where).order_by(Organisation.id)).all(), now_wall)


def party(organisation: Organisation, now_wall: dt.datetime) -> Party:
    """Return one organisation with its people."""
    return _parties([organisation], now_wall)[0]


def _headed(event_id: int, account_id: int) -> Select[Delegation]:
    return (
        select(Delegation)
        .join(Participation, Participation.id == Delegation.head_id)
        .where(Delegation.event_id == event_id, Participation.event_id == event_id)
        .where(Participation.account_id == account_id, Participation.withdrawn.is_(False))
    )


def _parties(organisations: Sequence[Organisation], now_wall: dt.datetime) -> list[Party]:
    ids = [one.id for one in organisations]
    where = Participation.organisation_id.in_(ids), Participation.withdrawn.is_(False)
    rows = select(Participation).where(*where).options(joinedload(Participation.account)).order_by(Participation.id)
    people: Mapping[int, list[Participation]] = defaultdict(list)
    for person in db.session.scalars(rows):
        people[person.organisation_id].append(person)
    standing = _standing(organisations[0].event_id, ids) if organisations else {}
    return [
        Party(one, tuple(_member(person, standing.get(person.id, []), now_wall) for person in people[one.id]))
        for one in organisations
    ]


def _standing(event_id: int, organisation_ids: Sequence[int]) -> Mapping[int, list[PublishedMeeting]]:
    """Return the meetings that stand in the last version, by who attends, in the order of time."""
    version: Version | None = agenda_rows.last_version(event_id)
    found: Mapping[int, list[PublishedMeeting]] = defaultdict(list)
    if version is None:
        return found
    request = joinedload(PublishedMeeting.request)
    rows = (
        select(PublishedMeeting, Attendance.participation_id)
        .join(Attendance, Attendance.meeting_id == PublishedMeeting.id)
        .join(Participation, Participation.id == Attendance.participation_id)
        .where(PublishedMeeting.version_id == version.id, PublishedMeeting.state != MeetingState.CANCELLED)
        .where(Participation.organisation_id.in_(organisation_ids))
        .options(request.joinedload(Request.first), request.joinedload(Request.second))
        .order_by(PublishedMeeting.day, PublishedMeeting.start, PublishedMeeting.id)
    )
    for row, person_id in db.session.execute(rows):
        found[person_id].append(row)
    return found


def _member(person: Participation, rows: Sequence[PublishedMeeting], now_wall: dt.datetime) -> Member:
    coming = [_coming(row, person) for row in rows if dt.datetime.combine(row.day, row.start) > now_wall]
    return Member(person, len(rows), tuple(coming[:MOST_SHOWN]))


def _coming(row: PublishedMeeting, person: Participation) -> Coming:
    request = row.request
    other = request.second if request.first_id == person.organisation_id else request.first
    start = dt.datetime.combine(row.day, row.start)
    return Coming(request.code, start, other.names, row.location_names, row.is_stand, row.table_number)

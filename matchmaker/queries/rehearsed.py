"""What a rehearsal reads of the event that it plays: who could wish, what begins when, what came of it."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from matchmaker.domain.scoring import PairClass
from matchmaker.domain.states import ASKS, Channel, MeetingState, Role, VersionKind
from matchmaker.extensions import db
from matchmaker.models import (
    Account,
    Attendance,
    Draft,
    Location,
    LocationOwner,
    Mail,
    Membership,
    Organisation,
    OrganisationTopic,
    Participation,
    PublishedMeeting,
    Run,
    Slot,
    Version,
    Wish,
)
from matchmaker.queries import agenda_rows


@dataclass(frozen=True, slots=True)
class Party:
    """An organisation for which somebody may attend."""

    id: int
    is_host: bool
    delegation_id: int | None
    offers: tuple[str, ...]
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Beginning:
    """A meeting that begins at a moment; ``seats`` are the participations of those who attend, with their codes."""

    code: str
    request_id: int
    seats: tuple[tuple[int, str], ...]


class Moment(NamedTuple):
    day: dt.date
    start: dt.time

    @property
    def wall(self) -> dt.datetime:
        return dt.datetime.combine(self.day, self.start)


def anybody_asks(event_id: int) -> bool:
    """Tell whether a wish was given that asks for a meeting."""
    return (
        db.session.scalar(select(Wish.id).where(Wish.event_id == event_id, Wish.level.in_(ASKS)).limit(1)) is not None
    )


def owner(event_id: int) -> int | None:
    """Return the account of somebody who runs the event."""
    where = Membership.event_id == event_id, Membership.role.in_((Role.OWNER, Role.ORGANISER))
    return db.session.scalar(select(Membership.account_id).where(*where).order_by(Membership.id).limit(1))


def parties(event_id: int) -> list[Party]:
    """Return the organisations of which somebody may attend meetings, in the order of their ids."""
    topics: dict[tuple[int, str], list[str]] = defaultdict(list)
    for row in db.session.scalars(select(OrganisationTopic).where(OrganisationTopic.event_id == event_id)):
        topics[row.organisation_id, row.kind].append(row.topic)
    may = Participation.event_id == event_id, Participation.represents, Participation.withdrawn.is_(False)
    peopled = select(Participation.organisation_id).where(*may)
    rows = db.session.scalars(select(Organisation).where(Organisation.id.in_(peopled)).order_by(Organisation.id))
    return [
        Party(
            row.id,
            row.is_host,
            row.delegation_id,
            tuple(sorted(topics[row.id, "offer"])),
            tuple(sorted(topics[row.id, "need"])),
        )
        for row in rows
    ]


def moments(event_id: int) -> list[Moment]:
    """Return when slots begin, in order."""
    rows = db.session.execute(select(Slot.day, Slot.start).where(Slot.event_id == event_id))
    return sorted(Moment(day, start) for day, start in rows)


def ends(event_id: int, day: dt.date) -> dt.time | None:
    """Return when the last slot of a day ends."""
    return db.session.scalar(select(func.max(Slot.end)).where(Slot.event_id == event_id, Slot.day == day))


def schedule(event_id: int) -> dict[Moment, list[Beginning]]:
    """Return the meetings of the last version that stand, by when they begin."""
    found: dict[Moment, list[Beginning]] = defaultdict(list)
    for meeting in _standing(event_id):
        seats = tuple((seat.participation_id, seat.participation.code) for seat in meeting.attendances)
        found[Moment(meeting.day, meeting.start)].append(Beginning(meeting.request.code, meeting.request_id, seats))
    return {moment: sorted(rows, key=lambda one: one.request_id) for moment, rows in sorted(found.items())}


def places(event_id: int) -> list[tuple[str, Mapping[str, str]]]:
    """Return the halls that a rehearsal may close: code and names, stands and rooms with owners left out."""
    owned = select(LocationOwner.location_id).where(LocationOwner.event_id == event_id)
    halls = Location.event_id == event_id, Location.is_stand.is_(False), Location.id.not_in(owned)
    rows = db.session.execute(select(Location.code, Location.names).where(*halls).order_by(Location.id))
    return [(code, names) for code, names in rows]


def busiest(event_id: int, day: dt.date, start: dt.time, until: dt.time) -> str | None:
    """Return the code of the place with most meetings in a stretch of a day; a hall goes before any stand."""
    count: Counter[str] = Counter()
    stands: dict[str, bool] = {}
    for meeting in _standing(event_id):
        if meeting.day == day and meeting.start < until and meeting.end > start:
            count[meeting.location.code] += 1
            stands[meeting.location.code] = meeting.is_stand
    return min(count, key=lambda code: (stands[code], -count[code], code), default=None)


def codes_of_places(event_id: int) -> dict[int, str]:
    rows = db.session.execute(select(Location.id, Location.code).where(Location.event_id == event_id))
    return {id_: code for id_, code in rows}  # noqa: C416 -- a row is no pair to the type checker


def told_otherwise(event_id: int, people: Collection[int]) -> int:
    """Return how many of these people have no address or chose phone or paper."""
    by_mail = select(Participation.id).join(Account, Account.id == Participation.account_id)
    by_mail = by_mail.where(Participation.event_id == event_id, Participation.channel == Channel.MAIL)
    return len(set(people) - set(db.session.scalars(by_mail.where(Account.email.is_not(None)))))


def told_kind(event_id: int) -> VersionKind:
    version = agenda_rows.last_version(event_id)
    return version.kind if version else VersionKind.FINAL


def draft_of(event_id: int, run_number: int) -> Draft:
    """Return the first draft that a run left."""
    query = select(Draft).join(Run, Run.id == Draft.run_id).order_by(Draft.number).limit(1)
    return db.session.scalars(query.where(Run.event_id == event_id, Run.number == run_number)).one()


def requests_by_class(event_id: int) -> dict[str, list[int]]:
    """Return of each class, strongest first, how many requests the last version holds, and how many took place."""
    scheduled, held = Counter[str](), Counter[str]()
    for meeting in _standing(event_id):
        scheduled[meeting.request.klass] += 1
        held[meeting.request.klass] += meeting.state is MeetingState.HELD
    return {str(klass): [scheduled[str(klass)], held[str(klass)]] for klass in PairClass}


def meetings_of_people(event_id: int) -> tuple[Counter[int], Counter[int]]:
    """Return how many meetings of the last version each person has, and how many were held."""
    scheduled, held = Counter[int](), Counter[int]()
    for meeting in _standing(event_id):
        people = [seat.participation_id for seat in meeting.attendances]
        scheduled.update(people)
        held.update(people if meeting.state is MeetingState.HELD else ())
    return scheduled, held


def may_meet(event_id: int) -> dict[int, int]:
    """Return who may attend meetings, and the minimum that each was promised."""
    may = Participation.event_id == event_id, Participation.represents, Participation.withdrawn.is_(False)
    way = joinedload(Participation.organisation).joinedload(Organisation.type)
    return {row.id: _promised(row) for row in db.session.scalars(select(Participation).where(*may).options(way))}


def mails(event_id: int) -> dict[str, int]:
    """Return how many mails wait, by what they are: of the version that first told, of the final one, of changes."""
    rows = select(Mail.kind, Version.kind, func.count(Mail.id)).join(Version, Version.id == Mail.version_id)
    counted: Counter[str] = Counter()
    for kind, version, number in db.session.execute(
        rows.where(Mail.event_id == event_id).group_by(Mail.kind, Version.kind)
    ):
        counted[str(kind) if kind == "changes" else str(version)] += number
    return dict(counted)


def _promised(row: Participation) -> int:
    if row.min_meetings is not None:
        return row.min_meetings
    return row.organisation.type.min_meetings if row.organisation.type else 0


def _standing(event_id: int) -> list[PublishedMeeting]:
    version = agenda_rows.last_version(event_id)
    where = (
        PublishedMeeting.version_id == (version.id if version else 0),
        PublishedMeeting.state != MeetingState.CANCELLED,
    )
    ways = (
        selectinload(PublishedMeeting.attendances).joinedload(Attendance.participation),
        joinedload(PublishedMeeting.request),
        joinedload(PublishedMeeting.location),
    )
    return list(db.session.scalars(select(PublishedMeeting).where(*where).options(*ways)))

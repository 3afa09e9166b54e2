"""What holes on the day are filled by: the slots to come, who is there, and whose promise will not be kept."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import case, func, select

from matchmaker.domain.states import ChangeAsked, ChangeState, MeetingState, Phase
from matchmaker.extensions import db
from matchmaker.models import (
    Attendance,
    ChangeRequest,
    Event,
    Location,
    Organisation,
    ParticipantType,
    Participation,
    PublishedMeeting,
    Slot,
)
from matchmaker.queries import agenda_rows, days_out
from matchmaker.queries.day import LATE

EVERY = dt.timedelta(minutes=2)
"""So often the clock looks for holes."""
COUNTS = frozenset({MeetingState.PROVISIONAL, MeetingState.CONFIRMED, MeetingState.HELD})


@dataclass(frozen=True, slots=True)
class Behind:
    """Somebody whose promised minimum is not reached by what took place and what is still to come.

    Of ``untold`` meetings that are over nobody has said how they went: they count as held until somebody does.
    """

    person_id: int
    organisation_id: int
    promised: int
    held: int
    untold: int
    coming: int

    @property
    def missing(self) -> int:
        return self.promised - self.held - self.untold - self.coming


def slots(event_id: int, day: dt.date) -> Sequence[Slot]:
    """Return the slots of a day in order, none of a day withheld: who is free then, nobody can say."""
    if day in days_out.withheld(agenda_rows.last_version(event_id)):
        return []
    rows = select(Slot).where(Slot.event_id == event_id, Slot.day == day).order_by(Slot.start)
    return db.session.scalars(rows).all()


def open_slots(found: Iterable[Slot], wall: dt.datetime) -> list[Slot]:
    """Return those that begin later, and the one that began so lately that nobody would be late for it."""
    return [slot for slot in found if dt.datetime.combine(slot.day, slot.start) + LATE >= wall]


def soon(found: Iterable[Slot], wall: dt.datetime) -> list[Slot]:
    """Return the slot of now, if it has only just begun, and the next one."""
    left = open_slots(found, wall)
    has_begun = bool(left) and dt.datetime.combine(left[0].day, left[0].start) <= wall
    return left[: 1 + has_begun]


def arrived(event_id: int) -> set[int]:
    """Return who has arrived and may attend meetings."""
    where = Participation.event_id == event_id, Participation.arrived_at.is_not(None)
    able = Participation.represents, Participation.withdrawn.is_(False)
    return set(db.session.scalars(select(Participation.id).where(*where, *able)))


def is_due(event: Event, now: dt.datetime) -> bool:
    """Tell whether the clock is to look for holes of the event."""
    may = event.standby_by_clock and event.phase is Phase.ON_THE_DAY and event.archived_at is None
    return may and (event.standby_looked_at is None or event.standby_looked_at + EVERY <= now)


def due(now: dt.datetime) -> list[int]:
    """Return the events of which the clock is to look for holes."""
    may = Event.standby_by_clock, Event.phase == Phase.ON_THE_DAY, Event.archived_at.is_(None)
    rows = select(Event).where(*may).order_by(Event.id)
    return [event.id for event in db.session.scalars(rows) if is_due(event, now)]


def locations(event_id: int) -> Mapping[int, Location]:
    return {row.id: row for row in db.session.scalars(select(Location).where(Location.event_id == event_id))}


def given_up(event_id: int) -> set[int]:
    """Return the requests whose meeting was cancelled because somebody asked for that."""
    asked = ChangeRequest.kind == ChangeAsked.CANCEL, ChangeRequest.state == ChangeState.DONE
    return set(db.session.scalars(select(ChangeRequest.request_id).where(ChangeRequest.event_id == event_id, *asked)))


def behind(event_id: int, wall: dt.datetime) -> list[Behind]:
    """Return whose promise will not be kept as things stand at ``wall``, those who miss most first.

    Nobody while days to come are withheld: what is still to come is not known.
    """
    if days_out.to_come(agenda_rows.last_version(event_id), wall.date()):
        return []
    least = func.coalesce(Participation.min_meetings, ParticipantType.min_meetings, 0)
    promised = (
        select(Participation.id, Participation.organisation_id, least)
        .join(Organisation, Organisation.id == Participation.organisation_id)
        .outerjoin(ParticipantType, ParticipantType.id == Organisation.type_id)
        .where(Participation.event_id == event_id, Participation.withdrawn.is_(False), Participation.represents)
        .where(least > 0)
        .order_by(Participation.id)
    )
    had = _had(event_id, wall)
    found = [
        Behind(id_, organisation_id, count, *(had[id_][name] for name in ("held", "untold", "coming")))
        for id_, organisation_id, count in db.session.execute(promised)
    ]
    return sorted((one for one in found if one.missing > 0), key=lambda one: -one.missing)


def _had(event_id: int, wall: dt.datetime) -> Mapping[int, Counter[str]]:
    """Count the meetings of each person in the last version: held, untold (over, and nobody said), and coming."""
    version = agenda_rows.last_version(event_id)
    day, time = PublishedMeeting.day, wall.time()
    is_over = (day < wall.date()) | ((day == wall.date()) & (PublishedMeeting.end <= time))
    kind = case((PublishedMeeting.state == MeetingState.HELD, "held"), (is_over, "untold"), else_="coming")
    rows = (
        select(Attendance.participation_id, kind, func.count())
        .join(PublishedMeeting, PublishedMeeting.id == Attendance.meeting_id)
        .where(PublishedMeeting.version_id == (version.id if version else 0), PublishedMeeting.state.in_(COUNTS))
        .group_by(Attendance.participation_id, kind)
    )
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for person_id, what, count in db.session.execute(rows):
        found[person_id][what] = count
    return found

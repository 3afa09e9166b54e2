"""A published meeting that somebody wants otherwise, and what people asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import joinedload

from matchmaker.domain import zones
from matchmaker.domain.states import ChangeState, MeetingState, Phase
from matchmaker.errors import NotFound
from matchmaker.extensions import db
from matchmaker.models import ChangeRequest, Event, Participation, PublishedMeeting, Request, Version
from matchmaker.queries import agenda_rows

PAGE = 40
IN_FORCE = frozenset({Phase.PROVISIONAL, Phase.FINAL, Phase.ON_THE_DAY})
"""The phases in which people change what was published."""
STANDING = frozenset({MeetingState.PROVISIONAL, MeetingState.CONFIRMED})


@dataclass(frozen=True, slots=True)
class Line:
    """One change that was asked for; ``meeting`` as it now stands, None where the version has it no more."""

    change: ChangeRequest
    meeting: PublishedMeeting | None


@dataclass(frozen=True, slots=True)
class Box:
    lines: Sequence[Line]
    total: int
    first: int


def meeting(event_id: int, code: str) -> PublishedMeeting:
    """Return a meeting of the version that is out, by the code of its request, with all that is told of it.

    Raises
    ------
    NotFound
        If the version holds none.
    """
    version = agenda_rows.last_version(event_id)
    found = agenda_rows.meeting(version.id, code) if version else None
    if found is None:
        raise NotFound("meeting", code)
    return found


def of_party(event_id: int, code: str, organisation_id: int) -> PublishedMeeting:
    """Return a meeting that an organisation has with another.

    Raises
    ------
    NotFound
        If there is none, or it is none of the organisation's.
    """
    found = meeting(event_id, code)
    if organisation_id not in {found.request.first_id, found.request.second_id}:
        raise NotFound("meeting", code)
    return found


def is_over(found: PublishedMeeting, event: Event, now: dt.datetime) -> bool:
    """Tell whether a meeting has begun, or does not stand."""
    begins = zones.instant(dt.datetime.combine(found.day, found.start), event.zone)
    return found.state not in STANDING or now >= begins


def is_running(found: PublishedMeeting, event: Event, now: dt.datetime) -> bool:
    """Tell whether a meeting stands and is not over yet."""
    ends = zones.instant(dt.datetime.combine(found.day, found.end), event.zone)
    return found.state in STANDING and now < ends


def last(participation_id: int, request_id: int) -> ChangeRequest | None:
    """Return what somebody asked last about a meeting."""
    where = ChangeRequest.participation_id == participation_id, ChangeRequest.request_id == request_id
    return db.session.scalar(select(ChangeRequest).where(*where).order_by(ChangeRequest.id.desc()).limit(1))


def asked(participation_id: int) -> frozenset[str]:
    """Return the codes of the meetings of which somebody has asked for a change that is not settled yet."""
    where = ChangeRequest.participation_id == participation_id, ChangeRequest.state == ChangeState.OPEN
    rows = select(Request.code).join(ChangeRequest, ChangeRequest.request_id == Request.id).where(*where)
    return frozenset(db.session.scalars(rows))


def open_count(event_id: int) -> int:
    where = ChangeRequest.event_id == event_id, ChangeRequest.state == ChangeState.OPEN
    return db.session.scalar(select(func.count(ChangeRequest.id)).where(*where)) or 0


def box(event_id: int, page: int = 1) -> Box:
    """Return a page of what was asked for: first what is open, the oldest first, then what was settled, the newest."""
    first = (max(page, 1) - 1) * PAGE
    total = db.session.scalar(select(func.count(ChangeRequest.id)).where(ChangeRequest.event_id == event_id)) or 0
    request = joinedload(ChangeRequest.request)
    person = joinedload(ChangeRequest.participation)
    is_open = ChangeRequest.state == ChangeState.OPEN
    order = case((is_open, 0), else_=1), case((is_open, ChangeRequest.id), else_=-ChangeRequest.id)
    rows = (
        select(ChangeRequest)
        .where(ChangeRequest.event_id == event_id)
        .options(
            request.joinedload(Request.first),
            request.joinedload(Request.second),
            person.joinedload(Participation.account),
            person.joinedload(Participation.organisation),
            joinedload(ChangeRequest.settled_by),
        )
        .order_by(*order)
    )
    shown = db.session.scalars(rows.offset(first).limit(PAGE)).all()
    there = _present(agenda_rows.last_version(event_id), [one.request_id for one in shown])
    return Box([Line(one, there.get(one.request_id)) for one in shown], total, first + 1)


def _present(version: Version | None, request_ids: Sequence[int]) -> dict[int, PublishedMeeting]:
    if version is None:
        return {}
    where = PublishedMeeting.version_id == version.id, PublishedMeeting.request_id.in_(request_ids)
    return {row.request_id: row for row in db.session.scalars(select(PublishedMeeting).where(*where))}

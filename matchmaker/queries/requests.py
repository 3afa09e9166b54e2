"""The requests of an organisation: who asks for it, whom it asks, and how each stands for its people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, exists, select, true
from sqlalchemy.orm import InstrumentedAttribute, aliased

from matchmaker.domain import zones
from matchmaker.domain.asking import IN_VAIN, request_state
from matchmaker.domain.states import ASKS, POSITIVE, MeetingState, RequestState, WishLevel
from matchmaker.domain.statuses import Status, Viewer, status_for
from matchmaker.extensions import db
from matchmaker.models import Event, Organisation, Participation, PublishedMeeting, Request, Version, Wish
from matchmaker.queries import agenda_rows, days_out, directory
from matchmaker.queries.directory import Entry
from matchmaker.queries.not_scheduled import involve

Lines = Sequence["Line"]
Answer = aliased(Wish)


@dataclass(frozen=True, slots=True)
class Line:
    """A request as one side sees it. ``until`` is the instant at which it expires, None if it does not."""

    entry: Entry
    status: Status
    until: datetime | None


class Requests(NamedTuple):
    """``received`` are those that only the others ask for, ``sent`` those that the organisation asks for."""

    received: Lines
    sent: Lines

    @property
    def to_answer(self) -> list[Line]:
        return [line for line in self.received if line.status is Status.TO_ANSWER]

    @property
    def answered(self) -> list[Line]:
        return [line for line in self.received if line.status is not Status.TO_ANSWER]


class _Pair(NamedTuple):
    """``mine`` and ``theirs`` are what the two said; a veto of theirs is silence already."""

    other_id: int
    mine: WishLevel | None
    theirs: WishLevel | None
    asked_at: datetime

    def state(self, event: Event, now: datetime) -> RequestState:
        mine = None if self.mine is WishLevel.VETO else self.mine
        state = request_state(mine, self.theirs, expired=event.terms.expired(self.asked_at, now))
        return state or RequestState.WITHDRAWN


def requests(event: Event, organisation: Organisation, *, now: datetime, vetoes: bool = True) -> Requests:
    """Return the requests of an organisation, the latest first; a constant number of queries.

    Without ``vetoes`` those of the organisation look as if nothing had been said: for staff who may not know them.
    """
    received, sent = _received(organisation, vetoes=vetoes), _sent(organisation)
    entries = directory.these(organisation, [pair.other_id for pair in (*received, *sent)])
    version = agenda_rows.last_version(event.id)
    told = _told(organisation, version) if version else {}
    is_whole = not days_out.to_come(version, zones.wall(now, event.zone).date())

    def line(pair: _Pair, viewer: Viewer) -> Line:
        meeting, moved = told.get(pair.other_id, (None, False))
        is_settled = is_whole or meeting is not None  # one that is not held may still be, on a day withheld
        status = status_for(
            viewer,
            pair.state(event, now),
            both_positive={pair.mine, pair.theirs} <= POSITIVE,
            own_veto=pair.mine is WishLevel.VETO,
            meeting=meeting,
            moved=moved,
            published=version is not None and pair.asked_at <= version.published_at and is_settled,
        )
        until = event.terms.until(pair.asked_at) if status in {Status.TO_ANSWER, Status.AWAITING} else None
        return Line(entries[pair.other_id], status, until)

    return Requests(
        [line(pair, Viewer.ASKED) for pair in received if pair.other_id in entries],
        [line(pair, Viewer.ASKER) for pair in sent if pair.other_id in entries],
    )


def in_vain(event: Event, organisation: Organisation, *, now: datetime) -> Mapping[WishLevel, int]:
    """Count, by level, the organisation's wishes that were declined or have expired: their places are free again."""
    found: dict[WishLevel, int] = defaultdict(int)
    for pair in _sent(organisation):
        if pair.mine is not None and pair.state(event, now) in IN_VAIN:
            found[pair.mine] += 1
    return found


def waiting(event: Event, *, now: datetime, organisation_id: int | None = None) -> Mapping[int, Sequence[datetime]]:
    """Return, by organisation or for one alone, since when each request has been waiting for its answer."""
    whose = true() if organisation_id is None else Wish.wanted_id == organisation_id
    rows = db.session.execute(
        select(Wish.wanted_id, Wish.made_at)
        .outerjoin(Answer, and_(Answer.organisation_id == Wish.wanted_id, Answer.wanted_id == Wish.organisation_id))
        .where(
            Wish.event_id == event.id, Wish.level.in_(ASKS), Answer.id.is_(None), whose, _present(Wish.organisation_id)
        )
        .order_by(Wish.made_at)
    )
    found: dict[int, list[datetime]] = defaultdict(list)
    for wanted_id, made_at in rows:
        if not event.terms.expired(made_at, now):
            found[wanted_id].append(made_at)
    return found


def _present(organisation_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    return exists().where(Participation.organisation_id == organisation_id, Participation.withdrawn.is_(False))


def _received(organisation: Organisation, *, vetoes: bool) -> list[_Pair]:
    rows = db.session.execute(
        select(Wish.organisation_id, Answer.level, Wish.level, Wish.made_at)
        .outerjoin(Answer, and_(Answer.organisation_id == Wish.wanted_id, Answer.wanted_id == Wish.organisation_id))
        .where(Wish.wanted_id == organisation.id, Wish.level.in_(ASKS))
        .order_by(Wish.made_at.desc(), Wish.id.desc())
    )
    pairs = [_Pair(*row) for row in rows]
    shown = [pair if vetoes or pair.mine is not WishLevel.VETO else pair._replace(mine=None) for pair in pairs]
    return [pair for pair in shown if pair.mine not in ASKS]


def _sent(organisation: Organisation) -> list[_Pair]:
    rows = db.session.execute(
        select(Wish.wanted_id, Wish.level, Answer.level, Wish.made_at)
        .outerjoin(Answer, and_(Answer.organisation_id == Wish.wanted_id, Answer.wanted_id == Wish.organisation_id))
        .where(Wish.organisation_id == organisation.id, Wish.level.in_(ASKS))
        .order_by(Wish.made_at.desc(), Wish.id.desc())
    )
    pairs = [_Pair(*row) for row in rows]
    return [pair._replace(theirs=None) if pair.theirs is WishLevel.VETO else pair for pair in pairs]


def _told(organisation: Organisation, version: Version) -> Mapping[int, tuple[MeetingState, bool]]:
    """Return the organisation's published meetings by the other side."""
    own = organisation.id
    rows = db.session.execute(
        select(Request.first_id, Request.second_id, PublishedMeeting.state, PublishedMeeting.moved)
        .join(Request, Request.id == PublishedMeeting.request_id)
        .where(PublishedMeeting.version_id == version.id)
        .where(PublishedMeeting.request_id.in_(select(Request.id).where(involve(version.event_id, (own,)))))
    )
    return {second if first == own else first: (state, moved) for first, second, state, moved in rows}

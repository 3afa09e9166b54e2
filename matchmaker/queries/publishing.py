"""What publishing a draft would change, with names: the page that is read before the button is pressed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from matchmaker.domain import days_out as day_by_day
from matchmaker.domain.states import Channel, VersionKind
from matchmaker.domain.versions import Placed
from matchmaker.extensions import db
from matchmaker.models import Draft, Location, Organisation, Participation, Request, Texts, Version
from matchmaker.queries import telling, versions


@dataclass(frozen=True, slots=True)
class Place:
    """``table`` is None at a stand."""

    day: dt.date
    start: dt.time
    location: Texts
    table: int | None


@dataclass(frozen=True, slots=True)
class Change:
    """A meeting that is new (no ``was``), moved, or cancelled (no ``now``)."""

    first: Texts
    second: Texts
    was: Place | None
    now: Place | None


@dataclass(frozen=True, slots=True)
class Told:
    code: str
    organisation: Texts
    names: Texts
    channel: Channel


class Day(NamedTuple):
    """A day of a long event that may be published: ``is_out`` if it was already."""

    day: dt.date
    is_out: bool
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """``told`` go by mail; ``untold`` are concerned as well, and have no address or chose phone or paper.

    ``days`` are those there is a choice of, none where there is no choice. ``together`` are the days to choose where
    the chosen ones cannot go out without others, else none. Of the draft's meetings on other days ``withheld`` are told
    to nobody yet, and ``kept_back`` stay on the day they were told, since that is not published again.
    """

    draft: Draft
    added: list[Change]
    moved: list[Change]
    cancelled: list[Change]
    kept: int
    left_out: int
    back_to: int | None
    """The newest version that this draft was already, if another one is out."""
    told: list[Told]
    untold: list[Told]
    first_time: bool
    days: list[Day]
    together: list[dt.date]
    withheld: int
    kept_back: int

    @property
    def opens(self) -> bool:
        """Whether it tells of a day for the first time."""
        return self.first_time or any(one.is_chosen and not one.is_out for one in self.days)


def preview(event_id: int, draft_number: int, kind: VersionKind, days: Collection[dt.date] | None = None) -> Preview:
    """Return what publishing these days, None all, would change against what was told last."""
    found = versions.candidate(event_id, draft_number, kind, days)
    told = telling.audience(found)
    name = _Names(event_id, found)
    difference = found.difference
    stood = found.by_day.told
    staying = {id_ for id_, day in stood.items() if not found.plan.publishes(day)}
    return Preview(
        draft=found.draft,
        added=[name.change(None, row) for row in difference.added],
        moved=[name.change(move.old, move.new) for move in difference.moved],
        cancelled=[name.change(row, None) for row in difference.cancelled],
        kept=len(difference.kept),
        left_out=len(found.left_out),
        back_to=_back_to(found.draft),
        told=_people(told.by_mail),
        untold=_people(told.silent),
        first_time=not found.told,
        days=_days(found),
        together=_together(found),
        withheld=sum(not found.plan.publishes(day) for id_, day in found.by_day.drafted.items() if id_ not in stood),
        kept_back=sum(found.plan.publishes(day) for id_, day in found.by_day.drafted.items() if id_ in staying),
    )


def _days(found: versions.Candidate) -> list[Day]:
    plan = found.plan
    if found.repair or len(plan.days) == 1:
        return []
    return [Day(day, plan.out is None or day in plan.out, plan.publishes(day)) for day in plan.days]


def _together(found: versions.Candidate) -> list[dt.date]:
    if not found.torn or found.plan.chosen is None:
        return []
    drafted, told = found.by_day
    return sorted(day_by_day.together(drafted, told, found.plan.chosen))


class _Names:
    """Names for the two sides and the places of changes, read once."""

    def __init__(self, event_id: int, found: versions.Candidate) -> None:
        rows = select(Request.id, Request.first_id, Request.second_id).where(Request.event_id == event_id)
        self._sides = {id_: (first, second) for id_, first, second in db.session.execute(rows)}
        parties = db.session.execute(
            select(Organisation.id, Organisation.names).where(Organisation.event_id == event_id)
        )
        self._parties: Mapping[int, Texts] = {row[0]: row[1] for row in parties}
        self._found = found
        columns = Location.id, Location.names, Location.is_stand
        locations = db.session.execute(select(*columns).where(Location.event_id == event_id))
        self._locations = {row.id: row for row in locations}

    def change(self, was: Placed | None, now: Placed | None) -> Change:
        first, second = self._sides[(was or now).request_id]  # type: ignore[union-attr]  # one of the two is there
        before, after = self._was(was) if was else None, self._now(now) if now else None
        return Change(self._parties[first], self._parties[second], before, after)

    def _was(self, placed: Placed) -> Place:
        told = self._found.told[placed.request_id]
        return Place(told.day, told.start, told.location_names, None if told.is_stand else told.table_number)

    def _now(self, placed: Placed) -> Place:
        drafted = self._found.meetings[placed.request_id]
        location = self._locations[drafted.location_id]
        return Place(placed.day, placed.start, location.names, None if location.is_stand else drafted.table_number)


def _back_to(draft: Draft) -> int | None:
    latest = versions.latest_number(draft.event_id)
    earlier = db.session.scalar(select(func.max(Version.number)).where(Version.draft_id == draft.id))
    return earlier if earlier != latest else None


def _people(ids: Iterable[int]) -> list[Told]:
    query = select(Participation).where(Participation.id.in_(sorted(ids)))
    rows = db.session.scalars(
        query.options(joinedload(Participation.account), joinedload(Participation.organisation)).order_by(
            Participation.organisation_id, Participation.id
        )
    )
    return [Told(row.code, row.organisation.names, row.account.names, row.channel) for row in rows]

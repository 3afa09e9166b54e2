"""What publishing a draft would change, with names: the page that is read before the button is pressed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from matchmaker.domain.states import Channel, VersionKind
from matchmaker.domain.versions import Placed
from matchmaker.extensions import db
from matchmaker.models import Draft, Location, Organisation, Participation, Request, Texts, Version
from matchmaker.queries import versions


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


@dataclass(frozen=True, slots=True)
class Preview:
    """``told`` go by mail; ``untold`` are concerned as well, and have no address or chose phone or paper."""

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


def preview(event_id: int, draft_number: int, kind: VersionKind) -> Preview:
    """Return what publishing would change against what was told last."""
    found = versions.candidate(event_id, draft_number, kind)
    told = versions.audience(found)
    name = _Names(event_id, found)
    difference = found.difference
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
    )


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

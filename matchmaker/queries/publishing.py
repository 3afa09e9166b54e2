"""What publishing a draft would change, with names: the page that is read before the button is pressed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import func, select

from matchmaker.domain import days_out as day_by_day
from matchmaker.domain.states import Channel, VersionKind
from matchmaker.domain.versions import Move, Placed
from matchmaker.extensions import db
from matchmaker.models import Account, Draft, Organisation, Participation, Texts, Version
from matchmaker.queries import telling, versions
from matchmaker.queries.in_words import InWords
from matchmaker.queries.meeting_rows import Known, as_text


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
    added: InWords[Change]
    moved: InWords[Change]
    cancelled: InWords[Change]
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
    def leaves_some(self) -> bool:
        """Whether days are left that are told to nobody."""
        return any(not one.is_chosen and not one.is_out for one in self.days)

    @property
    def opens(self) -> bool:
        """Whether it tells of a day for the first time."""
        return self.first_time or any(one.is_chosen and not one.is_out for one in self.days)


def preview(event_id: int, draft_number: int, kind: VersionKind, days: Collection[dt.date] | None = None) -> Preview:
    """Return what publishing these days, None all, would change against what was told last."""
    found = versions.looked_at(event_id, draft_number, kind, days)
    told = telling.audience(found)
    name = _Names(event_id, found)
    difference, people, by_mail = found.difference, _people(event_id, told.concerned), told.by_mail
    stood = found.by_day.told
    staying = {id_ for id_, day in stood.items() if not found.plan.publishes(day)}
    return Preview(
        draft=found.draft,
        added=InWords(difference.added, name.added),
        moved=InWords(difference.moved, name.moved),
        cancelled=InWords(difference.cancelled, name.cancelled),
        kept=len(difference.kept),
        left_out=len(found.left_out),
        back_to=_back_to(found.draft),
        told=[row for id_, row in people.items() if id_ in by_mail],
        untold=[row for id_, row in people.items() if id_ in told.silent],
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
    """Names for the two sides and the places of changes; those of the sides are read once."""

    def __init__(self, event_id: int, found: versions.Candidate) -> None:
        parties = select(Organisation.id, as_text(Organisation.names)).where(Organisation.event_id == event_id)
        self._parties = {row[0]: row[1] for row in db.session.execute(parties)}
        self._known, self._found = Known(), found

    def added(self, rows: Iterable[Placed]) -> list[Change]:
        return [self._change(row.request_id, None, self._now(row)) for row in rows]

    def moved(self, rows: Iterable[Move]) -> list[Change]:
        return [self._change(row.new.request_id, self._was(row.old), self._now(row.new)) for row in rows]

    def cancelled(self, rows: Iterable[Placed]) -> list[Change]:
        return [self._change(row.request_id, self._was(row), None) for row in rows]

    def _change(self, request_id: int, was: Place | None, now: Place | None) -> Change:
        row = self._found.meetings.get(request_id) or self._found.told[request_id]
        first, second = (self._known[self._parties[id_]] for id_ in (row.first_id, row.second_id))
        return Change(first, second, was, now)

    def _was(self, placed: Placed) -> Place:
        told = self._found.told[placed.request_id]
        return Place(told.day, told.start, told.location_names, None if told.is_stand else told.table_number)

    def _now(self, placed: Placed) -> Place:
        drafted = self._found.meetings[placed.request_id]
        location = drafted.location
        return Place(placed.day, placed.start, location.names, None if location.is_stand else drafted.table_number)


def _back_to(draft: Draft) -> int | None:
    latest = versions.latest_number(draft.event_id)
    earlier = db.session.scalar(select(func.max(Version.number)).where(Version.draft_id == draft.id))
    return earlier if earlier != latest else None


def _people(event_id: int, concerned: Collection[int]) -> dict[int, Told]:
    """Return the names of those who are concerned, by organisation."""
    columns = Participation.id, Participation.code, Organisation.names, Account.names, Participation.channel
    rows = select(*columns).join(Organisation, Organisation.id == Participation.organisation_id)
    rows = rows.join(Account, Account.id == Participation.account_id).where(Participation.event_id == event_id)
    in_order = Participation.organisation_id, Participation.id
    return {row[0]: Told(*row[1:]) for row in db.session.execute(rows.order_by(*in_order)) if row[0] in concerned}

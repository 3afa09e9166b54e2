"""A draft as a grid, one day at a time: what is on the page is what is read, a window of rows.

Rows are tables, or people; columns are the slots of the day. Names are read of all, meetings only of the rows shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select, tuple_
from sqlalchemy.orm import aliased

from matchmaker.domain.disclosure import Reason, organiser_reason
from matchmaker.domain.searching import folded, holds, searchable
from matchmaker.domain.states import MeetingState, Role
from matchmaker.domain.wording import in_language
from matchmaker.extensions import db
from matchmaker.models import (
    Account,
    Draft,
    DraftMeeting,
    DraftStep,
    DraftUnscheduled,
    Location,
    Organisation,
    Participation,
    PersonBooking,
    PublishedMeeting,
    Request,
    Slot,
    TableBooking,
    Texts,
    Version,
)

PAGE = 25
"""Rows of one window."""
TRAY = 8
"""Requests of the tray on one page."""


class TableRow(NamedTuple):
    """A table, or a stand."""

    location_id: int
    table: int
    names: Texts
    is_stand: bool


class PersonRow(NamedTuple):
    participation_id: int
    organisation_id: int
    organisation: Texts
    names: Texts


class Side(NamedTuple):
    """An organisation of a meeting; what it calls itself where there is little room may be missing."""

    id: int
    names: Texts
    short_names: Texts


class Standing(NamedTuple):
    """A meeting that stands in a slot of the grid; a longer one stands in several."""

    code: str
    request_id: int
    sides: tuple[Side, Side]
    location_id: int
    table: int
    locked: bool
    starts: bool


@dataclass(frozen=True, slots=True)
class Window:
    """Some rows of all that were found, and what stands in them by row and slot; ``first`` counts from 1."""

    rows: Sequence[Any]
    total: int
    first: int
    standing: Mapping[tuple[Any, int], Sequence[Standing]]

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1


@dataclass(frozen=True, slots=True)
class Chosen:
    """The request that was chosen, and where it is held; ``meeting_id`` is None if it is not."""

    request_id: int
    code: str
    first_id: int
    second_id: int
    first: Texts
    second: Texts
    weight: int
    meeting_id: int | None = None
    slot_id: int | None = None
    location_id: int | None = None
    table: int | None = None
    locked: bool = False


class Sides(NamedTuple):
    """A request by its code and its two organisations."""

    code: str
    first: Texts
    second: Texts


class Loose(NamedTuple):
    """A request in the tray, with the reason that the reader's role may see.

    ``on_standby``: told to nobody, and somebody of either side is there, so that a hole of the day may become theirs.
    """

    code: str
    first: Texts
    second: Texts
    weight: int
    reason: Reason
    on_standby: bool


def places(event_id: int) -> Mapping[int, Location]:
    """Return the locations of an event by number, halls before stands."""
    rows = select(Location).where(Location.event_id == event_id).order_by(Location.is_stand, Location.id)
    return {row.id: row for row in db.session.scalars(rows)}


def by_table(
    draft: Draft, day: Sequence[Slot], words: str, page: int, locale: str, *, around: tuple[int, int] | None = None
) -> Window:
    """Return a window of tables; ``words`` are of a location, a table, or somebody who sits there on that day.

    Page 0 is the one that holds the table ``around``, or the first.
    """
    found = [
        TableRow(place.id, number, place.names, place.is_stand)
        for place in places(draft.event_id).values()
        for number in range(1, place.capacity + 1)
    ]
    if words:
        sat_at = _sat_at(draft, day, _named(_people(draft.event_id), words))
        found = [row for row in found if (row.location_id, row.table) in sat_at or _names_table(row, words, locale)]
    keys = [(row.location_id, row.table) for row in found]
    rows, first = _window(found, page or (keys.index(around) // PAGE + 1 if around in keys else 1))
    keys = keys[first - 1 : first - 1 + len(rows)]
    standing = _standing(
        draft, day, tuple_(TableBooking.location_id, TableBooking.table_number).in_(keys), TableBooking
    )
    return Window(rows, len(found), first, standing)


def by_person(
    draft: Draft, day: Sequence[Slot], words: str, page: int, locale: str, *, pinned: Collection[int] = ()
) -> Window:
    """Return a window of people by organisation; those of the organisations ``pinned`` stand above it on every page."""
    people = sorted(_people(draft.event_id), key=lambda row: _spelling(row, locale))
    found = [row for row in _named(people, words) if row.organisation_id not in pinned]
    rows, first = _window(found, page)
    rows = [*(row for row in people if row.organisation_id in pinned), *rows]
    keys = [row.participation_id for row in rows]
    standing = _standing(draft, day, PersonBooking.participation_id.in_(keys), PersonBooking)
    return Window(rows, len(found), first, standing)


def chosen(draft: Draft, code: str) -> Chosen | None:
    """Return a request of the draft's event by its code, with its meeting in the draft."""
    one, other = aliased(Organisation), aliased(Organisation)
    request = select(Request, one.names, other.names).join(one, one.id == Request.first_id)
    row = db.session.execute(
        request.join(other, other.id == Request.second_id).where(
            Request.event_id == draft.event_id, Request.code == code
        )
    ).one_or_none()
    if row is None:
        return None
    asked, first, second = row
    meeting = db.session.scalar(
        select(DraftMeeting).where(DraftMeeting.draft_id == draft.id, DraftMeeting.request_id == asked.id)
    )
    parts = (asked.id, asked.code, asked.first_id, asked.second_id, first, second, asked.weight)
    if meeting is None:
        return Chosen(*parts)
    return Chosen(*parts, meeting.id, meeting.slot_id, meeting.location_id, meeting.table_number, meeting.locked)


def locked(draft: Draft) -> set[int]:
    """Return the requests whose meetings are locked."""
    where = DraftMeeting.draft_id == draft.id, DraftMeeting.locked.is_(True)
    return set(db.session.scalars(select(DraftMeeting.request_id).where(*where)))


def sides(requests: Collection[int]) -> dict[int, Sides]:
    """Return the code and both organisations of some requests."""
    one, other = aliased(Organisation), aliased(Organisation)
    rows = select(Request.id, Request.code, one.names, other.names).join(one, one.id == Request.first_id)
    rows = rows.join(other, other.id == Request.second_id).where(Request.id.in_(requests))
    return {id_: Sides(code, first, second) for id_, code, first, second in db.session.execute(rows)}


def people_named(participations: Collection[int]) -> dict[int, tuple[Texts, Texts]]:
    """Return the organisation and the names of some people."""
    rows = select(Participation.id, Organisation.names, Account.names).join(Participation.account)
    rows = rows.join(Participation.organisation).where(Participation.id.in_(participations))
    return {id_: (organisation, names) for id_, organisation, names in db.session.execute(rows)}


def tray(draft: Draft, role: Role, words: str, page: int, *, on_the_day: bool = False) -> tuple[list[Loose], int]:
    """Return a page of what the draft does not hold, the most wanted first, and how much there is.

    Only ``on_the_day`` is anything on standby.
    """
    one, other = aliased(Organisation), aliased(Organisation)
    where = [DraftUnscheduled.draft_id == draft.id]
    if words:
        found = {row.organisation_id for row in _named(_people(draft.event_id), words)}
        where.append(or_(Request.first_id.in_(found), Request.second_id.in_(found)))
    standby = _on_standby(draft.event_id, one, other) if on_the_day else false()
    rows = select(Request.code, one.names, other.names, Request.weight, DraftUnscheduled.reason, standby)
    rows = rows.join(Request, Request.id == DraftUnscheduled.request_id).join(one, one.id == Request.first_id)
    rows = rows.join(other, other.id == Request.second_id).where(*where).order_by(Request.weight.desc(), Request.id)
    counted = select(func.count(DraftUnscheduled.id)).join(Request, Request.id == DraftUnscheduled.request_id)
    total = db.session.scalar(counted.where(*where)) or 0
    start = (min(max(page, 1), max(1, -(-total // TRAY))) - 1) * TRAY
    return [
        Loose(code, first, second, weight, organiser_reason(reason, role), waits)
        for code, first, second, weight, reason, waits in db.session.execute(rows.offset(start).limit(TRAY))
    ], total


def _on_standby(event_id: int, one: Any, other: Any) -> ColumnElement[bool]:
    """Return the condition of ``scheduling.standby``: it was not told as standing, and both sides have arrived."""
    last = select(func.max(Version.number)).where(Version.event_id == event_id).scalar_subquery()
    told = (
        exists()
        .where(PublishedMeeting.request_id == Request.id, PublishedMeeting.state != MeetingState.CANCELLED)
        .where(PublishedMeeting.version_id == Version.id, Version.event_id == event_id, Version.number == last)
    )
    able = Participation.arrived_at.is_not(None), Participation.represents, Participation.withdrawn.is_(False)
    there = [exists().where(Participation.organisation_id == side.id, *able) for side in (one, other)]
    return and_(last.is_not(None), ~told, *there)


def steps(draft: Draft) -> tuple[int, int]:
    """Return how many changes by hand can be undone, and how many can be done again."""
    rows = select(DraftStep.undone, func.count(DraftStep.id)).where(DraftStep.draft_id == draft.id)
    counts = {row[0]: row[1] for row in db.session.execute(rows.group_by(DraftStep.undone))}
    return counts.get(False, 0), counts.get(True, 0)


def is_published(draft: Draft) -> bool:
    """Tell whether a version was made of a draft."""
    return db.session.scalar(select(Version.id).where(Version.draft_id == draft.id).limit(1)) is not None


def _window(found: Sequence[Any], page: int) -> tuple[Sequence[Any], int]:
    first = (min(max(page, 1), max(1, -(-len(found) // PAGE))) - 1) * PAGE
    return found[first : first + PAGE], first + 1


def _names_table(row: TableRow, words: str, locale: str) -> bool:
    texts = [*row.names.values(), str(row.table), f"{in_language(row.names, locale)} {row.table}"]
    return holds(searchable(texts), words)


def _people(event_id: int) -> list[PersonRow]:
    columns = Participation.id, Organisation.id, Organisation.names, Account.names
    rows = select(*columns).join(Organisation, Organisation.id == Participation.organisation_id)
    rows = rows.join(Account, Account.id == Participation.account_id)
    may_meet = Participation.represents, Participation.withdrawn.is_(False)
    return [PersonRow(*row) for row in db.session.execute(rows.where(Participation.event_id == event_id, *may_meet))]


def _named(people: Sequence[PersonRow], words: str) -> list[PersonRow]:
    """Return those whose name, or whose organisation's, holds the words."""
    return [row for row in people if holds(searchable([*row.organisation.values(), *row.names.values()]), words)]


def _spelling(row: PersonRow, locale: str) -> tuple[str, str, int]:
    return folded(in_language(row.organisation, locale)), folded(in_language(row.names, locale)), row.participation_id


def _sat_at(draft: Draft, day: Sequence[Slot], people: Iterable[PersonRow]) -> set[tuple[int, int]]:
    """Return the tables at which somebody of these organisations, or they themselves, sit on the day."""
    rows = select(DraftMeeting.location_id, DraftMeeting.table_number).join(
        PersonBooking, PersonBooking.meeting_id == DraftMeeting.id
    )
    where = DraftMeeting.draft_id == draft.id, PersonBooking.slot_id.in_([slot.id for slot in day])
    found = db.session.execute(
        rows.where(*where, PersonBooking.participation_id.in_([row.participation_id for row in people]))
    )
    return {(location_id, table) for location_id, table in found}


def _standing(draft: Draft, day: Sequence[Slot], where: Any, booking: Any) -> Mapping[tuple[Any, int], list[Standing]]:
    """Return what stands in some rows, by row and slot, in one query."""
    one, other = aliased(Organisation), aliased(Organisation)
    key = (booking.location_id, booking.table_number) if booking is TableBooking else (booking.participation_id,)
    meeting = (Request.code, Request.id, *(part for side in (one, other) for part in _side(side)))
    place = (DraftMeeting.location_id, DraftMeeting.table_number, DraftMeeting.locked, DraftMeeting.slot_id)
    rows = select(booking.slot_id, *meeting, *place, *key).join(DraftMeeting, DraftMeeting.id == booking.meeting_id)
    rows = rows.join(Request, Request.id == DraftMeeting.request_id).join(one, one.id == Request.first_id)
    rows = rows.join(other, other.id == Request.second_id).order_by(DraftMeeting.id)
    of_day = booking.slot_id.in_([slot.id for slot in day])
    found: dict[tuple[Any, int], list[Standing]] = defaultdict(list)
    for slot_id, code, id_, *parts in db.session.execute(rows.where(booking.draft_id == draft.id, of_day, where)):
        sides, (location_id, table, locked, start, *row) = (Side(*parts[:3]), Side(*parts[3:6])), parts[6:]
        which = tuple(row) if len(row) > 1 else row[0]
        found[which, slot_id].append(Standing(code, id_, sides, location_id, table, locked, starts=slot_id == start))
    return found


def _side(organisation: Any) -> tuple[Any, Any, Any]:
    return organisation.id, organisation.names, organisation.short_names

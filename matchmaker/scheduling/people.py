"""Participations become the solver's participants: one each, or one for several where a person is the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from matchmaker.domain import scoring
from matchmaker.domain.states import POSITIVE
from matchmaker.models import EventSession, Participation
from matchmaker.scheduling.rows import Rows
from solver import Engagement, Participant

NO_BONUSES: tuple[int, ...] = ()


def codes_of_people(people: Iterable[Participation]) -> dict[int, str]:
    """Return participation -> the solver's id.

    Somebody who takes part for two organisations is one person, who cannot be in two places: the id of the
    oldest participation stands for all of theirs.
    """
    first: dict[int, str] = {}
    return {row.id: first.setdefault(row.account_id, row.code) for row in sorted(people, key=lambda row: row.id)}


def participants(rows: Rows) -> dict[str, Participant]:
    """Return those who may attend, by the solver's id, with their limits, absences and engagements."""
    codes = codes_of_people(rows.people)
    same: dict[str, list[Participation]] = defaultdict(list)
    for row in rows.people:
        same[codes[row.id]].append(row)
    facts = _Facts(rows, _away(rows), _engagements(rows), _keen(rows))
    return {code: _participant(code, parts, facts) for code, parts in same.items()}


class _Facts(NamedTuple):
    rows: Rows
    away: Mapping[int, set[str]]
    busy: Mapping[int, Sequence[Engagement]]
    keen: frozenset[int]


def _participant(code: str, parts: Sequence[Participation], facts: _Facts) -> Participant:
    rows, away, busy, keen = facts
    return Participant(
        id=code,
        organisation=rows.organisations[parts[0].organisation_id].code,
        unavailable_slots=frozenset().union(*(away[part.id] for part in parts)),
        engagements=tuple(dict.fromkeys(engagement for part in parts for engagement in busy[part.id])),
        max_meetings=_least(_limit(part, rows, "max_meetings") for part in parts),
        max_per_day=_least(_limit(part, rows, "max_per_day") for part in parts),
        max_consecutive=_least(_limit(part, rows, "max_consecutive") for part in parts),
        languages=frozenset(language for part in parts for language in part.languages),
        location=next((_location(part, rows) for part in parts if part.location_id is not None), None),
        parallel=min(part.parallel for part in parts),
        min_meetings=max(_limit(part, rows, "min_meetings") or 0 for part in parts),
        bonuses=None if any(part.organisation_id in keen for part in parts) else NO_BONUSES,
    )


def _limit(part: Participation, rows: Rows, name: str) -> int | None:
    """Return a person's own limit, else the type's, else the event's."""
    for holder in (part, rows.type_of(part.organisation_id), rows.event):
        limit: int | None = getattr(holder, name, None)
        if limit is not None:
            return limit
    return None


def _least(limits: Iterable[int | None]) -> int | None:
    return min((limit for limit in limits if limit is not None), default=None)


def _location(part: Participation, rows: Rows) -> str:
    return next(location.code for location in rows.locations if location.id == part.location_id)


def _away(rows: Rows) -> Mapping[int, set[str]]:
    codes = {slot.id: slot.code for slot in rows.slots}
    away: dict[int, set[str]] = defaultdict(set)
    for row in rows.unavailabilities:
        away[row.participation_id].add(codes[row.slot_id])
    return away


def _engagements(rows: Rows) -> Mapping[int, list[Engagement]]:
    """Return the sessions of each person as the slots they touch; one that touches none blocks nothing."""
    sitting: dict[int, list[int]] = defaultdict(list)
    for seat in rows.seats:
        sitting[seat.session_id].append(seat.participation_id)
    busy: dict[int, list[Engagement]] = defaultdict(list)
    for session in rows.sessions:
        engagement = _engagement(session, rows)
        attending = [person.id for person in rows.people] if session.for_everybody else sitting[session.id]
        for participation_id in attending if engagement.slots else ():
            busy[participation_id].append(engagement)
    return busy


def _engagement(session: EventSession, rows: Rows) -> Engagement:
    start, end = datetime.combine(session.day, session.start), datetime.combine(session.day, session.end)
    touched = (
        slot.code
        for slot in rows.slots
        if datetime.combine(slot.day, slot.start) < end and start < datetime.combine(slot.day, slot.end)
    )
    zone = None if session.zone_id is None else rows.zones[session.zone_id].code
    return Engagement(frozenset(touched), zone)


def _keen(rows: Rows) -> frozenset[int]:
    """Return the organisations that asked or accepted enough others to earn the bonuses of first meetings."""
    asked: dict[int, int] = defaultdict(int)
    for (organisation_id, _), wish in rows.wishes.items():
        asked[organisation_id] += wish.level in POSITIVE
    listed = {row.id for row in rows.organisations.values() if row.listed}
    return frozenset(id_ for id_ in rows.organisations if scoring.bonuses_for(asked[id_], len(listed - {id_})))

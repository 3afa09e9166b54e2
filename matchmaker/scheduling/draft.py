"""A schedule becomes the rows of a numbered draft, and only one that the independent checker finds no fault with."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import islice
from types import MappingProxyType
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matchmaker.domain.disclosure import Reason
from matchmaker.domain.states import POSITIVE
from matchmaker.errors import DoubleBooking
from matchmaker.models import (
    Draft,
    DraftMeeting,
    DraftUnscheduled,
    Interpreter,
    Location,
    Participation,
    PersonBooking,
    Request,
    Run,
    Slot,
    TableBooking,
)
from matchmaker.scheduling import rows as event_rows
from matchmaker.scheduling.problem import kept_back
from matchmaker.scheduling.rows import Rows
from matchmaker.scheduling.scores import score_card
from solver import Meeting, Problem, Schedule, violations

MOST_VIOLATIONS_NAMED = 5


@dataclass(frozen=True, slots=True)
class Keys:
    """From the solver's ids back to rows."""

    requests: Mapping[str, Request]
    slots: Mapping[str, int]
    locations: Mapping[str, int]
    interpreters: Mapping[str, int]
    people: Mapping[tuple[str, int], int]
    """(the solver's id, organisation) -> participation."""
    moved_by_hand: frozenset[str]
    """The solver's ids of those whose meetings only people move."""


def faults(problem: Problem, schedule: Schedule) -> list[str]:
    """Return what the checker, which shares nothing with the solver, has against an answer."""
    found = [str(violation) for violation in islice(violations(problem, schedule), MOST_VIOLATIONS_NAMED)]
    strangers = sorted(
        set(problem.requests) - {m.request for m in schedule.meetings} - {u.request for u in schedule.unscheduled}
    )
    return found + [f"nothing is said of request {code}" for code in strangers[:MOST_VIOLATIONS_NAMED]]


def store(
    session: Session,
    run: Run,
    problem: Problem,
    schedule: Schedule,
    before: Mapping[int, str] = MappingProxyType({}),
    *,
    now: datetime,
) -> Draft:
    """Add the next draft of the run's event to the session.

    ``before`` says by request why it was not held so far; that stays the reason where the solver was not asked.

    Raises
    ------
    DoubleBooking
        If a person or a table would be in two meetings at once; the database has the last word on that.
    """
    rows = event_rows.read(session, run.event_id)
    number = session.scalar(select(func.max(Draft.number)).where(Draft.event_id == run.event_id)) or 0
    draft = Draft(
        event_id=run.event_id,
        number=number + 1,
        run_id=run.id,
        created_at=now,
        from_number=run.from_number,
        **_figures(problem, schedule, rows),
    )
    session.add(draft)
    session.flush()
    keys = _keys(session, run.event_id, problem)
    session.add_all(_Places(draft, problem, keys).meetings(schedule.meetings))
    of_draft = {"event_id": run.event_id, "draft_id": draft.id}
    session.add_all(
        DraftUnscheduled(**of_draft, request_id=keys.requests[code].id, reason=reason, detail=detail)
        for code, reason, detail in _reasons(run, problem, schedule, rows, before)
    )
    try:
        session.flush()
    except IntegrityError as error:
        raise DoubleBooking from error
    return draft


def _figures(problem: Problem, schedule: Schedule, rows: Rows) -> dict[str, Any]:
    return figures(problem, schedule, {request.code: request.klass for request in rows.requests}, asking_codes(rows))


def asking_codes(rows: Rows) -> frozenset[str]:
    """Return the organisations that asked or accepted anybody, by code."""
    asking = {id_ for (id_, _), wish in rows.wishes.items() if wish.level in POSITIVE}
    return frozenset(rows.organisations[id_].code for id_ in asking)


def figures(problem: Problem, schedule: Schedule, classes: Mapping[str, str], asking: frozenset[str]) -> dict[str, Any]:
    """Return what the row of a draft says of a schedule; ``classes`` and ``asking`` as the score card wants them."""
    return {
        "value": schedule.value,
        "bound": schedule.bound,
        "gap": schedule.gap,
        "seconds": schedule.seconds,
        "proven": schedule.status == "optimal",
        "terms": dict(schedule.terms),
        "scores": score_card(problem, schedule, classes, asking),
    }


def _keys(session: Session, event_id: int, problem: Problem) -> Keys:
    def ids(kind: Any) -> dict[str, int]:
        return {
            row.code: row.id for row in session.execute(select(kind.code, kind.id).where(kind.event_id == event_id))
        }

    people = session.scalars(select(Participation).where(Participation.event_id == event_id)).all()
    account_of = {row.code: row.account_id for row in people}
    code_of = {account_of[code]: code for code in problem.participants if code in account_of}
    return Keys(
        requests={row.code: row for row in session.scalars(select(Request).where(Request.event_id == event_id))},
        slots=ids(Slot),
        locations=ids(Location),
        interpreters=ids(Interpreter),
        people={(code_of[row.account_id], row.organisation_id): row.id for row in people if row.account_id in code_of},
        moved_by_hand=frozenset(
            code_of[row.account_id] for row in people if row.moved_by_hand and row.account_id in code_of
        ),
    )


class _Places:
    """Writes meetings with what they occupy, in rows that the database lets nobody have twice."""

    def __init__(self, draft: Draft, problem: Problem, keys: Keys) -> None:
        self._draft, self._problem, self._keys = draft, problem, keys
        self._order = list(problem.slots)
        self._pinned = {pin.request for pin in problem.pinned}
        self._seats: dict[tuple[str, str], int] = defaultdict(int)

    def meetings(self, meetings: Iterable[Meeting]) -> list[DraftMeeting]:
        return [self._meeting(meeting) for meeting in meetings]

    def _meeting(self, meeting: Meeting) -> DraftMeeting:
        if meeting.location is None or meeting.table is None:
            raise ValueError(f"an incomplete meeting for {meeting.request}")  # the checker refuses it before
        request, length = self._keys.requests[meeting.request], self._problem.requests[meeting.request].length
        start = self._order.index(meeting.slot)
        taken = self._order[start : start + length]
        return DraftMeeting(
            event_id=self._draft.event_id,
            draft_id=self._draft.id,
            request_id=request.id,
            slot_id=self._keys.slots[meeting.slot],
            length=length,
            location_id=self._keys.locations[meeting.location],
            table_number=meeting.table,
            interpreter_id=self._keys.interpreters[meeting.interpreter] if meeting.interpreter else None,
            locked=meeting.request in self._pinned or bool(self._keys.moved_by_hand & {*(meeting.attendees or ())}),
            tables=[self._table(self._keys.locations[meeting.location], meeting.table, slot) for slot in taken],
            people=[
                self._person(code, organisation_id, slot, side)
                for side, (code, organisation_id) in enumerate(
                    zip(meeting.attendees or (), (request.first_id, request.second_id), strict=True)
                )
                for slot in taken
            ],
        )

    def _table(self, location_id: int, number: int, slot: str) -> TableBooking:
        return TableBooking(
            event_id=self._draft.event_id,
            draft_id=self._draft.id,
            location_id=location_id,
            table_number=number,
            slot_id=self._keys.slots[slot],
        )

    def _person(self, code: str, organisation_id: int, slot: str, side: int) -> PersonBooking:
        return PersonBooking(
            event_id=self._draft.event_id,
            draft_id=self._draft.id,
            participation_id=self._keys.people[code, organisation_id],
            slot_id=self._keys.slots[slot],
            seat=self._seat(code, slot),
            side=side,
        )

    def _seat(self, code: str, slot: str) -> int:
        """Hosts of groups have several seats; everybody else has one, so that a second booking is refused."""
        if self._problem.participants[code].parallel == 1:
            return 0
        self._seats[code, slot] += 1
        return self._seats[code, slot] - 1


def _reasons(
    run: Run, problem: Problem, schedule: Schedule, rows: Rows, before: Mapping[int, str]
) -> list[tuple[str, str, dict[str, Any]]]:
    """Return (code, reason, facts) of every request that was live when the run was made and is not held."""
    said = [(row.request, str(Reason(row.reason)), facts_of(row)) for row in schedule.unscheduled]
    left_out = kept_back(rows)
    return said + [
        (request.code, before.get(request.id) or str(left_out.get(request.code, Reason.NOT_OFFERED)), {})
        for request in rows.requests
        if request.code not in problem.requests and request.created_at <= run.created_at
    ]


def facts_of(row: Any) -> dict[str, Any]:
    """Return the facts and remedies of a request that is not held as plain values, ready to be stored."""
    facts = {"detail": dict(row.detail), "remedies": [asdict(remedy) for remedy in row.remedies]}
    plain: dict[str, Any] = json.loads(json.dumps(facts, default=sorted))
    return plain

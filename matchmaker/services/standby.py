"""Holes of the day are filled with those who want to meet and are there, and nobody is moved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.domain import zones
from matchmaker.domain.states import Phase
from matchmaker.errors import DoubleBooking, MeetingOver, NotFound, PhaseForbids
from matchmaker.extensions import db
from matchmaker.models import Event, Request
from matchmaker.queries import agenda_rows, days_out
from matchmaker.queries import standby as queries
from matchmaker.queries.day import LATE
from matchmaker.queries.shelf import question_edition
from matchmaker.scheduling import standby
from matchmaker.scheduling.standby import Board, Guest, Hole
from matchmaker.services.steps import entries, published
from matchmaker.services.steps import standby as steps
from matchmaker.services.steps.journal import record
from matchmaker.unit_of_work import unit_of_work

TRIES = 5
"""So often a hole is judged again when something else was changed while the solver looked."""
NEAREST, FARTHEST = timedelta(minutes=10), timedelta(minutes=30)
"""How long before a slot the clock fills it: people must still read of it, and the desk had its turn before."""
MOST = 20
"""So many meetings the clock makes at once; what is left has its turn when it looks again."""


class Where(NamedTuple):
    """The place that somebody was shown."""

    slot_id: int
    location_id: int
    table: int


def take(event_id: int, code: str, where: Where, *, actor_id: int | None, now: datetime) -> list[int]:
    """Hold a request, by its code, at this place of today; return who comes and has to be told by word of mouth.

    Raises
    ------
    DoubleBooking
        If somebody was quicker: a person or the table is taken.
    MeetingOver
        If the slot has begun too long ago.
    NotFound
        If the event has no such request, or no version of it is out that tells of the day.
    NotPossibleThere
        If a rule of the schedule forbids it, with the rule's code.
    PhaseForbids
        If the event is over.
    """
    request_id = db.session.scalar(select(Request.id).where(Request.event_id == event_id, Request.code == code))
    if request_id is None:
        raise NotFound("request", code)
    made = make(event_id, lambda board: [board.exactly(request_id, *where)], actor_id=actor_id, now=now)
    return [one for _hole, silent in made for one in silent]


def let_the_clock(event_id: int, *, on: bool, actor_id: int | None, now: datetime) -> None:
    """Let the clock fill holes of the day by itself, or not any more.

    Raises
    ------
    NotFound
        If there is no such event.
    """
    with unit_of_work() as session:
        event = published.locked_event(session, event_id)
        if event.standby_by_clock is not on:
            event.standby_by_clock = on
            verb = "standby.clock_on" if on else "standby.clock_off"
            record(session, event_id=event_id, actor_id=actor_id, verb=verb, now=now)


def fill(event_id: int, *, now: datetime) -> int:
    """Hold what fits into the slots of today that begin soon, of pairs who both said yes; return how many.

    It does nothing where the clock has looked already a short while ago, or may not.
    """
    with unit_of_work() as session:
        event = published.locked_event(session, event_id)
        if not queries.is_due(event, now):
            return 0
        event.standby_looked_at = now
        wall = zones.wall(now, event.zone)
    slots = queries.slots(event_id, wall.date())
    near = {slot.id for slot in slots if NEAREST <= datetime.combine(slot.day, slot.start) - wall <= FARTHEST}
    if not near or agenda_rows.last_version(event_id) is None:
        return 0
    gone = queries.given_up(event_id)

    def choose(board: Board) -> Sequence[Hole]:
        both = (one for one in board.wanted if one.both and one.request_id not in gone)
        return board.filled(both, near, MOST)

    with suppress(DoubleBooking):  # somebody was quicker, or there is nothing: it looks again soon
        return len(make(event_id, choose, actor_id=None, now=now))
    return 0


def make(
    event_id: int,
    choose: Callable[[Board], Sequence[Hole]],
    *,
    guest: Guest | None = None,
    ready: Callable[[Session, Event, Sequence[Hole]], Sequence[Hole]] = lambda _session, _event, holes: holes,
    actor_id: int | None,
    now: datetime,
) -> list[tuple[Hole, list[int]]]:
    """Judge first, with nothing locked; then write, if nothing that the solver was asked has changed in between.

    ``ready`` writes what must be there before. Return what was made, with those of each whom no mail tells.

    Raises
    ------
    DoubleBooking
        If there is nothing to choose from, or others never stop changing it.
    MeetingOver, NotFound, PhaseForbids
        As for ``take``.
    """
    for _ in range(TRIES):
        asked = question_edition(event_id)
        board = standby.board(event_id, queries.arrived(event_id), guest)
        if board is None:
            raise DoubleBooking
        holes = choose(board)
        with unit_of_work() as session:
            event = published.locked_event(session, event_id)
            if question_edition(event_id) != asked:
                continue
            _refuse_late(event, holes, now)
            version = agenda_rows.last_version(event_id)
            if version is None or {hole.start.date() for hole in holes} & {*days_out.withheld(version)}:
                raise NotFound("version", event_id)
            by: dict[str, Any] = {"actor_id": actor_id, "now": now}
            holes = ready(session, event, holes)
            made = [(hole, steps.hold(session, event, version, hole, **by)) for hole in holes]
            entries.refresh(session, event, now=now)
            return made
    raise DoubleBooking


def _refuse_late(event: Event, holes: Sequence[Hole], now: datetime) -> None:
    if event.phase is Phase.AFTER:
        raise PhaseForbids(event.phase)
    if any(zones.wall(now, event.zone) > hole.start + LATE for hole in holes):
        raise MeetingOver

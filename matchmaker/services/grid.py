"""Changing a draft by hand: each change is judged by the solver first, written down, and can be undone.

The first change of what a run left, or of what is published, goes into a new draft; the old one stays as it was.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select

from matchmaker.errors import ChangedMeanwhile, NotFound, NothingToUndo
from matchmaker.extensions import db
from matchmaker.models import Draft, DraftStep, Request
from matchmaker.queries import versions
from matchmaker.queries.shelf import question_edition
from matchmaker.scheduling import grid
from matchmaker.scheduling.grid import Board
from matchmaker.scheduling.question import Place
from matchmaker.services.steps import by_hand
from matchmaker.services.steps.journal import record
from matchmaker.unit_of_work import unit_of_work


@dataclass(frozen=True, slots=True)
class Where:
    """Where somebody wants a meeting; None leaves the location, or the table, to us."""

    slot_id: int
    location_id: int | None = None
    table: int | None = None

    def on(self, board: Board, request_id: int) -> Place:
        """Return the place on a board, if it is possible."""
        if self.location_id is None:
            return board.best(request_id, self.slot_id)
        return board.place(request_id, self.slot_id, self.location_id, self.table)


class Wish(NamedTuple):
    """What somebody wants done with one request: how the solver's board decides, and the verb of the log."""

    request_id: int
    decide: Callable[[Board], Place | None]
    verb: str


def move(
    event_id: int, number: int, code: str, where: Where, *, revision: int, actor_id: int | None, now: datetime
) -> int:
    """Hold a request at another place, or at its first one; return the number of the draft that has it so.

    Raises
    ------
    ChangedMeanwhile
        If somebody changed the draft since ``revision``.
    DoubleBooking
        If the table is taken.
    MeetingLocked
        If the meeting is locked.
    NotFound
        If there is no such draft, request or place.
    NotPossibleThere
        If a rule forbids it, with the rule's code.
    PhaseForbids
        If the event is over.
    """
    request_id = _request_id(event_id, code)
    wish = Wish(request_id, lambda board: where.on(board, request_id), "draft.moved")
    return _change(event_id, number, wish, revision=revision, actor_id=actor_id, now=now)


def find_best(event_id: int, number: int, code: str, *, revision: int, actor_id: int | None, now: datetime) -> int:
    """Hold a request at the legal place that is worth most; the rest is as for ``move``."""
    request_id = _request_id(event_id, code)
    wish = Wish(request_id, lambda board: board.best(request_id), "draft.placed")
    return _change(event_id, number, wish, revision=revision, actor_id=actor_id, now=now)


def take_out(event_id: int, number: int, code: str, *, revision: int, actor_id: int | None, now: datetime) -> int:
    """Hold a request no longer, so that its people and its table are free; the rest is as for ``move``."""
    wish = Wish(_request_id(event_id, code), lambda _board: None, "draft.taken_out")
    return _change(event_id, number, wish, revision=revision, actor_id=actor_id, now=now)


def undo(event_id: int, number: int, *, revision: int, actor_id: int | None, now: datetime) -> int:
    """Undo the last change by hand; return the number of the draft.

    Raises
    ------
    NothingToUndo
        If no change is left.
    NotPossibleThere, DoubleBooking, MeetingLocked, ChangedMeanwhile, PhaseForbids
        As for ``move``: what was legal then may not be any more.
    """
    draft = versions.draft(event_id, number)
    step = _last(draft, undone=False)
    return _step(
        draft, step, step.before if step else None, "draft.undone", revision=revision, actor_id=actor_id, now=now
    )


def redo(event_id: int, number: int, *, revision: int, actor_id: int | None, now: datetime) -> int:
    """Do the last change again that was undone; the rest is as for ``undo``."""
    draft = versions.draft(event_id, number)
    step = _last(draft, undone=True)
    return _step(
        draft, step, step.after if step else None, "draft.redone", revision=revision, actor_id=actor_id, now=now
    )


def _last(draft: Draft, *, undone: bool) -> DraftStep | None:
    """Return the change to undo next, or the undone one to do again next."""
    order = DraftStep.number if undone else DraftStep.number.desc()
    where = DraftStep.draft_id == draft.id, DraftStep.undone.is_(undone)
    return db.session.scalar(select(DraftStep).where(*where).order_by(order).limit(1))


def _step(
    draft: Draft,
    step: DraftStep | None,
    target: dict[str, Any] | None,
    verb: str,
    *,
    revision: int,
    actor_id: int | None,
    now: datetime,
) -> int:
    if step is None:
        raise NothingToUndo
    place = by_hand.read_place(target)
    request_id = step.request_id
    wish = Wish(request_id, lambda board: None if place is None else board.again(request_id, place), verb)
    return _change(
        draft.event_id, draft.number, wish, revision=revision, actor_id=actor_id, now=now, step_number=step.number
    )


def _change(
    event_id: int,
    number: int,
    wish: Wish,
    *,
    revision: int,
    actor_id: int | None,
    now: datetime,
    step_number: int | None = None,
) -> int:
    """Judge first, with nothing locked; then write, if nobody changed anything in between."""
    draft = versions.draft(event_id, number)
    if draft.revision != revision:
        raise ChangedMeanwhile("draft", {}, draft.revision)
    asked = question_edition(event_id)
    with grid.asking(draft) as board:
        place = wish.decide(board)
        if place == board.places.get(wish.request_id):
            return number
        changed = board.changed(draft, wish.request_id, place)
    with unit_of_work() as session:
        mine = by_hand.draft_to_change(session, event_id, number, revision, asked)
        before = by_hand.write(session, mine, wish.request_id, place, changed)
        if step_number is None:
            by_hand.note(session, mine, wish.request_id, before, place)
        else:
            by_hand.turn(session, mine, step_number)
        code = session.scalars(select(Request.code).where(Request.id == wish.request_id)).one()
        facts = {"draft": mine.number, "from": number}
        record(session, event_id=event_id, actor_id=actor_id, verb=wish.verb, now=now, subject=code, detail=facts)
        session.flush()
        kept = mine.id, mine.number, mine.revision
    grid.keep(kept[0], asked, kept[2], changed.board)
    return kept[1]


def _request_id(event_id: int, code: str) -> int:
    found = db.session.scalar(select(Request.id).where(Request.event_id == event_id, Request.code == code))
    if found is None:
        raise NotFound("request", code)
    return found

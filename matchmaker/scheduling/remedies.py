"""What would make a place for a request that has none: another meeting that moves or gives way, or one change more."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from matchmaker.scheduling.grid import Board
from matchmaker.scheduling.question import Place
from solver import Remedy as Said

MOST_MOVES = 2
NOBODY_CAN = "add_representative"
"""What the solver may name and no page of ours can do: all who represent an organisation may come already."""


@dataclass(frozen=True, slots=True)
class Remedy:
    """One thing that would let a request stand at ``place``.

    ``kind`` is ``move`` (the one of ``requests`` goes to ``onto``), ``displace`` (``requests`` are held no longer),
    ``open`` (the location, then), ``add_table`` (there), of a ``person`` (a participation) ``free_slot`` and
    ``raise_limit``, or ``add_interpreter`` of ``languages``.
    """

    kind: str
    place: Place
    requests: tuple[int, ...] = ()
    onto: Place | None = None
    person: int = 0
    languages: tuple[str, ...] = ()


def remedies(board: Board, request_id: int, locked: Collection[int]) -> list[Remedy]:
    """Return what would make a place; the ``locked`` requests stay where they are.

    Meetings that have another place come first. Nothing for a request that is not offered to the solver.
    """
    if request_id not in board.question.requests:
        return []
    moves = list(islice(_moves(board, request_id, locked), MOST_MOVES))
    moving = {one.requests for one in moves}
    said = [one for one in board.explained(request_id, locked).remedies if one.kind != NOBODY_CAN]
    others = [_in_rows(board, request_id, one) for one in said]
    return [*moves, *(one for one in others if one.requests not in moving)]


def _moves(board: Board, request_id: int, locked: Collection[int]) -> Iterator[Remedy]:
    """Yield the meetings of those concerned that could stand elsewhere and so let the request in."""
    keys = board.question
    people = {person for side in keys.problem.requests[keys.requests[request_id]].sides for person in side}
    for other_id, place in board.places.items():
        concerned = not people.isdisjoint(keys.people.get(person, "") for person in place.people)
        if concerned and other_id not in locked and other_id in keys.requests:
            yield from _move(board, request_id, other_id)


def _move(board: Board, request_id: int, other_id: int) -> Iterator[Remedy]:
    without = board.held(other_id, None)
    place = without.best_if_any(request_id)
    if place is not None:
        onto = without.held(request_id, place).best_if_any(other_id)
        if onto is not None:
            yield Remedy("move", place, (other_id,), onto)


def _in_rows(board: Board, request_id: int, said: Said) -> Remedy:
    keys = board.question
    row = next(row for row in said.witness if row.request == keys.requests[request_id])
    if row.interpreter not in keys.interpreter_ids:  # the one who would have to be found
        row = replace(row, interpreter=None)
    place, (subject, *rest) = keys.place(row), said.ids
    match said.kind:
        case "displace":
            return Remedy("displace", place, tuple(keys.request_ids[id_] for id_ in said.ids))
        case "free_slot" if subject in keys.location_ids:
            return Remedy("open", place)
        case "free_slot" | "raise_limit":
            return Remedy(said.kind, place, person=keys.participation(subject, request_id))
        case _:
            return Remedy(said.kind, place, languages=tuple(rest))

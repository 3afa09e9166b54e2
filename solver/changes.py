"""What happens to an event after its schedule is made: the question that a repair answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from solver.errors import InvalidProblemError
from solver.problem import Request, SlotId

if TYPE_CHECKING:
    from collections.abc import Iterable

    from solver.problem import Problem


@dataclass(frozen=True, slots=True)
class Absence:
    """A participant who cannot come in these slots; none named: from ``now`` on."""

    participant: str
    slots: frozenset[SlotId] = frozenset()


@dataclass(frozen=True, slots=True)
class Closure:
    """A location that is closed in these slots; none named: from ``now`` on."""

    location: str
    slots: frozenset[SlotId] = frozenset()


@dataclass(frozen=True, slots=True)
class Changes:
    """All that changes at one moment. ``now`` is the first slot that has not begun; None: none has."""

    now: SlotId | None = None
    unavailable: tuple[Absence, ...] = ()
    closed: tuple[Closure, ...] = ()
    removed_slots: frozenset[SlotId] = frozenset()
    cancelled: frozenset[str] = frozenset()
    added_requests: Mapping[str, Request] = field(default_factory=dict)


def check_changes(changes: Changes, problem: Problem) -> None:
    """Raise ``InvalidProblemError`` at the first thing that the problem does not know, or knows already."""
    if changes.now is not None:
        _check_known("now", (changes.now,), problem.slots, "slot")
    for absence in changes.unavailable:
        _check_known("unavailable", (absence.participant,), problem.participants, "participant")
        _check_known(f"unavailable {absence.participant} slots", absence.slots, problem.slots, "slot")
    for closure in changes.closed:
        _check_known("closed", (closure.location,), problem.locations, "location")
        _check_known(f"closed {closure.location} slots", closure.slots, problem.slots, "slot")
    _check_known("removed_slots", changes.removed_slots, problem.slots, "slot")
    if changes.removed_slots >= problem.slots.keys():
        raise InvalidProblemError("removed_slots", "all slots", "at least one slot that is left")
    _check_known("cancelled", changes.cancelled, problem.requests, "request")
    _check_added(changes.added_requests, problem)


def _check_added(added: Mapping[str, Request], problem: Problem) -> None:
    """Check the new requests as those of a problem, beside the old ones that they come after."""
    for id_ in added:
        if id_ in problem.requests:
            raise InvalidProblemError(f"added_requests {id_}", "an id that is taken", "the id of a new request")
    earlier = {id_ for request in added.values() for id_ in request.after if id_ in problem.requests}
    known = {id_: replace(problem.requests[id_], after=()) for id_ in sorted(earlier)}
    try:
        replace(problem, requests=known | dict(added), pinned=(), previous=(), frozen=())
    except InvalidProblemError as error:
        raise InvalidProblemError(f"added_{error.place}", error.wrong, error.expected) from None


def _check_known(place: str, ids: Iterable[str], known: Mapping[str, object], kind: str) -> None:
    for id_ in sorted(ids):
        if id_ not in known:
            raise InvalidProblemError(place, f"unknown {kind} {id_!r}", f"the id of a {kind}")

"""The answer: meetings with their places, what they are worth, and the proof beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from solver.problem import Meeting, ObjectiveName

TERMS = ("weight", "bonus", "shortfall", "idle_slots", "location_changes", "late_slots", "kept", "breaks")


@dataclass(frozen=True, slots=True)
class Remedy:
    """One action that would hold a request: ``witness`` is where it would then stand."""

    kind: str
    ids: tuple[str, ...]
    cost: int
    gain: int
    witness: tuple[Meeting, ...] = ()


@dataclass(frozen=True, slots=True)
class Unscheduled:
    """A request that is not held, with the code of the reason (SOLVER words) and its facts."""

    request: str
    reason: str
    detail: Mapping[str, Any] = field(default_factory=dict)
    remedies: tuple[Remedy, ...] = ()


@dataclass(frozen=True, slots=True)
class Schedule:
    """Meetings, the terms they give, and a proven bound: no schedule's value is beyond ``bound``.

    ``gap`` is ``|bound - value| / max(1, |bound|)``, rounded to 1e-4.
    """

    status: Literal["optimal", "feasible"]
    objective: ObjectiveName
    value: int
    bound: float
    gap: float
    seconds: float
    terms: Mapping[str, int]
    meetings: tuple[Meeting, ...]
    unscheduled: tuple[Unscheduled, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why requests are not held, and what would change it."""

    unscheduled: tuple[Unscheduled, ...]


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way to repair a schedule, with what it changes, in ids.

    ``moved`` requests have another slot, location or attendee; ``lost`` ones were held and are not, cancelled
    ones included; ``added`` ones are held and were not. ``told`` are the old and new attendees of all of these.
    """

    moved: tuple[str, ...]
    lost: tuple[str, ...]
    added: tuple[str, ...]
    told: tuple[str, ...]
    schedule: Schedule


@dataclass(frozen=True, slots=True)
class Repair:
    """Ways to repair a schedule, from few changes to little loss."""

    alternatives: tuple[Alternative, ...]

"""The question: everything the solver may know about an event, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from solver.validation import check_problem

if TYPE_CHECKING:
    from collections.abc import Mapping

ObjectiveName = Literal["balanced", "total", "breaks"]
SlotId = str
Minutes = int  # after midnight, wall time


@dataclass(frozen=True, slots=True)
class Slot:
    """One interval of the timetable. ``start`` and ``end`` are minutes after midnight."""

    id: SlotId
    day: str
    start: Minutes
    end: Minutes
    break_before: bool = False


@dataclass(frozen=True, slots=True)
class Location:
    """Tables that are alike. ``owners`` is None where everybody may meet, else participant ids."""

    id: str
    zone: str | None = None
    capacity: int = 1
    closed_slots: frozenset[SlotId] = frozenset()
    owners: frozenset[str] | None = None
    features: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Engagement:
    """Time spent elsewhere, which blocks its slots and has a place to walk from and to."""

    slots: frozenset[SlotId]
    zone: str | None = None


@dataclass(frozen=True, slots=True)
class Participant:
    """A person. Limits that are None do not limit; empty ``languages`` means all are understood."""

    id: str
    organisation: str | None = None
    unavailable_slots: frozenset[SlotId] = frozenset()
    engagements: tuple[Engagement, ...] = ()
    max_meetings: int | None = None
    max_per_day: int | None = None
    max_consecutive: int | None = None
    languages: frozenset[str] = frozenset()
    location: str | None = None
    parallel: int = 1
    min_meetings: int = 0
    bonuses: tuple[int, ...] | None = None  # None: the problem's; empty: none


@dataclass(frozen=True, slots=True)
class Interpreter:
    """Somebody who may be assigned to a meeting whose sides share no language."""

    id: str
    languages: frozenset[str]
    unavailable_slots: frozenset[SlotId] = frozenset()
    max_per_day: int | None = None
    max_consecutive: int | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A wish to meet. Exactly one participant of each side attends.

    ``slots`` lists where the meeting may start; ``length`` is in neighbouring slots; requests in
    ``after`` that are held end before this one starts.
    """

    id: str
    sides: tuple[tuple[str, ...], ...]
    weight: int = 1
    mandatory: bool = False
    slots: frozenset[SlotId] | None = None
    locations: frozenset[str] | None = None
    features: frozenset[str] = frozenset()
    length: int = 1
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Meeting:
    """A request with its place: a row of a schedule, complete, or of ``pinned``, where None is free.

    ``attendees`` stand in the order of the request's sides.
    """

    request: str
    slot: SlotId
    location: str | None = None
    table: int | None = None
    attendees: tuple[str, ...] | None = None
    interpreter: str | None = None


@dataclass(frozen=True, slots=True)
class Weights:
    """The coefficient of each term of the objective ``balanced``; prices are 0 or less."""

    weight: int = 1
    bonus: int = 1
    shortfall: int = -150
    idle_slots: int = -1
    location_changes: int = -1
    late_slots: int = 0
    kept: int = 0


@dataclass(frozen=True, slots=True)
class Problem:
    """All that the solver may know. Mappings are keyed by id and keep the order of the file."""

    slots: Mapping[SlotId, Slot]
    locations: Mapping[str, Location]
    participants: Mapping[str, Participant]
    requests: Mapping[str, Request]
    interpreters: Mapping[str, Interpreter] = field(default_factory=dict)
    walking: Mapping[frozenset[str], Minutes] = field(default_factory=dict)  # of two zones
    pinned: tuple[Meeting, ...] = ()
    previous: tuple[Meeting, ...] = ()
    frozen: tuple[Meeting, ...] = ()
    bonuses: tuple[int, ...] = ()
    max_breaks: int | None = None
    objective: ObjectiveName = "balanced"
    weights: Weights = Weights()

    def __post_init__(self) -> None:
        check_problem(self)

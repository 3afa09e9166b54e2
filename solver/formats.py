"""The formats as readers: which keys the objects of a file have, and what each stands for.

``schemas/`` says the same for other programs.
"""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from solver.changes import Absence, Changes, Closure
from solver.problem import Engagement, Interpreter, Location, Meeting, Participant, Problem, Request, Slot, Weights
from solver.reading import (
    Key,
    Keys,
    Names,
    Object,
    Rows,
    Unfit,
    anything,
    clock,
    flag,
    natural,
    number,
    one_of,
    positive,
    text,
    whole,
)
from solver.schedule import TERMS, Alternative, Explanation, Remedy, Repair, Schedule, Unscheduled

if TYPE_CHECKING:
    from collections.abc import Callable

NONE: frozenset[str] = frozenset()
NEEDED_TEXT = Key(text, required=True)
OBJECTIVE = one_of("balanced", "total", "breaks")
TERM_VALUES = Object(
    lambda *values: dict(zip(TERMS, values, strict=True)), {term: Key(whole, required=True) for term in TERMS}
)
WEIGHTS = Object(Weights, {field.name: Key(whole, field.default) for field in fields(Weights)})


def problem_format() -> Object:
    names = Names()
    keys: Keys = {
        "slots": Key(_by_id(_slot()), required=True),
        "locations": Key(_by_id(_location(names)), required=True),
        "walking": Key(_walking(), {}),
        "participants": Key(_by_id(_participant(names)), required=True),
        "interpreters": Key(_by_id(_interpreter(names)), {}),
        "requests": Key(_by_id(_request_row(names)), required=True),
        "pinned": Key(Rows(_meeting_row(names)), ()),
        "previous": Key(Rows(_meeting_row(names)), ()),
        "frozen": Key(Rows(_meeting_row(names)), ()),
        "bonuses": Key(Rows(natural), ()),
        "max_breaks": Key(natural),
        "objective": Key(OBJECTIVE, "balanced"),
        "weights": Key(WEIGHTS, Weights()),
    }
    return _file("matchmaker-problem-1", Problem, keys)


def changes_format() -> Object:
    names = Names()
    keys: Keys = {
        "now": Key(names.text),
        "unavailable": Key(Rows(_hours(Absence, "participant", names)), ()),
        "closed": Key(Rows(_hours(Closure, "location", names)), ()),
        "removed_slots": Key(names.set, NONE),
        "cancelled": Key(names.set, NONE),
        "added_requests": Key(_by_id(_request_row(names)), {}),
    }
    return _file("matchmaker-changes-1", Changes, keys)


def _hours(kind: type, of: str, names: Names) -> Object:
    return Object(kind, {of: Key(names.text, required=True), "slots": Key(names.set, NONE)})


def repair_format() -> Object:
    names = Names()
    ids = Key(Rows(text), required=True)
    alternative: Keys = {
        **dict.fromkeys(("moved", "lost", "added", "told"), ids),
        "schedule": Key(schedule_format(names), required=True),
    }
    alternatives = Rows(Object(Alternative, alternative, long=True))
    return _file("matchmaker-repair-1", Repair, {"alternatives": Key(alternatives, required=True)})


def explanation_format() -> Object:
    rows = Rows(_unscheduled_row(Names()))
    return _file("matchmaker-explanation-1", Explanation, {"unscheduled": Key(rows, required=True)})


def schedule_format(names: Names | None = None) -> Object:
    names = names or Names()
    keys: Keys = {
        "status": Key(one_of("optimal", "feasible"), required=True),
        "objective": Key(OBJECTIVE, required=True),
        "value": Key(whole, required=True),
        "bound": Key(number, required=True),
        "gap": Key(number, required=True),
        "seconds": Key(number, required=True),
        "terms": Key(TERM_VALUES, required=True),
        "meetings": Key(Rows(_meeting_row(names)), required=True),
        "unscheduled": Key(Rows(_unscheduled_row(names)), ()),
    }
    return _file("matchmaker-schedule-1", Schedule, keys)


def _file(name: str, make: Callable[..., Any], keys: Keys) -> Object:
    """Give the reader of a whole file, which says what format it has."""

    def made(_: str, *parts: Any) -> Any:
        return make(**dict(zip(keys, parts, strict=True)))

    return Object(made, {"format": Key(one_of(name), required=True), **keys})


def _slot() -> Object:
    keys: Keys = {
        "id": NEEDED_TEXT,
        "day": NEEDED_TEXT,
        "start": Key(clock, required=True),
        "end": Key(clock, required=True),
        "break_before": Key(flag, missing=False),
    }
    return Object(Slot, keys)


def _location(names: Names) -> Object:
    keys: Keys = {
        "id": NEEDED_TEXT,
        "zone": Key(names.text),
        "capacity": Key(natural, 1),
        "closed_slots": Key(names.set, NONE),
        "owners": Key(names.set),
        "features": Key(names.set, NONE),
    }
    return Object(Location, keys)


def _participant(names: Names) -> Object:
    engagement = Object(Engagement, {"slots": Key(names.set, required=True), "zone": Key(names.text)})
    keys: Keys = {
        "id": NEEDED_TEXT,
        "organisation": Key(names.text),
        "unavailable_slots": Key(names.set, NONE),
        "engagements": Key(Rows(engagement), ()),
        "max_meetings": Key(natural),
        "max_per_day": Key(natural),
        "max_consecutive": Key(natural),
        "languages": Key(names.set, NONE),
        "location": Key(names.text),
        "parallel": Key(positive, 1),
        "min_meetings": Key(natural, 0),
        "bonuses": Key(Rows(natural)),
    }
    return Object(Participant, keys)


def _interpreter(names: Names) -> Object:
    keys: Keys = {
        "id": NEEDED_TEXT,
        "languages": Key(names.set, NONE),
        "unavailable_slots": Key(names.set, NONE),
        "max_per_day": Key(natural),
        "max_consecutive": Key(natural),
    }
    return Object(Interpreter, keys)


def _request_row(names: Names) -> Object:
    keys: Keys = {
        "id": NEEDED_TEXT,
        "sides": Key(Rows(names.texts), required=True),
        "weight": Key(natural, 1),
        "mandatory": Key(flag, missing=False),
        "slots": Key(names.set),
        "locations": Key(names.set),
        "features": Key(names.set, NONE),
        "length": Key(positive, 1),
        "after": Key(names.texts, ()),
    }
    return Object(Request, keys)


def _meeting_row(names: Names) -> Object:
    keys: Keys = {
        "request": NEEDED_TEXT,
        "slot": Key(names.text, required=True),
        "location": Key(names.text),
        "table": Key(whole),
        "attendees": Key(names.texts),
        "interpreter": Key(names.text),
    }
    return Object(Meeting, keys)


def _unscheduled_row(names: Names) -> Object:
    remedy: Keys = {
        "kind": Key(names.text, required=True),
        "ids": Key(names.texts, required=True),
        "cost": Key(whole, required=True),
        "gain": Key(whole, required=True),
        "witness": Key(Rows(_meeting_row(names)), ()),
    }
    keys: Keys = {
        "request": NEEDED_TEXT,
        "reason": Key(names.text, required=True),
        "detail": Key(anything, {}),
        "remedies": Key(Rows(Object(Remedy, remedy)), ()),
    }
    return Object(Unscheduled, keys)


def _by_id(row: Object) -> Rows:
    def collect(rows: list[Any]) -> dict[str, Any]:
        known = {row.id: row for row in rows}
        if len(known) < len(rows):
            _refuse_twins([row.id for row in rows])
        return known

    return Rows(row, collect)


def _refuse_twins(ids: list[str]) -> None:
    seen: set[str] = set()
    for index, id_ in enumerate(ids):
        if id_ in seen:
            raise Unfit(f"{id_!r} a second time", "ids that are unique", f"[{index}].id")
        seen.add(id_)


def _walking() -> Rows:
    walk: Keys = {"zones": Key(Rows(text), required=True), "minutes": Key(natural, required=True)}
    return Rows(Object(lambda zones, minutes: (zones, minutes), walk), _walks)


def _walks(rows: list[tuple[tuple[str, ...], int]]) -> dict[frozenset[str], int]:
    walks: dict[frozenset[str], int] = {}
    for index, (names, minutes) in enumerate(rows):
        zones = frozenset(names)
        if len(names) != 2 or len(zones) != 2:
            raise Unfit(f"{list(names)}", "two different zones", f"[{index}].zones")
        if zones in walks:
            raise Unfit("the same two zones again", "one row for two zones", f"[{index}].zones")
        walks[zones] = minutes
    return walks

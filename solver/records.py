"""Problems and schedules as files: the formats ``matchmaker-problem-1`` and ``matchmaker-schedule-1``.

``schemas/`` holds the reference for other programs; the readers here accept the same and say in one line
what is wrong, where, and what was expected.
"""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import asdict
from dataclasses import fields as dataclass_fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from solver.errors import Conflict, InvalidProblemError
from solver.problem import Engagement, Interpreter, Location, Meeting, Participant, Problem, Request, Slot, Weights
from solver.reading import (
    Key,
    Keys,
    Unfit,
    clock,
    fields,
    flag,
    listed,
    load,
    natural,
    number,
    one_of,
    positive,
    text,
    text_set,
    texts,
    whole,
)
from solver.schedule import TERMS, Remedy, Schedule, Unscheduled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

Row = TypeVar("Row")
NONE: frozenset[str] = frozenset()
OBJECTIVE = one_of("balanced", "total", "breaks")

SLOT: Keys = {
    "id": Key(text, required=True),
    "day": Key(text, required=True),
    "start": Key(clock, required=True),
    "end": Key(clock, required=True),
    "break_before": Key(flag, missing=False),
}
LOCATION: Keys = {
    "id": Key(text, required=True),
    "zone": Key(text),
    "capacity": Key(natural, 1),
    "closed_slots": Key(text_set, NONE),
    "owners": Key(text_set),
    "features": Key(text_set, NONE),
}
WALK: Keys = {"zones": Key(texts, required=True), "minutes": Key(natural, required=True)}
ENGAGEMENT: Keys = {"slots": Key(text_set, required=True), "zone": Key(text)}


def _engagement(value: Any) -> Engagement:
    return Engagement(**fields(value, ENGAGEMENT))


PARTICIPANT: Keys = {
    "id": Key(text, required=True),
    "organisation": Key(text),
    "unavailable_slots": Key(text_set, NONE),
    "engagements": Key(listed(_engagement), ()),
    "max_meetings": Key(natural),
    "max_per_day": Key(natural),
    "max_consecutive": Key(natural),
    "languages": Key(text_set, NONE),
    "location": Key(text),
    "parallel": Key(positive, 1),
    "min_meetings": Key(natural, 0),
    "bonuses": Key(listed(natural)),
}
INTERPRETER: Keys = {
    "id": Key(text, required=True),
    "languages": Key(text_set, NONE),
    "unavailable_slots": Key(text_set, NONE),
    "max_per_day": Key(natural),
    "max_consecutive": Key(natural),
}
REQUEST: Keys = {
    "id": Key(text, required=True),
    "sides": Key(listed(texts), required=True),
    "weight": Key(natural, 1),
    "mandatory": Key(flag, missing=False),
    "slots": Key(text_set),
    "locations": Key(text_set),
    "features": Key(text_set, NONE),
    "length": Key(positive, 1),
    "after": Key(texts, ()),
}
MEETING: Keys = {
    "request": Key(text, required=True),
    "slot": Key(text, required=True),
    "location": Key(text),
    "table": Key(whole),
    "attendees": Key(texts),
    "interpreter": Key(text),
}
WEIGHTS: Keys = {field.name: Key(whole, field.default) for field in dataclass_fields(Weights)}


def _rows(make: Callable[..., Row], keys: Keys) -> Callable[[Any], tuple[Row, ...]]:
    return listed(lambda value: make(**fields(value, keys)))


def _by_id(make: Callable[..., Row], keys: Keys) -> Callable[[Any], dict[str, Row]]:
    read = _rows(make, keys)

    def read_all(value: Any) -> dict[str, Row]:
        rows = read(value)
        known = {cast("Any", row).id: row for row in rows}
        if len(known) < len(rows):
            _refuse_twins([cast("Any", row).id for row in rows])
        return known

    return read_all


def _refuse_twins(ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for index, id_ in enumerate(ids):
        if id_ in seen:
            raise Unfit(f"{id_!r} a second time", "ids that are unique", f"[{index}].id")
        seen.add(id_)


def _walking(value: Any) -> dict[frozenset[str], int]:
    walks: dict[frozenset[str], int] = {}
    for index, walk in enumerate(listed(lambda row: fields(row, WALK))(value)):
        zones = frozenset(walk["zones"])
        if len(walk["zones"]) != 2 or len(zones) != 2:
            raise Unfit(f"{list(walk['zones'])}", "two different zones", f"[{index}].zones")
        if zones in walks:
            raise Unfit("the same two zones again", "one row for two zones", f"[{index}].zones")
        walks[zones] = walk["minutes"]
    return walks


PROBLEM: Keys = {
    "format": Key(one_of("matchmaker-problem-1"), required=True),
    "slots": Key(_by_id(Slot, SLOT), required=True),
    "locations": Key(_by_id(Location, LOCATION), required=True),
    "walking": Key(_walking, {}),
    "participants": Key(_by_id(Participant, PARTICIPANT), required=True),
    "interpreters": Key(_by_id(Interpreter, INTERPRETER), {}),
    "requests": Key(_by_id(Request, REQUEST), required=True),
    "pinned": Key(_rows(Meeting, MEETING), ()),
    "previous": Key(_rows(Meeting, MEETING), ()),
    "frozen": Key(_rows(Meeting, MEETING), ()),
    "bonuses": Key(listed(natural), ()),
    "max_breaks": Key(natural),
    "objective": Key(OBJECTIVE, "balanced"),
    "weights": Key(lambda value: Weights(**fields(value, WEIGHTS)), Weights()),
}
REMEDY: Keys = {
    "kind": Key(text, required=True),
    "ids": Key(texts, required=True),
    "cost": Key(whole, required=True),
    "gain": Key(whole, required=True),
    "witness": Key(_rows(Meeting, MEETING), ()),
}


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Unfit("no object", "an object")
    return value


UNSCHEDULED: Keys = {
    "request": Key(text, required=True),
    "reason": Key(text, required=True),
    "detail": Key(_object, {}),
    "remedies": Key(_rows(Remedy, REMEDY), ()),
}
TERM_VALUES: Keys = {term: Key(whole, required=True) for term in TERMS}
SCHEDULE: Keys = {
    "format": Key(one_of("matchmaker-schedule-1"), required=True),
    "status": Key(one_of("optimal", "feasible"), required=True),
    "objective": Key(OBJECTIVE, required=True),
    "value": Key(whole, required=True),
    "bound": Key(number, required=True),
    "gap": Key(number, required=True),
    "seconds": Key(number, required=True),
    "terms": Key(lambda value: fields(value, TERM_VALUES), required=True),
    "meetings": Key(_rows(Meeting, MEETING), required=True),
    "unscheduled": Key(_rows(Unscheduled, UNSCHEDULED), ()),
}


def problem_from(data: Any) -> Problem:
    """Make a ``Problem`` of parsed JSON; raise ``InvalidProblemError`` where that cannot be."""
    return Problem(**_parts(data, PROBLEM))


def schedule_from(data: Any) -> Schedule:
    """Make a ``Schedule`` of parsed JSON. Only its shape is judged here; the checker judges the rest."""
    return Schedule(**_parts(data, SCHEDULE))


def _parts(data: Any, keys: Keys) -> dict[str, Any]:
    try:
        if isinstance(data, dict):  # a file of another format deserves to hear that, and not about its first key
            fields({"format": data.get("format")}, {"format": keys["format"]})
        parts = fields(data, keys)
    except Unfit as error:
        raise InvalidProblemError(error.place.lstrip(".") or "file", error.wrong, error.expected) from None
    del parts["format"]
    return parts


def read_problem(path: str | os.PathLike[str]) -> Problem:
    """Read ``.json``, ``.json.gz`` or ``.dzn``; a pin that breaks a rule by itself is refused too."""
    from solver.dzn import problem_from_dzn  # noqa: PLC0415 (as above)
    from solver.pins import check_pins  # noqa: PLC0415 (reading a schedule needs no compiler)

    file = Path(path)
    problem = problem_from_dzn(file) if file.suffix == ".dzn" else problem_from(load(file))
    check_pins(problem)
    return problem


def read_schedule(path: str | os.PathLike[str]) -> Schedule:
    return schedule_from(load(Path(path)))


def _time(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _plain(value: Any) -> Any:
    if isinstance(value, (frozenset, set)):
        return sorted(value)
    return value


def _row(value: Any) -> dict[str, Any]:
    return {name: _plain(part) for name, part in asdict(value).items()}


def problem_to(problem: Problem) -> dict[str, Any]:
    """Give the JSON object of a problem; ``problem_from`` turns it back into an equal problem."""
    return {
        "format": "matchmaker-problem-1",
        "slots": [
            {**_row(slot), "start": _time(slot.start), "end": _time(slot.end)} for slot in problem.slots.values()
        ],
        "locations": [_row(location) for location in problem.locations.values()],
        "walking": [{"zones": sorted(zones), "minutes": minutes} for zones, minutes in problem.walking.items()],
        "participants": [_participant_row(person) for person in problem.participants.values()],
        "interpreters": [_row(interpreter) for interpreter in problem.interpreters.values()],
        "requests": [_row(request) for request in problem.requests.values()],
        "pinned": [_row(meeting) for meeting in problem.pinned],
        "previous": [_row(meeting) for meeting in problem.previous],
        "frozen": [_row(meeting) for meeting in problem.frozen],
        "bonuses": list(problem.bonuses),
        "max_breaks": problem.max_breaks,
        "objective": problem.objective,
        "weights": asdict(problem.weights),
    }


def _participant_row(person: Participant) -> dict[str, Any]:
    return {**_row(person), "engagements": [_row(engagement) for engagement in person.engagements]}


def schedule_to(schedule: Schedule) -> dict[str, Any]:
    """Give the JSON object of a schedule; ``schedule_from`` turns it back into an equal schedule."""
    return {"format": "matchmaker-schedule-1", **asdict(schedule)}


def conflict_to(conflict: Conflict) -> dict[str, Any]:
    return {"format": "matchmaker-conflict-1", **asdict(conflict)}


def write_problem(problem: Problem, path: str | os.PathLike[str]) -> None:
    write(problem_to(problem), Path(path))


def write_schedule(schedule: Schedule, path: str | os.PathLike[str]) -> None:
    write(schedule_to(schedule), Path(path))


def write(data: Mapping[str, Any], path: Path) -> None:
    """Write JSON so that a reader finds the old file or the whole new one, never a part."""
    content = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
    if path.exists() and not path.is_file():  # a device or a pipe has no neighbour to be renamed from
        path.write_text(content, encoding="utf-8")
        return
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise

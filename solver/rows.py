"""Values as the parts of a file, before they are text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from solver.problem import Slot

if TYPE_CHECKING:
    from solver.changes import Changes
    from solver.problem import Problem
    from solver.schedule import Explanation, Repair, Schedule


class Long(dict[str, Any]):
    """An object of a file that has lists of rows itself."""


def problem_parts(problem: Problem) -> dict[str, Any]:
    """Give the keys of a problem's file; rows are the values themselves."""
    by_id = ("slots", "locations", "participants", "interpreters", "requests")
    walks = [{"zones": sorted(zones), "minutes": minutes} for zones, minutes in problem.walking.items()]
    rows = {kind: tuple(getattr(problem, kind).values()) for kind in by_id}
    return {"format": "matchmaker-problem-1", **parts_of(problem), **rows, "walking": walks}


def schedule_parts(schedule: Schedule) -> dict[str, Any]:
    """Give the keys of a schedule's file; rows are the values themselves."""
    return {"format": "matchmaker-schedule-1", **parts_of(schedule)}


def changes_parts(changes: Changes) -> dict[str, Any]:
    """Give the keys of a file of changes; rows are the values themselves."""
    added = tuple(changes.added_requests.values())
    return {"format": "matchmaker-changes-1", **parts_of(changes), "added_requests": added}


def repair_parts(repair: Repair) -> dict[str, Any]:
    """Give the keys of a repair's file; each alternative has a whole schedule."""
    alternatives = [
        Long({**parts_of(alternative), "schedule": Long(schedule_parts(alternative.schedule))})
        for alternative in repair.alternatives
    ]
    return {"format": "matchmaker-repair-1", "alternatives": alternatives}


def explanation_parts(explanation: Explanation) -> dict[str, Any]:
    return {"format": "matchmaker-explanation-1", **parts_of(explanation)}


def parts_of(value: Any) -> dict[str, Any]:
    """Give the fields of a value as they are."""
    return {field.name: getattr(value, field.name) for field in fields(value)}


def clock(minutes: int) -> str:
    """Give minutes after midnight as a time such as ``09:20``."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def plain(parts: Mapping[str, Any]) -> dict[str, Any]:
    """Give what stands for the parts in JSON, with every key."""
    return {name: _plain(part) for name, part in parts.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Slot):
        return {**parts_of(value), "start": clock(value.start), "end": clock(value.end)}
    if is_dataclass(value):
        return plain(parts_of(value))
    if isinstance(value, Mapping):
        return plain(value)
    if isinstance(value, (frozenset, set)):
        return sorted(value)
    return [_plain(part) for part in value] if isinstance(value, (tuple, list)) else value

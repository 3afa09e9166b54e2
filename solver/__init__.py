"""Places the meetings of an event: the front door.

Importing this package is quick. OR-Tools is loaded when something is solved.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from solver.changes import Absence, Changes, Closure
from solver.errors import Conflict, InvalidProblemError, NoScheduleError, SolverError
from solver.limits import Progress, SearchLimits
from solver.problem import Engagement, Interpreter, Location, Meeting, Participant, Problem, Request, Slot, Weights
from solver.schedule import TERMS, Alternative, Remedy, Repair, Schedule, Unscheduled

if TYPE_CHECKING:
    from solver.bounding import bound
    from solver.cells import Cell, Grid, placements
    from solver.changed import changed_problem
    from solver.check import violations
    from solver.explaining import explain
    from solver.forecast import (
        frontier,
        one_more_hour,
        one_more_representative,
        one_more_slot,
        one_more_table,
        what_if,
    )
    from solver.records import (
        problem_from,
        problem_to,
        read_problem,
        read_repair,
        read_schedule,
        schedule_from,
        schedule_to,
        write_changes,
        write_problem,
        write_schedule,
    )
    from solver.repairing import repair
    from solver.solving import solve

__all__ = [
    "TERMS",
    "Absence",
    "Alternative",
    "Cell",
    "Changes",
    "Closure",
    "Conflict",
    "Engagement",
    "Grid",
    "Interpreter",
    "InvalidProblemError",
    "Location",
    "Meeting",
    "NoScheduleError",
    "Participant",
    "Problem",
    "Progress",
    "Remedy",
    "Repair",
    "Request",
    "Schedule",
    "SearchLimits",
    "Slot",
    "SolverError",
    "Unscheduled",
    "Weights",
    "bound",
    "changed_problem",
    "explain",
    "frontier",
    "one_more_hour",
    "one_more_representative",
    "one_more_slot",
    "one_more_table",
    "placements",
    "problem_from",
    "problem_to",
    "read_problem",
    "read_repair",
    "read_schedule",
    "repair",
    "schedule_from",
    "schedule_to",
    "solve",
    "violations",
    "what_if",
    "write_changes",
    "write_problem",
    "write_schedule",
]

_LATER = {
    "Cell": "cells",
    "Grid": "cells",
    "placements": "cells",
    "bound": "bounding",
    "changed_problem": "changed",
    "frontier": "forecast",
    "one_more_hour": "forecast",
    "one_more_representative": "forecast",
    "one_more_slot": "forecast",
    "one_more_table": "forecast",
    "what_if": "forecast",
    "explain": "explaining",
    "repair": "repairing",
    "violations": "check",
    "solve": "solving",
} | dict.fromkeys(
    (
        "problem_from",
        "problem_to",
        "read_problem",
        "read_repair",
        "read_schedule",
        "schedule_from",
        "schedule_to",
        "write_changes",
        "write_problem",
        "write_schedule",
    ),
    "records",
)


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module 'solver' has no attribute {name!r}")
    return getattr(import_module(f"solver.{_LATER[name]}"), name)

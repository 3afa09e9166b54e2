"""The rows of the proof, in the order of the page."""

from __future__ import annotations

from collections.abc import Mapping

from tests.prove import (
    booking,
    elsewhere,
    handing,
    kills,
    mail_faults,
    outputs,
    publishing,
    scanner,
    solver,
    sqlite,
    strings,
    workers,
)
from tests.prove.rows import Row

ROWS: Mapping[str, Row] = {
    row.name: row
    for row in (
        kills.ROW,
        publishing.ROW,
        mail_faults.ROW,
        workers.ROW,
        handing.ROW,
        sqlite.ROW,
        booking.ROW,
        solver.ROW,
        outputs.CALENDARS,
        outputs.TIMES,
        elsewhere.MATRIX,
        strings.ROW,
        elsewhere.FORMS,
        elsewhere.FILES,
        scanner.ROW,
        elsewhere.PAGES,
        elsewhere.SCENARIOS,
    )
}

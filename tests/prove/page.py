"""What was measured, for people (docs/prove.md) and for machines (docs/prove.json)."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from solver.bench.machine import facts
from tests.prove.rows import Measured, Row, shown
from tests.prove.table import ROWS

DOCS = Path(__file__).parents[2] / "docs"
PAGE, STORE = DOCS / "prove.md", DOCS / "prove.json"
HEAD = """# What is promised, measured

`make prove` measures every row, `make prove ROW=mail-faults` one of them, `python -m tests.prove --list` names them
all. Each row was measured by the command that stands beside it; `make test` runs a smoke of each, and sees it fail
with the guard switched off. The same figures for machines: [prove.json](prove.json).

| row | asked | measured | size | seconds | command | date | machine |
| --- | --- | --- | --- | ---: | --- | --- | --- |
"""
NOT_YET = "not measured yet"


def keep(row: Row, found: Measured, *, command: str, seconds: float, date: datetime) -> None:
    """Write down what one row measured, and leave the others as they are."""
    kept = stored()
    machine = facts()
    kept[row.name] = {
        "asked": row.asked,
        "holds": not found.faults,
        "measured": found.said,
        "faults": shown(found.faults).splitlines(),
        "size": found.size,
        "seconds": round(seconds, 1),
        "command": command,
        "date": f"{date:%Y-%m-%d %H:%M} UTC",
        "machine": f"{machine['Processor']}; {machine['System']}; load {machine['Load when it began'].split()[0]}",
    }
    in_order = {name: kept[name] for name in ROWS if name in kept}
    STORE.write_text(json.dumps(in_order, indent=2, ensure_ascii=False) + "\n", "utf-8")
    PAGE.write_text(written(in_order), "utf-8")


def stored() -> dict[str, Any]:
    """Return what was measured, by row."""
    return json.loads(STORE.read_text("utf-8")) if STORE.exists() else {}


def written(kept: dict[str, Any]) -> str:
    """Return the page of what was measured."""
    return HEAD + "".join(_line(row, kept.get(row.name)) for row in ROWS.values())


def _line(row: Row, one: dict[str, Any] | None) -> str:
    if one is None:
        return _cells(row.name, row.asked, NOT_YET, "", "", f"`python -m tests.prove {row.name}`", "", "")
    measured = one["measured"] if one["holds"] else f"**broken**: {one['measured']}; {'; '.join(one['faults'])}"
    command, date, machine = f"`{one['command']}`", one["date"], one["machine"]
    return _cells(row.name, one["asked"], measured, one["size"], f"{one['seconds']:.0f}", command, date, machine)


def _cells(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |\n"

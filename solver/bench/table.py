"""The figures as a table: comma-separated for programs, Markdown for a page."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from solver.bench.measuring import proof
from solver.bench.peers import PEERS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from solver.bench.measuring import Measured, Result

EARLY, SOON = 5.0, 10.0  # seconds
WORDS = {"instance", "status", "event", "what", "figure"}  # columns set to the left
Cells = dict[str, str]


def cells(measured: Measured) -> Cells:
    case, own = measured.case, measured.own
    counts = case.objective == "breaks"  # so few that a share of them says nothing
    row = {
        "instance": case.name,
        "status": own.status,
        "value": _plain(own.value),
        "bound": _plain(own.bound),
        "gap": "" if counts else _percent(own.gap),
        "gap at 10 s": "" if counts else _percent(own.gap_after(SOON)),
        "value at 5 s": _plain(own.value_after(EARLY)) if counts else "",
        "first s": _seconds(own.first),
        "seconds": _seconds(own.seconds),
        "CPU s": _seconds(own.cpu_seconds),
        "MB": f"{own.megabytes:.0f}",
        "violations": str(own.violations),
        "known optimum": case.optimum,
        "published s": _plain(case.published_seconds),
    }
    for name in PEERS:
        row |= _peer_cells(name, measured.peers.get(name))
    return row


def _peer_cells(name: str, result: Result | None) -> Cells:
    if result is None:
        return {name: "", f"{name} CPU s": ""}
    return {name: proof(result) or "open", f"{name} CPU s": _seconds(result.cpu_seconds)}


def total(measured: Sequence[Measured]) -> Cells:
    """Add up the CPU time, ours and the peers', over the instances."""
    row = {"instance": "all", "CPU s": _seconds(sum(one.own.cpu_seconds for one in measured))}
    for name in PEERS:
        results = [one.peers[name] for one in measured if name in one.peers]
        if results:
            row[f"{name} CPU s"] = _seconds(sum(result.cpu_seconds for result in results))
    return row


def _plain(number: float | None) -> str:
    return "" if number is None else f"{number:.10g}"


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.3f} %"


def _seconds(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds:.1f}"


def as_csv(rows: Sequence[Cells]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def as_markdown(rows: Sequence[Cells]) -> str:
    """Give the columns in which anything stands, numbers set to the right."""
    columns = [column for column in rows[0] if any(row.get(column) for row in rows)]
    lines = [_line(columns), _line(["---" if column in WORDS else "---:" for column in columns])]
    return "\n".join(lines + [_line([row.get(column, "") for column in columns]) for row in rows]) + "\n"


def _line(parts: Sequence[str]) -> str:
    return f"| {' | '.join(parts)} |"


def write_section(page: Path, name: str, content: str) -> None:
    """Put the content between the page's two marks of this name; a page without them is written anew.

    The marks are ``<!-- name -->`` and ``<!-- end of name -->``, each on a line of its own.
    """
    first, last = f"<!-- {name} -->\n", f"<!-- end of {name} -->\n"
    text = page.read_text(encoding="utf-8") if page.is_file() else ""
    before, found, rest = text.partition(first)
    after = rest.partition(last)[2] if found else ""
    page.write_text(f"{before}{first}\n{content}\n{last}{after}", encoding="utf-8")


def machine(facts: Mapping[str, str]) -> str:
    return "".join(f"- {what}: {fact}\n" for what, fact in facts.items())

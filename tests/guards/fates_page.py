"""The table of fates as docs/data.md shows it: ``python -m tests.guards.fates_page`` writes it there."""

from __future__ import annotations

import re
from pathlib import Path

from matchmaker.domain.fates import FATES, Fate, Kind, When

PAGE = Path(__file__).resolve().parents[2] / "docs" / "data.md"
TABLE = re.compile(
    r"(?<=<!-- made from matchmaker/domain/fates.py -->\n\n).*?(?=\n\n<!-- end of the table -->)", re.DOTALL
)
HEAD = "| of what | columns | fate | why |\n|---|---|---|---|"


def table() -> str:
    """Return the table in words: a row for each group of columns with one fate."""
    rows = [
        f"| {table.words if first else ''} | {_columns(name, names)} | {_fate(fate)} | {fate.reason} |"
        for name, table in sorted(FATES.items())
        for first, (names, fate) in zip([True, *[False] * len(table.groups)], table.groups, strict=False)
    ]
    return "\n".join([HEAD, *rows])


def shown() -> str:
    """Return the table that stands on the page."""
    found = TABLE.search(PAGE.read_text(encoding="utf-8"))
    return found[0] if found else ""


def _columns(table: str, names: str) -> str:
    return f"`{table}`: {', '.join(names.split())}"


def _fate(fate: Fate) -> str:
    if fate.kind is not Kind.ANONYMOUS:
        return str(fate.kind)
    when = "" if fate.when is When.PERSON else f", {fate.when}"
    return f"{_becomes(fate.becomes)}{when}"


def _becomes(value: object) -> str:
    match value:
        case dict() if value:
            return f"becomes “{value['en']}”"
        case bool():
            return f"becomes {'yes' if value else 'no'}"
        case str() | int() if value:
            return f"becomes “{value}”"
        case _:
            return "emptied"


if __name__ == "__main__":
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(TABLE.sub(lambda _: table(), page), encoding="utf-8")

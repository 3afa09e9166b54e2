"""Fitting sheets to pages: each in the first layout in which it takes one page. Here, or in a process of its own."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from matchmaker.paper import press

TEMPLATE = "agenda.typ"
LAYOUTS = ((1, 1.0), (1, 0.9), (2, 1.0), (2, 0.9), (2, 0.8), (2, 0.7), (3, 0.7), (3, 0.6))
"""Columns and size of type, tried in this order until one page holds all."""
ROOM = 774
"""Points from the upper to the lower margin of a page."""
LEAST = {"day": 22.0, "quiet": 11.5, "meeting": 36.0, "other": 26.0}
"""Points that parts of a day take at the very least in type of the usual size."""
Content = dict[str, Any]


def bound(sheets: Sequence[Content], head: Content) -> tuple[bytes, str]:
    """Return sheets as one PDF, each in the first layout in which it takes one page, or in the last.

    ``head`` is what all share.
    With it why the file promises no PDF/UA-1, as ``press.printed`` says it. What was set to be tried is not set again:
    the typesetter remembers it.
    """
    return press.printed(TEMPLATE, _book(_fitted(sheets, head), head))


def bound_apart(sheets: Sequence[Content], head: Content) -> tuple[bytes, str]:
    """Do what ``bound`` does in a process of its own.

    Raises
    ------
    UnsetError
        If it ends otherwise, be it for want of memory.
    """
    return press.apart(__name__, json.dumps({"sheets": sheets, "head": head}))


def _fitted(sheets: Sequence[Content], head: Content) -> list[Content]:
    """Give each sheet its layout. Those that overflow are set again among themselves, and only where it may help."""
    fitted = [_first_layout(sheet) for sheet in sheets]
    left = list(range(len(sheets)))
    while left:
        ends: list[int] = json.loads(press.asked(TEMPLATE, _book([fitted[place] for place in left], head), "ends"))
        pages = [end - before for before, end in pairwise([0, *ends])]
        left = [place for place, count in zip(left, pages, strict=True) if count > 1 and _has_next(fitted[place])]
        for place in left:
            fitted[place] = _in_layout(fitted[place], LAYOUTS.index(_layout(fitted[place])) + 1)
    return fitted


def _first_layout(sheet: Content) -> Content:
    """Return a sheet in the first layout for which its days are not certainly too long: to set a page takes long."""
    needed = sum(_least(day) for day in sheet["days"])
    fits = (number for number, (columns, size) in enumerate(LAYOUTS) if needed * size <= columns * ROOM)
    return _in_layout(sheet, next(fits, len(LAYOUTS) - 1))


def _least(day: Content) -> float:
    kinds = ("quiet" if row["quiet"] else "meeting" if row.get("status") else "other" for row in day["rows"])
    return LEAST["day"] + sum(LEAST[kind] for kind in kinds)


def _in_layout(sheet: Content, number: int) -> Content:
    columns, size = LAYOUTS[number]
    return {**sheet, "columns": columns, "size": size}


def _layout(sheet: Content) -> tuple[int, float]:
    return sheet["columns"], sheet["size"]


def _has_next(sheet: Content) -> bool:
    return _layout(sheet) != LAYOUTS[-1]


def _book(sheets: Sequence[Content], head: Content) -> str:
    first = sheets[0]
    whole = {**head, "language": first["language"], "author": first["event"], "made": first["made"]}
    return json.dumps({**whole, "sheets": sheets})


if __name__ == "__main__":
    told = press.taken()
    press.give(*bound(**json.loads(told)))
    sys.exit(0)

"""Fitting sheets to pages: each in the first layout in which it takes one page. Here, or in a process of its own."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from matchmaker.paper import press

TEMPLATE = "agenda.typ"
LAYOUTS = ((1, 1.0), (1, 0.9), (2, 1.0), (2, 0.9), (2, 0.8), (2, 0.7), (3, 0.7), (3, 0.6))
"""Columns and size of type, tried in this order until one page holds all."""
LAST = len(LAYOUTS) - 1
ROOM = 774
"""Points from the upper to the lower margin of a page."""
LEAST = {"day": 22.0, "quiet": 11.5, "meeting": 36.0, "other": 26.0}
"""Points that parts of a day take at the very least in type of the usual size."""
HEAD, CODE, BOX = 60, 80, 20
"""Points that the head of a page takes of every column, and of one the code at its foot and the box of reasons."""
WIDTH, GUTTER, LETTER, LINE = 516, 20, 3.8, 10
"""Points of a page across, between columns, and of a letter and a line of reasons at the very least."""
Content = dict[str, Any]


def bound(sheets: Sequence[Content], head: Content) -> tuple[bytes, str]:
    """Return sheets as one PDF, each in the first layout in which it takes one page, or in the last.

    With it why the file promises no PDF/UA-1, as ``press.printed`` says it. ``head`` is what all share.
    """
    if len(sheets) == 1:
        return _bound_alone(sheets[0], head)
    return press.printed(TEMPLATE, _book(_fitted(sheets, head), head))


def _bound_alone(sheet: Content, head: Content) -> tuple[bytes, str]:
    """Print one sheet in one layout after the other: mostly the first will do, and to ask before takes as long."""
    number = _next_layout(sheet, 0)
    while True:
        file, untagged = press.printed(TEMPLATE, _book([_in_layout(sheet, number)], head))
        if number == LAST or press.pages(file) == 1:
            return file, untagged
        number = _next_layout(sheet, number + 1)


def bound_apart(sheets: Sequence[Content], head: Content) -> tuple[bytes, str]:
    """Do what ``bound`` does in two processes: one that fits and one that prints, so that neither needs much memory.

    Raises
    ------
    UnsetError
        If one of them ends otherwise, be it for want of memory.
    """
    numbers: list[int] = json.loads(press.apart(__name__, json.dumps({"sheets": sheets, "head": head}))[0])
    fitted = [_in_layout(sheet, number) for sheet, number in zip(sheets, numbers, strict=True)]
    return press.printed_apart(TEMPLATE, _book(fitted, head))


def _fitted(sheets: Sequence[Content], head: Content) -> list[Content]:
    """Give each sheet its layout. Those that overflow are set again among themselves, and only where it may help."""
    numbers = [_next_layout(sheet, 0) for sheet in sheets]
    left = list(range(len(sheets)))
    while left:
        book = _book([_in_layout(sheets[place], numbers[place]) for place in left], head)
        ends: list[int] = json.loads(press.asked(TEMPLATE, book, "ends"))
        pages = [end - before for before, end in pairwise([0, *ends])]
        left = [place for place, count in zip(left, pages, strict=True) if count > 1 and numbers[place] < LAST]
        for place in left:
            numbers[place] = _next_layout(sheets[place], numbers[place] + 1)
    return [_in_layout(sheet, number) for sheet, number in zip(sheets, numbers, strict=True)]


def _next_layout(sheet: Content, first: int) -> int:
    """Return the first layout from ``first`` on for which a sheet is not certainly too long: to set one takes long."""
    return next((number for number in range(first, LAST) if _may_fit(sheet, *LAYOUTS[number])), LAST)


def _may_fit(sheet: Content, columns: int, size: float) -> bool:
    days = sum(_least(day) for day in sheet["days"]) * size
    foot = CODE if sheet["qr"] else 0
    return days + _reasons(sheet, columns, size) + foot <= columns * (ROOM - HEAD)


def _reasons(sheet: Content, columns: int, size: float) -> float:
    """Return the points that the reasons take at the very least."""
    items, across = sheet["not_scheduled"]["items"], (WIDTH - (columns - 1) * GUTTER) / columns
    lines = sum(max(1, int(len(item["why"]) * LETTER * size / across)) for item in items)
    return BOX + lines * LINE * size if items else 0


def _least(day: Content) -> float:
    kinds = ("quiet" if row["quiet"] else "meeting" if row.get("status") else "other" for row in day["rows"])
    return LEAST["day"] + sum(LEAST[kind] for kind in kinds)


def _in_layout(sheet: Content, number: int) -> Content:
    columns, size = LAYOUTS[number]
    return {**sheet, "columns": columns, "size": size}


def _book(sheets: Sequence[Content], head: Content) -> str:
    first = sheets[0]
    whole = {**head, "language": first["language"], "author": first["event"], "made": first["made"]}
    return json.dumps({**whole, "sheets": sheets})


def _layout_of(sheet: Content) -> int:
    return LAYOUTS.index((sheet["columns"], sheet["size"]))


if __name__ == "__main__":
    given = json.loads(press.taken())
    press.give(json.dumps([_layout_of(sheet) for sheet in _fitted(**given)]).encode(), "")

"""Where a table begins in a sheet: titles and notes above it, heads in one row or in two."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from matchmaker.domain.columns import is_exact, recognised

Cell = str | int
"""A cell as it was read; an ``int`` where the sheet held a number, which may have lost zeros in front."""
Row = tuple[int, list[Cell]]
"""The number of a row in the sheet, from 1, and its cells; empty rows are left out."""
LOOKED_AT = 30
_VALUE = re.compile(r"\S+@\S+\.\S+|\+?[0-9][0-9 ().-]{7,}")


class Heads(NamedTuple):
    """``first`` is the sheet's number of the row of heads, ``height`` how many rows they take: 0, 1 or 2."""

    first: int
    height: int


def find(rows: Sequence[Row]) -> Heads:
    """Return where the heads seem to stand: where most columns are recognised, in as few rows as that takes."""
    best, most = Heads(rows[0][0] if rows else 1, 0), 0
    for height in (1, 2):
        for number, row in enumerate(rows[:LOOKED_AT]):
            part = [cells for _, cells in rows[number : number + height]]
            if len(part) == height and not any(map(_holds_values, part)) and (known := _known(joined(part))) > most:
                best, most = Heads(row[0], height), known
    return best if most > 1 else _by_shape(rows)


def texts(rows: Sequence[Row], heads: Heads, width: int) -> list[str]:
    """Return the head of each column, "" where it has none."""
    part = [cells for number, cells in rows if number >= heads.first][: heads.height]
    found = joined(part) if part else []
    return [*found, *[""] * (width - len(found))][:width]


def below(rows: Sequence[Row], heads: Heads) -> list[Row]:
    """Return the rows that hold people: those after the heads."""
    return [row for row in rows if row[0] >= heads.first][heads.height :]


def letter(number: int) -> str:
    """Return what spreadsheet programs call a column, from 0: A, B … Z, AA."""
    above, rest = divmod(number, 26)
    return (letter(above - 1) if above else "") + chr(ord("A") + rest)


def joined(rows: Sequence[Sequence[Cell]]) -> list[str]:
    """Return one head a column; over two rows, the upper one goes on to the right until the next."""
    if len(rows) < 2:
        return [str(cell).strip() for cell in rows[0]] if rows else []
    upper, lower = rows[0], rows[1]
    width = max(len(upper), len(lower))
    return _under([*upper, *[""] * (width - len(upper))], [*lower, *[""] * (width - len(lower))])


def _under(upper: Sequence[Cell], lower: Sequence[Cell]) -> list[str]:
    found, group = list[str](), ""
    for above, under in zip(upper, lower, strict=True):
        group = str(above).strip() or (group if str(under).strip() else "")
        words = str(under).strip()
        whole = words if words == group else f"{group} {words}".strip()  # a head that is merged over both rows
        found.append(words if recognised(words) and not is_exact(whole) else whole)
    return found


def _known(heads: Sequence[str]) -> int:
    return len({column for head in heads if (column := recognised(head)) is not None})


def _holds_values(cells: Sequence[Cell]) -> bool:
    return any(isinstance(cell, int) or _VALUE.fullmatch(cell.strip()) for cell in cells)


def _by_shape(rows: Sequence[Row]) -> Heads:
    """Where no head is known, take the first row of several words for heads, unless it holds values already."""
    for number, cells in rows[:LOOKED_AT]:
        if sum(bool(str(cell).strip()) for cell in cells) > 1:
            return Heads(number, 0 if _holds_values(cells) else 1)
    return Heads(rows[0][0] if rows else 1, 0)

"""The one place that writes spreadsheets: every cell of every sheet goes through ``export_cell``."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any, NamedTuple, cast

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

Value = str | int | dt.date | dt.time | None
"""What a cell may hold: words, a number, a day, a wall time (``datetime`` without a zone), nothing."""

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_LETTERS = 32_767
"""What a cell of the format may hold, in UTF-16 units."""
_FORMULA = re.compile(r"'*\s*[=+\-@\uff1d\uff0b\uff0d\uff20]")
_NUMBER = re.compile(r"[+-]?[0-9][0-9 ().,/\u00a0-]*\Z")
"""A telephone number, or an amount: it may begin with a sign, and no program finds a formula in it."""
_UNSEEN = frozenset({"Cc", "Cs", "Zl", "Zp"})
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\ufffe\uffff")
_WIDEST = 60
LONGEST_TAB = 31
_FORBIDDEN_IN_TABS = re.compile(r"[\\/*?:\[\]]")


class Sheet(NamedTuple):
    """A row of heads that stays in sight, then ``rows``."""

    title: str
    heads: Sequence[str]
    rows: Iterable[Sequence[Value]]


def workbook(title: str, heads: Sequence[str], rows: Iterable[Sequence[Value]], *, right_to_left: bool) -> bytes:
    """Return an xlsx file of one sheet."""
    return sheets([Sheet(title, heads, rows)], right_to_left=right_to_left)


def sheets(parts: Iterable[Sheet], *, right_to_left: bool) -> bytes:
    """Return an xlsx file of these sheets, whose titles are shortened and numbered where the format asks for it."""
    book = Workbook(write_only=True)
    for number, part in enumerate(parts, 1):
        _write(book.create_sheet(_tab(part.title, number, book.sheetnames)), part, right_to_left=right_to_left)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _tab(title: str, number: int, taken: Sequence[str]) -> str:
    """Return a title that a tab may bear: short, without what the format forbids, and unlike the others."""
    kept = _FORBIDDEN_IN_TABS.sub(" ", defused(title)).strip(" '")[:LONGEST_TAB].strip()
    return kept if kept and kept not in taken else f"{kept[: LONGEST_TAB - 4]} {number}".strip()


def _write(sheet: Any, part: Sheet, *, right_to_left: bool) -> None:
    body = [list(row) for row in part.rows]
    sheet.sheet_view.rightToLeft = right_to_left
    sheet.freeze_panes = "A2"
    for number, column in enumerate(zip(part.heads, *body, strict=True), start=1):
        width = min(2 + max(len(str(value or "")) for value in column), _WIDEST)
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.append([_head(sheet, head) for head in part.heads])
    for row in body:
        sheet.append([export_cell(sheet, value) for value in row])


def export_cell(sheet: Any, value: Value) -> Any:
    """Return a cell of a sheet that holds what it shows and does nothing.

    Words are written as words, never as a formula, and such as would become one where somebody saves the sheet as
    CSV get an apostrophe before them. Characters that no cell can hold, or that turn its line round, are gone.
    """
    if not isinstance(value, str):
        return WriteOnlyCell(sheet, cast("Any", value))  # the library's types know less than it does
    cell = WriteOnlyCell(sheet, defused(value) or None)
    if cell.value:
        cell.data_type = "s"
        cell.number_format = "@"
        cell.alignment = Alignment(wrap_text="\n" in value, vertical="top")
    return cell


def defused(text: str) -> str:
    """Return words that no spreadsheet program takes for a formula, without characters that are not for eyes."""
    kept = "".join(letter for letter in text if letter == "\n" or not _is_unseen(letter))
    if _FORMULA.match(kept) and not _NUMBER.match(kept):
        kept = f"'{kept}"
    return kept.encode("utf-16-le")[: 2 * MOST_LETTERS].decode("utf-16-le", "ignore")


def undefused(text: str) -> str:
    """Return words that were written through this gate as they were before."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def _is_unseen(letter: str) -> bool:
    return letter in _TURNING or unicodedata.category(letter) in _UNSEEN


def _head(sheet: Any, words: str) -> Any:
    cell = export_cell(sheet, words)
    cell.font = Font(bold=True)
    return cell

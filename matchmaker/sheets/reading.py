"""Reading a table that somebody made in a spreadsheet program: xlsx, or text with separators. Limits come first.

It runs in a child process (``sheets.capped``), so it imports nothing of ours that knows the web or the database.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
import warnings
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO, StringIO
from itertools import islice
from typing import Any
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries

from matchmaker.domain.heads import Cell, Row
from matchmaker.domain.searching import folded
from matchmaker.domain.wording import N_
from matchmaker.sheets.cells import undefused

MOST_ROWS = 5_000
MOST_COLUMNS = 200
MOST_UNPACKED = 64 * 1024 * 1024
MOST_PARTS = 2_000
MOST_LETTERS = 4_000
"""Of a cell; what is longer is no name and no address, and is cut."""
ROOM_FOR_HEADS = 30
SEPARATORS = (";", "\t", ",", "|")

TOO_MANY = N_("The table has more than 5,000 rows. Import it in parts.")
TOO_LARGE = N_("This file is too large to be read. Keep only the table of people in it, at most 5,000 rows.")
TOO_WIDE = N_("The table has more than 200 columns. Keep those that are about people.")
ENCRYPTED = N_("This file is protected by a password. Save it without one, then send it again.")
OLD = N_("This is an old Excel file (.xls). Open it and save it as .xlsx, then send it again.")
OTHER = N_("This spreadsheet is of another kind. Save it as .xlsx or as CSV, then send it again.")
NO_TABLE = N_("This is not a table: send an .xlsx or CSV file, or paste cells from a spreadsheet.")
BROKEN = N_("This file is damaged or incomplete. Open it in your spreadsheet program, save it, and send it again.")
EMPTY = N_("There is nothing in this table.")


class UnreadableError(Exception):
    """The file is none that we read; the text is a sentence of the catalogues that says which, and the way on."""


@dataclass(frozen=True, slots=True)
class Read:
    """The rows of one sheet that are not empty, the sheet's name, and the names of other sheets that hold something."""

    rows: list[Row]
    sheet: str = ""
    others: list[str] = field(default_factory=list)


def read(content: bytes, tabs: Collection[str] = ()) -> Read:
    """Read a file by what it holds, whatever it is called; of several sheets one with a title of ``tabs``, folded.

    Raises
    ------
    UnreadableError
        With the sentence that says why not.
    """
    if content.startswith(b"PK\x03\x04"):
        return _read_zip(content, tabs)
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise UnreadableError(ENCRYPTED if "EncryptedPackage".encode("utf-16-le") in content else OLD)
    return read_text(decoded(content))


def read_text(text: str) -> Read:
    """Read a table in plain text: pasted cells, or CSV with any of the usual separators.

    Raises
    ------
    UnreadableError
        With the sentence that says why not.
    """
    if re.match(r"\s*<[!?a-zA-Z]", text) or text.startswith(("%PDF", "{\\rtf")):
        raise UnreadableError(NO_TABLE)
    announced = re.match(r"sep=(.)\r?\n", text)
    body = text[announced.end() :] if announced else text
    separator = announced[1] if announced else _separator(body)
    csv.field_size_limit(1_000_000)
    try:
        lines = csv.reader(StringIO(body, newline=""), delimiter=separator)
        return Read(_kept([_typed(cell) for cell in line] for line in lines))
    except csv.Error as error:
        raise UnreadableError(BROKEN) from error


def decoded(content: bytes) -> str:
    """Return a file's text: Unicode with its mark or without, else as French Windows writes it.

    Raises
    ------
    UnreadableError
        If it is no text.
    """
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return _as(content, encoding)
    zeros = Counter(number % 2 for number, byte in enumerate(content[:2000]) if not byte)
    if zeros:
        if min(zeros[0], zeros[1]) * 20 > max(zeros[0], zeros[1]):
            raise UnreadableError(NO_TABLE)
        return _as(content, "utf-16-le" if zeros[1] > zeros[0] else "utf-16-be")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _as(content, "cp1252")


def _as(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableError(NO_TABLE) from error


def _separator(text: str) -> str:
    """Return the separator by which most lines fall into equally many cells, more than one."""
    best, most = ";", 0
    for separator in SEPARATORS:
        lines = list(islice(csv.reader(StringIO(text[:200_000], newline=""), delimiter=separator), 60))
        widths = Counter(len(line) for line in lines if len(line) > 1)
        if widths and (score := max(count * min(width, 12) for width, count in widths.items())) > most:
            best, most = separator, score
    return best


def _typed(words: str) -> Cell:
    """Return a number where a spreadsheet program would have made one of these digits, else the words."""
    digits = words.strip()
    return int(digits) if re.fullmatch(r"[1-9][0-9]{7,14}", digits) else words


# ── workbooks ───────────────────────────────────────────────────────────────


def _read_zip(content: bytes, tabs: Collection[str]) -> Read:
    try:
        with ZipFile(BytesIO(content)) as archive:
            _refuse_bombs(archive)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and rules that nobody needs here
            book = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
            try:
                return _first_sheet(book, tabs)
            finally:
                book.close()
    except (UnreadableError, MemoryError):
        raise
    except BadZipFile as error:
        raise UnreadableError(BROKEN) from error
    except Exception as error:  # the library raises whatever its parser meets in a broken file
        raise UnreadableError(BROKEN) from error


def _refuse_bombs(archive: ZipFile) -> None:
    """Refuse by what the archive says of itself; reading stops at the sizes that it says."""
    parts = archive.infolist()
    names = {part.filename.lower() for part in parts}
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise UnreadableError(TOO_LARGE)
    if any(part.flag_bits & 1 for part in parts):
        raise UnreadableError(ENCRYPTED)
    if "xl/workbook.bin" in names or "content.xml" in names:
        raise UnreadableError(OTHER)
    if "[content_types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise UnreadableError(NO_TABLE)


def _first_sheet(book: Any, tabs: Collection[str]) -> Read:
    """Return the first sheet in sight that holds something, those of ``tabs`` first; of the others only the names."""
    found: Read | None = None
    others = list[str]()
    for sheet in sorted(book.worksheets, key=lambda sheet: folded(sheet.title) not in tabs):
        if sheet.sheet_state != "visible":
            continue
        sheet.reset_dimensions()  # what programs write of a sheet's size is often wrong
        if found is None:
            rows = _rows_of(sheet)
            found = Read(rows, sheet.title) if rows else None
        elif any(
            any(value not in {None, ""} for value in row) for row in islice(sheet.iter_rows(values_only=True), 50)
        ):
            others.append(sheet.title)
    if found is None:
        raise UnreadableError(EMPTY)
    return Read(found.rows, found.sheet, others)


def _rows_of(sheet: Any) -> list[Row]:
    rows = [(number, cells) for number, cells in _numbered(map(_as_cells, sheet.iter_rows(values_only=True)))]
    return _spread(rows, _merged(sheet)) if rows else []


def _as_cells(values: Iterable[Any]) -> list[Cell]:
    return [_cell(value) for value in values]


def _cell(value: Any) -> Cell:
    if value is None:
        return ""
    if isinstance(value, bool | int):
        return int(value)
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1e15 else f"{value:.10g}"
    return _moment(value) if isinstance(value, dt.date | dt.time) else undefused(str(value))


def _moment(value: dt.date | dt.time) -> str:
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "minutes")
    return value.isoformat() if isinstance(value, dt.date) else value.isoformat("minutes")


def _merged(sheet: Any) -> Iterator[tuple[int, int, int, int]]:
    """Yield merged ranges as (column, row, last column, last row), from 1; the library reads none in this mode."""
    pattern, rest = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=[\"']([A-Z]+[0-9]+:[A-Z]+[0-9]+)[\"']"), b""
    with sheet._get_source() as source:  # noqa: SLF001 -- the part of the archive that holds this sheet
        while block := source.read(1 << 16):
            text = rest + block
            for found in pattern.finditer(text):
                yield _corners(found[1].decode("ascii"))
            cut = text.rfind(b"<")
            rest = text[cut:] if cut >= 0 and b">" not in text[cut:] else b""


def _corners(reference: str) -> tuple[int, int, int, int]:
    left, top, right, bottom = range_boundaries(reference)
    return left or 1, top or 1, right or 1, bottom or 1


def _spread(rows: list[Row], merged: Iterable[tuple[int, int, int, int]]) -> list[Row]:
    """Give what stands in merged cells to each row that they cover; across columns it is said once."""
    by_number = dict(rows)
    for column, row, _, last in merged:
        cells = by_number.get(row)
        if cells is None or last == row or column > len(cells) or cells[column - 1] == "":
            continue
        for number in range(row + 1, min(last, row + MOST_ROWS) + 1):
            below = by_number.get(number)
            if below is not None:
                below.extend([""] * (column - len(below)))
                below[column - 1] = below[column - 1] or cells[column - 1]
    return rows


def _kept(lines: Iterable[list[Cell]]) -> list[Row]:
    rows = list(_numbered(lines))
    if not rows:
        raise UnreadableError(EMPTY)
    return rows


def _numbered(lines: Iterable[list[Cell]]) -> Iterator[Row]:
    """Yield the lines that hold something with their numbers, without empty cells at their ends."""
    kept = 0
    for number, cells in enumerate(lines, start=1):
        while cells and (cells[-1] == "" or (isinstance(cells[-1], str) and not cells[-1].strip())):
            cells.pop()
        if not cells:
            continue
        if len(cells) > MOST_COLUMNS:
            raise UnreadableError(TOO_WIDE)
        kept += 1
        if kept > MOST_ROWS + ROOM_FOR_HEADS:
            raise UnreadableError(TOO_MANY)
        yield number, [cell[:MOST_LETTERS] if isinstance(cell, str) else cell for cell in cells]

"""The report as a spreadsheet: a sheet for each of its parts."""

from __future__ import annotations

from collections.abc import Iterable

from matchmaker.queries import agenda_words as say
from matchmaker.queries.report_words import Section
from matchmaker.sheets.cells import Sheet, sheets


def report_sheets(sections: Iterable[Section]) -> bytes:
    """Return an xlsx file in the language at work."""
    return sheets(map(_sheet, sections), right_to_left=say.language() == "ar")


def _sheet(section: Section) -> Sheet:
    rows = [[line.name, *line.figures] for line in section.lines]
    return Sheet(section.title, [section.of, *section.heads], rows)

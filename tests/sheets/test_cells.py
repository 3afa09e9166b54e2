"""The gate to spreadsheets: what goes in is shown, and nothing of it is ever done."""

from datetime import date, datetime, time
from io import BytesIO

import pytest
from openpyxl import load_workbook

from matchmaker.sheets import cells
from matchmaker.sheets.cells import MOST_LETTERS, defused, workbook
from tests.mail.test_messages import HOSTILE

FORMULAS = (
    "=1+1",
    '=HYPERLINK("http://thief.example","x")',
    "=cmd|' /C calc'!A0",
    "+1+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "  =1+1",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\x00=1+1",
    "\ufeff=1+1",
    "\u202e=1+1",
    "\uff1d1+1",
    "\uff0b1",
    "\uff0d1",
    "\uff20SUM(1)",
)
PLAIN = ("Salma", "سلمى", "😀", "a=b", "x-y", "a@b.org", "+212 600-00.00", "-12,5", "+33 (0)6", "'quoted", "", "1+1")


def read(content):
    return load_workbook(BytesIO(content)).active


def sheet(*values, heads=None):
    return read(workbook("Essai", heads or ["x"] * len(values), [values], right_to_left=False))


def cell_of(value):
    return sheet(value)["A2"]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_is_words_and_stays_words_in_csv(text):
    cell = cell_of(text)

    assert cell.data_type == "s"
    assert cell.value.startswith("'")
    assert cell.value[1:].lstrip()[0] in "=+-@\uff1d\uff0b\uff0d\uff20"


@pytest.mark.parametrize("text", FORMULAS)
def test_a_head_is_a_cell_like_any_other(text):
    assert sheet("", heads=[text])["A1"].value.startswith("'")


@pytest.mark.parametrize("text", PLAIN)
def test_what_is_no_formula_stays_as_it_is(text):
    assert cell_of(text).value == (text or None)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_breaks_the_file(text):
    cell = cell_of(text)

    assert cell.data_type in "sn"
    assert "\x00" not in (cell.value or "")


def test_every_control_character_is_gone_but_the_end_of_a_line():
    letters = "".join(map(chr, [*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029, 0xD800, 0xFFFE, 0xFFFF]))

    assert cell_of(f"a{letters}b").value == "a\nb"


def test_a_text_longer_than_a_cell_is_cut_between_letters():
    text = defused("a" + "😀" * MOST_LETTERS)

    assert len(text.encode("utf-16-le")) // 2 <= MOST_LETTERS
    assert set(text[1:]) == {"😀"}


def test_numbers_and_days_are_such():
    found = sheet(7, date(2026, 3, 10), datetime(2026, 3, 10, 9, 20), time(9, 20), None)  # noqa: DTZ001 -- wall time

    assert [cell.value for cell in found[2]] == [
        7, datetime(2026, 3, 10), datetime(2026, 3, 10, 9, 20), time(9, 20), None,  # noqa: DTZ001
    ]  # fmt: skip


@pytest.mark.parametrize("right_to_left", [True, False])
def test_an_arabic_sheet_runs_from_the_right(right_to_left):
    found = read(workbook("جدول", ["أ"], [], right_to_left=right_to_left))

    assert bool(found.sheet_view.rightToLeft) is right_to_left
    assert (found.title, found.freeze_panes) == ("جدول", "A2")


def test_a_sheet_that_went_round_the_gate_is_noticed(monkeypatch):
    """The control: without the gate, a formula is one."""
    monkeypatch.setattr(cells, "export_cell", cells.WriteOnlyCell)

    assert cell_of("=1+1").data_type == "f"

"""Reading what spreadsheet programs write, and refusing in one sentence what they did not."""

import struct
import zlib
from datetime import date
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook

from matchmaker import capped
from matchmaker.errors import InvalidValue
from matchmaker.sheets import reading
from matchmaker.sheets.capped import read_capped
from matchmaker.sheets.reading import UnreadableError, decoded, read

LINES = "Nom;Société;Tél\r\nNaïma Œil;« Étés »;0612\r\n"
ROWS = [(1, ["Nom", "Société", "Tél"]), (2, ["Naïma Œil", "« Étés »", "0612"])]


def book(*rows, sheets=(), merged=(), **attributes):
    made = Workbook()
    sheet = made.active
    for row in rows:
        sheet.append(row)
    for area in merged:
        sheet.merge_cells(area)
    for name, values in sheets:
        made.create_sheet(name).append(values)
    for name, value in attributes.items():
        setattr(sheet, name, value)
    file = BytesIO()
    made.save(file)
    return file.getvalue()


def archive(**parts):
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as out:
        for name, content in parts.items():
            out.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_text_is_read_however_excel_wrote_it(encoding, separator):
    assert read(LINES.replace(";", separator).encode(encoding)).rows == ROWS


def test_arabic_text_with_quotes_ends_of_lines_and_an_announced_separator():
    text = 'sep=;\r\nالاسم;الهيئة\r\n"سلمى ""برادة""";"شركة\r\nالأطلس"\r\n'

    assert read(text.encode()).rows == [(1, ["الاسم", "الهيئة"]), (2, ['سلمى "برادة"', "شركة\r\nالأطلس"])]


def test_a_number_in_text_is_one_where_a_spreadsheet_would_make_one():
    assert read(b"a;b;c\n612345678;0612345678;12").rows[1][1] == [612345678, "0612345678", "12"]


def test_a_workbook_gives_values_merged_cells_and_the_numbers_of_its_rows():
    content = book(
        ["Participants"],
        [],
        ["Nom", "Société", "Le", "Tél"],
        ["Salma", "Atlas", date(2026, 3, 10), 612345678.0],
        ["Driss", None, "10/03/2026", "0612"],
        merged=["B4:B5"],
    )

    assert read(content).rows == [
        (1, ["Participants"]),
        (3, ["Nom", "Société", "Le", "Tél"]),
        (4, ["Salma", "Atlas", "2026-03-10", 612345678]),
        (5, ["Driss", "Atlas", "10/03/2026", "0612"]),
    ]


def test_formulas_count_by_their_cached_value():
    content = book(["Nom"], ["=1+1"])
    parts = {part.filename: ZipFile(BytesIO(content)).read(part) for part in ZipFile(BytesIO(content)).infolist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = (
        parts[sheet]
        .replace(b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>")
        .replace(b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>")
    )

    assert read(archive(**parts)).rows == [(1, ["Nom"]), (2, [2])]


def test_the_first_sheet_in_sight_that_holds_something_is_read_and_others_are_named():
    found = read(book(title="Vide", sheets=[("Gens", ["Nom", "Société"]), ("Autre", ["x"])]))

    assert (found.sheet, found.others, found.rows) == ("Gens", ["Autre"], [(1, ["Nom", "Société"])])


def ole(stream):
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + stream.encode("utf-16-le") + bytes(500)


def bomb():
    """A workbook whose sheet unpacks to far more than it weighs."""
    content = book(["Nom"])
    parts = {part.filename: ZipFile(BytesIO(content)).read(part) for part in ZipFile(BytesIO(content)).infolist()}
    parts["xl/worksheets/sheet1.xml"] += b" " * (reading.MOST_UNPACKED + 1)
    return archive(**parts)


def png():
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + zlib.compress(bytes(1000))


HOSTILE = {
    "nothing": (b"", reading.EMPTY),
    "blank lines": (b"\r\n;;\r\n", reading.EMPTY),
    "an empty workbook": (book(), reading.EMPTY),
    "a drawing called xlsx": (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', reading.NO_TABLE),
    "a page called xls": (b"<html><table><tr><td>Nom</td></tr></table></html>", reading.NO_TABLE),
    "a picture": (png(), reading.NO_TABLE),
    "paper": (b"%PDF-1.7\n1 0 obj", reading.NO_TABLE),
    "a text document": (archive(**{"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"}), reading.NO_TABLE),
    "an open document": (archive(**{"mimetype": "x", "content.xml": "<x/>"}), reading.OTHER),
    "a binary workbook": (archive(**{"[Content_Types].xml": "<T/>", "xl/workbook.bin": "x"}), reading.OTHER),
    "an old workbook": (ole("Workbook"), reading.OLD),
    "an encrypted workbook": (ole("EncryptedPackage"), reading.ENCRYPTED),
    "a torn workbook": (book(["Nom", "Société"])[:-200], reading.BROKEN),
    "a workbook without its sheet": (
        archive(**{"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<workbook/>"}),
        reading.BROKEN,
    ),
    "a bomb": (bomb(), reading.TOO_LARGE),
    "a wide table": (";".join("x" * 300).encode(), reading.TOO_WIDE),
    "too many rows": (b"Nom;Org\n" + b"a;b\n" * 100_000, reading.TOO_MANY),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_table_is_refused_in_one_sentence(name):
    content, sentence = HOSTILE[name]

    with pytest.raises(UnreadableError) as refused:
        read(content)

    assert str(refused.value) == sentence


def test_entities_that_grow_are_not_unfolded():
    content = book(["Nom"])
    parts = {part.filename: ZipFile(BytesIO(content)).read(part) for part in ZipFile(BytesIO(content)).infolist()}
    laughs = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    sheet = parts["xl/worksheets/sheet1.xml"].decode().replace("Nom", "&l9;")
    parts["xl/worksheets/sheet1.xml"] = f'<!DOCTYPE worksheet [<!ENTITY l0 "ha">{laughs}]>{sheet}'

    with pytest.raises(UnreadableError, match=reading.BROKEN):
        read(archive(**parts))


def test_the_child_reads_files_and_pasted_cells_and_passes_refusals_on():
    assert read_capped(book(["Nom", "Société"], ["Salma", "أطلس"])).rows[1] == (2, ["Salma", "أطلس"])
    assert read_capped("Nom\tSociété\nSalma\tأطلس".encode(), pasted=True).rows[1] == (2, ["Salma", "أطلس"])
    with pytest.raises(InvalidValue, match=reading.EMPTY):
        read_capped(b"")


def test_a_child_that_takes_too_much_is_ended(monkeypatch):
    monkeypatch.setattr(capped, "SECONDS", -4.999)

    with pytest.raises(InvalidValue, match="too large"):
        read_capped(b"Nom;Org")


def test_no_text_has_half_of_a_unicode_letter():
    with pytest.raises(UnreadableError):
        decoded(b"\xff\xfea")

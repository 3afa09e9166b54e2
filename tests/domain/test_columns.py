"""Heads are known in three languages, wherever they stand."""

import pytest
from flask_babel import force_locale, gettext

from matchmaker.domain.columns import LABELS, Column, recognised, suggest
from matchmaker.domain.heads import Heads, below, find, letter, texts


@pytest.mark.parametrize(
    ("head", "column"),
    [
        ("Nom & Prénom *", Column.NAME),
        ("Nom de l’organisation", Column.ORGANISATION),
        ("RAISON SOCIALE", Column.ORGANISATION),
        ("N° de téléphone (GSM)", Column.PHONE),
        ("Company e-mail", Column.EMAIL),
        ("Nom (arabe)", Column.NAME_AR),
        ("Full name EN", Column.NAME_EN),
        ("الاسم الكامل", Column.NAME),
        ("الإسم بالعربية", Column.NAME_AR),
        ("البريد الإلكتروني", Column.EMAIL),
        ("المؤسسة", Column.ORGANISATION),
        ("Langue", Column.LOCALE),
        ("Langues parlées", Column.LANGUAGES),
        ("أبحث عن", Column.NEEDS),
        ("Prénom (arabe)", Column.FIRST_AR),
        ("Observations", None),
        ("", None),
    ],
)
def test_a_head_is_recognised(head, column):
    assert recognised(head) == column


@pytest.mark.parametrize("locale", ["ar", "fr", "en"])
def test_the_heads_of_an_export_are_recognised(app, locale):
    with app.test_request_context(), force_locale(locale):
        heads = [gettext(label) for label in LABELS.values()]

    assert list(suggest(heads).values()) == list(LABELS)


def test_beside_first_names_a_name_is_a_family_name():
    assert suggest(["Nom", "Prénom", "Nom"]) == {0: Column.LAST, 1: Column.FIRST}


def test_a_table_below_a_title_with_heads_in_two_rows():
    rows = [
        (1, ["Liste des participants au 3 juillet", "", "", "", "", "", "Remarques"]),
        (3, ["N°", "Nom", "", "Organisation", "Contact", ""]),
        (4, ["", "Français", "العربية", "", "E-mail", "Tél."]),
        (5, [1, "Salma Berrada", "سلمى برادة", "Atlas", "salma@example.org", 612345678]),
    ]

    heads = find(rows)

    assert heads == Heads(3, 2)
    assert list(suggest(texts(rows, heads, 6)).items()) == [
        (1, Column.NAME_FR),
        (2, Column.NAME_AR),
        (3, Column.ORGANISATION),
        (4, Column.EMAIL),
        (5, Column.PHONE),
    ]
    assert below(rows, heads) == rows[3:]


def test_a_head_that_is_merged_over_both_rows_is_said_once():
    rows = [(3, ["N°", "Représentant", "", "Inscrit le"]), (4, ["N°", "Nom et prénom", "بالعربية", "Inscrit le"])]

    assert texts(rows, Heads(3, 2), 4) == ["N°", "Nom et prénom", "Représentant بالعربية", "Inscrit le"]


def test_a_title_above_is_no_row_of_heads():
    rows = [(1, ["Liste des invités"]), (3, ["Nom", "Organisme", "", "Observations"]), (4, ["Salma", "Atlas"])]

    assert find(rows) == Heads(3, 1)


def test_words_of_people_are_no_second_row_of_heads():
    rows = [(1, ["Nom", "Organisation", "Langue"]), (2, ["Salma", "Société générale", "Français"])]

    assert find(rows) == Heads(1, 1)


def test_a_table_without_heads_has_none():
    rows = [(4, ["Salma Berrada", "Atlas", "salma@example.org"])]

    assert find(rows) == Heads(4, 0)
    assert below(rows, find(rows)) == rows


def test_columns_are_called_as_spreadsheets_call_them():
    assert [letter(number) for number in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]

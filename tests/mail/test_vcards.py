"""Cards for address books, read by another library than the one that wrote them."""

import re

import pytest
import vobject
from flask_babel import force_locale

from matchmaker.mail.vcards import build_cards
from matchmaker.queries.contacts import Contact
from tests.mail.test_messages import HOSTILE

EVENT = {"fr": "Journée d’essai", "ar": "يوم تجريبي", "en": "Trial day"}
WHOLE = Contact(
    {"fr": "Salma Berrada", "ar": "سلمى برادة"},
    {"fr": "Mazagan Composites", "ar": "مازاغان للمركبات"},
    agreed=True,
    job={"fr": "Directrice générale"},
    email="salma@example.org",
    phone="+212 600 000000",
)
NASTY = (
    "a" * 300,
    "سلمى " * 60,
    "😀" * 75,
    "é" * 300,
    'Ben; Ali, \\n \\\\ fils: "x"',
    "Ali\nEND:VCARD\r\nBEGIN:VCARD\nFN:Thief",
    "Ali\r\n FOLDED\u2028EMAIL:thief@example.org\u2029\x85TEL:1",
    "nul \x00, bell \x07, escape \x1b, turned \u202e",
    "=cmd|' /C calc'!A0",
    *HOSTILE,
)


def cards(*contacts, locale="fr", event=EVENT):
    with force_locale(locale):
        content = build_cards(contacts, event)
    assert_well_formed(content)
    return list(vobject.readComponents(content.decode("utf-8")))


def assert_well_formed(content):
    """See that lines are folded at 75 octets, between letters, and end as RFC 2426 wants it."""
    lines = content.split(b"\r\n")
    assert lines.pop() == b""
    assert [line for line in lines if len(line) > 75 or b"\n" in line or b"\r" in line] == []
    for line in lines:
        line.decode("utf-8")


def plain(text):
    """Return a text as a card may hold it: on one line, without what steers programs."""
    kept = re.sub("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\ufeff]", "", text)
    return re.sub(" +", " ", re.sub("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]", " ", kept)).strip()


@pytest.mark.parametrize(
    ("locale", "name", "organisation", "met"),
    [
        ("fr", "Salma Berrada", "Mazagan Composites", "Rencontre lors de\u00a0: Journée d’essai"),
        ("ar", "سلمى برادة", "مازاغان للمركبات", "تم اللقاء في: يوم تجريبي"),
        ("en", "Salma Berrada", "Mazagan Composites", "Met at: Trial day"),
    ],
)
def test_a_card_says_who_for_whom_and_how_to_reach_them(app, locale, name, organisation, met):
    (card,) = cards(WHOLE, locale=locale)

    assert (card.version.value, card.fn.value, card.n.value.family, card.org.value) == (
        "3.0", name, name, [organisation],
    )  # fmt: skip
    assert (card.title.value, card.email.value, card.tel.value) == (
        "Directrice générale", "salma@example.org", "+212 600 000000",
    )  # fmt: skip
    assert card.note.value == met


def test_who_did_not_agree_has_a_name_an_organisation_and_a_sentence(app):
    (card,) = cards(Contact(WHOLE.names, WHOLE.organisation, agreed=False))

    assert set(card.contents) == {"version", "fn", "n", "org", "note"}
    assert card.note.value.split("\n")[1] == "Cette personne n’a pas consenti à la transmission de ses coordonnées."


def test_one_file_holds_them_all_in_their_order(app):
    found = cards(WHOLE, Contact({"fr": "Driss"}, {"fr": "Doukkala"}, agreed=False), WHOLE)

    assert [card.fn.value for card in found] == ["Salma Berrada", "Driss", "Salma Berrada"]
    assert cards() == []


@pytest.mark.parametrize("text", NASTY)
def test_no_name_breaks_out_of_its_line(app, text):
    nasty = {"fr": text}
    hostile = Contact(nasty, nasty, agreed=True, job=nasty, email="a@example.org", phone="+212 600")

    (card,) = cards(hostile, event=nasty)

    assert {name: len(rows) for name, rows in card.contents.items()} == dict.fromkeys(card.contents, 1)
    assert set(card.contents) <= {"version", "fn", "n", "org", "title", "email", "tel", "note"}
    assert (card.fn.value, card.n.value.family, card.org.value) == (plain(text), plain(text), [plain(text)])
    assert card.title.value == plain(text)


def test_somebody_without_a_name_is_called_as_their_organisation(app):
    (card,) = cards(Contact({}, {"fr": "Doukkala"}, agreed=False))

    assert card.fn.value == "Doukkala"

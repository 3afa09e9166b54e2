"""Texts of organisers: placeholders of a list and nothing else, and nothing in them that steers or leads away."""

import pytest

from matchmaker.domain.plain import ISOLATE, POP, WORD_JOINER
from matchmaker.domain.texts import (
    LONGEST,
    OF_KIND,
    Part,
    Piece,
    fault,
    in_a_header,
    in_plain_text,
    paragraphs,
    placeholders,
    tidied,
)

VALUES = {"name": lambda: "Salma {event}", "event": lambda: "Forum.ma", "link": lambda: "https://a.ma/a/1"}


@pytest.mark.parametrize("kind", OF_KIND)
@pytest.mark.parametrize("part", Part)
def test_every_placeholder_of_the_list_is_admitted(kind, part):
    text = " ".join(f"{{{one}}}" for one in placeholders(kind, part))

    assert fault(kind, part, text) is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{nom}", "{nom}"),
        ("{name.__class__}", "{name.__class__}"),
        ("{0}", "{0}"),
        ("{}", "{}"),
        ("{name!r:>9999}", "{name!r:>9999}"),
        ("{name[0]}", "{name[0]}"),
        ("{ name }", "{ name }"),
        ("{NAME}", "{NAME}"),
        ("{version}", "{version}"),
        ("{{name}}", "{}"),
        ("{% raw %} {name}", "{% raw %}"),
        ("{name} and {", "{"),
        ("a } b", "} b"),
        ("{name\n}", "{name"),
        ("a\x00b", "U+0000"),
        ("a\u202eb", "U+202E"),
        ("a\u2028b", "U+2028"),
        ("{" + "x" * 500 + "}", "{" + "x" * 39 + "…"),
        ("x" * 2001, "2000"),
    ],
)
def test_what_is_wrong_is_shown(text, shown):
    assert fault("welcome", Part.OPENING, text).shown == shown


@pytest.mark.parametrize(
    ("text", "shown"), [("Hello\nBcc: x@y.ma", "Bcc: x@y.ma"), ("{link}", "{link}"), ("x" * 151, "150")]
)
def test_a_subject_is_one_short_line_without_a_link(text, shown):
    assert fault("welcome", Part.SUBJECT, text).shown == shown


def test_longest_texts_are_admitted():
    assert [fault("welcome", part, "x" * most) for part, most in LONGEST.items()] == [None, None]


def test_what_stands_for_a_placeholder_is_not_read_again():
    assert in_a_header("{name}", VALUES) == "Salma {event}"


def test_what_is_no_placeholder_stays_as_it_is_written():
    """Whatever came into the database: a text is never a format."""
    written = "{name.__class__} {0} %(x)s {{ 7*7 }}"

    assert in_a_header(written, VALUES).replace(WORD_JOINER, "") == written


def test_no_address_in_a_text_becomes_a_link_but_the_one_that_is_ours():
    found = in_plain_text("https://evil.ma www.{event} {link}", VALUES, "fr")

    assert WORD_JOINER.join(("https:", "//evil.", "ma")) in found
    assert f"www.{WORD_JOINER}Forum.{WORD_JOINER}ma" in found
    assert found.endswith(" https://a.ma/a/1")


def test_names_that_run_against_the_language_are_isolated():
    assert in_plain_text("مرحبا {name}،", VALUES, "ar") == f"مرحبا {ISOLATE}Salma {{event}}{POP}،"


def test_a_page_has_its_paragraphs_lines_and_pieces():
    assert paragraphs("a {name}\nb\n\n\nc", VALUES) == [
        [[Piece("a "), Piece("Salma {event}", "name")], [Piece("b")]],
        [[Piece("c")]],
    ]


def test_ends_of_lines_and_blanks_are_made_alike():
    assert tidied("  a\t\r\nb  \n ") == "a\nb"

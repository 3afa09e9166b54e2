"""What a row says: read leniently, refused by the cell, and never put right in silence."""

import pytest

from matchmaker.domain.columns import Column
from matchmaker.domain.importing import Known, by_names, check
from matchmaker.domain.states import Channel, Locale
from matchmaker.domain.twins import Choice, Party, There, judge, plan

KNOWN = Known(
    types=by_names({"buyer": {"fr": "Acheteur", "ar": "مشتر"}}),
    topics=by_names({"machining": {"fr": "Usinage et mécanique", "en": "Machining"}, "cables": {"ar": "الأسلاك"}}),
)


def read(number=2, **cells):
    columns = dict(enumerate(Column(name) for name in cells))
    return check((number, list(cells.values())), columns, KNOWN)


def said(line):
    return [(remark.column, remark.sentence % remark.values, remark.wrong) for remark in line.remarks]


FULL = {
    "name": "Salma Berrada / سلمى برادة",
    "organisation": "شركة الأطلس",
    "organisation_fr": "Atlas",
    "job": "Directrice",
    "email": "Salma Berrada <Salma@Example.org>",
    "phone": 612345678,
    "locale": "Arabe",
    "languages": "français, العربية ; anglais",
    "city": "Fès",
    "country": "المغرب",
    "type": "ACHETEUR",
    "offers": "usinage et mecanique; cables",
    "needs": "Machining",
    "channel": "Par téléphone",
    "website": "atlas.example",
}


def test_a_full_row_is_understood():
    line = read(**FULL)

    assert line.remarks == ()
    found = line.candidate
    assert found.names == {"fr": "Salma Berrada", "ar": "سلمى برادة"}
    assert found.organisation_names == {"ar": "شركة الأطلس", "fr": "Atlas"}
    assert (found.email, found.phone, found.channel) == ("salma@example.org", "+212612345678", Channel.PHONE)
    assert (found.locale, found.languages) == (Locale.ARABIC, ("fr", "ar", "en"))
    assert (found.city, found.country, found.type_code) == ("Fès", "MA", "buyer")
    assert (found.offers, found.needs, found.website) == (
        ("machining", "cables"),
        ("machining",),
        "https://atlas.example",
    )


@pytest.mark.parametrize(
    ("changed", "column", "words"),
    [
        ({"name": " "}, 0, "There is no name."),
        ({"email": "salma@"}, 4, "This is not one e-mail address."),
        ({"email": "a@b.org; c@d.org"}, 4, "This is not one e-mail address."),
        ({"phone": "à demander"}, 5, "This is not a phone number."),
        ({"country": "Atlantide"}, 9, "“Atlantide” is not the name of a country."),
        ({"type": "Vendeur"}, 10, "“Vendeur” is not a type of this event."),
        ({"city": "x" * 81}, 8, "This is too long: at most 80 characters."),
        ({"name": "#N/A"}, 0, "The formula of this cell gives an error."),
    ],
)
def test_what_cannot_be_is_said_at_its_cell(changed, column, words):
    line = read(**FULL | changed)

    assert line.wrong
    assert (column, words, True) in said(line)


@pytest.mark.parametrize(
    ("changed", "column", "words"),
    [
        (
            {"email": "", "channel": ""},
            4,
            "There is no e-mail: this person is told things by phone.",
        ),
        ({"phone": "0661 112233 / 0522 112233"}, 5, "Only the first number is taken: 0661 112233."),
        ({"languages": "français, klingon"}, 7, "“klingon” is not a language known here; it is left out."),
        ({"offers": "Machining; rabotage"}, 11, "Not on the list of topics, and kept as words: rabotage."),
    ],
)
def test_what_is_only_told_does_not_stop_a_row(changed, column, words):
    line = read(**FULL | changed)

    assert (said(line), line.wrong) == ([(column, words, False)], False)


def test_words_that_are_no_topic_are_kept():
    assert read(**FULL | {"offers": "Machining; rabotage"}).candidate.offers_text == "rabotage"


def test_who_may_be_there_already_is_found_and_waits_for_a_choice():
    people = [There({"ar": "سلمى برادة"}, None, 7, "there")]
    parties = [Party(7, "atlas", {"fr": "Atlas"})]
    rows = [
        read(2, name="Salma Berrada", organisation="ATLAS"),
        read(3, name="Driss Ouahbi", organisation="Atlas"),
        read(4, name="Naïma Toumi", organisation="Rif", email="n@example.org"),
        read(5, name="Naima TOUMI", organisation="rif"),
        read(6, name="Hamid", organisation="Sahara", email="n@example.org"),
        read(7, name="", organisation="Sahara"),
        read(8, name="Ghita", organisation="Sahara"),
    ]

    judged = judge(rows, people, parties)

    assert [(one.choices, [(twin.code, twin.row) for twin in one.twins]) for one in judged] == [
        ((Choice.LEAVE, Choice.JOIN, Choice.ADD), [("there", 0)]),
        ((Choice.LEAVE, Choice.JOIN, Choice.ADD), []),
        ((), []),
        ((Choice.LEAVE, Choice.ADD), [("", 4)]),
        ((Choice.LEAVE, Choice.ADD), [("", 4)]),
        ((Choice.LEAVE,), []),
        ((), []),
    ]
    assert plan(judged, {}).undecided == 5
    made = plan(judged, {2: Choice.LEAVE, 3: Choice.JOIN, 5: Choice.LEAVE, 6: Choice.ADD, 7: Choice.LEAVE})
    assert (made.undecided, made.left, made.people) == (0, 3, 4)
    assert [party for _, party in made.joining] == [7]
    assert [[one.names["fr"] for one in group] for group in made.adding.values()] == [
        ["Naïma Toumi"],
        ["Hamid", "Ghita"],
    ]


def test_a_choice_that_a_row_does_not_offer_is_none():
    judged = judge([read(2, name="", organisation="Rif")], [], [])

    assert plan(judged, {2: Choice.ADD}).undecided == 1

"""What comes in: no character that nobody types, no number that no row has; and no such thing breaks a page."""

import pytest

from matchmaker.extensions import db
from matchmaker.models import Organisation
from matchmaker.web.incoming import LARGEST_ID, number, typed
from tests.estate import an_estate, knocker
from tests.web.desks import fields


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("Société du Nord", "Société du Nord"),
        ("شركة الأطلس‌ للتبريد", "شركة الأطلس‌ للتبريد"),
        ("first\r\nsecond\tthird", "first\r\nsecond\tthird"),
        ("nul\x00, bell\x07, escape\x1b[31m", "nul, bell, escape[31m"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("\u2066\u2067\u2068isolated\u2069", "isolated"),
        ("two\u2028lines\u2029", "twolines"),
        ("\ufeffmarked\uffff", "marked"),
        ("left\u200eright\u200f", "left\u200eright\u200f"),
    ],
)
def test_only_what_can_be_typed_is_kept(sent, kept):
    assert typed(sent) == kept


@pytest.mark.parametrize(
    ("sent", "read"),
    [("7", 7), ("0", 0), (str(LARGEST_ID), LARGEST_ID), (str(LARGEST_ID + 1), 1), ("9" * 5000, 1), ("²", 1), ("-1", 1)],
)
def test_a_number_that_no_row_has_counts_as_none(app, sent, read):
    with app.test_request_context("/", query_string={"page": sent}):
        assert number("page", 1) == read


@pytest.mark.parametrize("id_", ["99999999999999999999", str(LARGEST_ID + 1), "9" * 300])
def test_an_address_with_an_impossible_number_leads_nowhere(app, id_):
    estate = an_estate()
    client = knocker(app, estate.reader.account)

    assert client.post(f"/e/{estate.event.slug}/times/{id_}").status_code == 404


@pytest.mark.parametrize("word", ["%00", "a%0Ab", "%E2%80%AEa", "%FF", "a" * 201])
def test_an_address_with_an_impossible_word_leads_nowhere(client, word):
    places = ("/e/{}/", "/a/{}", "/f/{}.ics", "/static/{}", "/dev/inbox/{}")

    assert {client.get(place.format(word)).status_code for place in places} == {404}


@pytest.mark.parametrize("name", ["endpoint", "_external", "values", "slug", "lang", "page", "self", "method"])
def test_no_question_in_an_address_breaks_the_page(client, name):
    assert client.get("/", query_string={name: "1"}).status_code == 200


def test_the_switch_of_languages_keeps_all_questions_and_their_repetitions(client):
    page = client.get("/?draft=1&draft=2&lang=fr").get_data(as_text=True)

    assert 'href="?draft=1&amp;draft=2&amp;lang=ar"' in page


def test_hostile_words_are_kept_as_words_and_shown_as_such(app):
    """Stored by one, read by another: names that would be markup, addresses that would be scripts."""
    estate = an_estate()
    client = app.test_client()
    knock = knocker(app, estate.reader.account)
    path = f"/e/{estate.event.slug}/organisation"
    hostile = '\u202e"><script>alert(1)</script>{{7*7}}\x00'
    answers = fields(knock.get(path).get_data(as_text=True)) | {"names-fr": hostile, "about": hostile, "city": hostile}

    bad = knock.post(path, data=answers | {"website": "javascript://x.y/%0aalert(1)"})
    saved = knock.post(path, data=answers | {"website": "example.org"})
    db.session.rollback()
    stored = db.session.get(Organisation, estate.reader.organisation_id)
    with client.session_transaction() as session:
        session["_user_id"] = f"{estate.other.account_id}.0"
    page = client.get(f"/e/{estate.event.slug}/wishes?lang=fr").get_data(as_text=True)

    assert (bad.status_code, saved.status_code) == (422, 303)
    assert stored.names["fr"] == '"><script>alert(1)</script>{{7*7}}'
    assert stored.website == "https://example.org"
    assert "<script>alert" not in page
    assert "{{7*7}}" in page

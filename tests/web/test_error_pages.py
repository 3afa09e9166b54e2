"""The page of each refusal: a sentence, a way on, in the three languages, without asking the database."""

import pytest
from flask import render_template
from flask_babel import force_locale

from tests import pages

STATUSES = [400, 401, 404, 405, 409, 410, 413, 422, 429, 500]


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
@pytest.mark.parametrize("status", [*STATUSES, 418, 503])
def test_error_page_is_well_made_and_offers_a_way_on(app, language, status):
    with app.test_request_context(f"/?lang={language}"), force_locale(language):
        page = render_template("errors/error.html", status=status, sentence="")

    assert pages.faults(page) == []
    assert 'href="/"' in page
    assert str(status) in page


def test_error_pages_of_different_statuses_say_different_things(app):
    with app.test_request_context("/"), force_locale("en"):
        said = {
            render_template("errors/error.html", status=status, sentence="").partition("<h1>")[2] for status in STATUSES
        }

    assert len(said) == len(STATUSES)


def test_a_sentence_that_is_given_stands_instead_of_the_general_one(app):
    with app.test_request_context("/"), force_locale("en"):
        page = render_template("errors/error.html", status=409, sentence="Wishes closed at noon.")

    assert "<p>Wishes closed at noon.</p>" in page
    assert "in the meantime" not in page


def test_an_unknown_address_gets_the_page(client):
    answer = client.get("/no-such-page?lang=fr")

    assert (answer.status_code, "Il n’y a rien ici" in answer.text) == (404, True)

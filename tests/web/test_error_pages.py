"""The page of each refusal: a sentence, a way on, in the three languages, without asking the database."""

from dataclasses import replace

import pytest
from flask import render_template
from flask_babel import force_locale
from sqlalchemy import text
from structlog.testing import capture_logs

from matchmaker.app import create_app
from matchmaker.extensions import db
from matchmaker.permissions import Caller, open_to
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


@pytest.fixture
def without_database(settings):
    """An application whose database cannot be opened, and a client that was signed in while it could."""
    broken = create_app(replace(settings, database_url="sqlite:////no/such/folder/matchmaker.sqlite"))
    client = broken.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = "1.0"
    return client


@pytest.mark.parametrize("address", ["/", "/e/forum/", "/no-such-page", "/sign-in/0123456789"])
@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_without_a_database_people_get_a_page_and_operators_one_line(without_database, language, address):
    with capture_logs() as lines:
        answer = without_database.get(address, headers={"Accept-Language": language})

    page = answer.get_data(as_text=True)
    assert pages.faults(page) == []
    assert (f'lang="{language}"' in page, "Traceback" in page, "sqlite" in page) == (True, False, False)
    if address == "/no-such-page":
        assert (answer.status_code, lines) == (404, [])
    else:
        assert (answer.status_code, [line["event"] for line in lines]) == (500, ["fault"])
        assert "unable to open database file" in lines[0]["cause"]
        assert all("\n" not in str(value) for value in lines[0].values())
        assert "0123456789" not in str(lines)


def test_without_a_database_health_says_no(without_database):
    answer = without_database.get("/health")

    assert (answer.status_code, answer.get_json()["ok"]) == (503, False)


def test_a_fault_tells_operators_no_personal_data(app, client):
    """What a statement carried stays out of the line; its place and cause are in it."""

    def fails():
        db.session.execute(text("SELECT no_such_column FROM account WHERE email = :email"), {"email": "a@example.org"})

    app.view_functions["home.index"], whole = open_to(Caller.ANYONE)(fails), app.view_functions["home.index"]
    try:
        with capture_logs() as lines:
            answer = client.get("/")
    finally:
        app.view_functions["home.index"] = whole

    assert answer.status_code == 500
    assert [line["event"] for line in lines] == ["fault"]
    assert "no_such_column" in lines[0]["cause"]
    assert "a@example.org" not in str(lines)

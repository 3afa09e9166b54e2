"""What every address keeps, whoever asks: no write by a visit, no act without the form's token, the same headers."""

from __future__ import annotations

import pytest

from matchmaker.domain.states import Role
from matchmaker.extensions import csrf, db
from matchmaker.models import Account, Membership
from matchmaker.unit_of_work import unit_of_work
from matchmaker.web.access import HEADERS
from tests.estate import an_estate, knocker, rules
from tests.guards.test_matrix import WRITING
from tests.web.desks import queries

CHANGES = ("INSERT", "UPDATE", "DELETE", "REPLACE", "BEGIN IMMEDIATE")


@pytest.fixture
def estate(app):
    """An estate whose reader also owns it, and so may open every door."""
    estate = an_estate()
    with unit_of_work() as session:
        account_id = estate.reader.account_id
        session.add(Membership(event_id=estate.event.id, account_id=account_id, role=Role.OWNER))
        session.get(Account, account_id).login = "reader"
    return estate


@pytest.fixture
def client(app, estate):
    return knocker(app, estate.reader.account)


def writes(statements):
    return [one for one in statements if one.lstrip().upper().startswith(CHANGES)]


def test_a_visit_writes_nothing(app, estate, client):
    """Sign-in links among them: a scanner that opens one three times leaves it good."""
    visits = {rule.endpoint: estate.path(app, rule) for rule in rules(app, method="GET")}

    with queries() as seen:
        answers = {endpoint: [client.get(path).status_code for _ in range(3)] for endpoint, path in visits.items()}

    assert writes(seen) == []
    assert {endpoint for endpoint, statuses in answers.items() if set(statuses) - {200, 303}} == set()


def test_the_watch_over_visits_sees_a_write(app, estate, client):
    with queries() as seen:
        client.post(f"/e/{estate.event.slug}/agenda/links")

    assert writes(seen) != []


PRESSED_BY_MAIL_PROGRAMS = {"reminders.choose"}
"""They have no page before them; the link is the proof, and can do nothing else."""


def test_only_what_mail_programs_press_needs_no_form(app):
    views = {f"{view.__module__}.{view.__name__}": endpoint for endpoint, view in app.view_functions.items()}

    assert {views[name] for name in csrf._exempt_views} == PRESSED_BY_MAIL_PROGRAMS


@pytest.mark.parametrize("endpoint", sorted(set(WRITING) - PRESSED_BY_MAIL_PROGRAMS))
def test_an_act_without_the_token_of_a_form_is_refused(app, estate, client, monkeypatch, endpoint):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    rule = next(rule for rule in app.url_map.iter_rules(endpoint) if "POST" in rule.methods)
    path = estate.path(app, rule)

    with queries() as seen:
        answer = client.post(path, data=estate.body(endpoint))

    assert (answer.status_code, writes(seen)) == (400, [])


def test_every_answer_carries_the_headers(app, estate, client):
    """Pages, files, refusals and faults alike; an inbox's mail has a stricter policy of its own."""
    paths = [estate.path(app, rule) for rule in rules(app, method="GET") if rule.endpoint != "dev_inbox.part"]
    odd = ["/no-such-page", "/static/no-such-file.css", "/o/nowhere/", "/a/0-0", "/e/%00/", "/sign-out"]

    missing = {path: sorted(set(HEADERS) - {name for name, _ in client.get(path).headers}) for path in (*paths, *odd)}

    assert {path: names for path, names in missing.items() if names} == {}


def test_what_is_personal_is_kept_by_no_cache(app, estate, client):
    public = {"static", "agenda.worker", "inks.sheet", "logos.picture"}
    kept = {
        rule.endpoint
        for rule in rules(app, method="GET")
        if client.get(estate.path(app, rule)).headers.get("Cache-Control") != "no-store"
    }

    assert kept == public


def test_what_caches_keep_carries_no_cookie(app, estate):
    client = knocker(app)
    client.post(estate.path(app, next(app.url_map.iter_rules("sign_in.use"))))
    client.get("/")

    answers = [client.get("/static/icon.svg"), client.get("/inks/petrol.css")]

    assert [answer.headers.getlist("Set-Cookie") for answer in answers] == [[], []]


def test_an_unknown_host_is_refused(app, client):
    answers = [client.get("/", headers={"Host": host}) for host in ("evil.example", "localhost.evil.example", "a b")]

    assert [answer.status_code for answer in answers] == [400, 400, 400]
    assert all("evil.example" not in answer.get_data(as_text=True) for answer in answers)


def test_a_body_that_is_too_large_is_refused(app, estate, client):
    much = "a" * (3 * 1024 * 1024)
    parts = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n' * 2000 + b"--x--"

    answers = [
        client.post(f"/e/{estate.event.slug}/profile", data={"about": much}),
        client.post("/sign-in", data={"email": much}),
        client.post("/sign-in", data=parts, content_type="multipart/form-data; boundary=x"),
    ]

    assert [answer.status_code for answer in answers] == [413, 413, 413]


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(app, estate):
    client = knocker(app)
    path = estate.path(app, next(app.url_map.iter_rules("sign_in.use")))

    cookie = client.post(path).headers["Set-Cookie"]
    db.session.rollback()

    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    assert "Domain" not in cookie

"""Whatever is written into any form or address, the answer is a refusal or a page, and never a fault."""

from __future__ import annotations

import re

import html5lib
import pytest
from flask import request
from structlog.testing import capture_logs

from matchmaker.domain.states import Role
from matchmaker.extensions import db
from matchmaker.models import Account, Membership
from matchmaker.permissions import Caller, open_to
from matchmaker.unit_of_work import unit_of_work
from tests.estate import an_estate, knocker, rules

HOSTILE = (
    "99999999999999999999",
    "-1",
    "²",
    "nul \x00, turned \u202e, none \uffff",
    "\"'><script>alert(1)</script>{{7*7}}%(x)s%s{0}",
    "a" * 5000,
    "../../etc/passwd",
    "1e400",
    "9999-12-31",
    "0001-01-01T00:00",
    "\r\nBcc: thief@example.org",
)
"""All of them go into all fields at once; ``SHARP`` go into one field after the other as well."""
SHARP = HOSTILE[0], "9999-12-31", ""
QUESTIONS = (
    "lang", "page", "words", "theme", "language", "show", "q", "only", "state", "draft", "by", "day", "next", "event",
    "after",
)  # fmt: skip


@pytest.fixture
def estate(app):
    """An estate whose reader also owns it, and so reaches every form."""
    estate = an_estate()
    with unit_of_work() as session:
        account_id = estate.reader.account_id
        session.add(Membership(event_id=estate.event.id, account_id=account_id, role=Role.OWNER))
        session.get(Account, account_id).login = "reader"
    return estate


def faults_of(logs):
    return sorted({(line["path"], line["error"], line["place"]) for line in logs if line["event"] == "fault"})


def forms(app, estate, client):
    """Return the fields of every form that a page shows, by the address it is sent to."""
    found = {}
    for rule in rules(app, method="GET"):
        path = estate.path(app, rule)
        answer = client.get(path)
        if answer.mimetype == "text/html" and answer.status_code == 200:
            found |= dict(_forms_of(answer.get_data(as_text=True), path))
    return found


def _forms_of(html, path):
    root = html5lib.parse(html, namespaceHTMLElements=False)
    for form in root.iter("form"):
        if form.get("method") == "post":
            fields = {node.get("name"): node.get("value", "") for node in form.iter() if node.get("name")}
            yield form.get("action") or path, fields


def test_no_form_can_be_made_to_fail(app, estate):
    client = knocker(app, estate.reader.account)
    found = forms(app, estate, client)
    last = re.compile("/(sign-out|dismiss|withdraw)$")  # afterwards nobody is in any more

    with capture_logs() as logs:
        for path, fields in sorted(found.items(), key=lambda form: (bool(last.search(form[0])), form[0])):
            for words in HOSTILE:
                client.post(path, data=dict.fromkeys(fields, words))
            for name in fields:
                for words in SHARP:
                    client.post(path, data=fields | {name: words})

    assert len(found) > 30
    assert faults_of(logs) == []


def test_no_question_in_an_address_can_make_it_fail(app, estate):
    client = knocker(app, estate.reader.account)
    paths = [estate.path(app, rule) for rule in rules(app, method="GET") if rule.endpoint != "static"]

    with capture_logs() as logs:
        for path in paths:
            for words in HOSTILE:
                client.get(path, query_string=dict.fromkeys(QUESTIONS, words))
            for name in QUESTIONS:
                client.get(path, query_string={name: HOSTILE[0]})

    assert faults_of(logs) == []


@pytest.mark.parametrize("words", HOSTILE)
def test_no_part_of_an_address_can_make_it_fail(app, estate, words):
    client = knocker(app, estate.reader.account)

    with capture_logs() as logs:
        for rule in rules(app):
            for part in rule.arguments:
                known = {**estate.names, "token": "0-0", part: words}
                path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found, known=known: str(known[found[1]]), rule.rule)
                client.open(path.replace("\r\n", "%0D%0A"), method="GET" if "GET" in rule.methods else "POST")

    db.session.rollback()
    assert faults_of(logs) == []


def test_a_view_that_can_be_made_to_fail_is_noticed(app, estate, monkeypatch):
    view = open_to(Caller.ANYONE)(lambda: str(int(request.args.get("page", "1"))))
    monkeypatch.setitem(app.view_functions, "home.index", view)

    with capture_logs() as logs:
        knocker(app).get("/", query_string={"page": "²"})

    assert [(path, error) for path, error, _ in faults_of(logs)] == [("/", "ValueError")]

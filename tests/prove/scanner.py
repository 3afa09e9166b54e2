"""Mail scanners open every link before its reader does: everybody still gets in, and a link is good for one session."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from matchmaker import clock
from matchmaker.domain import links
from matchmaker.errors import LinkUsedUp
from matchmaker.extensions import db
from matchmaker.models import Participation, SignInLink
from matchmaker.services import sign_in
from matchmaker.unit_of_work import unit_of_work
from tests import factories
from tests.prove import house
from tests.prove.rows import Measured, Off, Offs, Row, switched

WAYS = 50
SCANS = ("HEAD", "GET", "GET", "OPTIONS", "GET")


def measure(size: int, offs: Offs) -> Measured:
    """Let ``size`` people sign in after a scanner, and race one link 50 ways."""
    with house.a_house() as app, switched(offs):
        app.config["WTF_CSRF_ENABLED"] = False
        event = factories.EventFactory()
        slug, ids = event.slug, house.crowd(event, size + 1)
        accounts = [db.session.get_one(Participation, id_).account_id for id_ in ids]
        tokens = [sign_in.link_for(account, event.id, now=clock.now()) for account in accounts]
        db.session.rollback()
        shut_out = [fault for number in range(size) if (fault := _enter(app, slug, tokens[number], number))]
        sessions = sum(_raced(app, slug, tokens[size]))
    faults = shut_out + ([f"one link gave {sessions} sessions"] if sessions != 1 else [])
    said = f"{size - len(shut_out)} of {size} got in; one link raced {WAYS} ways gave {sessions} session(s)"
    return Measured(said, f"{size} people, {len(SCANS)} visits of a scanner before each", faults)


def _enter(app: Flask, slug: str, token: str, number: int) -> str:
    """Return what went wrong, if anything did."""
    scanner, reader = app.test_client(), app.test_client()
    place = {"environ_base": {"REMOTE_ADDR": f"10.1.{number // 200}.{number % 200 + 1}"}}

    def status(client: FlaskClient, method: str, path: str) -> int:
        with app.app_context():  # of its own, as in service: else one request would know who made the one before
            return client.open(path, method=method, **place).status_code

    for method in SCANS:
        status(scanner, method, f"/sign-in/{token}")
    if status(scanner, "GET", f"/e/{slug}/") != 303:
        return f"person {number}: the scanner got in"
    found = status(reader, "POST", f"/sign-in/{token}"), status(reader, "GET", f"/e/{slug}/")
    return "" if found == (303, 200) else f"person {number}: {found}"


def _raced(app: Flask, slug: str, token: str) -> Iterator[bool]:
    """Use one link in many browsers at the same moment; yield who is in afterwards."""
    gate, inside = threading.Barrier(WAYS), []

    def race(number: int) -> None:
        client, place = app.test_client(), {"environ_base": {"REMOTE_ADDR": f"10.2.0.{number + 1}"}}
        gate.wait()
        client.post(f"/sign-in/{token}", **place)
        inside.append(client.get(f"/e/{slug}/", **place).status_code == 200)

    threads = [threading.Thread(target=race, args=(number,)) for number in range(WAYS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    yield from inside


def _use_loosely(token: str, *, now: datetime) -> int:
    """Look whether the link is used, and mark it afterwards."""
    link = db.session.scalar(select(SignInLink).where(SignInLink.token_digest == links.digest(token)))
    if link is None or link.used_at:
        raise LinkUsedUp
    id_, account = link.id, link.account_id
    db.session.rollback()
    with unit_of_work() as session:
        session.execute(update(SignInLink).where(SignInLink.id == id_).values(used_at=now))
    return account


ROW = Row(
    name="mail-scanner",
    asked="mail-scanner simulation before each sign-in: 100 of 100 people still get in; one token raced 50 ways "
    "gives one session",
    full=100,
    smoke=3,
    measure=measure,
    controls={"a link is looked at, then marked": (Off("matchmaker.services.sign_in:use", _use_loosely),)},
    minutes=1,
)

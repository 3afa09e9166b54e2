"""A house of a proof's own: an application with its own database, of either kind, people, and mails that are cheap."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
from flask import Flask

from matchmaker.app import create_app
from matchmaker.domain.states import MailState
from matchmaker.extensions import db
from matchmaker.mail.smtp import Relay
from matchmaker.models import Base, Event, Mail, Participation
from matchmaker.services import outbox
from matchmaker.services.steps.outbox import drafted
from matchmaker.services.steps.sign_in_links import new_link
from matchmaker.settings import Settings
from matchmaker.unit_of_work import unit_of_work
from tests import factories, postgres, ticking

DATABASES = ("sqlite", "postgresql")
SECRET = "only for proofs and long enough"
LIMITS = ("mail_to_one_person_a_day", "mail_of_one_event_a_day", "mail_of_a_new_organiser_a_day")
LINK_LASTS = timedelta(days=90)
HOURS = 50
"""A little more than the two days after which a mail is given up."""


def databases() -> tuple[str, ...]:
    """Return the kinds of database that this machine has."""
    return DATABASES if postgres.binaries() else DATABASES[:1]


@contextmanager
def a_house(database: str = "sqlite", **settings: object) -> Iterator[Flask]:
    """Yield an application, inside its context, with empty tables in a database that goes when it is done."""
    server = postgres.server() if database == "postgresql" else nullcontext("")
    with tempfile.TemporaryDirectory(prefix="prove-") as folder, server as socket:
        known = {"public_origin": "http://localhost", "secret_key": SECRET, "demo": True} | dict.fromkeys(LIMITS, 10**9)
        own = Settings(data_folder=Path(folder), database_url=_made(socket), **(known | settings))
        app = create_app(own)
        with app.app_context():
            Base.metadata.create_all(db.engine)
            try:
                yield app
            finally:
                db.session.remove()
                db.engine.dispose()


def _made(socket: str) -> str:
    if not socket:
        return ""
    with psycopg.connect(host=socket, user=postgres.SUPERUSER, autocommit=True) as connection:
        connection.execute("CREATE DATABASE prove")
    return f"postgresql+psycopg://{postgres.SUPERUSER}@/prove?host={socket}"


def crowd(event: Event, count: int) -> Sequence[int]:
    """Put people into an event, each of an organisation of their own, the first p0@example.org; return their ids."""
    people = [
        factories.ParticipationFactory.build(
            organisation=factories.OrganisationFactory.build(event=event),
            account=factories.AccountFactory.build(email=f"p{number}@example.org"),
        )
        for number in range(count)
    ]
    with unit_of_work() as session:
        session.add_all(people)
        session.flush()
        return [one.id for one in people]


def invite(event: Event, ids: Sequence[int], occasion: str, now: datetime) -> None:
    """Put one small mail to each person into the outbox."""
    with unit_of_work() as session:
        event = session.get_one(Event, event.id)
        people = [session.get_one(Participation, id_) for id_ in ids]
        links = [new_link(one.account_id, event.id, now=now, lasts=LINK_LASTS) for one in people]
        session.add_all(links)
        session.flush()
        for one, link in zip(people, links, strict=True):
            facts = {"link_id": link.id}
            session.add(drafted(event, "invitation", occasion, now, participation=one, facts=facts))


def let_time_pass(relay: Relay, now: datetime, *, hours: int) -> datetime:
    """Send as the worker does; the clock jumps to whenever a mail is due next, for so many simulated hours."""
    end = now + timedelta(hours=hours)
    while now < end:
        outbox.sweep(now=now)
        outbox.send_due(holder="worker", clock=ticking.since(now), most=10**9, relay=relay)
        due = db.session.scalar(db.select(db.func.min(Mail.next_try_at)).where(Mail.state == MailState.QUEUED))
        db.session.rollback()
        if due is None:
            return now
        now = max(due, now + timedelta(seconds=1))
    return now


def mails(occasion: str) -> Sequence[Mail]:
    """Return the mails of one occasion, as they stand now."""
    db.session.rollback()
    return db.session.scalars(db.select(Mail).where(Mail.key.like(f"%/{occasion}/%")).order_by(Mail.id)).all()

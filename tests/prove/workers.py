"""Several workers that send at once: each mail goes out once, whoever takes it."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import replace

from matchmaker.domain.states import MailState
from matchmaker.extensions import current_settings, db
from matchmaker.mail import smtp
from matchmaker.models import Mail
from matchmaker.services import outbox
from matchmaker.unit_of_work import unit_of_work
from tests import factories, relays, ticking
from tests.conftest import NOW
from tests.prove import children, house
from tests.prove.children import NOWHERE
from tests.prove.rows import Measured, Off, Offs, Row

WORKERS = 4


def send_all() -> None:
    """Send until nothing is due; in a child."""
    way = smtp.Relay(current_settings())
    while outbox.send_due(holder=f"child-{os.getpid()}", clock=ticking.since(NOW), relay=way):
        pass


def measure(size: int, offs: Offs) -> Measured:
    """Let four processes send ``size`` mails, on each database."""
    said, faults = [], []
    databases = house.DATABASES[:1] if offs else house.databases()
    for database in databases:
        with house.a_house(database), relays.relay() as relay:
            house.invite(*_event(size), "all", NOW)
            settings = replace(current_settings(), smtp_port=relay.port)
            ends = children.together([children.start(send_all, settings, NOWHERE, offs) for _ in range(WORKERS)])
            taken = Counter(relays.message_id(content) for _, content in relay.kept)
            rows = house.mails("all")
            found = [f"a worker ended with {end}" for end in ends if end]
            found += [
                f"{row.key}: {row.state.value}, taken {taken[row.message_id]} times"
                for row in rows
                if (row.state, taken[row.message_id]) != (MailState.SENT, 1)
            ]
        said.append(f"{database}: {len(relay.kept)} taken of {len(rows)}")
        faults += [f"{database}: {fault}" for fault in found]
    return Measured("; ".join(said), f"{WORKERS} processes, {size} mails on {' and '.join(databases)}", faults)


def _event(size: int) -> tuple[object, list[int]]:
    event = factories.EventFactory()
    return event, list(house.crowd(event, size))


def _claim_loosely(holder: str, now: object, _most: int) -> list[int]:
    """Look first, and write down afterwards, as one would without a lock."""
    found = db.session.scalar(db.select(Mail.id).where(Mail.state == MailState.QUEUED).order_by(Mail.id).limit(1))
    db.session.rollback()
    if found is None:
        return []
    with unit_of_work() as session:
        mail = session.get_one(Mail, found)
        mail.state, mail.claimed_by, mail.claimed_at, mail.tries = MailState.CLAIMED, holder, now, mail.tries + 1
    return [found]


def _no_mark(mail_id: int, _holder: str) -> object:
    def mark() -> None:
        with unit_of_work() as session:
            session.get_one(Mail, mail_id).state = MailState.DATA

    return mark


ROW = Row(
    name="workers",
    asked="several workers that send at once, both databases: each mail goes out once",
    full=2000,
    smoke=40,
    measure=measure,
    controls={
        "claims hold nothing": (
            Off("matchmaker.services.claims:claim", _claim_loosely),
            Off("matchmaker.services.outbox:_marker", _no_mark),
        ),
    },
)

"""A forum in which one person, ``a``, left marks wherever something is kept, and others left theirs."""

from __future__ import annotations

import gzip
import json
import sqlite3
from pathlib import Path

from matchmaker import models
from matchmaker.domain.states import MailState, VersionKind, WishLevel
from matchmaker.extensions import current_settings, db
from matchmaker.models import Base
from matchmaker.services import publishing, sign_in
from matchmaker.services.steps.journal import record
from matchmaker.services.steps.outbox import enqueue
from matchmaker.unit_of_work import unit_of_work
from tests import factories
from tests.forum import a_forum
from tests.solved import solved

NAMES = {"fr": "Zélie Marquée", "ar": "زليخة المعلمة", "zgh": "ⵣⵉⵍⵉ ⵎⴰⵔⴽⵉ"}
EMAIL, PHONE = "zelie.marquee@example.org", "+212 699 112233"
JOB = {"fr": "Cheffe du marquage", "ar": "رئيسة الوسم"}
TEXTS = {
    "website": "https://marquee.example.org",
    "about": "À propos, marqué.",
    "offers_text": "Offre marquée",
    "needs_text": "Besoin marqué",
}
REASON = "Raison marquée"
MARKS = (*NAMES.values(), EMAIL, PHONE, *JOB.values(), *TEXTS.values(), REASON)
OTHERS = {"email": "boris.voisin@example.org", "phone": "+212 688 445566"}
"""How ``b`` is reached, which nobody else may read."""
TEAM = {"fr": "Ondine Organisatrice"}


def a_marked_forum(now, **event):
    """Let a forum happen, up to a published version, with the real solver; ``a`` and ``b`` meet."""
    forum = a_forum("a!b b!a a+c b+c", **event)
    set_(forum.organiser, names=TEAM)
    set_(forum.people["b"].account, **OTHERS)
    _mark(forum, now)
    publishing.publish(
        forum.id,
        solved(forum, now, seconds=10).number,
        VersionKind.FINAL,
        expected_version=None,
        actor_id=forum.organiser.id,
        now=now,
    )
    _post(forum, now)
    return forum


def _mark(forum, now):
    person = forum.people["a"]
    set_(person.account, names=NAMES, email=EMAIL, phone=PHONE)
    set_(person, job=JOB)
    set_(forum.organisations["a"], **TEXTS)
    talk = factories.SessionFactory(event=forum.event)
    factories.SessionSeatFactory(participation=person, of_session=talk)
    factories.UnavailabilityFactory(participation=person, in_slot=forum.slots[-1])
    sign_in.ask(EMAIL, event_id=forum.id, now=now)
    of_event = {"event_id": forum.id}
    with unit_of_work() as session:
        for purpose in ("scheduling", "directory"):
            session.add(models.Consent(participation_id=person.id, purpose=purpose, given_at=now, **of_event))
        session.add(models.Delegation(code="nord", names={"fr": "Nord"}, head_id=person.id, **of_event))
        session.query(models.Wish).filter_by(organisation_id=person.organisation_id).update(
            {"made_by_id": person.account_id}
        )
        told = {"session": session, "event_id": forum.id, "now": now}
        record(actor_id=person.account_id, verb="changed_wishes", **told)
        about = {"for_participation_id": person.id, "detail": {"reason": REASON}}
        record(actor_id=forum.organiser.id, verb="person.limits", **told, **about)


def _post(forum, now):
    """Put a message of every state into the outbox; the relay's answer repeats the address."""
    person = forum.people["a"]
    with unit_of_work() as session:
        for state in MailState:
            mail = enqueue(
                session,
                event=session.get(models.Event, forum.id),
                participation=session.get(models.Participation, person.id),
                kind="agenda",
                occasion=f"as-{state}",
                now=now,
                facts={"to": NAMES["fr"]},
            )
            mail.state, mail.answer = state, f"the relay said <{EMAIL}>"


def set_(row, **fields):
    """Change a row, in the database and in the hand."""
    with unit_of_work() as session:
        kept = session.get_one(type(row), row.id)
        for name, value in fields.items():
            setattr(kept, name, value)
    db.session.refresh(row)
    db.session.rollback()


def veto(forum, asker, wanted):
    asking, about = forum.organisations[asker], forum.organisations[wanted]
    factories.WishFactory(organisation=asking, wanted_organisation=about, level=WishLevel.VETO)


# ── looking for marks ───────────────────────────────────────────────────────


def left(text, marks=MARKS):
    """Return the marks that stand in a text or in bytes, as they are or as JSON writes them."""
    data = text.encode() if isinstance(text, str) else text
    return {mark for mark in marks if mark.encode() in data or json.dumps(mark)[1:-1].encode() in data}


def dump():
    """Return all rows of all tables as text, stored problems unpacked."""
    db.session.rollback()
    rows = [
        (table.name, [_readable(value) for value in row])
        for table in Base.metadata.sorted_tables
        for row in db.session.execute(table.select())
    ]
    db.session.rollback()
    return "\n".join(f"{name}: {values}" for name, values in rows)


def _readable(value):
    if isinstance(value, bytes):
        return gzip.decompress(value).decode()
    return json.dumps(value, ensure_ascii=False, default=str)


def file_bytes(*, vacuum):
    """Return the bytes of the SQLite file, with what waited in its journal."""
    db.session.rollback()
    db.engine.dispose()
    path = Path(current_settings().data_folder, current_settings().database.rsplit("/", 1)[1])
    with sqlite3.connect(path, isolation_level=None) as connection:
        if vacuum:
            connection.execute("VACUUM")
        busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    connection.close()
    assert busy == 0
    return path.read_bytes()

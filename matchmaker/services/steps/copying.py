"""A copy of one event for a rehearsal: a database of its own, in which nobody has a name, an address or a way in.

The copy begins at the wishes: runs, drafts, versions, mail, feedback and the log stay behind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Table, create_engine, select, union
from sqlalchemy.orm import Session

from matchmaker.domain.states import Phase
from matchmaker.models import Account, Base, Event, Membership, Participation, Wish

Row = dict[str, Any]

OF_EVENT = (
    *("event_day", "event_break", "slot", "zone", "walk", "location", "location_closure", "event_session"),
    *("participant_type", "membership", "delegation", "organisation", "location_owner", "organisation_topic"),
    *("participation", "unavailability", "session_seat", "audience_window", "interpreter", "interpreter_absence"),
    *("wish", "request"),
)
"""The tables of which the copy holds the event's rows; of accounts it has those that these rows name."""


def _nobody(row: Row) -> Row:
    """Return an account that is told by mail as before, at an address that leads nowhere by definition."""
    address = f"{row['id']}@rehearsal.invalid" if row["email"] else None
    who = {"names": {"en": f"Participant {row['id']}"}, "email": address, "phone": None}
    return {**row, **who, "login": None, "password_hash": None}


def _without_words(row: Row) -> Row:
    return {**row, "website": "", "about": "", "offers_text": "", "needs_text": ""}


CHANGED: Mapping[str, Callable[[Row], Row]] = {
    "event": lambda row: {**row, "phase": Phase.WISHES},
    "account": _nobody,
    "organisation": _without_words,
    "participation": lambda row: {**row, "title": {}, "job": {}, "arrived_at": None},
    "interpreter": lambda row: {**row, "names": {"en": f"Interpreter {row['id']}"}},
    "request": lambda row: {**row, "priority_reason": ""},
}
"""What is other in the copy: all that would tell who somebody is, and what the rehearsal itself will bring about."""


def copy_event(session: Session, event_id: int, file: Path) -> None:
    """Write the event's rows into a new SQLite database; the session's own is only read, in one moment of it."""
    session.rollback()
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    engine = create_engine(f"sqlite:///{file}")
    try:
        Base.metadata.create_all(engine)
        with engine.begin() as copy:
            for name, rows in _rows(session, event_id).items():
                change = CHANGED.get(name)
                if rows:
                    copy.execute(_table(name).insert(), [change(row) if change else row for row in rows])
    finally:
        engine.dispose()
        session.rollback()


def _rows(session: Session, event_id: int) -> dict[str, list[Row]]:
    named: Any = union(
        select(Participation.account_id).where(Participation.event_id == event_id),
        select(Membership.account_id).where(Membership.event_id == event_id),
        select(Wish.made_by_id).where(Wish.event_id == event_id),
    )

    def read(table: Table, condition: Any) -> list[Row]:
        rows = session.execute(select(table).where(condition).order_by(table.c.id)).mappings()
        return [dict(row) for row in rows]

    return {
        "event": read(_table(Event.__tablename__), _table("event").c.id == event_id),
        "account": read(_table(Account.__tablename__), _table("account").c.id.in_(named)),
        **{name: read(_table(name), _table(name).c.event_id == event_id) for name in OF_EVENT},
    }


def _table(name: str) -> Table:
    return Base.metadata.tables[name]

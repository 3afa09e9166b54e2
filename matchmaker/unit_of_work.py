"""The only place that commits. A change is kept whole, or nothing of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from matchmaker.errors import WriteOutsideUnitOfWorkError
from matchmaker.extensions import db
from matchmaker.models import edition

WRITES = "matchmaker_writes"
"""Execution option of a connection whose transaction will write."""
PRAGMAS = ("journal_mode=WAL", "foreign_keys=ON", "busy_timeout=20000", "synchronous=NORMAL", "secure_delete=ON")
"""By the last of them, what is deleted is overwritten in the file and does not wait there for its page to be used."""
JOINED = "matchmaker_joined"
"""Key of a session in which units of work are parts of a greater one; true while a part is being done."""


@contextmanager
def unit_of_work() -> Iterator[Session]:
    """Keep everything done inside, or nothing: commit at the end, roll back on any error.

    What was only read before is let go first, so that SQLite can take its write lock at the start
    (``BEGIN IMMEDIATE``) and never has to upgrade a read, which fails under load.
    """
    session: Session = db.session()
    if session.info.get(JOINED) is False:
        with _part(session):
            yield session
        return
    if session.info.get(WRITES):
        raise WriteOutsideUnitOfWorkError("units of work do not nest: share a step instead")
    session.rollback()
    session.info[WRITES] = True
    try:
        session.connection(execution_options={WRITES: True})
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop(WRITES, None)


@contextmanager
def all_or_nothing() -> Iterator[None]:
    """Make one unit of work of all that are done inside, one after the other; for loading a whole event.

    Each sees what those before it wrote, as it would had they been kept. An error that leaves the block undoes
    them all. The database's write lock is held to the end: nothing slow belongs inside.
    """
    with unit_of_work() as session:
        session.info[JOINED] = False
        try:
            yield
        finally:
            del session.info[JOINED]


def watch_sessions() -> None:
    """Refuse to flush changes that no unit of work would keep, and count the editions of what is changed."""
    for name, listener in _LISTENERS.items():
        if not event.contains(Session, name, listener):
            event.listen(Session, name, listener)


def prepare_engine(engine: Engine) -> None:
    """Set up SQLite for many readers beside one writer; other databases need nothing."""
    if engine.dialect.name != "sqlite":
        return
    event.listen(engine, "connect", _open_sqlite)
    event.listen(engine, "begin", _begin_sqlite)


@contextmanager
def _part(session: Session) -> Iterator[None]:
    session.info[JOINED] = True
    try:
        with session.begin_nested():
            yield
        session.expire_all()  # as a commit does: the next part reads what is stored
    finally:
        session.info[JOINED] = False


def _refuse_stray_writes(session: Session, _context: Any, _instances: Any) -> None:
    if (session.new or session.dirty or session.deleted) and not session.info.get(WRITES):
        raise WriteOutsideUnitOfWorkError("rows changed outside a unit of work")


_LISTENERS: dict[str, Callable[..., None]] = {
    "before_flush": _refuse_stray_writes,
    "after_flush": edition.note_rows,
    "do_orm_execute": edition.note_statement,
    "before_commit": edition.count,
    "after_rollback": edition.forget,
}


def _open_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver would begin by itself, and deferred
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

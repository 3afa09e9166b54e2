"""Rows fetched inside a unit of work, always of one event: those of another do not exist."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matchmaker.domain.wording import N_
from matchmaker.errors import InUse, InvalidValue, NotFound
from matchmaker.models import Base, Event

Row = TypeVar("Row", bound=Base)


def the_event(session: Session, event_id: int) -> Event:
    """Return the event.

    Raises
    ------
    NotFound
        If there is none.
    """
    event = session.get(Event, event_id)
    if event is None:
        raise NotFound("event", event_id)
    return event


def of_event(session: Session, kind: type[Row], event_id: int, row_id: int) -> Row:
    """Return a row of the event by its id.

    Raises
    ------
    NotFound
        If there is none, or it belongs to another event.
    """
    row = session.get(kind, row_id)
    if row is None or getattr(row, "event_id") != event_id:  # noqa: B009 -- Base itself has no such column
        raise NotFound(kind.__name__.lower(), row_id)
    return row


def refuse_strangers(session: Session, kind: Any, event_id: int, ids: Collection[int]) -> None:
    """Refuse ids that name no row of the event.

    Raises
    ------
    NotFound
        If there is one such.
    """
    known = select(kind.id).where(kind.event_id == event_id, kind.id.in_(ids))
    if strangers := set(ids) - set(session.scalars(known)):
        raise NotFound(kind.__name__.lower(), min(strangers))


def refuse_used(session: Session, what: str, *wheres: Any) -> None:
    """Refuse to take away what rows still name; each of ``wheres`` is a column and the value it has then.

    Raises
    ------
    InUse
        With the number of such rows.
    """
    used = sum(session.scalar(select(func.count()).where(where)) or 0 for where in wheres)
    if used:
        raise InUse(what, used)


def refuse_taken(session: Session, kind: Any, event_id: int, code: str, row_id: int | None = None) -> None:
    """Refuse a code that another row of the event has.

    Raises
    ------
    InvalidValue
        At the field ``code``.
    """
    if session.scalar(select(kind.id).where(kind.event_id == event_id, kind.code == code, kind.id != row_id)):
        raise InvalidValue("code", N_("This code is taken. Choose another."))


def refuse_nameless(names: Mapping[str, str], field: str = "names") -> None:
    """Refuse a name that says nothing in any language.

    Raises
    ------
    InvalidValue
        At ``field``.
    """
    if not any(text.strip() for text in names.values()):
        raise InvalidValue(field, N_("Write the name in at least one language."))

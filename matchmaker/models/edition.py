"""A number for each event that grows with whatever its directory shows, so that what is kept of it in memory is true.

The number grows in the transaction of the change itself, as its last step: nobody can forget it, and a transaction
that holds it waits for no other row.
"""

from __future__ import annotations

from secrets import randbelow
from typing import Any

from sqlalchemy import ForeignKey, inspect, literal, or_, select, true
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, mapped_column

from matchmaker.models.account import Account
from matchmaker.models.base import Base
from matchmaker.models.event import Event
from matchmaker.models.participation import Consent, Organisation, OrganisationTopic, Participation

OF_EVENT = (Organisation, OrganisationTopic, Participation, Consent)
SHOWN = (*OF_EVENT, Account)
"""The tables of which the directory shows something; all but accounts belong to one event."""
NOT_SHOWN = frozenset({"times_said_at", "arrived_at", "revision", "session_generation"})
"""Columns of theirs that change often and that no directory shows."""
FIRST = 2**30
"""The first number is drawn below this: an event that takes the number of a deleted one must not look like it."""
CHANGED = "matchmaker_changed_directories"
"""Key of a session in which something of directories was changed."""


class Edition(Base):
    __tablename__ = "edition"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), unique=True)
    number: Mapped[int]


class Changed:
    """Whose directories a transaction changed: of events, of all where an account takes part, or simply of all."""

    def __init__(self) -> None:
        self.events, self.accounts, self.everywhere = set[int](), set[int](), False


def note_rows(session: Session, _context: Any) -> None:
    """After a flush, note the rows that it wrote."""
    rows = [*session.new, *session.deleted, *(row for row in session.dirty if _changes(row) - NOT_SHOWN)]
    for row in rows:
        if isinstance(row, Account):
            _changed(session).accounts.add(row.id)
        elif isinstance(row, OF_EVENT):
            _changed(session).events.add(row.event_id)


def note_statement(state: ORMExecuteState) -> None:
    """Note a statement that changes many rows at once; which ones is not asked."""
    writes = state.is_insert or state.is_update or state.is_delete
    if writes and state.bind_mapper and issubclass(state.bind_mapper.class_, SHOWN):
        _changed(state.session).everywhere = True


def count(session: Session) -> None:
    """Before a commit, give the directories that were changed their next number."""
    session.flush()
    changed: Changed | None = session.info.pop(CHANGED, None)
    if changed is None:
        return
    takes_part = select(Participation.event_id).where(Participation.account_id.in_(changed.accounts))
    which = or_(Event.id.in_(changed.events), Event.id.in_(takes_part))
    rows = select(Event.id, literal(randbelow(FIRST))).where(true() if changed.everywhere else which).order_by(Event.id)
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    first = insert(Edition).from_select(["event_id", "number"], rows)
    session.execute(first.on_conflict_do_update(index_elements=["event_id"], set_={"number": Edition.number + 1}))


def forget(session: Session) -> None:
    """After a rollback there is nothing to count."""
    session.info.pop(CHANGED, None)


def _changed(session: Session) -> Changed:
    changed: Changed = session.info.setdefault(CHANGED, Changed())
    return changed


def _changes(row: object) -> set[str]:
    state = inspect(row)
    return {name for name in state.mapper.column_attrs.keys() if state.attrs[name].history.has_changes()}  # noqa: SIM118

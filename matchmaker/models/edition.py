"""Numbers for each event that grow with whatever is kept of it in memory, so that what is kept is true.

One grows with what the directory shows, another with what the solver is asked. They grow in the transaction of the
change itself, as its last step: nobody can forget it, and a transaction that holds them waits for no other row.
"""

from __future__ import annotations

from collections.abc import Mapping
from secrets import randbelow
from typing import Any

from sqlalchemy import ForeignKey, inspect, literal, or_, select, true
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, mapped_column

from matchmaker.models.account import Account
from matchmaker.models.base import Base
from matchmaker.models.event import (
    Break,
    Event,
    EventDay,
    EventSession,
    Location,
    LocationClosure,
    LocationOwner,
    ParticipantType,
    Slot,
    Walk,
    Zone,
)
from matchmaker.models.participation import (
    AudienceWindow,
    Consent,
    Interpreter,
    InterpreterAbsence,
    Organisation,
    OrganisationTopic,
    Participation,
    SessionSeat,
    Unavailability,
)
from matchmaker.models.request import Request, Wish
from matchmaker.models.version import Attendance, PublishedMeeting, Version

NOT_SHOWN = frozenset(
    {
        *("times_said_at", "arrived_at", "revision", "session_generation"),
        *("standby_looked_at", "mail_stopped_at", "wants_reminders", "logos", "archived_at"),
    }
)
"""Columns that change often and of which nothing is kept in memory."""
FIRST = 2**30
"""The first number is drawn below this: an event that takes the number of a deleted one must not look like it."""
CHANGED = "matchmaker_changed_editions"
"""Key of a session in which something was changed that is kept in memory."""


class Edition(Base):
    """How often what the directory shows was changed."""

    __tablename__ = "edition"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), unique=True)
    number: Mapped[int]


class QuestionEdition(Base):
    """How often what the solver is asked was changed."""

    __tablename__ = "question_edition"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), unique=True)
    number: Mapped[int]


COUNTED: Mapping[type[Edition | QuestionEdition], tuple[type[Base], ...]] = {
    Edition: (Organisation, OrganisationTopic, Participation, Consent, Account),
    QuestionEdition: (
        *(
            Event,
            EventDay,
            Break,
            Slot,
            Zone,
            Walk,
            Location,
            LocationOwner,
            LocationClosure,
            EventSession,
            SessionSeat,
        ),
        *(ParticipantType, Organisation, OrganisationTopic, Participation, Unavailability, AudienceWindow),
        *(Interpreter, InterpreterAbsence, Request, Wish, PublishedMeeting, Attendance, Version),
    ),
}
"""The tables of which something is kept; all but accounts belong to one event."""


class Changed:
    """Whose number a transaction changes: of events, of all where an account takes part, or simply of all."""

    def __init__(self) -> None:
        self.events, self.accounts, self.everywhere = set[int](), set[int](), False


def note_rows(session: Session, _context: Any) -> None:
    """After a flush, note the rows that it wrote."""
    rows: list[Any] = [*session.new, *session.deleted, *(row for row in session.dirty if _changes(row) - NOT_SHOWN)]
    for edition, tables in COUNTED.items():
        for row in rows:
            if isinstance(row, Account) and Account in tables:
                _changed(session, edition).accounts.add(row.id)
            elif isinstance(row, tables):
                _changed(session, edition).events.add(_event_of(row))


def _event_of(row: Any) -> int:
    event_id: int = row.id if isinstance(row, Event) else row.event_id
    return event_id


def note_statement(state: ORMExecuteState) -> None:
    """Note a statement that changes many rows at once; which ones is not asked."""
    writes = state.is_insert or state.is_update or state.is_delete
    for edition, tables in COUNTED.items():
        if writes and state.bind_mapper and issubclass(state.bind_mapper.class_, tables):
            _changed(state.session, edition).everywhere = True


def count(session: Session) -> None:
    """Before a commit, give what was changed its next number."""
    session.flush()
    changes: Mapping[type[Any], Changed] = session.info.pop(CHANGED, {})
    for edition in COUNTED:  # always in this order, or two transactions could wait for each other
        if edition in changes:
            _count(session, edition, changes[edition])


def _count(session: Session, edition: type[Any], changed: Changed) -> None:
    takes_part = select(Participation.event_id).where(Participation.account_id.in_(changed.accounts))
    which = or_(Event.id.in_(changed.events), Event.id.in_(takes_part))
    rows = select(Event.id, literal(randbelow(FIRST))).where(true() if changed.everywhere else which).order_by(Event.id)
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    first = insert(edition).from_select(["event_id", "number"], rows)
    session.execute(first.on_conflict_do_update(index_elements=["event_id"], set_={"number": edition.number + 1}))


def forget(session: Session) -> None:
    """After a rollback there is nothing to count."""
    session.info.pop(CHANGED, None)


def _changed(session: Session, edition: type[Any]) -> Changed:
    changes: dict[type[Any], Changed] = session.info.setdefault(CHANGED, {})
    return changes.setdefault(edition, Changed())


def _changes(row: object) -> set[str]:
    state = inspect(row)
    return {name for name in state.mapper.column_attrs.keys() if state.attrs[name].history.has_changes()}  # noqa: SIM118

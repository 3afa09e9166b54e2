"""Delegations, each with its head, and the interpreters whom meetings without a common language need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from matchmaker.domain.wording import N_
from matchmaker.errors import InvalidValue
from matchmaker.models import (
    Delegation,
    DraftMeeting,
    Interpreter,
    InterpreterAbsence,
    Organisation,
    Participation,
    Slot,
)
from matchmaker.services.steps import rows
from matchmaker.services.steps.codes import new_code
from matchmaker.services.steps.journal import record
from matchmaker.unit_of_work import unit_of_work


@dataclass(frozen=True, slots=True)
class Interpreting:
    """An interpreter: at least two languages, how much they can take, the slots in which they are away."""

    names: Mapping[str, str]
    languages: tuple[str, ...]
    max_per_day: int | None = None
    max_consecutive: int | None = None
    absent_slot_ids: frozenset[int] = frozenset()


def add_delegation(event_id: int, code: str, names: Mapping[str, str], *, actor_id: int | None, now: datetime) -> int:
    """Add a delegation, without head or members yet; return its id.

    Raises
    ------
    InvalidValue
        If the code is taken, or the name missing.
    """
    with unit_of_work() as session:
        rows.the_event(session, event_id)
        rows.refuse_nameless(names)
        rows.refuse_taken(session, Delegation, event_id, code)
        added = Delegation(event_id=event_id, code=code, names=dict(names), head_id=None)
        session.add(added)
        session.flush()
        record(session, event_id=event_id, actor_id=actor_id, verb="delegation.added", now=now, subject=code)
        return added.id


def set_head(
    event_id: int, delegation_id: int, participation_id: int | None, *, actor_id: int | None, now: datetime
) -> None:
    """Name the head of a delegation, who must be of one of its organisations; None: nobody.

    Raises
    ------
    InvalidValue
        If the person's organisation is not of the delegation.
    """
    with unit_of_work() as session:
        delegation = rows.of_event(session, Delegation, event_id, delegation_id)
        if participation_id is not None:
            person = rows.of_event(session, Participation, event_id, participation_id)
            if person.organisation.delegation_id != delegation_id:
                raise InvalidValue("head", N_("This person’s organisation is not of the delegation."))
        delegation.head_id = participation_id
        verb, subject = "delegation.head", delegation.code
        record(
            session,
            event_id=event_id,
            actor_id=actor_id,
            verb=verb,
            now=now,
            subject=subject,
            for_participation_id=participation_id,
        )


def remove_delegation(event_id: int, delegation_id: int, *, actor_id: int | None, now: datetime) -> None:
    """Take a delegation away.

    Raises
    ------
    InUse
        If organisations are in it.
    """
    with unit_of_work() as session:
        row = rows.of_event(session, Delegation, event_id, delegation_id)
        rows.refuse_used(session, "delegation", Organisation.delegation_id == delegation_id)
        session.delete(row)
        record(session, event_id=event_id, actor_id=actor_id, verb="delegation.removed", now=now, subject=row.code)


def add_interpreter(event_id: int, given: Interpreting, *, actor_id: int | None, now: datetime) -> int:
    """Add an interpreter; return their id.

    Raises
    ------
    InvalidValue
        If the name is missing, or there are fewer than two languages.
    NotFound
        If a slot of absence is not of the event.
    """
    with unit_of_work() as session:
        rows.the_event(session, event_id)
        _check(session, event_id, given)
        added = Interpreter(event_id=event_id, code=new_code())
        _write(added, given)
        session.add(added)
        session.flush()
        record(session, event_id=event_id, actor_id=actor_id, verb="interpreter.added", now=now, subject=added.code)
        return added.id


def change_interpreter(
    event_id: int, interpreter_id: int, given: Interpreting, *, actor_id: int | None, now: datetime
) -> None:
    """Change an interpreter's name, languages, limits or absences.

    Raises
    ------
    InvalidValue, NotFound
        As for ``add_interpreter``.
    """
    with unit_of_work() as session:
        row = rows.of_event(session, Interpreter, event_id, interpreter_id)
        _check(session, event_id, given)
        _write(row, given)
        record(session, event_id=event_id, actor_id=actor_id, verb="interpreter.changed", now=now, subject=row.code)


def remove_interpreter(event_id: int, interpreter_id: int, *, actor_id: int | None, now: datetime) -> None:
    """Take an interpreter away.

    Raises
    ------
    InUse
        If a draft gives them meetings.
    """
    with unit_of_work() as session:
        row = rows.of_event(session, Interpreter, event_id, interpreter_id)
        rows.refuse_used(session, "interpreter", DraftMeeting.interpreter_id == interpreter_id)
        session.delete(row)
        record(session, event_id=event_id, actor_id=actor_id, verb="interpreter.removed", now=now, subject=row.code)


def _check(session: Session, event_id: int, given: Interpreting) -> None:
    rows.refuse_nameless(given.names)
    if len(set(given.languages)) < 2:
        raise InvalidValue("languages", N_("An interpreter speaks at least two languages."))
    rows.refuse_strangers(session, Slot, event_id, given.absent_slot_ids)


def _write(row: Interpreter, given: Interpreting) -> None:
    absences = {absence.slot_id: absence for absence in row.absences}
    row.names, row.languages = dict(given.names), list(given.languages)
    row.max_per_day, row.max_consecutive = given.max_per_day, given.max_consecutive
    row.absences = [
        absences.get(id_) or InterpreterAbsence(event_id=row.event_id, slot_id=id_)
        for id_ in sorted(given.absent_slot_ids)
    ]

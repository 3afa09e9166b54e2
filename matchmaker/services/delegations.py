"""Delegations, each with its head, and the interpreters whom meetings without a common language need."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.domain.wording import N_, in_language
from matchmaker.errors import InvalidValue, NotFound
from matchmaker.models import (
    Delegation,
    DraftMeeting,
    Interpreter,
    InterpreterAbsence,
    Organisation,
    Participation,
    Slot,
)
from matchmaker.services.steps import delegations as steps
from matchmaker.services.steps import rows
from matchmaker.services.steps.codes import new_code
from matchmaker.services.steps.journal import record
from matchmaker.services.steps.revisions import bump
from matchmaker.unit_of_work import unit_of_work


@dataclass(frozen=True, slots=True)
class Joined:
    """How many organisations came into a delegation, and the codes of those that are of another one."""

    count: int
    elsewhere: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Interpreting:
    """An interpreter: at least two languages, how much they can take, the slots in which they are away."""

    names: Mapping[str, str]
    languages: tuple[str, ...]
    max_per_day: int | None = None
    max_consecutive: int | None = None
    absent_slot_ids: frozenset[int] = frozenset()


def add_delegation(event_id: int, code: str, names: Mapping[str, str], *, actor_id: int | None, now: datetime) -> int:
    """Add a delegation, without head or members yet; return its id. Without a ``code`` it gets one.

    Raises
    ------
    InvalidValue
        If the code is taken, or the name missing.
    """
    with unit_of_work() as session:
        rows.the_event(session, event_id)
        rows.refuse_nameless(names)
        code = code or new_code()
        rows.refuse_taken(session, Delegation, event_id, code)
        added = Delegation(event_id=event_id, code=code, names=dict(names), head_id=None)
        session.add(added)
        session.flush()
        record(session, event_id=event_id, actor_id=actor_id, verb="delegation.added", now=now, subject=_called(names))
        return added.id


def change_delegation(
    event_id: int,
    delegation_id: int,
    names: Mapping[str, str],
    head_id: int | None,
    *,
    revision: int,
    actor_id: int | None,
    now: datetime,
) -> None:
    """Say what a delegation is called, and who heads it; None: nobody.

    Raises
    ------
    ChangedMeanwhile
        If somebody saved the delegation since ``revision`` was read.
    InvalidValue
        If the name is missing, or the new head is not of the delegation or has withdrawn.
    """
    with unit_of_work() as session:
        delegation = steps.locked(session, event_id, delegation_id)
        rows.refuse_nameless(names)
        before = delegation.head_id
        if head_id not in {None, before}:
            _refuse_head(session, delegation, head_id)
        bump(delegation, revision, {"names": dict(names), "head_id": head_id})
        verb, subject = "delegation.changed", _called(names)
        record(session, event_id=event_id, actor_id=actor_id, verb=verb, now=now, subject=subject)
        if head_id != before:
            _note_head(session, delegation, actor_id=actor_id, now=now)


def set_head(
    event_id: int, delegation_id: int, participation_id: int | None, *, actor_id: int | None, now: datetime
) -> None:
    """Name the head of a delegation, who must be of one of its organisations; None: nobody.

    Raises
    ------
    InvalidValue
        If the person's organisation is not of the delegation, or the person has withdrawn.
    """
    with unit_of_work() as session:
        delegation = steps.locked(session, event_id, delegation_id)
        if participation_id is not None:
            _refuse_head(session, delegation, participation_id)
        delegation.head_id = participation_id
        delegation.revision += 1
        _note_head(session, delegation, actor_id=actor_id, now=now)


def join(event_id: int, delegation_id: int, codes: Collection[str], *, actor_id: int | None, now: datetime) -> Joined:
    """Put organisations, named by their codes, into a delegation; those of another one stay where they are.

    Raises
    ------
    NotFound
        If the delegation or an organisation is not of the event.
    """
    with unit_of_work() as session:
        steps.locked_with_all(session, event_id, delegation_id)
        where = Organisation.event_id == event_id, Organisation.code.in_(codes)
        found = session.scalars(select(Organisation).where(*where).order_by(Organisation.id).with_for_update()).all()
        if strangers := set(codes) - {one.code for one in found}:
            raise NotFound("organisation", min(strangers))
        coming = [one for one in found if one.delegation_id is None]
        for one in coming:
            one.delegation_id = delegation_id
            verb, subject = "organisation.delegation", one.code
            record(session, event_id=event_id, actor_id=actor_id, verb=verb, now=now, subject=subject)
        elsewhere = [one.code for one in found if one.delegation_id not in {None, delegation_id}]
        return Joined(len(coming), tuple(elsewhere))


def leave(event_id: int, delegation_id: int, code: str, *, actor_id: int | None, now: datetime) -> bool:
    """Take an organisation, named by its code, out of a delegation; tell whether the head went with it.

    Raises
    ------
    InvalidValue
        If it is not of the delegation any more.
    NotFound
        If the event has no such delegation any more.
    """
    with unit_of_work() as session:
        delegation = steps.locked_with_all(session, event_id, delegation_id)
        before = delegation.head_id
        where = Organisation.event_id == event_id, Organisation.code == code
        organisation = session.scalar(select(Organisation).where(*where))
        if organisation is None or organisation.delegation_id != delegation_id:
            raise InvalidValue("code", N_("This organisation is not of the delegation any more."))
        steps.move(session, event_id, organisation.id, None)
        verb, subject = "organisation.delegation", code
        record(session, event_id=event_id, actor_id=actor_id, verb=verb, now=now, subject=subject)
        return delegation.head_id != before


def dissolve(event_id: int, delegation_id: int, count: int, *, actor_id: int | None, now: datetime) -> None:
    """Take a delegation away; its organisations stay in the event. ``count`` is how many its reader saw in it.

    Raises
    ------
    InvalidValue
        If it has another number of organisations by now.
    NotFound
        If the event has no such delegation any more.
    """
    with unit_of_work() as session:
        delegation = steps.locked_with_all(session, event_id, delegation_id)
        members = session.scalars(
            select(Organisation).where(Organisation.delegation_id == delegation_id).order_by(Organisation.id)
        ).all()
        if len(members) != count:
            raise InvalidValue("count", N_("Others changed the delegation meanwhile. Look at it again."))
        for one in members:
            one.delegation_id = None
        session.flush()
        session.delete(delegation)
        verb, subject, detail = "delegation.dissolved", _called(delegation.names), {"organisations": count}
        record(session, event_id=event_id, actor_id=actor_id, verb=verb, now=now, subject=subject, detail=detail)


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


def _called(names: Mapping[str, str]) -> str:
    """Return what the log calls a delegation, which may be dissolved by the time it is read."""
    return in_language(names, "fr")


def _refuse_head(session: Session, delegation: Delegation, participation_id: int | None) -> None:
    person = rows.of_event(session, Participation, delegation.event_id, participation_id or 0)
    if person.organisation.delegation_id != delegation.id:
        raise InvalidValue("head", N_("This person’s organisation is not of the delegation."))
    if person.withdrawn:
        raise InvalidValue("head", N_("This person has withdrawn. Choose somebody who takes part."))


def _note_head(session: Session, delegation: Delegation, *, actor_id: int | None, now: datetime) -> None:
    record(
        session,
        event_id=delegation.event_id,
        actor_id=actor_id,
        verb="delegation.head",
        now=now,
        subject=_called(delegation.names),
        for_participation_id=delegation.head_id,
    )


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

"""Who is of a delegation: organisations come and go, and no delegation keeps a head who is not of it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.domain.cells import by_script
from matchmaker.domain.importing import by_names
from matchmaker.domain.searching import folded
from matchmaker.errors import NotFound
from matchmaker.models import Delegation, Organisation, Participation
from matchmaker.services.steps import rows
from matchmaker.services.steps.codes import new_code


def locked(session: Session, event_id: int, delegation_id: int) -> Delegation:
    """Return a delegation of the event, which nobody else changes or dissolves till the end of this unit.

    Raises
    ------
    NotFound
        If the event has none such, or not any more.
    """
    row = session.get(Delegation, delegation_id, with_for_update=True, populate_existing=True)
    if row is None or row.event_id != event_id:
        raise NotFound("delegation", delegation_id)
    return row


def all_locked(session: Session, event_id: int) -> dict[int, Delegation]:
    """Return all delegations of the event, locked: who moves organisations between them waits here for who does so.

    To lock only the two that a move is between would not do: which these are is known once the organisation is locked.
    """
    chosen = select(Delegation).where(Delegation.event_id == event_id).order_by(Delegation.id).with_for_update()
    rows_ = session.scalars(chosen, execution_options={"populate_existing": True})
    return {one.id: one for one in rows_}


def locked_with_all(session: Session, event_id: int, delegation_id: int) -> Delegation:
    """Return a delegation of the event, locked with all others, for whoever moves organisations into it or out of it.

    Raises
    ------
    NotFound
        As of ``locked``.
    """
    found = all_locked(session, event_id).get(delegation_id)
    if found is None:
        raise NotFound("delegation", delegation_id)
    return found


def move(session: Session, event_id: int, organisation_id: int, delegation_id: int | None) -> Organisation:
    """Put an organisation into a delegation, or out of its own; a head who goes along heads the one left no more.

    Raises
    ------
    NotFound
        If one of them is not of the event.
    """
    delegations = all_locked(session, event_id)
    organisation = rows.of_event(session, Organisation, event_id, organisation_id)
    session.refresh(organisation, with_for_update=True)
    if delegation_id is not None and delegation_id not in delegations:
        raise NotFound("delegation", delegation_id)
    left, organisation.delegation_id = organisation.delegation_id, delegation_id
    if left is not None and left != delegation_id:
        delegation = delegations[left]
        head = session.get(Participation, delegation.head_id) if delegation.head_id else None
        if head is not None and head.organisation_id == organisation_id:
            _without_head(delegation)
    return organisation


def keep_head_within(session: Session, person: Participation, left: Organisation, joined: Organisation) -> None:
    """Take the head's office from somebody who goes to an organisation outside the delegation."""
    delegation = all_locked(session, person.event_id).get(left.delegation_id or 0)
    if delegation is not None and delegation.head_id == person.id and joined.delegation_id != delegation.id:
        _without_head(delegation)


class Travellers:
    """The delegations that the rows of a table name: found by code or name, else made."""

    def __init__(self, session: Session, event_id: int) -> None:
        self._session, self._event_id = session, event_id
        every = session.scalars(select(Delegation).where(Delegation.event_id == event_id).order_by(Delegation.id)).all()
        code_of = by_names({one.code: one.names for one in every})
        of_code = {one.code: one for one in every}
        self._known = {words: of_code[code] for words, code in code_of.items()}

    def join(self, person: Participation, words: str, *, heads: bool) -> None:
        """Put a person's organisation into a delegation, unless it is of one; who ``heads`` it, if nobody does."""
        delegation = self._known.get(folded(words)) or self._made(words)
        if person.organisation.delegation_id is None:
            person.organisation.delegation_id = delegation.id
        if heads and delegation.head_id is None and person.organisation.delegation_id == delegation.id:
            self._session.flush()
            delegation.head_id = person.id
            delegation.revision += 1

    def _made(self, words: str) -> Delegation:
        made = Delegation(event_id=self._event_id, code=new_code(), names=by_script(words), head_id=None, revision=1)
        self._session.add(made)
        self._session.flush()
        self._known[folded(words)] = made
        return made


def _without_head(delegation: Delegation) -> None:
    delegation.head_id = None
    delegation.revision += 1

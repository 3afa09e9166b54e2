"""Who must be told of a version: those concerned by the days that it publishes, each in their own way."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from matchmaker.domain.states import POSITIVE, Channel
from matchmaker.extensions import db
from matchmaker.models import Account, Mail, Participation, Wish
from matchmaker.queries.versions import Candidate

TELLING = ("agenda", "changes")


@dataclass(frozen=True, slots=True)
class Audience:
    """Those concerned by a candidate, by participation id; ``silent`` have no address or chose another way."""

    whole: frozenset[int]
    """Told their agenda whole: for the first time, or because what stays is now confirmed, or at another instant."""
    changed: frozenset[int]
    silent: frozenset[int]

    @property
    def concerned(self) -> frozenset[int]:
        return self.whole | self.changed

    @property
    def by_mail(self) -> frozenset[int]:
        return self.concerned - self.silent


def audience(found: Candidate) -> Audience:
    """Return who must be told: those whose meetings changed or are now confirmed, once all is out all who want one."""
    event_id = found.draft.event_id
    knows, changed = _knowing(event_id), frozenset(found.difference.per_person)
    everybody = _concerned(found, knows)
    silent = everybody - _by_mail(event_id)
    return Audience(whole=everybody - (changed & knows), changed=changed & knows, silent=silent)


def concerned(found: Candidate) -> frozenset[int]:
    """Return who must be told, in whatever way."""
    return _concerned(found, _knowing(found.draft.event_id))


def _concerned(found: Candidate, knows: frozenset[int]) -> frozenset[int]:
    return frozenset(found.difference.per_person) | _still_waiting(found, knows) | found.reassured


def _knowing(event_id: int) -> frozenset[int]:
    """Return to whom an agenda was sent."""
    has_mail = select(Mail.participation_id).where(Mail.event_id == event_id, Mail.kind.in_(TELLING))
    return frozenset(id_ for id_ in db.session.scalars(has_mail) if id_ is not None)


def _still_waiting(found: Candidate, knows: frozenset[int]) -> frozenset[int]:
    """Return who gets an agenda although nothing is in it: once all days are out, whoever wanted one and has none."""
    if found.plan.after is None and not found.told:
        return _wanting(found.draft.event_id)
    if not found.plan.completes:
        return frozenset()
    met = {seat.participation_id for row in found.told.values() for seat in row.attendances}
    return _wanting(found.draft.event_id) - knows - met


def _wanting(event_id: int) -> frozenset[int]:
    """Return who represents an organisation that wants to meet somebody."""
    wants = select(Wish.organisation_id).where(Wish.event_id == event_id, Wish.level.in_(POSITIVE))
    where = (Participation.event_id == event_id, Participation.withdrawn.is_(False), Participation.represents)
    rows = select(Participation.id).where(*where, Participation.organisation_id.in_(wants))
    return frozenset(db.session.scalars(rows))


def _by_mail(event_id: int) -> frozenset[int]:
    """Return who has an address and reads mail."""
    rows = select(Participation.id).join(Account, Account.id == Participation.account_id)
    reached = Participation.channel == Channel.MAIL, Account.email.is_not(None), Account.email != ""
    return frozenset(db.session.scalars(rows.where(Participation.event_id == event_id, *reached)))

"""Whom a person met, and what each of them agreed to give to those they meet."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased, joinedload

from matchmaker.domain.states import MeetingState
from matchmaker.domain.wording import N_
from matchmaker.extensions import db
from matchmaker.models import Attendance, Consent, Participation, PublishedMeeting, Texts
from matchmaker.queries import agenda_rows

Mine, Theirs = aliased(Attendance), aliased(Attendance)
PURPOSE = "contact"
WITHHELD = N_("There is no consent to pass on how to reach this person.")
"""Said wherever somebody is shown who did not agree."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody met. Who did not agree has a name and an organisation here, and nothing else."""

    names: Texts
    organisation: Texts
    agreed: bool
    job: Texts = field(default_factory=dict)
    email: str = ""
    phone: str = ""


def contacts(participation: Participation) -> tuple[Contact, ...]:
    """Return those on the other side of the person's meetings that took place, once each, in the order of the days."""
    version = agenda_rows.last_version(participation.event_id)
    if version is None:
        return ()
    agreed = and_(Consent.participation_id == Participation.id, Consent.purpose == PURPOSE)
    rows = (
        select(Participation, Consent.id)
        .join(Theirs, Theirs.participation_id == Participation.id)
        .join(PublishedMeeting, PublishedMeeting.id == Theirs.meeting_id)
        .join(Mine, and_(Mine.meeting_id == PublishedMeeting.id, Mine.side != Theirs.side))
        .outerjoin(Consent, agreed)
        .where(PublishedMeeting.version_id == version.id, PublishedMeeting.state == MeetingState.HELD)
        .where(Mine.participation_id == participation.id)
        .options(joinedload(Participation.account), joinedload(Participation.organisation))
        .order_by(PublishedMeeting.day, PublishedMeeting.start, PublishedMeeting.id, Theirs.id)
    )
    found = {person.id: _contact(person, agreed=consent is not None) for person, consent in db.session.execute(rows)}
    return tuple(found.values())


def _contact(person: Participation, *, agreed: bool) -> Contact:
    account, organisation = person.account, person.organisation.names
    if not agreed:
        return Contact(account.names, organisation, agreed=False)
    return Contact(account.names, organisation, True, person.job, account.email or "", account.phone or "")

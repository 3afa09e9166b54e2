"""Inviting all who were entered by others: one mail to each person, once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from matchmaker.domain.wording import N_
from matchmaker.errors import InvalidValue
from matchmaker.models import Event, Mail, Participation
from matchmaker.queries import invitations
from matchmaker.services.steps import people
from matchmaker.services.steps.journal import record
from matchmaker.services.steps.outbox import drafted
from matchmaker.services.steps.sign_in_links import FIRST_MAIL_LASTS, new_link
from matchmaker.unit_of_work import unit_of_work

AT_ONCE = 200
"""Mails of one unit of work: others get their turn at the database in between."""


def invite(event_id: int, count: int, *, actor_id: int | None, now: datetime) -> int:
    """Write to everybody with an address who was not written to yet; return how many.

    Each batch is kept by itself: whoever dies in between has invited some, and who calls again invites the rest.

    Raises
    ------
    DataDeleted
        If the event's announced day is over.
    InvalidValue
        At ``count``, if it is not the number of those who would be written to.
    """
    with unit_of_work() as session:
        people.open_event(session, event_id, now)
        waiting = invitations.uninvited(event_id)
        if len(waiting) != count or not count:
            raise InvalidValue("count", N_("This is not the number of people who would be written to by now."))
        detail = {"people": count}
        record(session, event_id=event_id, actor_id=actor_id, verb="people.invited", now=now, detail=detail)
    for start in range(0, count, AT_ONCE):
        with unit_of_work() as session:
            event = people.open_event(session, event_id, now)
            _invite(session, event, waiting[start : start + AT_ONCE], now)
    return count


def _invite(session: Session, event: Event, ids: Sequence[int], now: datetime) -> None:
    """Write to those of these who still wait; the event's row is locked, so nobody else writes to them meanwhile."""
    session.refresh(event, with_for_update=True)
    told = select(Mail.participation_id).where(Mail.participation_id.in_(ids), Mail.kind.in_(invitations.FIRST))
    chosen = Participation.id.in_(set(ids) - set(session.scalars(told))), Participation.withdrawn.is_(False)
    found = session.scalars(select(Participation).where(*chosen).options(joinedload(Participation.account))).all()
    links = {one.id: new_link(one.account_id, event.id, now=now, lasts=FIRST_MAIL_LASTS) for one in found}
    session.add_all(links.values())
    session.flush()
    for one in found:
        facts = {"link_id": links[one.id].id}
        if mail := drafted(event, "invitation", "first", now, participation=one, facts=facts):
            session.add(mail)

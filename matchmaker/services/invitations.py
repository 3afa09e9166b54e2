"""Inviting all who were entered by others: one mail to each person, once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from matchmaker.domain.wording import N_
from matchmaker.errors import InvalidValue
from matchmaker.models import Event, Participation
from matchmaker.queries import invitations
from matchmaker.services.steps import people
from matchmaker.services.steps.journal import record
from matchmaker.services.steps.outbox import enqueue
from matchmaker.services.steps.sign_in_links import FIRST_MAIL_LASTS, issue
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
            for participation_id in waiting[start : start + AT_ONCE]:
                _invite(session, event, session.get_one(Participation, participation_id), now)
    return count


def _invite(session: Session, event: Event, participation: Participation, now: datetime) -> None:
    if participation.withdrawn or not participation.account.email:
        return
    link = issue(session, participation.account_id, event.id, now=now, lasts=FIRST_MAIL_LASTS)
    facts = {"link_id": link.id}
    enqueue(
        session, event=event, kind="invitation", occasion="first", now=now, participation=participation, facts=facts
    )

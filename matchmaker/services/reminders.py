"""One mail a day at most to those who have given no wishes yet, when an organiser asks for it."""

from __future__ import annotations

from datetime import datetime

from matchmaker.domain.wording import N_
from matchmaker.errors import InvalidValue, NotFound, PhaseForbids, WishesClosed
from matchmaker.models import Event
from matchmaker.queries import reminders
from matchmaker.services.steps.journal import record
from matchmaker.services.steps.outbox import enqueue
from matchmaker.services.steps.sign_in_links import FIRST_MAIL_LASTS, issue
from matchmaker.unit_of_work import unit_of_work

MEANWHILE = N_("The number of people to remind has changed meanwhile. Look again, then send.")


def remind(event_id: int, expected: int, *, actor_id: int | None, now: datetime) -> int:
    """Put a reminder into the outbox for everybody who can be reminded by mail today, and return how many those are.

    ``expected`` is the number that the organiser saw and meant.

    Raises
    ------
    InvalidValue
        If the number is another one by now.
    PhaseForbids, WishesClosed
        If wishes cannot be given any more.
    """
    with unit_of_work() as session:
        event = session.get(Event, event_id, with_for_update=True, populate_existing=True)
        if event is None:
            raise NotFound("event", event_id)
        if event.phase not in reminders.OPEN:
            raise PhaseForbids(event.phase)
        if event.wishes_close_at and not reminders.are_open(event, now):
            raise WishesClosed(event.wishes_close_at)
        people = reminders.silent(event, now).by_mail
        if len(people) != expected:
            raise InvalidValue("expected", MEANWHILE)
        occasion = reminders.occasion(event, now)
        for person in people:
            link = issue(session, person.account_id, event.id, now=now, lasts=FIRST_MAIL_LASTS)
            facts = {"link_id": link.id}
            enqueue(
                session, event=event, kind="reminder", occasion=occasion, now=now, participation=person, facts=facts
            )
        record(session, event_id=event_id, actor_id=actor_id, verb="reminded", now=now, subject=str(len(people)))
        return len(people)

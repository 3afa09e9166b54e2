"""Putting an event away: closed to all but its owners, who read it and may bring it back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from matchmaker.domain.states import MailState
from matchmaker.errors import NotFound
from matchmaker.models import Event, Mail
from matchmaker.queries.sending import TAKEN_BACK
from matchmaker.services.steps.journal import record
from matchmaker.unit_of_work import unit_of_work


def archive(event_id: int, *, actor_id: int | None, now: datetime) -> None:
    """Archive an event; mails that wait to be sent are held. Done twice, it is done once.

    What takes entries back from a mailbox leaves: it goes within days, whatever becomes of the event.
    """
    with unit_of_work() as session:
        event = _locked(session, event_id)
        if event.archived_at is None:
            event.archived_at = now
            waiting = Mail.event_id == event_id, Mail.state == MailState.QUEUED, Mail.kind != TAKEN_BACK
            session.execute(update(Mail).where(*waiting).values(state=MailState.HELD))
            record(session, event_id=event_id, actor_id=actor_id, verb="event.archived", now=now)


def restore(event_id: int, *, actor_id: int | None, now: datetime) -> None:
    """Bring an event back from the archive, as it was; mails that were held wait for somebody's decision."""
    with unit_of_work() as session:
        event = _locked(session, event_id)
        if event.archived_at is not None:
            event.archived_at = None
            record(session, event_id=event_id, actor_id=actor_id, verb="event.restored", now=now)


def _locked(session: Session, event_id: int) -> Event:
    event = session.get(Event, event_id, with_for_update=True, populate_existing=True)
    if event is None:
        raise NotFound("event", event_id)
    return event

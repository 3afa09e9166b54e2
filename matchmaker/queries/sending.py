"""Which mail is the next to leave: what is due, is not stopped, and is below every limit."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.sql.elements import SQLCoreOperations

from matchmaker.domain.states import MailState, Role
from matchmaker.models import Event, Mail, Membership, Version
from matchmaker.settings import Settings

ASKED_FOR = frozenset({"sign_in"})
"""Kinds that somebody asked for this minute."""
ONLY_BY_MAIL = ASKED_FOR | {"entry"}
"""Kinds that go by mail whatever way the person chose to be told things: what they asked for, and what changes an
entry that came into their calendar by mail."""
UNASKED = frozenset({"reminder", "thanks", "tomorrow", "waiting"})
"""Kinds without which nobody misses a meeting: those who do not want them are not sent them."""
TAKEN_BACK = "taken_back"
"""The kind that empties the calendar of a mailbox that is its person's no more; nobody is shown where it goes."""
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def due(settings: Settings, now: datetime) -> Select[Mail]:
    """Return the query for the mails that may leave now, those that wait longest first.

    A mail counts against the limits from its last try on, so that several workers keep them together.
    """
    where = [
        Mail.state == MailState.QUEUED,
        Mail.next_try_at <= now,
        not_stopped(),
        Mail.event_id.not_in(spent(settings, now)),
    ]
    counted = Mail.kind.not_in(ASKED_FOR)
    told = _reached(Mail.recipient, settings.mail_to_one_person_a_day, now - DAY).where(counted)
    where.append(or_(~counted, Mail.recipient.not_in(told)))
    if settings.mail_to_one_host_a_minute:
        where.append(Mail.host.not_in(_reached(Mail.host, settings.mail_to_one_host_a_minute, now - MINUTE)))
    return select(Mail).where(*where).order_by(Mail.next_try_at, Mail.id)


def not_stopped() -> ColumnElement[bool]:
    """Return the condition that nobody stopped the mail of the event."""
    return Mail.event_id.not_in(select(Event.id).where(Event.mail_stopped_at.is_not(None)))


def spent(settings: Settings, now: datetime) -> Select[int]:
    """Return the query for the events that have used up what they may send in 24 hours."""
    proven = (
        select(Membership.account_id)
        .join(Version, Version.event_id == Membership.event_id)
        .where(Membership.role == Role.OWNER)
    )
    known = select(Membership.event_id).where(Membership.role == Role.OWNER, Membership.account_id.in_(proven))
    most = case(
        (Mail.event_id.in_(known), settings.mail_of_one_event_a_day), else_=settings.mail_of_a_new_organiser_a_day
    )
    return _reached(Mail.event_id, most, now - DAY)


def _reached(what: SQLCoreOperations[Any], most: int | ColumnElement[int], since: datetime) -> Select[Any]:
    return select(what).where(Mail.claimed_at > since).group_by(what).having(func.count(Mail.id) >= most)

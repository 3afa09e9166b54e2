"""Which mail is the next to leave: what is due, is not stopped, and is below every limit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.sql.elements import SQLCoreOperations

from matchmaker.domain.states import MailState, Role
from matchmaker.extensions import db
from matchmaker.models import Event, Mail, Membership, Version
from matchmaker.settings import Settings

ASKED_FOR = frozenset({"sign_in"})
"""Kinds that somebody asked for this minute."""
ONLY_BY_MAIL = ASKED_FOR | {"entry"}
"""Kinds that go by mail whatever way the person chose to be told things: what they asked for, and what changes an
entry that came into their calendar by mail."""
UNASKED = frozenset({"reminder", "thanks", "tomorrow", "waiting"})
"""Kinds without which nobody misses a meeting: those who do not want them are not sent them."""
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


def together(settings: Settings, now: datetime, mails: Sequence[Mail]) -> list[Mail]:
    """Return those of some mails of one event, each due, that keep the limits even if all before them leave too.

    Of several workers that ask at the same moment, where none waits for another, each has all that is left.
    """
    found = list({mail.recipient: mail for mail in reversed(mails)}.values())[::-1]
    if len(found) <= 1:
        return found
    if most := settings.mail_to_one_host_a_minute:
        hosts = [mail.host for mail in found]
        gone = Counter(
            db.session.scalars(select(Mail.host).where(Mail.host.in_(hosts), Mail.claimed_at > now - MINUTE))
        )
        found = [mail for place, mail in enumerate(found) if gone[mail.host] + hosts[:place].count(mail.host) < most]
    own = Mail.event_id == found[0].event_id
    sent = select(func.count(Mail.id)).where(own, Mail.claimed_at > now - DAY).scalar_subquery()
    room = db.session.scalar(select(_most(settings) - sent).where(Mail.id == found[0].id)) or 0
    return found[:room]


def not_stopped() -> ColumnElement[bool]:
    """Return the condition that nobody stopped the mail of the event."""
    return Mail.event_id.not_in(select(Event.id).where(Event.mail_stopped_at.is_not(None)))


def spent(settings: Settings, now: datetime) -> Select[int]:
    """Return the query for the events that have used up what they may send in 24 hours."""
    return _reached(Mail.event_id, _most(settings), now - DAY)


def _most(settings: Settings) -> ColumnElement[int]:
    """Return how many mails the event of a mail may send in 24 hours."""
    proven = (
        select(Membership.account_id)
        .join(Version, Version.event_id == Membership.event_id)
        .where(Membership.role == Role.OWNER)
    )
    known = select(Membership.event_id).where(Membership.role == Role.OWNER, Membership.account_id.in_(proven))
    return case(
        (Mail.event_id.in_(known), settings.mail_of_one_event_a_day), else_=settings.mail_of_a_new_organiser_a_day
    )


def _reached(what: SQLCoreOperations[Any], most: int | ColumnElement[int], since: datetime) -> Select[Any]:
    return select(what).where(Mail.claimed_at > since).group_by(what).having(func.count(Mail.id) >= most)

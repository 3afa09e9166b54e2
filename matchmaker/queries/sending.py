"""Which mail is the next to leave: what is due, is not stopped, and is below every limit."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, case, exists, func, or_, select
from sqlalchemy.sql.elements import SQLCoreOperations

from matchmaker.domain import zones
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
TAKEN_BACK = "taken_back"
"""The kind that empties the calendar of a mailbox that is its person's no more; nobody is shown where it goes."""
ASKED = Mail.kind.in_(ASKED_FOR)
"""The condition of such a kind; what is of another counts against what its event may send and its person be told."""
PEOPLE_AT_ONE_MAILBOX = 10
"""Each try to sign in sends a link to each person behind an address. That many times the tries of an hour is what one
mailbox gets in an hour, whoever entered how many people with it."""
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SPREAD = DAY
"""What was never tried waits less: it would take fourteen hundred invitations to one person to spread them so far."""


def due(settings: Settings, now: datetime) -> tuple[Select[Mail], Select[Mail]]:
    """Return the queries for the mails that may leave now, those that wait longest first: what was asked for, the rest.

    A mail counts against the limits from its last try on, so that several workers keep them together. What was asked
    for does not wait for what an event tells thousands of people, and uses up nothing of that.
    """
    where = [Mail.state == MailState.QUEUED, Mail.next_try_at <= now, not_stopped()]
    if settings.mail_to_one_host_a_minute:
        where.append(Mail.host.not_in(_reached(Mail.host, settings.mail_to_one_host_a_minute, now - MINUTE)))
    leaving = select(Mail).where(*where).order_by(Mail.next_try_at, Mail.id)
    links = _reached(Mail.recipient, PEOPLE_AT_ONE_MAILBOX * settings.sign_in_tries_per_hour, now - HOUR)
    told = _reached(Mail.recipient, settings.mail_to_one_person_a_day, now - DAY)
    return (
        leaving.where(ASKED, Mail.recipient.not_in(links.where(ASKED))),
        leaving.where(
            ~ASKED,
            Mail.event_id.not_in(spent(settings, now)),
            Mail.recipient.not_in(told.where(~ASKED)),
        ),
    )


def together(settings: Settings, now: datetime, mails: Sequence[Mail]) -> list[Mail]:
    """Return those of some mails of one event and one query, each due, that keep the limits even if all of them leave.

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
    if not found or found[0].kind in ASKED_FOR:
        return found
    own = Mail.event_id == found[0].event_id, ~ASKED
    sent = select(func.count(Mail.id)).where(*own, Mail.claimed_at > now - DAY).scalar_subquery()
    room = db.session.scalar(select(_most(settings) - sent).where(Mail.id == found[0].id)) or 0
    return found[:room]


def ahead(now: datetime, margin: timedelta, longest_pause: timedelta) -> ColumnElement[bool]:
    """Return the condition that a mail bears a stamp that lies in the future, by more than clocks may differ.

    When it is due may lie as far ahead as it was ever put off: between tries, or to spread what goes to one person.
    """
    late = or_(
        Mail.created_at > now + margin,
        Mail.next_try_at > now + SPREAD,
        Mail.claimed_at.is_not(None) & (Mail.next_try_at > now + longest_pause),
    )
    return or_(Mail.claimed_at > now + margin, (Mail.state == MailState.QUEUED) & late)


def not_stopped() -> ColumnElement[bool]:
    """Return the condition that nobody stopped the mail of the event."""
    return Mail.event_id.not_in(select(Event.id).where(Event.mail_stopped_at.is_not(None)))


def put_away() -> ColumnElement[bool]:
    """Return the condition that the event of a mail was archived since the mail was made."""
    archived = Mail.event_id.in_(select(Event.id).where(Event.archived_at.is_not(None)))
    since = select(Event.archived_at).where(Event.id == Mail.event_id).scalar_subquery()
    return archived & (Mail.created_at <= since) & (Mail.kind != TAKEN_BACK)


def spent(settings: Settings, now: datetime) -> Select[int]:
    """Return the query for the events that have used up what they may send in 24 hours."""
    return _reached(Mail.event_id, _most(settings), now - DAY).where(~ASKED)


def _most(settings: Settings) -> ColumnElement[int]:
    """Return how many mails the event of a mail may send in 24 hours."""
    return case(
        (Mail.event_id.in_(_known()), settings.mail_of_one_event_a_day), else_=settings.mail_of_a_new_organiser_a_day
    )


def _known() -> Select[int]:
    """Return the query for the events of which an owner published a schedule before, of any event."""
    proven = (
        select(Membership.account_id)
        .join(Version, Version.event_id == Membership.event_id)
        .where(Membership.role == Role.OWNER)
    )
    return select(Membership.event_id).where(Membership.role == Role.OWNER, Membership.account_id.in_(proven))


class Pace(NamedTuple):
    """How messages leave that are more than an event may send in 24 hours: ``most``, by this ``setting``.

    The last leaves by the day ``until`` at the event, or before.
    """

    most: int
    setting: str
    at_once: int
    later: int
    until: date


def pace(event: Event, settings: Settings, now: datetime, *, more: int = 0) -> Pace | None:
    """Return how what waits leaves, and ``more`` that would be published now; None if all of it leaves at once.

    To publish makes an event known whose owner was not. What somebody asked for leaves in any case and is not counted.
    """
    theirs = select(func.count(Mail.id)).where(Mail.event_id == event.id, ~ASKED)
    owned = Membership.event_id == event.id, Membership.role == Role.OWNER
    known = owned if more else (Membership.event_id == event.id, Membership.event_id.in_(_known()))
    used, waiting, is_known = db.session.execute(
        select(
            theirs.where(Mail.claimed_at > now - DAY).scalar_subquery(),
            theirs.where(Mail.state == MailState.QUEUED).scalar_subquery(),
            exists().where(*known),
        )
    ).one()
    setting = "mail_of_one_event_a_day" if is_known else "mail_of_a_new_organiser_a_day"
    most: int = getattr(settings, setting)
    at_once = min(max(most - used, 0), waiting + more)
    if not (later := waiting + more - at_once):
        return None
    last = zones.wall(now, event.zone).date() + DAY * math.ceil(later / max(most, 1))
    return Pace(most, setting, at_once, later, last)


def _reached(what: SQLCoreOperations[Any], most: int | ColumnElement[int], since: datetime) -> Select[Any]:
    return select(what).where(Mail.claimed_at > since).group_by(what).having(func.count(Mail.id) >= most)

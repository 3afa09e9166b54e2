"""Reminders: to those without wishes, once a day each, as many as the organiser saw; late ones are not sent."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from matchmaker.domain import zones
from matchmaker.domain.states import Channel, Phase
from matchmaker.errors import InvalidValue, MailOutOfDateError, PhaseForbids, WishesClosed
from matchmaker.extensions import db
from matchmaker.mail.letters import letter
from matchmaker.models import LogEntry, Mail
from matchmaker.queries.reminders import silent
from matchmaker.services.reminders import remind
from matchmaker.unit_of_work import unit_of_work
from tests.factories import AccountFactory, ParticipationFactory
from tests.forum import a_forum, wish

pytestmark = pytest.mark.usefixtures("app")
PAPER = None
"""Nothing of a reminder is on paper."""


@pytest.fixture
def forum():
    """One has wishes; b and c have none and have mail; d is reached by phone, e has no address."""
    forum = a_forum("a+b c", phase=Phase.WISHES)
    ParticipationFactory(event=forum.event, channel=Channel.PHONE)
    ParticipationFactory(event=forum.event, account=AccountFactory(email=None, phone="+212 600 000000"))
    return forum


def reminded():
    return Counter(db.session.scalars(db.select(Mail.recipient).where(Mail.kind == "reminder")))


def send(forum, expected, now):
    return remind(forum.id, expected, actor_id=forum.organiser.id, now=now)


def test_everybody_without_wishes_and_with_mail_is_reminded_once_a_day(forum, now):
    send(forum, 2, now)
    with pytest.raises(InvalidValue):
        send(forum, 2, now + timedelta(minutes=1))
    send(forum, 0, now + timedelta(minutes=1))
    send(forum, 2, now + timedelta(days=1))

    assert reminded() == {"b@example.org": 2, "c@example.org": 2}
    entries = db.session.scalars(db.select(LogEntry).where(LogEntry.verb == "reminded")).all()
    assert [entry.subject for entry in entries] == ["2", "0", "2"]


def test_the_page_is_told_who_can_be_reached_how(forum, now):
    send(forum, 2, now)

    found = silent(forum.event, now)

    assert (len(found.by_mail), len(found.reminded), len(found.otherwise), found.total) == (0, 2, 2, 4)


def test_another_number_than_the_one_that_was_seen_sends_nothing(forum, now):
    wish(forum, "b", "+", "a")

    with pytest.raises(InvalidValue):
        send(forum, 2, now)

    assert reminded() == {}


def test_nobody_is_reminded_once_wishes_are_closed(forum, now):
    with unit_of_work() as session:
        session.merge(forum.event).wishes_close_at = zones.wall(now, forum.event.zone)
    with pytest.raises(WishesClosed):
        send(forum, 2, now)

    with unit_of_work() as session:
        session.merge(forum.event).phase = Phase.SCHEDULING
    with pytest.raises(PhaseForbids):
        send(forum, 2, now)


def test_a_reminder_leads_to_the_wishes_and_is_not_sent_to_who_gave_some_meanwhile(forum, now):
    send(forum, 2, now)
    to_b, to_c = db.session.scalars(db.select(Mail).where(Mail.kind == "reminder").order_by(Mail.recipient))
    wish(forum, "b", "+", "a")

    with pytest.raises(MailOutOfDateError, match="given meanwhile"):
        letter(to_b, PAPER, now=now)

    said = letter(to_c, PAPER, now=now)
    assert f"?next=/e/{forum.event.slug}/wishes" in said.text
    assert f"?next=/e/{forum.event.slug}/wishes" in said.html

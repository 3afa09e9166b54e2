"""Mail when the clock jumps: nothing waits for what a fast clock wrote, and nobody is robbed of what they are at."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine

from matchmaker import clock, models
from matchmaker.domain.states import MailState
from matchmaker.extensions import current_settings
from matchmaker.services import outbox
from matchmaker.unit_of_work import unit_of_work
from tests import relays
from tests.published import a_day, meeting, publish
from tests.services.test_outbox import mail, put, send, to


@pytest.fixture
def day(app):
    day = a_day()
    publish(day, meeting(0))
    return day


def test_what_a_fast_clock_left_claimed_is_judged_from_now(day, now):
    ahead = now + timedelta(days=1)
    claimed, in_data, skewed = (put(person, now) for person in (day.reader, *day.others))
    with unit_of_work() as session:
        for id_, state, at in (
            (claimed, MailState.CLAIMED, ahead),
            (in_data, MailState.DATA, ahead),
            (skewed, MailState.CLAIMED, now + timedelta(minutes=1)),
        ):
            row = session.get(models.Mail, id_)
            row.state, row.claimed_by, row.claimed_at, row.tries = state, "dead", at, 1

    assert outbox.sweep(now=now) == {}
    assert [mail(id_).claimed_at - now for id_ in (claimed, in_data, skewed)] == [
        timedelta(),
        timedelta(),
        timedelta(minutes=1),
    ]

    assert outbox.sweep(now=now + timedelta(minutes=10, seconds=1)) == {"queued": 1, "held": 1}


def test_what_waits_by_a_fast_clock_waits_as_long_as_it_was_meant_to(day, now):
    """One is new, one of many invitations; others were refused for now, came back, or were released by hand."""
    ahead, minutes = now + timedelta(days=1), timedelta(minutes=1)
    new, spread, refused, swept, released = (put(day.reader, ahead, occasion=str(number)) for number in range(5))
    with unit_of_work() as session:
        rows = {id_: session.get(models.Mail, id_) for id_ in (new, spread, refused, swept, released)}
        rows[spread].next_try_at = ahead + 70 * minutes
        for id_, tries in ((refused, 2), (swept, 1), (released, 0)):
            rows[id_].tries = tries
            rows[id_].created_at = rows[id_].claimed_at = now - timedelta(hours=1)
        rows[refused].claimed_at, rows[refused].next_try_at = ahead, ahead + 5 * minutes

    outbox.sweep(now=now)

    assert [(mail(id_).next_try_at - now) / minutes for id_ in rows] == [0, 70, 5, 1, 1]


def test_what_is_meant_to_be_late_stays_late(day, now):
    hour, ids = timedelta(hours=1), [put(day.reader, now, occasion=str(number)) for number in range(3)]
    waits = [23 * hour, hour, 9 * hour]
    with unit_of_work() as session:
        for id_, wait in zip(ids, waits, strict=True):
            session.get(models.Mail, id_).next_try_at = now + wait
        session.get(models.Mail, ids[1]).tries = outbox.MOST_TRIES - 1
        session.get(models.Mail, ids[1]).claimed_at = now

    outbox.sweep(now=now)

    assert [mail(id_).next_try_at - now for id_ in ids] == waits


def test_what_a_fast_clock_sent_counts_for_a_day_and_not_until_then(app, day, now, monkeypatch):
    monkeypatch.setitem(app.config, "SETTINGS", replace(current_settings(), mail_to_one_person_a_day=1))
    with relays.relay() as relay:
        put(day.reader, now, occasion="1")
        send(relay.port, now + timedelta(days=365))
        put(day.reader, now, occasion="2")

        outbox.sweep(now=now)

        assert send(relay.port, now + timedelta(hours=23)) == {}
        assert send(relay.port, now + timedelta(hours=25)) == {"sent": 1}


def test_what_is_claimed_after_a_jump_is_no_dead_workers(app, day, now):
    """The machine sleeps while the first mail is handed over; while the second is, another process sweeps."""
    put(day.reader, now)
    second, swept = put(day.others[0], now), []

    def sleep():
        wall.shift(timedelta(hours=1))

    def sweep():
        with app.app_context():
            swept.append(outbox.sweep(now=clock.now()))

    answers = {"nadia@example.org": [relays.does(sleep)], mail(second).recipient: [relays.does(sweep)]}
    with time_machine.travel(now) as wall, relays.relay(to_rcpt=answers) as relay:
        done = outbox.send_due(holder="worker", clock=clock.now, relay=to(relay.port))

    assert (swept, done, len(relay.kept)) == ([{}], {"sent": 2}, 2)
    assert mail(second).claimed_at - now >= timedelta(hours=1)

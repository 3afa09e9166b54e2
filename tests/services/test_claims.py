"""Some mails are claimed together: within every limit, none for nothing, and none with words of before."""

from dataclasses import replace
from datetime import timedelta

import pytest

from matchmaker import models
from matchmaker.domain.states import MailState
from matchmaker.extensions import current_settings, db
from matchmaker.queries import ahead, sending
from matchmaker.services import claims, outbox
from matchmaker.unit_of_work import unit_of_work
from tests import relays, ticking
from tests.factories import AccountFactory, EventFactory, ParticipationFactory
from tests.published import a_day, meeting, publish
from tests.services.test_outbox import mail, put, to

MANY = 6


@pytest.fixture
def event(app):
    return EventFactory()


@pytest.fixture
def limit(app, monkeypatch):
    def limited(**limits):
        monkeypatch.setitem(app.config, "SETTINGS", replace(current_settings(), **limits))

    return limited


def crowd(event, count, host="example.org"):
    return [
        ParticipationFactory(event=event, account=AccountFactory(email=f"p{number}@{host}")) for number in range(count)
    ]


def queued(people, now, **how):
    return [put(person, now, **how) for person in people]


def test_some_are_claimed_together_and_the_next_worker_has_the_others(event, now, monkeypatch):
    monkeypatch.setattr(claims, "MOST", 4)
    ids = queued(crowd(event, MANY), now)

    assert (claims.claim("one", now, 9), claims.claim("other", now, 9)) == (ids[:4], ids[4:])
    assert {mail(id_).claimed_by for id_ in ids[4:]} == {"other"}


def test_those_of_one_event_are_claimed_together(event, now):
    first = queued(crowd(event, 2), now)
    others = queued(crowd(EventFactory(), 2, "example.net"), now)
    last = put(crowd(event, 1, "example.com")[0], now)

    assert (claims.claim("worker", now), claims.claim("worker", now)) == ([*first, last], others)


def test_an_event_has_no_more_than_it_may_however_many_are_claimed(event, now, limit):
    limit(mail_of_a_new_organiser_a_day=4)
    ids = queued(crowd(event, MANY), now)

    assert [claims.claim("worker", now, 3), claims.claim("worker", now, 3), claims.claim("worker", now, 3)] == [
        ids[:3],
        ids[3:4],
        [],
    ]


def test_a_link_that_somebody_asked_for_passes_all_that_waits(event, now):
    waiting = queued(crowd(event, 3), now - timedelta(hours=1))
    link = put(ParticipationFactory(event=event), now, kind="sign_in")

    assert (claims.claim("worker", now, 2), claims.claim("worker", now)) == ([link], waiting)


def test_a_link_leaves_where_the_event_has_sent_all_it_may_and_uses_nothing_of_it(event, now, limit):
    limit(mail_of_a_new_organiser_a_day=2)
    first = put(ParticipationFactory(event=event), now, kind="sign_in")
    waiting = queued(crowd(event, 3), now)

    assert [claims.claim("worker", now) for _ in range(3)] == [[first], waiting[:2], []]
    second = put(ParticipationFactory(event=event), now, kind="sign_in")
    assert [claims.claim("worker", now) for _ in range(2)] == [[second], []]


def test_a_mailbox_gets_so_many_links_an_hour_and_no_other_waits_for_it(event, now, limit, monkeypatch):
    """A stranger's address may have been entered for many people, each of whom gets a link when it is asked for."""
    monkeypatch.setattr(sending, "PEOPLE_AT_ONE_MAILBOX", 2)
    limit(sign_in_tries_per_hour=1)
    shared = [ParticipationFactory(event=event, account=AccountFactory(email="all@example.org")) for _ in range(3)]
    links = queued(shared, now, kind="sign_in")
    other = put(ParticipationFactory(event=event), now, kind="sign_in")

    assert [claims.claim("worker", now) for _ in range(3)] == [[links[0], other], [links[1]], []]
    assert claims.claim("worker", now + timedelta(minutes=61)) == [links[2]]


def test_a_link_too_keeps_what_its_host_takes_a_minute(event, now, limit):
    limit(mail_to_one_host_a_minute=2)
    links = queued(crowd(event, 3), now, kind="sign_in")

    assert [claims.claim("worker", now) for _ in range(2)] == [links[:2], []]
    assert claims.claim("worker", now + timedelta(minutes=2)) == links[2:]


def test_a_host_has_no_more_a_minute_however_many_are_claimed(event, now, limit):
    limit(mail_to_one_host_a_minute=2)
    here, there = queued(crowd(event, 4), now), queued(crowd(event, 1, "example.net"), now)

    assert claims.claim("worker", now) == [*here[:2], *there]
    assert claims.claim("worker", now) == []
    assert claims.claim("worker", now + timedelta(minutes=2)) == here[2:]


def test_a_person_is_claimed_once_at_a_time(event, now, limit):
    limit(mail_to_one_person_a_day=1)
    (person,) = crowd(event, 1)
    one, two = (put(person, now, occasion=str(number)) for number in range(2))

    assert (claims.claim("worker", now), claims.claim("worker", now)) == ([one], [])
    assert mail(two).state is MailState.QUEUED


def test_what_was_tried_before_is_claimed_alone(event, now):
    """It may be what killed the worker; those that were claimed with it must not be tried as often for nothing."""
    ids = queued(crowd(event, 3), now)
    assert claims.claim("dead", now) == ids
    outbox.sweep(now=now + timedelta(hours=1))

    later = now + timedelta(hours=1)
    assert [claims.claim("worker", later) for _ in range(3)] == [[id_] for id_ in ids]


def test_what_is_not_begun_goes_back_untried(event, now):
    ids = queued(crowd(event, 3), now)

    with relays.relay() as relay:
        ended = outbox.send_due(
            holder="worker", clock=ticking.since(now), relay=to(relay.port), leaving=lambda: bool(relay.kept)
        )

    assert ended == {"sent": 1}
    assert [(mail(id_).state, mail(id_).tries, mail(id_).claimed_at) for id_ in ids[1:]] == [
        (MailState.QUEUED, 0, None),
        (MailState.QUEUED, 0, None),
    ]


def test_a_slow_relay_leaves_the_others_to_whoever_is_free(event, now, monkeypatch):
    monkeypatch.setattr(outbox, "AT_HAND", timedelta(0))
    ids, alone = queued(crowd(event, 3), now), list[list[int]]()
    claimed = claims.claim
    monkeypatch.setattr(claims, "claim", lambda *given: alone.append(claimed(*given)) or alone[-1])

    with relays.relay() as relay:
        assert outbox.send_due(holder="worker", clock=ticking.since(now), relay=to(relay.port)) == {"sent": 3}

    assert alone == [ids, ids[1:], ids[2:], []]
    assert len({relays.message_id(content) for _, content in relay.kept}) == len(relay.kept) == 3


def test_where_no_relay_answers_the_others_are_not_tried(event, now):
    ids = queued(crowd(event, 3), now)

    outbox.send_due(holder="worker", clock=ticking.since(now), relay=to(1))

    assert [mail(id_).tries for id_ in ids] == [1, 0, 0]
    assert {mail(id_).state for id_ in ids} == {MailState.QUEUED}


def test_what_changed_since_agendas_were_read_is_in_the_next_mail(app, now):
    day = a_day(2)
    publish(day, meeting(0))
    ids = [put(day.reader, now), put(day.others[0], now)]
    read = ahead.Ahead(ids)
    before = read.agenda(db.session.get(models.Participation, day.others[0].id))
    assert [one.state for one in before.meetings] != []

    with unit_of_work() as session:
        session.get(models.Account, day.reader.account_id).names = {"fr": "Quelqu'une d'autre"}
    renamed = read.agenda(db.session.get(models.Participation, day.others[0].id))
    with unit_of_work() as session:
        session.scalars(db.select(models.Break)).first().titles = {"fr": "Pause-thé"}
    paused = read.agenda(db.session.get(models.Participation, day.others[0].id))
    publish(day, meeting(1), number=2)
    again = read.agenda(db.session.get(models.Participation, day.others[0].id))

    assert "Quelqu'une d'autre" in str(renamed.meetings)
    assert ["Pause-thé" in str(one) for one in (renamed, paused)] == [False, True]
    assert (before.version.number, again.version.number) == (1, 2)

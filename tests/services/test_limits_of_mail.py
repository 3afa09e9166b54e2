"""What keeps mail from leaving: a switch, and limits by person, by event, by host."""

from dataclasses import replace
from datetime import timedelta

import pytest

from matchmaker import models
from matchmaker.domain.states import MailState, Role
from matchmaker.extensions import current_settings, db
from matchmaker.queries.agenda import agenda
from matchmaker.services import claims, outbox
from tests import relays
from tests.factories import AccountFactory, EventFactory, MembershipFactory, ParticipationFactory
from tests.published import a_day, meeting, publish
from tests.services.test_outbox import mail, put, send


@pytest.fixture
def day(app):
    day = a_day()
    publish(day, meeting(0))
    return day


@pytest.fixture
def limit(app, monkeypatch):
    def limited(**limits):
        monkeypatch.setitem(app.config, "SETTINGS", replace(current_settings(), **limits))

    return limited


@pytest.fixture
def relay():
    with relays.relay() as one:
        yield one


def owned_by(event, login):
    return MembershipFactory(event=event, account=AccountFactory(login=login), role=Role.OWNER)


def test_who_was_told_enough_today_is_told_more_tomorrow(day, now, limit, relay):
    limit(mail_to_one_person_a_day=2)
    for occasion in range(3):
        put(day.reader, now, occasion=str(occasion))
    other = put(day.others[0], now)

    today = send(relay.port, now)
    still = send(relay.port, now + timedelta(hours=23))
    tomorrow = send(relay.port, now + timedelta(hours=25))

    assert (today, still, tomorrow) == ({"sent": 3}, {}, {"sent": 1})
    assert mail(other).state is MailState.SENT


def test_a_link_that_somebody_asked_for_is_not_among_what_they_are_told(day, now, limit, relay):
    limit(mail_to_one_person_a_day=1)
    asked = [put(day.reader, now, occasion=str(number), kind="sign_in") for number in range(2)]
    told = put(day.reader, now)

    send(relay.port, now)

    assert mail(told).state is MailState.SENT
    assert {mail(id_).claimed_at for id_ in asked} != {None}  # their links are made up, so they are tried and not sent


def test_an_event_of_a_new_organiser_sends_less_until_one_of_theirs_was_published(app, now, limit, relay):
    limit(mail_of_a_new_organiser_a_day=1, mail_of_one_event_a_day=2)
    new, other = EventFactory(), a_day()
    owner = owned_by(new, "new")
    people = [ParticipationFactory(event=new) for _ in range(3)]
    for person in people:
        put(person, now)

    at_first = send(relay.port, now)
    MembershipFactory(event=other.event, account=owner.account, role=Role.OWNER)
    publish(other, meeting(0))
    then = send(relay.port, now)

    assert (at_first, then) == ({"sent": 1}, {"sent": 1})


def test_a_host_takes_so_many_a_minute_and_the_others_are_not_kept_waiting(day, now, limit, relay):
    limit(mail_to_one_host_a_minute=1)
    addresses = ("a@One.example", "b@one.example", "c@two.example")
    people = [ParticipationFactory(event=day.event, account=AccountFactory(email=address)) for address in addresses]
    for person in people:
        put(person, now)

    first = send(relay.port, now)
    assert (first, relay.recipients) == ({"sent": 2}, ["a@One.example", "c@two.example"])

    assert send(relay.port, now + timedelta(hours=1)) == {"sent": 1}


def test_what_is_stopped_waits_and_leaves_when_it_may(day, now, relay):
    stopped, elsewhere = put(day.reader, now), put(ParticipationFactory(event=EventFactory()), now)

    outbox.stop(day.event.id, actor_id=None, now=now)
    assert (send(relay.port, now), mail(stopped).state, mail(elsewhere).state) == (
        {"sent": 1},
        MailState.QUEUED,
        MailState.SENT,
    )
    outbox.go_on(day.event.id, actor_id=None, now=now)
    outbox.go_on(day.event.id, actor_id=None, now=now)
    assert send(relay.port, now) == {"sent": 1}

    verbs = list(db.session.scalars(db.select(models.LogEntry.verb).order_by(models.LogEntry.id)))
    assert verbs == ["mail.stopped", "mail.went_on"]


def test_a_mail_under_way_is_let_go_before_its_end(day, now, relay):
    """The relay has all but the end when mail is stopped: it never hears the end."""
    id_ = put(day.reader, now)
    assert claims.claim("worker", now) == [id_]
    outbox.stop(day.event.id, actor_id=None, now=now)

    answer = outbox._send(id_, "worker", relays_of(relay), now, agenda)

    assert (answer, relay.kept, mail(id_).state) == (None, [], MailState.CLAIMED)
    outbox.sweep(now=now + timedelta(hours=1))
    assert mail(id_).state is MailState.QUEUED


def test_all_events_are_stopped_at_once(day, now, relay):
    put(day.reader, now)
    put(ParticipationFactory(event=EventFactory()), now)

    assert outbox.switch_all(on=False, now=now) == 2
    assert send(relay.port, now) == {}
    outbox.switch_all(on=True, now=now)
    assert send(relay.port, now) == {"sent": 2}


def relays_of(relay):
    return outbox.Relay(replace(current_settings(), smtp_port=relay.port))

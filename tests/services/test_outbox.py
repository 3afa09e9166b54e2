"""The outbox against real relays: what is kept after each way in which handing over a mail can end."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest

from matchmaker import models
from matchmaker.domain.states import Channel, MailState
from matchmaker.errors import ForbiddenTransitionError, NotFound
from matchmaker.extensions import current_settings, db
from matchmaker.mail.smtp import Relay
from matchmaker.queries.agenda import agenda
from matchmaker.services import outbox
from matchmaker.services.steps.outbox import enqueue
from matchmaker.unit_of_work import unit_of_work
from tests import relays, ticking
from tests.factories import AccountFactory, ParticipationFactory
from tests.published import a_day, meeting, publish
from tests.relays import Stage


@pytest.fixture
def day(app):
    day = a_day()
    publish(day, meeting(0))
    return day


def put(participation, now, occasion="version-1", kind="agenda"):
    with unit_of_work() as session:
        mail = enqueue(
            session,
            event=session.get(models.Event, participation.event_id),
            participation=session.get(models.Participation, participation.id),
            kind=kind,
            occasion=occasion,
            now=now,
        )
        session.flush()
        return mail and mail.id


def mail(id_):
    db.session.rollback()
    return db.session.get(models.Mail, id_)


def to(port, **kwargs):
    return Relay(replace(current_settings(), smtp_port=port), **kwargs)


def send(port, now, leaving=lambda: False, **kwargs):
    return outbox.send_due(holder="worker", clock=ticking.since(now), relay=to(port, **kwargs), leaving=leaving)


def test_one_person_and_occasion_make_one_mail_with_one_name(day, now):
    first, second, other = (put(day.reader, now, occasion) for occasion in ("version-1", "version-1", "version-2"))

    assert first == second != other
    assert mail(first).message_id != mail(other).message_id
    assert mail(first).message_id.endswith("@localhost>")


def test_who_has_no_address_or_wants_paper_gets_no_mail(day, now):
    silent = ParticipationFactory(event=day.event, account=AccountFactory(email=None))
    on_paper = ParticipationFactory(event=day.event, channel=Channel.PAPER)

    assert [put(silent, now), put(on_paper, now)] == [None, None]


def test_an_accepted_mail_is_sent_with_its_files_and_never_again(day, now):
    id_ = put(day.reader, now)

    with relays.relay() as relay:
        first, again = send(relay.port, now), send(relay.port, now + timedelta(days=1))

    message = message_from_bytes(relay.kept[0][1], policy=default)
    assert (first, again, len(relay.kept)) == ({"sent": 1}, {}, 1)
    assert (message["Message-ID"], message["To"]) == (mail(id_).message_id, "nadia@example.org")
    assert [part.get_filename() for part in message.iter_attachments()] == ["agenda.pdf", "agenda.ics"]
    assert (mail(id_).state, mail(id_).claimed_by, mail(id_).answer) == (MailState.SENT, None, "250 kept")
    assert timedelta() <= mail(id_).sent_at - now < timedelta(minutes=1)


def test_refused_for_now_is_tried_again_after_a_minute_and_then_five(day, now):
    id_ = put(day.reader, now)
    busy = {"nadia@example.org": ["451 greylisted", "451 greylisted"]}

    with relays.relay(to_rcpt=busy) as relay:
        states = [send(relay.port, now + timedelta(minutes=minute)) for minute in (0, 0.5, 1.1, 5, 6.2)]

    assert states == [{"queued": 1}, {}, {"queued": 1}, {}, {"sent": 1}]
    assert (relay.recipients, mail(id_).tries) == (["nadia@example.org"], 3)


def test_trying_ends_after_two_days(day, now):
    id_ = put(day.reader, now)
    with unit_of_work() as session:
        session.get(models.Mail, id_).tries = outbox.MOST_TRIES - 1

    with relays.relay(to_rcpt={"nadia@example.org": ["451 never"]}) as relay:
        assert send(relay.port, now) == {"failed": 1}

    waits = sum((outbox._pause(tries) for tries in range(1, outbox.MOST_TRIES)), timedelta())
    assert timedelta(hours=46) < waits <= timedelta(hours=48)
    assert mail(id_).answer == "451 never"


def test_one_bad_address_is_its_own_affair(day, now):
    bad, good = put(day.reader, now), put(day.others[0], now)

    with relays.relay(to_rcpt={"nadia@example.org": ["550 nobody here"]}) as relay:
        assert send(relay.port, now) == {"failed": 1, "sent": 1}

    assert (mail(bad).state, mail(bad).answer) == (MailState.FAILED, "550 nobody here")
    assert mail(good).state is MailState.SENT


def test_who_is_told_to_leave_begins_no_other_mail(day, now):
    first, second = put(day.reader, now), put(day.others[0], now)

    with relays.relay() as relay:
        done = send(relay.port, now, leaving=lambda: bool(relay.kept))

    assert (done, mail(first).state, mail(second).state) == ({"sent": 1}, MailState.SENT, MailState.QUEUED)


def test_a_mail_that_cannot_be_made_holds_nobody_up(day, now):
    bad, good = put(day.reader, now, kind="sign_in", occasion="link-0"), put(day.others[0], now)

    with relays.relay() as relay:
        assert send(relay.port, now) == {"failed": 1, "sent": 1}

    assert mail(bad).answer == "not sent: the sign-in link has expired"
    assert mail(good).state is MailState.SENT


def test_broken_off_after_the_end_is_held_and_released_by_hand_under_the_same_name(day, now):
    id_ = put(day.reader, now)

    with relays.relay(to_data=[relays.takes(relays.resets)]) as relay:
        assert send(relay.port, now) == {"held": 1}
        assert send(relay.port, now + timedelta(days=1)) == {}
        outbox.release(id_, actor_id=None, now=now)
        assert send(relay.port, now) == {"sent": 1}

    names = {message_from_bytes(content)["Message-ID"] for _, content in relay.kept}
    assert (len(relay.kept), names) == (2, {mail(id_).message_id})


def test_broken_off_after_the_end_is_sent_again_where_the_settings_say_so(app, day, now, monkeypatch):
    id_ = put(day.reader, now)
    monkeypatch.setitem(app.config, "SETTINGS", replace(current_settings(), mail_in_doubt="resend"))

    with relays.relay(to_data=[relays.takes(relays.resets)]) as relay:
        states = [send(relay.port, now), send(relay.port, now + timedelta(minutes=2))]

    assert (states, len(relay.kept)) == ([{"queued": 1}, {"sent": 1}], 2)
    assert mail(id_).state is MailState.SENT


def test_copies_come_to_an_end_where_each_is_in_doubt(app, day, now, monkeypatch):
    id_ = put(day.reader, now)
    monkeypatch.setitem(app.config, "SETTINGS", replace(current_settings(), mail_in_doubt="resend"))
    with unit_of_work() as session:
        session.get(models.Mail, id_).tries = outbox.MOST_TRIES - 2

    with relays.relay(relays.always(Stage.END, relays.takes(relays.resets))) as relay:
        states = [send(relay.port, now + timedelta(hours=hour)) for hour in (0, 2, 4)]

    assert (states, len(relay.kept)) == ([{"queued": 1}, {"held": 1}, {}], 2)


@pytest.mark.parametrize(
    ("stage", "answer", "state"),
    [
        (Stage.DATA, "250 OK", "queued"),
        (Stage.DATA, "no number", "queued"),
        (Stage.DATA, "354 go on\r\n250 kept", "queued"),
        (Stage.END, "354 go on", "held"),
        (Stage.END, "no number", "held"),
        (Stage.END, "250", "sent"),
        (Stage.RCPT, "250-more\r\n250-\r\n250 of it", "sent"),
    ],
)
def test_an_odd_answer_is_never_taken_for_a_yes_that_it_is_not(day, now, stage, answer, state):
    put(day.reader, now)

    with relays.relay(relays.always(stage, relays.says(answer))) as relay:
        assert send(relay.port, now) == {state: 1}


def test_a_password_that_cannot_be_said_is_no_persons_fault(app, day, now, monkeypatch):
    id_ = put(day.reader, now)
    own = replace(current_settings(), smtp_user="house", smtp_password="كلمة السر")
    monkeypatch.setitem(app.config, "SETTINGS", own)
    offers = relays.always(Stage.EHLO, relays.says("250-relay\r\n250 AUTH PLAIN"))

    with relays.relay(offers) as relay:
        assert send(relay.port, now) == {"queued": 1}

    assert (mail(id_).state, mail(id_).answer) == (MailState.QUEUED, "UnicodeEncodeError")


def test_a_held_mail_that_did_arrive_is_settled(day, now):
    id_ = put(day.reader, now)
    with relays.relay(to_data=[relays.takes(relays.resets)]) as relay:
        send(relay.port, now)

    outbox.settle(id_, actor_id=None, now=now)

    assert mail(id_).state is MailState.SENT
    with pytest.raises(NotFound):
        outbox.settle(id_, actor_id=None, now=now)


def test_broken_off_amid_the_text_is_never_taken_for_sent(day, now):
    """Whether we hear of it in time for the mail to be no doubt is chance: the text lies in the buffers between."""
    id_ = put(day.reader, now)

    with relays.relay(relays.always(Stage.TEXT, relays.closes)) as relay:
        send(relay.port, now)

    assert mail(id_).state in {MailState.QUEUED, MailState.HELD}
    assert (mail(id_).tries, relay.kept) == (1, [])


def test_without_a_relay_the_others_are_not_tried_in_vain(day, now):
    first, second = put(day.reader, now), put(day.others[0], now)

    assert send(1, now) == {"queued": 1}

    assert [(mail(id_).state, mail(id_).tries) for id_ in (first, second)] == [
        (MailState.QUEUED, 1),
        (MailState.QUEUED, 0),
    ]


def test_a_relay_that_refuses_us_is_no_persons_fault(day, now):
    """Where the greeting or the password is refused for good, no mail is lost for it."""
    first, second = put(day.reader, now), put(day.others[0], now)

    with relays.relay(relays.always(Stage.GREETING, relays.says("554 go away"))) as relay:
        assert send(relay.port, now) == {"queued": 1}

    assert [mail(id_).state for id_ in (first, second)] == [MailState.QUEUED] * 2


def test_a_relay_that_drips_is_left_in_time(day, now):
    put(day.reader, now)

    began = time.monotonic()
    with relays.relay(relays.always(Stage.GREETING, relays.drips(0.2))) as relay:
        assert send(relay.port, now, whole_seconds=1.0) == {"queued": 1}

    assert time.monotonic() - began < 5


def test_a_relay_that_says_nothing_is_left_in_time(day, now):
    put(day.reader, now)

    with relays.relay(relays.always(Stage.GREETING, relays.hangs)) as relay:
        assert send(relay.port, now, silence_seconds=0.5) == {"queued": 1}


def test_a_mail_that_another_worker_took_is_let_go_before_its_end(day, now):
    id_ = put(day.reader, now)
    with unit_of_work() as session:
        outbox._move(session.get(models.Mail, id_), MailState.CLAIMED)
        session.get(models.Mail, id_).claimed_by = "another"

    with relays.relay() as relay:
        ours, theirs = (outbox._send(id_, holder, to(relay.port), now, agenda) for holder in ("worker", "another"))

    assert (ours, theirs.outcome, len(relay.kept)) == (None, "accepted", 1)


def test_a_sweep_takes_back_what_was_claimed_and_holds_what_was_handed_over(day, now):
    claimed, in_data, fresh = (put(person, now) for person in (day.reader, *day.others))
    with unit_of_work() as session:
        for id_, state in ((claimed, MailState.CLAIMED), (in_data, MailState.DATA), (fresh, MailState.CLAIMED)):
            row = session.get(models.Mail, id_)
            row.state, row.claimed_by, row.claimed_at = state, "dead", now - timedelta(minutes=11)
        session.get(models.Mail, fresh).claimed_at = now - timedelta(minutes=1)

    assert outbox.sweep(now=now) == {"queued": 1, "held": 1}

    assert [mail(id_).state for id_ in (claimed, in_data, fresh)] == [
        MailState.QUEUED,
        MailState.HELD,
        MailState.CLAIMED,
    ]


@pytest.fixture
def relay_log(app, monkeypatch, tmp_path):
    """Return the log of the relay that is asked when in doubt."""
    log = tmp_path / "mail.log"
    log.touch()
    monkeypatch.setitem(app.config, "SETTINGS", replace(current_settings(), relay_log=str(log)))
    return log


@pytest.mark.parametrize(("known", "state"), [(True, MailState.SENT), (False, MailState.HELD)])
def test_in_doubt_the_log_of_the_relay_is_asked(day, now, relay_log, known, state):
    """Broken off after the end, the mail waits for the sweep, when the relay has written down what it took."""
    id_ = put(day.reader, now)
    with relays.relay(to_data=[relays.resets]) as relay:
        assert send(relay.port, now) == {"data": 1}
    name = mail(id_).message_id if known else "<of.another@host>"
    relay_log.write_text(f"x postfix/cleanup[1]: A1: message-id={name}\nx postfix/qmgr[1]: A1: from=<a@b>, size=1\n")

    outbox.sweep(now=now + timedelta(hours=1))

    assert (mail(id_).state, mail(id_).sent_at is not None) == (state, known)


def test_a_mail_that_kills_its_worker_each_time_comes_to_an_end(day, now):
    id_ = put(day.reader, now)
    with unit_of_work() as session:
        row = session.get(models.Mail, id_)
        row.state, row.claimed_by, row.claimed_at = MailState.CLAIMED, "dead", now - timedelta(minutes=11)
        row.tries = outbox.MOST_TRIES

    assert outbox.sweep(now=now) == {"failed": 1}


def test_nothing_leaves_while_mail_is_paused(app, day, now, monkeypatch):
    put(day.reader, now)
    monkeypatch.setitem(app.config, "SETTINGS", replace(current_settings(), mail_paused=True))

    with relays.relay() as relay:
        assert (send(relay.port, now), relay.kept) == ({}, [])


def test_a_state_cannot_be_jumped(day, now):
    id_ = put(day.reader, now)

    with pytest.raises(ForbiddenTransitionError):
        outbox._move(mail(id_), MailState.SENT)


KILLED = """
import sys
from datetime import datetime, UTC
from pathlib import Path
from matchmaker.app import create_app
from matchmaker.services import outbox
from matchmaker.settings import Settings

app = create_app(Settings(
    data_folder=Path(sys.argv[1]), database_url=sys.argv[2], secret_key=sys.argv[3], smtp_port=int(sys.argv[4]),
    public_origin="http://localhost", demo=True))
with app.app_context():
    print(dict(outbox.send_due(holder="killed", clock=lambda: datetime.fromisoformat(sys.argv[5]))), flush=True)
"""


@pytest.mark.parametrize(("moment", "state", "after"), [("to_data", "data", "held"), ("to_rcpt", "claimed", "queued")])
def test_killed_while_handing_over_nothing_is_lost_and_doubt_is_marked(day, now, moment, state, after):
    """A real process is killed by the relay it speaks to, after the end of the message or before it."""
    id_ = put(day.reader, now)
    db.session.rollback()
    children = []

    kill = relays.does(lambda: os.kill(children[0].pid, signal.SIGKILL))

    answers = {"to_data": [kill], "to_rcpt": {"nadia@example.org": [kill]}}
    with relays.relay(**{moment: answers[moment]}) as relay:
        own = current_settings()
        arguments = [str(own.data_folder), own.database, own.secret_key, str(relay.port), now.isoformat()]
        children.append(subprocess.Popen([sys.executable, "-c", KILLED, *arguments]))
        children[0].wait(60)

    assert children[0].returncode == -signal.SIGKILL
    assert mail(id_).state == state
    outbox.sweep(now=now + timedelta(hours=1))
    assert mail(id_).state == after

"""Mail that a relay took and that came back, from the folder in which a mail server puts it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from matchmaker import models
from matchmaker.domain.states import MailState
from matchmaker.extensions import current_settings
from matchmaker.queries.sending import TAKEN_BACK
from matchmaker.services import bounces, claims, outbox
from matchmaker.unit_of_work import unit_of_work
from tests import relays
from tests.mail.test_bounces import FAILED, OURS, report
from tests.published import a_day, meeting, publish
from tests.services.test_outbox import mail, put, send


@pytest.fixture
def waiting(app, now):
    day = a_day()
    publish(day, meeting(0))
    return put(day.reader, now)


@pytest.fixture
def sent(waiting, now):
    with relays.relay() as relay:
        send(relay.port, now)
    return waiting


def about(id_, status=FAILED):
    return report(status).replace(OURS.encode(), mail(id_).message_id.encode())


@pytest.mark.parametrize("kind", ["folder", "Maildir"])
def test_a_mail_that_came_back_is_not_delivered_and_says_why(sent, now, tmp_path, kind):
    inbox = tmp_path / "new" if kind == "Maildir" else tmp_path
    inbox.mkdir(exist_ok=True)
    (inbox / "1.host").write_bytes(about(sent))

    assert (bounces.read(tmp_path, now=now), bounces.read(tmp_path, now=now)) == (1, 0)

    assert (mail(sent).state, mail(sent).answer[:9]) == (MailState.FAILED, "5.1.1 550")
    assert [file.name[:6] for file in (tmp_path / "cur").iterdir()] == ["1.host"]


@pytest.fixture
def maildir(tmp_path):
    (tmp_path / "new").mkdir()
    return tmp_path


def bounce(folder, id_, now):
    (folder / "new" / "1.host").write_bytes(about(id_))
    return bounces.read(folder, now=now)


@pytest.fixture(params=[MailState.HELD, MailState.DATA])
def in_doubt(request, app, tmp_path, monkeypatch):
    """What becomes of a mail in doubt: it is held, or waits until the log of the relay is read."""
    (tmp_path / "mail.log").touch()
    file = str(tmp_path / "mail.log") if request.param is MailState.DATA else ""
    monkeypatch.setitem(app.config, "SETTINGS", replace(current_settings(), relay_log=file))
    return request.param


def test_what_came_back_is_in_doubt_no_more(waiting, in_doubt, now, maildir):
    with relays.relay(to_data=[relays.takes(relays.resets)]) as relay:
        assert send(relay.port, now) == {in_doubt: 1}

    assert bounce(maildir, waiting, now) == 1
    assert outbox.sweep(now=now + timedelta(hours=1)) == {}

    assert (mail(waiting).state, mail(waiting).answer[:9]) == (MailState.FAILED, "5.1.1 550")


@pytest.mark.parametrize("answer", ["250 kept", "451 later", "550 nobody here"])
def test_what_comes_back_before_the_relay_has_answered_is_lost_to_its_worker(app, waiting, now, maildir, answer):
    def come_back(talk, _answer):
        with app.app_context():
            assert bounce(maildir, waiting, now) == 1
        talk.say(answer)

    with relays.relay(to_data=[come_back]) as relay:
        assert send(relay.port, now) == {"lost": 1}

    assert (mail(waiting).state, mail(waiting).answer[:9]) == (MailState.FAILED, "5.1.1 550")
    assert (mail(waiting).claimed_by, mail(waiting).sent_at) == (None, None)
    outbox.release(waiting, actor_id=None, now=now)
    with relays.relay() as relay:
        assert send(relay.port, now) == {"sent": 1}


def test_what_was_not_handed_over_yet_cannot_come_back(waiting, now, maildir):
    assert bounce(maildir, waiting, now) == 0
    claims.claim("worker", now)
    assert bounce(maildir, waiting, now) == 0

    assert mail(waiting).state is MailState.CLAIMED


def test_the_address_goes_with_what_takes_entries_back_and_came_back(waiting, now, maildir):
    with unit_of_work() as session:
        row = session.get(models.Mail, waiting)
        row.kind, row.state = TAKEN_BACK, MailState.DATA

    assert bounce(maildir, waiting, now) == 1

    assert mail(waiting) is None


def test_what_concerns_nobody_of_ours_is_put_aside_and_changes_nothing(sent, now, tmp_path):
    (tmp_path / "not ours").write_bytes(report())
    (tmp_path / "of another").write_bytes(about(sent, FAILED.replace("nadia", "omar").replace("Nadia", "omar")))
    (tmp_path / "no report").write_bytes(b"Subject: win a prize\r\n\r\nhello")
    (tmp_path / "noise").write_bytes(b"\xff\x00" * 1000)

    assert bounces.read(tmp_path, now=now) == 0

    assert mail(sent).state is MailState.SENT
    assert [file.name for file in tmp_path.iterdir()] == ["cur"]

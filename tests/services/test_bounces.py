"""Mail that a relay took and that came back, from the folder in which a mail server puts it."""

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

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


@pytest.fixture
def maildir(tmp_path):
    (tmp_path / "new").mkdir()
    return tmp_path


@pytest.fixture
def later():
    """A moment at which files that a test wrote have not changed for long enough; they know the machine's time only."""
    return datetime.now(UTC) + 2 * bounces.SETTLED


@pytest.mark.parametrize("kind", ["folder", "Maildir"])
def test_a_mail_that_came_back_is_not_delivered_and_says_why(sent, later, tmp_path, kind):
    inbox = tmp_path / "new" if kind == "Maildir" else tmp_path
    inbox.mkdir(exist_ok=True)
    (inbox / "1.host").write_bytes(about(sent))

    assert (bounces.read(tmp_path, now=later), bounces.read(tmp_path, now=later)) == (1, 0)

    assert (mail(sent).state, mail(sent).answer[:9]) == (MailState.FAILED, "5.1.1 550")
    assert [file.name[:6] for file in (tmp_path / "cur").iterdir()] == ["1.host"]


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


def test_what_concerns_nobody_of_ours_is_put_aside_and_changes_nothing(sent, later, tmp_path):
    (tmp_path / "not ours").write_bytes(report())
    (tmp_path / "of another").write_bytes(about(sent, FAILED.replace("nadia", "omar").replace("Nadia", "omar")))
    (tmp_path / "no report").write_bytes(b"Subject: win a prize\r\n\r\nhello")
    (tmp_path / "noise").write_bytes(b"\xff\x00" * 1000)

    assert bounces.read(tmp_path, now=later) == 0

    assert mail(sent).state is MailState.SENT
    assert [file.name for file in tmp_path.iterdir()] == ["cur"]


def test_what_is_still_written_waits_until_it_is_whole(sent, later, tmp_path):
    """In a Maildir files appear whole; in a folder a half of a report looks like none."""
    file, whole = tmp_path / "1.host", about(sent)
    file.write_bytes(whole[:200])
    os.utime(file, (0, 0))  # its writer may date it as it likes
    changed = datetime.fromtimestamp(file.stat().st_ctime, UTC)

    assert (bounces.read(tmp_path, now=changed + bounces.SETTLED / 2), file.exists()) == (0, True)
    file.write_bytes(whole)
    assert bounces.read(tmp_path, now=later) == 1


def a_dangling_link(file):
    file.symlink_to("nowhere")


def what_cannot_be_read(file):
    """Nor by root: another user's file is one that nobody can read."""
    file.symlink_to("/proc/self/mem")


def what_cannot_be_put_aside(file):
    file.write_bytes(report())
    (file.parent / "cur" / file.name).mkdir(parents=True)


BAD = [Path.mkdir, os.mkfifo, a_dangling_link, what_cannot_be_read, what_cannot_be_put_aside]


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.__name__)
def test_a_file_that_cannot_be_read_is_said_once_and_holds_up_no_other(sent, later, tmp_path, monkeypatch, bad):
    monkeypatch.setattr(bounces, "MOST_AT_ONCE", 1)
    bad(tmp_path / "0.host")
    (tmp_path / "1.host").write_bytes(about(sent))

    with capture_logs() as lines:
        read = [bounces.read(tmp_path, now=later) for _ in range(4)]

    assert read == [0, 1, 0, 0]
    troubles = [(line["file"], bool(line["cause"])) for line in lines if line["event"] == "mail.unread_report"]
    assert troubles == [(str(tmp_path / "0.host"), True)]


def test_a_file_that_can_be_read_again_is_read(sent, later, tmp_path):
    file = tmp_path / "1.host"
    file.symlink_to("elsewhere")
    assert bounces.read(tmp_path, now=later) == 0

    (tmp_path / ".elsewhere").write_bytes(about(sent))
    file.unlink()
    file.symlink_to(".elsewhere")

    assert bounces.read(tmp_path, now=later) == 1


@pytest.mark.parametrize("charset", ["charset*=utf-8''utf-8", 'charset="a\0b"'])
def test_what_no_reader_of_mail_can_read_is_put_aside(sent, later, tmp_path, charset):
    odd = report(original=f"text/rfc822-headers; {charset}", head="Subject: \u00e9\r\n")
    (tmp_path / "0.host").write_bytes(odd)
    (tmp_path / "1.host").write_bytes(about(sent))

    assert bounces.read(tmp_path, now=later) == 1

    assert [file.name for file in tmp_path.iterdir()] == ["cur"]

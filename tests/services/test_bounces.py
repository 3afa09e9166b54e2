"""Mail that a relay took and that came back, from the folder in which a mail server puts it."""

import pytest

from matchmaker.domain.states import MailState
from matchmaker.services import bounces
from tests import relays
from tests.mail.test_bounces import FAILED, OURS, report
from tests.published import a_day, meeting, publish
from tests.services.test_outbox import mail, put, send


@pytest.fixture
def sent(app, now):
    day = a_day()
    publish(day, meeting(0))
    id_ = put(day.reader, now)
    with relays.relay() as relay:
        send(relay.port, now)
    return id_


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


def test_what_concerns_nobody_of_ours_is_put_aside_and_changes_nothing(sent, now, tmp_path):
    (tmp_path / "not ours").write_bytes(report())
    (tmp_path / "of another").write_bytes(about(sent, FAILED.replace("nadia", "omar").replace("Nadia", "omar")))
    (tmp_path / "no report").write_bytes(b"Subject: win a prize\r\n\r\nhello")
    (tmp_path / "noise").write_bytes(b"\xff\x00" * 1000)

    assert bounces.read(tmp_path, now=now) == 0

    assert mail(sent).state is MailState.SENT
    assert [file.name for file in tmp_path.iterdir()] == ["cur"]

"""The development inbox: real mail by real SMTP, kept as files, shown in a frame that can do nothing."""

import smtplib
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from matchmaker.app import create_app
from matchmaker.extensions import current_settings
from matchmaker.mail import inbox_folder
from matchmaker.mail.messages import Attachment, build_mail
from matchmaker.settings import Settings
from tests.mail.test_messages import NOW, a_letter

FILE = Attachment("agenda.pdf", "application/pdf", b"%PDF-1.7")


@pytest.fixture
def inbox(app):
    folder = current_settings().inbox
    yield folder
    for file in folder.glob("*"):
        file.unlink()


def keep(folder, **letter):
    content = build_mail(a_letter(**letter), now=NOW)
    return inbox_folder.store(folder, content, datetime.now(UTC)).stem


@pytest.mark.parametrize("locale", ["ar", "fr", "en"])
def test_the_newest_comes_first(client, inbox, locale):
    first, second = keep(inbox, subject="Premier"), keep(inbox, subject="برنامجكم")

    page = client.get("/dev/inbox", query_string={"lang": locale}).get_data(as_text=True)

    assert page.index(second) < page.index(first)
    assert "برنامجكم" in page
    assert "nadia@example.org" in page


@pytest.mark.parametrize("locale", ["ar", "fr", "en"])
def test_an_empty_inbox_and_a_message_are_pages(client, inbox, locale):
    empty = client.get("/dev/inbox", query_string={"lang": locale})
    id_ = keep(inbox, text="Bonjour à tous", attachments=(FILE,))

    page = client.get(f"/dev/inbox/{id_}", query_string={"lang": locale}).get_data(as_text=True)

    assert empty.status_code == 200
    assert f'src="/dev/inbox/{id_}/html"' in page
    assert "Bonjour à tous" in page
    assert "agenda.pdf" in page


def test_a_long_arabic_name_of_a_sender_is_read_whole(client, inbox):
    name = "الأيام المهنية التجريبية للتعاونيات الفلاحية بجهة سوس ماسة"
    id_ = keep(inbox, sender_name=name, subject=name)

    received = inbox_folder.access_message(inbox, id_)

    assert (received.sender, received.subject) == ((name, a_letter().sender), name)
    assert f"<bdi>{name}</bdi>" in client.get(f"/dev/inbox/{id_}").get_data(as_text=True)


def test_the_html_of_a_mail_may_do_nothing_but_open_its_links(app, inbox):
    id_ = keep(
        inbox,
        html="<html><head></head><body><script>alert(1)</script><a href='http://localhost/a/x'>x</a></body></html>",
    )

    answer = FlaskClient(app, app.response_class).get(f"/dev/inbox/{id_}/html")

    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'")
    assert "frame-ancestors 'self'" in policy
    assert '<base target="_blank">' in answer.get_data(as_text=True)


def test_files_can_be_fetched(client, inbox):
    id_ = keep(inbox, attachments=(FILE,))

    answer = client.get(f"/dev/inbox/{id_}/files/0")

    assert (answer.mimetype, answer.data) == ("application/pdf", FILE.content)
    assert answer.headers["Content-Disposition"] == "attachment; filename=agenda.pdf"
    assert client.get(f"/dev/inbox/{id_}/files/1").status_code == 404


@pytest.mark.parametrize("id_", ["nothing", "..", "20260302120000000000-zzzzzzzz", "20260302120000000000-00000000"])
def test_other_files_are_not_there(client, inbox, id_):
    assert client.get(f"/dev/inbox/{id_}").status_code == 404


def test_outside_a_demo_there_is_no_inbox(tmp_path):
    app = create_app(Settings(data_folder=tmp_path, secret_key="only for tests, never else"))

    assert app.test_client().get("/dev/inbox", headers={"Host": "127.0.0.1"}).status_code == 404


def test_the_server_keeps_what_it_is_sent(tmp_path):
    port = _free_port()
    code = f"from pathlib import Path; from matchmaker.mail.inbox import main; main({port}, Path({str(tmp_path)!r}))"
    server = subprocess.Popen([sys.executable, "-c", code])
    try:
        _deliver(port, build_mail(a_letter(text=".dot\nمرحبا"), now=NOW))
    finally:
        server.terminate()

    (received,) = inbox_folder.newest(tmp_path)
    assert server.wait(10) == 0
    assert (received.recipient, received.subject) == ("nadia@example.org", "Votre agenda")
    assert received.text.split() == [".dot", "مرحبا"]


def _deliver(port, content):
    for _ in range(100):
        try:
            with smtplib.SMTP("127.0.0.1", port) as smtp:
                smtp.sendmail("events@example.org", ["nadia@example.org"], content)
        except ConnectionRefusedError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError


def _free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]

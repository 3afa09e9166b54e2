"""Reports of what did not arrive, as servers write them (RFC 3464), and what only looks like one."""

import pytest

from matchmaker.mail.bounces import LONGEST, Bounce, bounces

OURS = "<agenda.4f2c@matchmaker.example.org>"
HEAD = f"From: Salon <salon@matchmaker.example.org>\r\nMessage-ID: {OURS}\r\nSubject: =?utf-8?b?2KPYrNmG2K/Yqg==?=\r\n"
FAILED = """\
Final-Recipient: rfc822; Nadia@Example.org
Original-Recipient: rfc822;nadia@example.org
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <nadia@example.org>: Recipient address rejected:
    User unknown
"""


def report(status=FAILED, original="message/rfc822", kind="multipart/report; report-type=delivery-status", head=HEAD):
    """Return a report: words for people, fields for machines, the message or its head."""
    parts = (
        "Content-Type: text/plain; charset=us-ascii\r\n\r\nI'm sorry to have to inform you",
        f"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mail.example.org\r\n\r\n{status}",
        f"Content-Type: {original}\r\n\r\n{head}\r\nthe message",
    )
    body = "".join(f"--=_x\r\n{part}\r\n" for part in parts) + "--=_x--\r\n"
    return f'From: MAILER-DAEMON\r\nContent-Type: {kind}; boundary="=_x"\r\n\r\n{body}'.encode()


@pytest.mark.parametrize("original", ["message/rfc822", "text/rfc822-headers"])
def test_a_report_names_the_message_the_person_and_the_reason(original):
    words = "5.1.1 550 5.1.1 <nadia@example.org>: Recipient address rejected: User unknown"

    assert bounces(report(original=original)) == [Bounce(OURS, "nadia@example.org", words)]


def test_a_report_without_the_original_recipient_names_the_final_one():
    status = "Final-Recipient: RFC822; <Nadia@example.org>\r\nAction: Failed\r\nStatus: 5.2.2\r\n"

    assert bounces(report(status)) == [Bounce(OURS, "nadia@example.org", "5.2.2")]


def test_of_several_recipients_those_who_were_not_reached_are_named():
    other = FAILED.replace("nadia", "omar").replace("Nadia", "omar")
    status = f"{FAILED}\r\n{FAILED.replace('failed', 'delayed')}\r\n{other}"

    assert [bounce.recipient for bounce in bounces(report(status))] == ["nadia@example.org", "omar@example.org"]


@pytest.mark.parametrize(
    "no_report",
    [
        b"",
        b"\x00\xff" * 500,
        report(FAILED.replace("failed", "delayed")),
        report(FAILED.replace("failed", "delivered")),
        report(kind="multipart/mixed"),
        report(head="Subject: no name\r\n"),
        report(head="Message-ID: nothing in angles\r\n"),
        report(head="Message-ID: <no\0name@example.org>\r\n"),
        report().replace(b"message/delivery-status", b"text/plain"),
        b"Content-Type: multipart/report; boundary=x\r\n\r\n" + b"--x\r\nContent-Type: message/rfc822\r\n\r\n" * 3000,
    ],
)
def test_what_reports_no_failure_of_a_message_is_none(no_report):
    assert bounces(no_report) == []


def test_words_are_one_line_that_every_database_takes():
    """PostgreSQL keeps no NUL: whoever writes one into a report must not keep it from being put aside."""
    assert bounces(report(FAILED.replace("User unknown", "User\0\x1b unknown")))[0].words.endswith("User unknown")


def test_what_is_too_long_is_read_to_its_limit():
    assert bounces(report(head=HEAD + "X: " + "y" * LONGEST)) != []
    assert bounces(b"X: " + b"y" * LONGEST + b"\r\n" + report()) == []

"""Built messages say what they were built to say, whatever is in a name."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.domain.plain import no_link, one_line
from matchmaker.errors import MailBuildError
from matchmaker.mail import messages
from matchmaker.mail.messages import Attachment, Letter, build_mail

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOSTILE = [
    "A\r\nBcc: thief@example.org",
    "=?utf-8?q?a=0d=0aBcc:_thief@example.org?=",
    "=?utf-8?b?YQ0KQmNjOiB0aGllZkBleGFtcGxlLm9yZw==?=",
    "\u2028Bcc: thief@example.org",
    'Chambre "A", B <thief@example.org>',
    "نادية\u202eexe.gpj",
    "a" * 400,
    "é" * 300,
    ", ; : @ [ ]",
    "\x00\x07\x1b[31m",
    "Forum international de l’industrie et des services",
    "المنتدى الدولي للصناعة والخدمات والتجارة الخارجية",
]


def a_letter(**given):
    return Letter(
        **{
            "recipient": "nadia@example.org",
            "message_id": "<agenda.1@localhost>",
            "sender": "events@example.org",
            "sender_name": "Forum",
            "subject": "Votre agenda",
            "text": "Bonjour",
            "html": "<html><head><style>p { color: #123456; }</style></head><body><p>Bonjour</p></body></html>",
            **given,
        }
    )


def read(built):
    return message_from_bytes(built, policy=default)


def test_a_message_has_words_in_both_forms_and_its_files():
    letter = a_letter(
        subject="برنامجكم، النسخة 4",
        text=".a line that begins with a dot\nمرحبا",
        attachments=(Attachment("agenda.ics", "text/calendar; method=PUBLISH; charset=utf-8", b"BEGIN:VCALENDAR"),),
    )

    message = read(build_mail(letter, now=NOW))

    assert (message["Subject"], message["To"], message["Auto-Submitted"]) == (
        "برنامجكم، النسخة 4", "nadia@example.org", "auto-generated",
    )  # fmt: skip
    assert message["Date"].datetime == NOW
    assert message["List-Unsubscribe"] is None
    assert message.get_body(("plain",)).get_content().startswith(".a line")
    assert 'style="color: #123456;"' in message.get_body(("html",)).get_content()
    (file,) = message.iter_attachments()
    assert (file.get_content_type(), file.get_param("method")) == ("text/calendar", "PUBLISH")


def test_a_long_name_of_signs_is_folded_and_is_still_a_name():
    name = "Forum, [Agadir]: industrie; services; logistique; export 2026"

    message = read(build_mail(a_letter(sender_name=name), now=NOW))

    assert message["From"].addresses[0].display_name == name


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_becomes_a_header_or_a_recipient(name):
    message = read(build_mail(a_letter(subject=name, sender_name=name, text=name), now=NOW))

    assert message["Bcc"] is None
    assert [address.addr_spec for address in message["To"].addresses] == ["nadia@example.org"]
    assert [address.addr_spec for address in message["From"].addresses] == ["events@example.org"]


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_text_may_stand_in_any_place(text):
    message = read(build_mail(a_letter(subject=text, sender_name=text, text=text), now=NOW))

    assert sorted(name.lower() for name in message) == sorted(
        [
            "from",
            "to",
            "subject",
            "date",
            "message-id",
            "auto-submitted",
            "x-auto-response-suppress",
            "mime-version",
            "content-type",
        ]
    )


@pytest.mark.parametrize(
    "recipient",
    [
        "a@example.org, b@example.org",
        "a@example.org\r\nBcc: b@example.org",
        "nobody",
        "",
        "é@example.org",
        "<a@example.org>",
    ],
)
def test_what_is_no_address_is_written_to_nobody(recipient):
    with pytest.raises(MailBuildError):
        build_mail(a_letter(recipient=recipient), now=NOW)


def test_without_the_guards_a_name_does_become_a_header(monkeypatch):
    """The negative control: let names through as they are, and what is built is refused when it is read again."""
    monkeypatch.setattr(messages, "_harmless", lambda text: text)

    with pytest.raises((MailBuildError, ValueError)):
        build_mail(a_letter(subject=HOSTILE[1]), now=NOW)


@pytest.mark.parametrize("text", HOSTILE)
def test_one_line_is_one_line(text):
    assert not set(one_line(text)) & set("\r\n\0\u2028\u2029\u202e")


def test_a_name_that_looks_like_a_link_is_not_made_one():
    calm = no_link("Voir www.voleur.example.org ou a@b.ma https://x.ma")

    assert not any(sign in calm for sign in (".voleur", ".example", "a@b", "https://", ".ma"))
    assert calm.replace("\u2060", "") == "Voir www.voleur.example.org ou a@b.ma https://x.ma"

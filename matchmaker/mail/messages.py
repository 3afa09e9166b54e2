"""The one place that builds messages. What it built is read again, and refused if it says anything else."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from email.header import Header, decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.policy import EmailPolicy, compat32
from email.utils import format_datetime
from typing import Any

import css_inline

from matchmaker.domain.plain import one_line
from matchmaker.errors import MailBuildError

LONGEST_SUBJECT = 180
LONGEST_NAME = 70
CALENDAR = "text/calendar"
_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\\\"\x00-\x1f\x7f]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_METHOD = re.compile(r"^METHOD:([A-Z]+)\r?$", re.MULTILINE)
_INLINER = css_inline.CSSInliner(keep_style_tags=False, load_remote_stylesheets=False)


class _Policy(EmailPolicy):
    """The library's policy for SMTP, but with the folding of Subject and From done by ``Header``.

    That of Python 3.11 doubles or drops spaces where plain words meet encoded ones.
    """

    def fold_binary(self, name: str, value: Any) -> bytes:
        if name.lower() == "list-unsubscribe":  # an address is longer than a line, and must not be encoded
            return f"{name}: {value}{self.linesep}".encode("ascii")
        if name.lower() not in {"subject", "from"} or str(value).isascii():
            return super().fold_binary(name, value)
        if name.lower() == "subject":
            return f"{name}: {self._encoded(name, str(value))}{self.linesep}".encode("ascii")
        (sender,) = value.addresses
        shown = self._encoded(name, sender.display_name)
        return f"{name}: {shown}{self.linesep} <{sender.addr_spec}>{self.linesep}".encode("ascii")

    def _encoded(self, name: str, text: str) -> str:
        return Header(text, "utf-8", header_name=name).encode(linesep=self.linesep)


POLICY = _Policy(linesep="\r\n", cte_type="7bit")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a message: ``kind`` is its media type, with parameters if it needs them."""

    name: str
    kind: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """What a message says and to whom, before it is one. ``message_id`` stands in its angle brackets.

    ``invitation`` is a calendar with its METHOD, which mail programs show as such: one, since most read no second.
    """

    recipient: str
    message_id: str
    sender: str
    sender_name: str
    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()
    unsubscribe: str = ""  # the address that ends messages of this kind, by one press in a mail program (RFC 8058)
    invitation: bytes = b""


def build_mail(letter: Letter, *, now: datetime) -> bytes:
    """Return the message as it goes over the wire, lines ended by CRLF.

    Raises
    ------
    MailBuildError
        If an address is none, or the message, read again, has other headers, recipients or parts than it was
        given: something in it was taken for a header or a boundary.
    """
    message = EmailMessage(policy=POLICY)
    expected = _headers(letter, now)
    for name, value in expected.items():
        message[name] = value
    message.set_content(letter.text, subtype="plain", charset="utf-8")
    message.add_alternative(_INLINER.inline(letter.html), subtype="html", charset="utf-8")
    if letter.invitation:
        _invite(message, letter.invitation.decode())
    for attachment in letter.attachments:
        _attach(message, attachment)
    built = message.as_bytes()
    _read_again(built, letter, expected)
    return built


def _headers(letter: Letter, now: datetime) -> dict[str, str | Address]:
    name = _harmless(letter.sender_name)[:LONGEST_NAME].replace("\\", "/").replace('"', "”").strip()
    sender = Address(name, addr_spec=_address(letter.sender))
    unsubscribing = {
        "List-Unsubscribe": f"<{letter.unsubscribe}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    return {
        "From": sender,
        "To": Address(addr_spec=_address(letter.recipient)),
        "Subject": _harmless(letter.subject)[:LONGEST_SUBJECT].strip(),
        "Date": format_datetime(now),
        "Message-ID": letter.message_id,
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        **(unsubscribing if letter.unsubscribe else {}),
    }


def _harmless(text: str) -> str:
    """Return header text in one line in which nothing looks like an encoded word, which some readers decode."""
    return one_line(text).replace("=?", "= ?")


def _address(text: str) -> str:
    if not _ADDRESS.fullmatch(text) or not text.isascii() or len(text) > 254:
        raise MailBuildError("address", "name@domain", text)
    return text


def _attach(message: EmailMessage, attachment: Attachment) -> None:
    main, _, rest = attachment.kind.partition("/")
    subtype, *given = [part.strip() for part in rest.split(";")]
    params = dict(part.split("=", 1) for part in given)
    message.add_attachment(attachment.content, maintype=main, subtype=subtype, filename=attachment.name, params=params)


def _invite(message: EmailMessage, calendar: str) -> None:
    (method,) = _METHOD.findall(calendar)
    message.add_alternative(calendar, subtype="calendar", charset="utf-8", cte="base64", params={"method": method})


def _read_again(built: bytes, letter: Letter, expected: dict[str, str | Address]) -> None:
    """Read what was built as the plainest of readers does: the library's newer one reads each header anew each time."""
    found = BytesParser(policy=compat32).parsebytes(built)
    names = Counter(name.lower() for name in found.keys())  # noqa: SIM118 -- a message is no dictionary
    _same("headers", Counter([name.lower() for name in expected] + ["content-type", "mime-version"]), names)
    _same("recipient", [letter.recipient], _addresses("To", found))
    _same("sender", [letter.sender], _addresses("From", found))
    for name, value in expected.items():
        unfolded = found[name].replace("\r\n", "").lstrip(" ")  # what is long may begin on a line of its own
        said = str(make_header(decode_header(unfolded)))
        _same(name, str(value).replace('"', ""), said.replace('"', ""))
    parts = [part for part in found.walk() if not part.is_multipart()]
    _same("parts", _parts(letter), [(part.get_content_type(), part.get_filename()) for part in parts])
    calendars = [_text(part) for part in parts if part.get_content_type() == CALENDAR and part.get_filename() is None]
    _same("invitations", letter.invitation.decode().split(), "".join(calendars).split())
    if found.defects:
        raise MailBuildError("defects", [], found.defects)


def _addresses(name: str, message: Message) -> list[str]:
    header: Any = POLICY.header_fetch_parse(name, message[name])
    return [address.addr_spec for address in header.addresses]


def _parts(letter: Letter) -> list[tuple[str, str | None]]:
    """Return the kinds and names of all parts that a message has."""
    invitation = [CALENDAR] if letter.invitation else []
    files = [(file.kind.partition(";")[0].strip(), file.name) for file in letter.attachments]
    return [*((kind, None) for kind in ("text/plain", "text/html", *invitation)), *files]


def _text(part: Message) -> str:
    content = part.get_payload(decode=True)
    return content.decode() if isinstance(content, bytes) else ""


def _same(what: str, expected: object, found: object) -> None:
    if expected != found:
        raise MailBuildError(what, expected, found)

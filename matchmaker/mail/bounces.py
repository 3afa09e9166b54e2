"""Reading what mail servers report of messages that did not arrive (RFC 3464), as far as it names one of ours."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from email import message_from_bytes
from email.message import Message
from email.parser import HeaderParser
from typing import NamedTuple

from matchmaker.domain.plain import one_line

MESSAGE_ID = re.compile(r"<[!-;=?-~]{3,200}>")
STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
LONGEST = 1_000_000
"""Bytes; a report repeats the message at most, and one that is larger is read to here."""
MOST_PARTS = 50


class Bounce(NamedTuple):
    """A message that reached nobody: its Message-ID, at which address, and why, in the words of a server."""

    message_id: str
    recipient: str
    words: str


def bounces(report: bytes) -> list[Bounce]:
    """Return the messages that a report says will not arrive; none if it is no such report.

    A delay is none: the servers still try. Everything in a report is somebody else's word.
    """
    message = message_from_bytes(report[:LONGEST])
    parts = [part for part, _ in zip(message.walk(), range(MOST_PARTS), strict=False)]
    message_id = _original(parts)
    if message.get_content_type() != "multipart/report" or not message_id:
        return []
    return [Bounce(message_id, *failed) for part in parts for failed in _failures(part)]


def _failures(part: Message) -> Iterator[tuple[str, str]]:
    """Return who was not reached and why, from a part with the state of a delivery: one group of fields a recipient."""
    for fields in _inner(part) if part.get_content_type() == "message/delivery-status" else ():
        recipient = _address(fields.get("Original-Recipient", "")) or _address(fields.get("Final-Recipient", ""))
        if recipient and str(fields.get("Action", "")).strip().lower() == "failed":
            yield recipient, _words(fields)


def _address(field: str) -> str:
    return str(field).rpartition(";")[2].strip().strip("<>").lower()


def _words(fields: Message) -> str:
    status = STATUS.search(str(fields.get("Status", "")))
    said = str(fields.get("Diagnostic-Code", "")).partition(";")[2]
    return one_line(f"{status[0] if status else ''} {said}")[:500]


def _original(parts: list[Message]) -> str:
    """Return the Message-ID of the message that is reported, which comes back whole or with its head alone."""
    for part in parts:
        kind = part.get_content_type()
        heads: Sequence[Message] = _inner(part) if kind == "message/rfc822" else ()
        if kind in {"text/rfc822-headers", "message/rfc822-headers"}:
            heads = [HeaderParser().parsestr(str(part.get_payload()))]
        if heads and (found := MESSAGE_ID.search(str(heads[0].get("Message-ID", "")))):
            return found[0]
    return ""


def _inner(part: Message) -> Sequence[Message]:
    """Return the messages that a part is made of."""
    inner = part.get_payload()
    return [one for one in inner if isinstance(one, Message)] if isinstance(inner, list) else ()

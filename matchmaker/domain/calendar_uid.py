"""Names of calendar entries and of mails: derived from what they are about, never random.

A second try then carries the first one's name, and every calendar and mailbox knows it for the same thing.
"""

from __future__ import annotations

import re
from hashlib import sha256

_NAME = re.compile(r"[A-Za-z0-9_-]+")
_HOST = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")


def uid(event_slug: str, request_public_id: str, host: str) -> str:
    """Return the UID of a request's calendar entry, one for life whatever happens to the meeting."""
    return f"{_name(request_public_id)}.{_name(event_slug)}@{_host(host)}"


def message_id(kind: str, key: str, host: str) -> str:
    """Return the Message-ID, in its angle brackets, of the one mail of this kind about ``key``.

    ``key`` (event, person, version) is hashed: headers travel through other people's hands.
    """
    return f"<{_name(kind)}.{sha256(key.encode()).hexdigest()[:32]}@{_host(host)}>"


def _name(text: str) -> str:
    if not _NAME.fullmatch(text):
        raise ValueError(f"{text!r} cannot be part of an identifier")
    return text


def _host(text: str) -> str:
    if not _HOST.fullmatch(text):
        raise ValueError(f"{text!r} is no host name")
    return text.lower()

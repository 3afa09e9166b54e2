"""Links that open something without an account.

Agenda links are derived, not stored: mail, paper and QR can repeat them, and raising a person's generation
revokes them all. Nothing in the database opens anything without the server's secret. Letters are those of
Crockford's base 32, which has no I, L, O or U, and reading forgives capitals and the usual slips of those who
copy a link from paper.
"""

from __future__ import annotations

import hmac
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
MAC_BYTES = 16
MAC_LETTERS = 26  # 130 bits hold 128
LARGEST_ID = 2**31 - 1  # a larger one is no row of ours, and PostgreSQL would raise instead of finding nothing
SHORTEST_SECRET = 16
_VALUE = {letter: value for value, letter in enumerate(ALPHABET)}
_FORGIVEN = str.maketrans({"o": "0", "i": "1", "l": "1", "-": "", " ": ""})


class Purpose(StrEnum):
    """What a link opens. One purpose's link is worth nothing for another."""

    AGENDA = "agenda"
    READ_ONLY = "read_only"
    FEED = "feed"
    REMINDERS = "reminders"


class Parts(NamedTuple):
    id: int
    mac: bytes


def token(secret: bytes, purpose: Purpose, participation_id: int, generation: int) -> str:
    """Return the part of a link that names a participation and proves the right to it."""
    mac = _mac(secret, purpose, participation_id, generation)
    return f"{_encoded(participation_id)}-{_encoded(int.from_bytes(mac), MAC_LETTERS)}"


def read(text: str) -> Parts | None:
    """Take a token apart without believing it; None if it cannot be one."""
    id_letters, dash, mac_letters = text.partition("-")
    id_, mac = _decoded(id_letters), _decoded(mac_letters)
    if not dash or id_ is None or mac is None or id_ > LARGEST_ID or mac >> (8 * MAC_BYTES):
        return None
    return Parts(id_, mac.to_bytes(MAC_BYTES))


def matches(parts: Parts, secret: bytes, purpose: Purpose, generation: int) -> bool:
    """Tell, in a time that betrays nothing, whether a token read is the one for this purpose and generation."""
    return hmac.compare_digest(parts.mac, _mac(secret, purpose, parts.id, generation))


def sign_in_token(secret: bytes, nonce: bytes) -> str:
    """Return the token of a sign-in link, 128 bits. Its row holds the ``nonce`` and the token's digest."""
    return _encoded(int.from_bytes(_authenticated(secret, b"sign-in", nonce)), MAC_LETTERS)


def digest(sign_in: str) -> str:
    """Return what is stored of a sign-in token and searched for: the SHA-256 of its plain form, in hexadecimal."""
    return sha256(_plain(sign_in).encode(errors="replace")).hexdigest()


def opaque_name(secret: bytes, text: str) -> str:
    """Return 32 letters that are the same for equal texts, and by which nobody guesses a text; they open nothing."""
    return _authenticated(secret, b"name", text.encode()).hex()


def _mac(secret: bytes, purpose: Purpose, participation_id: int, generation: int) -> bytes:
    return _authenticated(secret, b"link", f"{purpose}/{participation_id}/{generation}".encode())


def _authenticated(secret: bytes, use: bytes, message: bytes) -> bytes:
    if len(secret) < SHORTEST_SECRET:
        raise ValueError(f"a secret of {len(secret)} bytes protects nobody; at least {SHORTEST_SECRET}")
    return hmac.digest(secret, b"matchmaker/" + use + b"/" + message, "sha256")[:MAC_BYTES]


def _plain(text: str) -> str:
    return text.strip().lower().translate(_FORGIVEN)


def _encoded(number: int, width: int = 1) -> str:
    letters = ""
    while number:
        number, value = divmod(number, 32)
        letters = ALPHABET[value] + letters
    return letters.rjust(width, ALPHABET[0])


def _decoded(text: str) -> int | None:
    letters = _plain(text)
    if not 0 < len(letters) <= MAC_LETTERS or not _VALUE.keys() >= set(letters):
        return None
    number = 0
    for letter in letters:
        number = number * 32 + _VALUE[letter]
    return number

"""The folder of the development inbox: one file a message, newest last by name."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from email.utils import parseaddr
from pathlib import Path

from matchmaker.errors import NotFound

_NAME = re.compile(r"[0-9]{20}-[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class Received:
    """One message of the inbox. ``id`` names its file."""

    id: str
    message: EmailMessage

    @property
    def recipient(self) -> str:
        return self._header("To")

    @property
    def sender(self) -> tuple[str, str]:
        """The name, which may be empty, and the address."""
        return parseaddr(self._header("From"))

    @property
    def subject(self) -> str:
        return self._header("Subject")

    def _header(self, wanted: str) -> str:
        """Decode a header as a whole: the library puts a space into a name between two of its encoded words."""
        raw = next((str(value) for name, value in self.message.raw_items() if name.lower() == wanted.lower()), "")
        return str(make_header(decode_header(raw.replace("\r", "").replace("\n", ""))))

    @property
    def text(self) -> str:
        part = self.message.get_body(("plain",))
        return str(part.get_content()) if part else ""

    @property
    def html(self) -> str:
        part = self.message.get_body(("html",))
        return str(part.get_content()) if part else ""

    @property
    def files(self) -> list[EmailMessage]:
        return [part for part in self.message.iter_attachments() if isinstance(part, EmailMessage)]


def store(folder: Path, content: bytes, at: datetime) -> Path:
    """Keep a message as a file that is whole from the moment it can be seen."""
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{at:%Y%m%d%H%M%S%f}-{secrets.token_hex(4)}"
    partial = folder / f".{name}.part"
    partial.write_bytes(content)
    return partial.rename(folder / f"{name}.eml")


def newest(folder: Path, most: int = 200) -> Iterator[Received]:
    """Yield the messages, newest first."""
    for file in sorted(folder.glob("*.eml"), reverse=True)[:most]:
        yield _read(file)


def access_message(folder: Path, id_: str) -> Received:
    """Return one message.

    Raises
    ------
    NotFound
        If there is none of that name.
    """
    file = folder / f"{id_}.eml"
    if not _NAME.fullmatch(id_) or not file.is_file():
        raise NotFound("message", id_)
    return _read(file)


def _read(file: Path) -> Received:
    message = message_from_bytes(file.read_bytes(), _class=EmailMessage, policy=default)
    return Received(file.stem, message)

"""A relay in a process of its own, by aiosmtpd, that takes all there is and writes down when: for what measures time.

It says on its first line at which port it listens, and what it took on its last, when it is told to stop.
"""

from __future__ import annotations

import asyncio
import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple

from aiosmtpd.smtp import SMTP, Envelope, Session

FILES = (b'filename="agenda.pdf"', b'filename="agenda.ics"')
_MESSAGE_ID = re.compile(rb"(?im)^Message-ID:\s*(<[^>]+>)")


class Taken(NamedTuple):
    """A message: when it was taken (seconds of the clock), its Message-ID, whether both files are in it, its bytes."""

    at: float
    message_id: str
    is_whole: bool
    size: int


@dataclass
class Taker:
    """A relay that runs; ``taken`` is known once it has stopped."""

    port: int
    taken: list[Taken] = field(default_factory=list)


@contextmanager
def taker() -> Iterator[Taker]:
    """Run the relay for as long as the block lasts."""
    command = [sys.executable, "-m", __name__]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        one = Taker(int(process.stdout.readline()))
        try:
            yield one
        finally:
            process.terminate()
            one.taken = [Taken(*each) for each in json.loads(process.stdout.readline() or "[]")]


class _Keeper:
    def __init__(self) -> None:
        self.taken: list[Taken] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802 -- aiosmtpd's name
        content = envelope.original_content or b""
        found = _MESSAGE_ID.search(content)
        whole = all(file in content for file in FILES)
        self.taken.append(Taken(time.time(), found[1].decode() if found else "", whole, len(content)))
        return "250 kept"


async def _serve() -> None:
    loop, keeper, stopped = asyncio.get_running_loop(), _Keeper(), asyncio.Event()
    server = await loop.create_server(lambda: SMTP(keeper, hostname="taker"), host="127.0.0.1", port=0)
    loop.add_signal_handler(signal.SIGTERM, stopped.set)
    _say(server.sockets[0].getsockname()[1])
    async with server:
        await stopped.wait()
    _say(keeper.taken)


def _say(what: object) -> None:
    sys.stdout.write(f"{json.dumps(what)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(_serve())

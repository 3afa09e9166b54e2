"""The development inbox: an SMTP server that delivers to a folder, for demos and for trying things out.

It listens on this machine only and takes every message for anybody.
"""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from matchmaker import clock
from matchmaker.mail.inbox_folder import store

LARGEST_MESSAGE = 20 * 1024 * 1024


class Keeper:
    """What aiosmtpd calls for each message."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802 -- aiosmtpd's name
        content = envelope.original_content or b""
        await asyncio.to_thread(store, self.folder, content, clock.now())
        return "250 kept"


def main(port: int, folder: Path) -> int:
    """Receive until told to stop; return the exit status."""
    asyncio.run(_serve(port, folder))
    return 0


async def _serve(port: int, folder: Path) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(Keeper(folder), hostname="inbox", data_size_limit=LARGEST_MESSAGE), host="127.0.0.1", port=port
    )
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    async with server:
        await stopped.wait()

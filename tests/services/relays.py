"""Relays that behave badly, each in its own way, on a free port of this machine."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager

from aiosmtpd.controller import Controller


class Relay:
    """An SMTP server whose answers are given in advance; ``kept`` holds (recipient, content) of what it took."""

    def __init__(self, *, to_rcpt=None, to_data=()):
        self.kept = []
        self.to_rcpt = to_rcpt or {}
        self.to_data = list(to_data)

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):  # noqa: ARG002, N802 -- aiosmtpd’s names
        answers = self.to_rcpt.get(address)
        if answers:
            answer = answers.pop(0)
            return answer(server) if callable(answer) else answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: ARG002, N802 -- aiosmtpd’s names
        answer = self.to_data.pop(0) if self.to_data else "250 kept"
        if callable(answer):
            answer = answer(server)
        if answer.startswith("250"):
            self.kept.append((envelope.rcpt_tos[0], envelope.original_content))
        return answer

    @property
    def recipients(self):
        return [recipient for recipient, _ in self.kept]


@contextmanager
def relay(**answers):
    """Run a relay; yields it, with its ``port``."""
    handler = Relay(**answers)
    controller = Controller(handler, hostname="127.0.0.1", port=_free_port())
    controller.start()
    handler.port = controller.port
    try:
        yield handler
    finally:
        controller.stop()


def resets(server):
    """Take everything, then break the connection off instead of answering."""
    server.transport.abort()
    return "250 kept"


@contextmanager
def raw_relay(talk):
    """Run ``talk(connection)`` for each connection: a relay at the level of bytes."""
    listening = socket.create_server(("127.0.0.1", 0))
    stopped = threading.Event()

    def serve():
        while not stopped.is_set():
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection:
                talk(connection)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        stopped.set()
        listening.close()
        thread.join(5)


def _free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]

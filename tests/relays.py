"""An SMTP relay that misbehaves as it is told, on a free port of this machine, and knows what it took.

A conversation has stages; at each the relay asks ``faults`` whether to do something else than answer. Threads and
plain sockets: what a fault does to the connection is what it says, and no library makes it good again.
"""

from __future__ import annotations

import re
import socket
import ssl
import struct
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

END = b"\r\n.\r\n"
_MESSAGE_ID = re.compile(rb"(?im)^Message-ID:\s*(<[^>]+>)")


class Stage(StrEnum):
    """The moments at which a relay can fail, in order: ``TEXT`` is amid the message, ``END`` once it is complete."""

    GREETING = "greeting"
    EHLO = "ehlo"
    STARTTLS = "starttls"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    TEXT = "text"
    END = "end"


class Over(Exception):
    """The conversation is over: either side has left it."""


class Talk:
    """One conversation: ``number`` counts those of the relay, ``tries`` those that named this recipient."""

    def __init__(self, relay: Relay, connection: socket.socket, number: int) -> None:
        self.relay, self.connection, self.number = relay, connection, number
        self.stage = Stage.GREETING
        self.recipient, self.tries, self.content, self.said = "", 0, b"", ""
        self._rest = b""

    def say(self, *lines: str | bytes) -> None:
        whole = b"\r\n".join(line.encode() if isinstance(line, str) else line for line in lines) + b"\r\n"
        self.said = whole.decode("utf-8", "replace")
        self.connection.sendall(whole)

    def take(self) -> None:
        """Accept the message: from now on the relay answers for it."""
        self.relay.keep(self.recipient, self.content)

    def until(self, end: bytes) -> bytes:
        while end not in self._rest:
            self.more()
        found, _, self._rest = self._rest.partition(end)
        return found

    def more(self) -> None:
        data = self.connection.recv(1 << 16)
        if not data:
            raise Over
        self._rest += data

    def secure(self, certificate: Path) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self.relay.opened.discard(self.connection)
        self.connection = context.wrap_socket(self.connection, server_side=True)
        self.relay.opened.add(self.connection)

    def close(self) -> None:
        with suppress(OSError):
            self.connection.close()
        self.relay.opened.discard(self.connection)


Fault: TypeAlias = Callable[[Talk, str], None]
"""What is done in place of an answer; it gets the answer, and raises ``Over`` if it ends the conversation."""
Faults: TypeAlias = Callable[[Talk], Fault | None]


# ── what a relay can do wrong ───────────────────────────────────────────────


def says(*lines: str | bytes) -> Fault:
    """Give another answer."""
    return lambda talk, _answer: talk.say(*lines)


def hangs(talk: Talk, _answer: str) -> None:
    """Say nothing for as long as the other side bears it."""
    while True:
        talk.more()


def drips(pause: float) -> Fault:
    """Give the right answer, one byte at a time."""

    def fault(talk: Talk, answer: str) -> None:
        for letter in f"{answer}\r\n".encode():
            talk.connection.sendall(bytes([letter]))
            time.sleep(pause)
        talk.said = answer

    return fault


def resets(talk: Talk, _answer: str) -> None:
    """Break off, so that the other side reads a reset."""
    talk.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    raise Over


def closes(_talk: Talk, _answer: str) -> None:
    """Leave without a word."""
    raise Over


def takes(then: Fault) -> Fault:
    """Accept the message, and then do something else than say so."""

    def fault(talk: Talk, answer: str) -> None:
        talk.take()
        then(talk, answer)

    return fault


def says_and(line: str, then: Fault) -> Fault:
    """Answer, and then do something else than listen."""

    def fault(talk: Talk, _answer: str) -> None:
        talk.say(line)
        then(talk, line)

    return fault


def does(act: Callable[[], object]) -> Fault:
    """Do something, and then answer as is right."""

    def fault(talk: Talk, answer: str) -> None:
        act()
        normal(talk, answer)

    return fault


def normal(talk: Talk, answer: str) -> None:
    """Do what a good relay does at this stage."""
    if talk.stage is Stage.END:
        talk.take()
    if talk.stage is not Stage.TEXT:
        talk.say(answer)
    if talk.stage is Stage.STARTTLS and talk.relay.certificate:
        talk.secure(talk.relay.certificate)


def presents(file: Path) -> Fault:
    """Speak TLS, with another certificate."""

    def fault(talk: Talk, answer: str) -> None:
        talk.say(answer)
        talk.secure(file)

    return fault


# ── the relay ───────────────────────────────────────────────────────────────


class Relay:
    """``kept`` holds (recipient, content) of what it took; ``ended`` counts the messages it saw the end of."""

    def __init__(self, faults: Faults, certificate: Path | None) -> None:
        self.faults, self.certificate = faults, certificate
        self.kept: list[tuple[str, bytes]] = []
        self.ended: Counter[str] = Counter()
        self.opened: set[socket.socket] = set()
        self._named: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port: int = self._listening.getsockname()[1]

    @property
    def recipients(self) -> list[str]:
        return [recipient for recipient, _ in self.kept]

    def keep(self, recipient: str, content: bytes) -> None:
        with self._lock:
            self.kept.append((recipient, content))

    def serve(self) -> None:
        number = 0
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            number += 1
            self.opened.add(connection)
            threading.Thread(target=self._serve, args=(Talk(self, connection, number),), daemon=True).start()

    def stop(self) -> None:
        for one in (self._listening, *list(self.opened)):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)  # closing alone wakes nobody
        self._listening.close()

    def _serve(self, talk: Talk) -> None:
        try:
            self._converse(talk)
        except (Over, OSError):
            return
        finally:
            talk.close()

    def _converse(self, talk: Talk) -> None:
        self._at(talk, Stage.GREETING, "220 relay ESMTP")
        while True:
            command = talk.until(b"\r\n").decode("utf-8", "replace")
            match command[:4].upper():
                case "EHLO":
                    offers = "250-relay\r\n250-STARTTLS\r\n250 8BITMIME" if self.certificate else "250 relay"
                    self._at(talk, Stage.EHLO, offers)
                case "STAR":
                    self._at(talk, Stage.STARTTLS, "220 go on")
                case "MAIL":
                    self._at(talk, Stage.MAIL, "250 OK")
                case "RCPT":
                    self._name(talk, command)
                case "DATA":
                    self._read_text(talk)
                case "QUIT":
                    talk.say("221 bye")
                    return
                case _:
                    talk.say("250 OK")

    def _name(self, talk: Talk, command: str) -> None:
        talk.recipient = command.partition("<")[2].partition(">")[0]
        with self._lock:
            self._named[talk.recipient] += 1
            talk.tries = self._named[talk.recipient]
        self._at(talk, Stage.RCPT, "250 OK")

    def _read_text(self, talk: Talk) -> None:
        self._at(talk, Stage.DATA, "354 end with a dot")
        if not talk.said.startswith("354"):
            return
        talk.more()
        self._at(talk, Stage.TEXT, "")
        stuffed = talk.until(END)
        talk.content = re.sub(rb"(?m)^\.", b"", stuffed) + b"\r\n"
        with self._lock:
            self.ended[message_id(talk.content)] += 1
        self._at(talk, Stage.END, "250 kept")

    def _at(self, talk: Talk, stage: Stage, answer: str) -> None:
        talk.stage = stage
        (self.faults(talk) or normal)(talk, answer)


def message_id(content: bytes) -> str:
    found = _MESSAGE_ID.search(content)
    return found[1].decode() if found else ""


@contextmanager
def relay(
    faults: Faults | None = None,
    *,
    to_rcpt: Mapping[str, Sequence[str | Fault]] | None = None,
    to_data: Sequence[str | Fault] = (),
    certificate: Path | None = None,
) -> Iterator[Relay]:
    """Run a relay and yield it, with its ``port``.

    ``to_rcpt`` gives the first answers to each recipient, ``to_data`` those to the first complete messages.
    With a ``certificate`` it offers STARTTLS.
    """
    made = Relay(faults or _scripted(to_rcpt or {}, to_data), certificate)
    thread = threading.Thread(target=made.serve, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.stop()
        thread.join(5)


def always(stage: Stage, fault: Fault) -> Faults:
    """Return the faults of a relay that fails at one stage, each time."""
    return lambda talk: fault if talk.stage is stage else None


def _scripted(to_rcpt: Mapping[str, Sequence[str | Fault]], to_data: Sequence[str | Fault]) -> Faults:
    first = {address: list(answers) for address, answers in to_rcpt.items()}
    texts = list(to_data)

    def faults(talk: Talk) -> Fault | None:
        waiting = {Stage.RCPT: first.get(talk.recipient), Stage.END: texts}.get(talk.stage)
        if not waiting:
            return None
        answer = waiting.pop(0)
        if callable(answer):
            return answer
        return takes(says(answer)) if talk.stage is Stage.END and answer.startswith("2") else says(answer)

    return faults


def certificate(folder: Path) -> Path:
    """Make a certificate for 127.0.0.1 that nobody has reason to trust; return the file that holds it and its key."""
    key, file = folder / "key.pem", folder / "certificate.pem"
    asked = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=127.0.0.1"
    words = ["openssl", *asked.split(), "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", file]
    subprocess.run(words, check=True, stderr=subprocess.DEVNULL)
    with file.open("a") as out:
        out.write(key.read_text())
    return file

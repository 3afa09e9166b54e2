"""Everything at once for a look round: web, worker and a development inbox, until Ctrl-C.

The three run as children that die with this process; data stays in the folder and is found again.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from matchmaker import clock
from matchmaker.errors import ConfigurationError
from matchmaker.serving import server_command
from matchmaker.settings import Settings, read_settings

if TYPE_CHECKING:
    from matchmaker import scenarios

LOOPBACK = "127.0.0.1"
PR_SET_PDEATHSIG = 1


class Stopped(Exception):
    """The person at the keyboard, or their system, asked to stop."""


def main(scenario: str, port: int, data: Path) -> int:
    """Run the demo until Ctrl-C; return 0, or 1 if one of its parts ended by itself.

    Raises
    ------
    ConfigurationError
        If the port is taken or there is no such scenario; nothing is left running.
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        if not data.exists():
            _check(scenario)
        _claim(port)
        settings = _settings(port, data)
        with _children() as children:
            children.append(_start(server_command(f"{LOOPBACK}:{port}", 1)))  # it loads meanwhile
            links = _prepare(scenario, settings)
            children.append(_start(_matchmaker("inbox", "--port", os.environ["MATCHMAKER_SMTP_PORT"])))
            children.append(_start(_matchmaker("worker")))
            _wait_for(f"{settings.public_origin}/health", children)
            print(_greeting(settings, links), flush=True)
            return _watch(children)
    except Stopped:
        print("\nStopped. Data is kept in", data)
        return 0


def _stop(_number: int, _frame: FrameType | None) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # stopping is under way: a second Ctrl-C adds nothing
    raise Stopped


def _check(scenario: str) -> None:
    """Refuse a wrong name or file before anything is started; where there is data it was right before."""
    from matchmaker import scenarios  # noqa: PLC0415  it takes a second, which a second start can do without

    scenarios.read(scenario, now=clock.now())


def _claim(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            raise ConfigurationError("demo", "--port", f"{port}: {error.strerror}", "a free port") from error


def _settings(port: int, data: Path) -> Settings:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        mail_port = probe.getsockname()[1]
    os.environ.update(
        MATCHMAKER_DEMO="1",
        MATCHMAKER_DATA_FOLDER=str(data),
        MATCHMAKER_PUBLIC_ORIGIN=f"http://{LOOPBACK}:{port}",
        MATCHMAKER_SMTP_HOST=LOOPBACK,
        MATCHMAKER_SMTP_PORT=str(mail_port),
    )
    return read_settings()


def _prepare(scenario: str, settings: Settings) -> scenarios.Links:
    from flask_migrate import upgrade  # noqa: PLC0415  these take a second, in which the children load too

    from matchmaker import scenarios  # noqa: PLC0415
    from matchmaker.app import create_app  # noqa: PLC0415

    app = create_app(settings)
    with app.app_context():
        upgrade()
        loaded = scenarios.load_once(scenario, now=clock.now())
        return scenarios.links(loaded, now=clock.now())


@contextmanager
def _children() -> Iterator[list[subprocess.Popen[bytes]]]:
    """Give a list for the children; whatever is in it at the end is ended, however the end came."""
    started: list[subprocess.Popen[bytes]] = []
    try:
        yield started
    finally:
        for child in started:
            child.terminate()
        for child in started:
            _end(child)


def _matchmaker(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "matchmaker", *arguments]


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    """Start a child in a group of its own, so that Ctrl-C reaches it through us and in order."""
    return subprocess.Popen(
        command,
        process_group=0,
        preexec_fn=_die_with_parent,  # noqa: PLW1509  no threads here yet
    )


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _end(child: subprocess.Popen[bytes]) -> None:
    try:
        child.wait(10)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _wait_for(address: str, children: list[subprocess.Popen[bytes]]) -> None:
    while all(child.poll() is None for child in children):
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310  our own loopback address
                return
        except OSError:  # refused, reset or slow: it is still starting
            time.sleep(0.05)


def _watch(children: list[subprocess.Popen[bytes]]) -> int:
    while True:
        for child in children:
            if child.poll() is not None:
                print(f"matchmaker: process {child.pid} ended with {child.returncode}", file=sys.stderr)
                return 1
        time.sleep(0.2)


def _greeting(settings: Settings, links: scenarios.Links) -> str:
    return "\n".join(
        (
            "",
            f"  Matchmaker     {settings.public_origin}/",
            f"  Organiser      {links.organiser}",
            f"  Participant    {links.participant}",
            f"  Agenda         {links.agenda}",
            f"  Inbox          {settings.public_origin}/dev/inbox",
            "",
            "  Ctrl-C stops everything.",
        )
    )

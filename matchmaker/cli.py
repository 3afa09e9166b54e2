"""The command line: ``python -m matchmaker COMMAND``, or ``matchmaker COMMAND`` once installed."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from matchmaker import rehearse
from matchmaker.errors import ConfigurationError, Refusal
from matchmaker.paths import PACKAGE
from matchmaker.serving import server_command
from matchmaker.settings import Settings, read_settings

BAD_INPUT = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; a wrong file or setting is one line on stderr and exit 2, never a traceback."""
    asked = _parser().parse_args(arguments)
    try:
        return int(asked.command(asked) or 0)
    except (ConfigurationError, Refusal) as error:
        print(f"matchmaker: {error}", file=sys.stderr)
        return BAD_INPUT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="matchmaker", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, command: object, words: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=words, description=words)
        added.set_defaults(command=command)
        return added

    web = add("web", serve, "serve the pages with gunicorn")
    web.add_argument("--bind", default="127.0.0.1:8000", help="address and port (default %(default)s)")
    web.add_argument("--processes", type=int, default=2, help="worker processes of 16 threads (default %(default)s)")
    add("worker", work, "own the clock, the runs and the mail")
    inbox = add("inbox", receive, "receive mail on loopback for development")
    inbox.add_argument("--port", type=int, required=True)
    mail = add("mail", switch_mail, "stop the mail of all events, or let it leave again")
    mail.add_argument("what", choices=("stop", "go-on"))
    add("migrate", migrate, "bring the database to the newest schema")
    add("catalogues", catalogues, "compile the words of all languages")
    load = add("load", load_scenario, "load a shipped scenario")
    load.add_argument("scenario")
    organiser = add("organiser", add_organiser, "make an organiser's account; the password is asked for")
    organiser.add_argument("name")
    organiser.add_argument("login")
    rehearse.add_options(add("rehearse", play, "play a whole event in accelerated time, on a copy; nobody is told"))
    demo = add("demo", show, "run everything with a scenario, on loopback, until Ctrl-C")
    demo.add_argument("--scenario", default="jim")
    demo.add_argument("--port", type=int, default=8000)
    demo.add_argument("--data", type=Path, help="data folder (default .data/SCENARIO)")
    return parser


def serve(asked: argparse.Namespace) -> None:
    _configuration()  # what is wrong is said here, once, and not by every process
    command = server_command(asked.bind, asked.processes)
    os.execv(command[0], command)  # noqa: S606  this process becomes the server


def work(_asked: argparse.Namespace) -> None:
    from matchmaker import worker  # noqa: PLC0415  each command loads what it needs and no more

    worker.main(_configuration())


def receive(asked: argparse.Namespace) -> None:
    from matchmaker.mail import inbox  # noqa: PLC0415

    inbox.main(asked.port, read_settings().inbox)


def switch_mail(asked: argparse.Namespace) -> None:
    from matchmaker import clock  # noqa: PLC0415
    from matchmaker.app import create_app  # noqa: PLC0415
    from matchmaker.services import outbox  # noqa: PLC0415

    with create_app().app_context():
        switched = outbox.switch_all(on=asked.what == "go-on", now=clock.now())
    print(f"{switched} events: mail {'leaves again' if asked.what == 'go-on' else 'is stopped'}")


def migrate(_asked: argparse.Namespace) -> None:
    from flask_migrate import upgrade  # noqa: PLC0415

    from matchmaker.app import create_app  # noqa: PLC0415

    with create_app().app_context():
        upgrade()


def catalogues(_asked: argparse.Namespace) -> None:
    from matchmaker.translations.compiling import compile_catalogues  # noqa: PLC0415

    for file in compile_catalogues(PACKAGE / "translations"):
        print(file.relative_to(PACKAGE))


def load_scenario(asked: argparse.Namespace) -> None:
    from matchmaker import clock, scenarios  # noqa: PLC0415
    from matchmaker.app import create_app  # noqa: PLC0415

    with create_app().app_context():
        loaded = scenarios.load(asked.scenario, now=clock.now())
    print(f"loaded {loaded.slug}")


def add_organiser(asked: argparse.Namespace) -> None:
    from matchmaker import clock  # noqa: PLC0415
    from matchmaker.app import create_app  # noqa: PLC0415
    from matchmaker.domain.states import Locale  # noqa: PLC0415
    from matchmaker.services import sign_in  # noqa: PLC0415

    password = getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    with create_app().app_context():
        sign_in.make_staff({"fr": asked.name}, asked.login, password, Locale.FRENCH, now=clock.now())
    print(f"{asked.login} can sign in at /staff/sign-in")


def play(asked: argparse.Namespace) -> int:
    _configuration_files()
    return rehearse.main(asked)


def show(asked: argparse.Namespace) -> int:
    from matchmaker import demo  # noqa: PLC0415

    _configuration_files()
    return demo.main(asked.scenario, asked.port, asked.data or Path(".data") / asked.scenario)


def _configuration() -> Settings:
    _configuration_files()
    return read_settings()


def _configuration_files() -> None:
    """Read the files that an installation may have changed, so that nothing starts that would fail on a page.

    Raises
    ------
    ConfigurationError
        If one cannot be read or something in it is wrong.
    """
    from matchmaker.queries.taxonomy import taxonomy  # noqa: PLC0415
    from matchmaker.scheduling.presets import presets  # noqa: PLC0415

    taxonomy()
    presets()

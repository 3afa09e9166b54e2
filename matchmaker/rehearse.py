"""A rehearsal from the command line: of a shipped scenario, or of an event of this house, which is only read.

The worker plays the rehearsals that organisers ask for by the same command, on a copy that it made.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from secrets import token_urlsafe
from tempfile import TemporaryDirectory
from typing import Any

from matchmaker.errors import ConfigurationError
from matchmaker.rehearsal.plan import Closing, Plan
from matchmaker.settings import PREFIX, Settings, read_settings

ENDED = 1
STRETCH = re.compile(r"(\d+)/(\d\d:\d\d)-(\d\d:\d\d)")
STEPS = {
    "wishes": "the wishes",
    "run": "the run",
    "forecast": "what additions would bring",
    "publishing": "the provisional and the final agenda",
    "day": "the days of the event",
    "figures": "the figures",
}

Tell = Callable[[str, int, int], None]
Facts = dict[str, Any]


def add_options(command: argparse.ArgumentParser) -> None:
    """Add the options of ``matchmaker rehearse``."""
    usual = Plan()
    what = command.add_mutually_exclusive_group(required=True)
    what.add_argument("--scenario", help="a shipped scenario")
    what.add_argument("--event", metavar="SLUG", help="an event of this house, by its address; it is only read")
    what.add_argument("--copy", type=Path, help=argparse.SUPPRESS)  # a copy that the worker made
    command.add_argument("--seed", type=int, default=usual.seed, help="equal seeds play equal (default %(default)s)")
    command.add_argument("--seconds", type=_number(1, 3600), default=usual.seconds, help="of the run (%(default)s)")
    command.add_argument(
        "--no-shows", type=_number(0, 90), default=usual.no_shows, help="percent of meetings (%(default)s)"
    )
    command.add_argument("--late", type=_number(0, 90), default=usual.late, help="percent of people (%(default)s)")
    command.add_argument("--place", default="", help="code of the place that closes (default: the busiest then)")
    command.add_argument(
        "--closed", type=_closing, metavar="DAY/HH:MM-HH:MM", help="when it closes (default: half of the first day)"
    )
    command.add_argument("--json", action="store_true", help="write the figures as JSON")
    command.add_argument("--language", choices=("ar", "fr", "en"), default="en", help="of the words (%(default)s)")
    command.add_argument("--plan", help=argparse.SUPPRESS)
    command.add_argument("--parent", type=int, help=argparse.SUPPRESS)


def main(asked: argparse.Namespace) -> int:
    """Play what is asked for and write its figures; return 0, or 1 if no schedule came of it.

    Raises
    ------
    ConfigurationError
        If there is no such scenario, event or place.
    """
    if asked.copy:
        return _for_the_worker(asked)
    from flask_babel import force_locale  # noqa: PLC0415

    from matchmaker.rehearsal.playing import RehearsalEndedError  # noqa: PLC0415

    with TemporaryDirectory(prefix="matchmaker-rehearsal-") as folder:
        plan = _plan(asked)
        if asked.event:
            plan = replace(plan, preset=_copy(asked.event, Path(folder)))
        with _house(Path(folder)) as settings:
            event_id = _event(asked.scenario)
            _refuse_strangers(event_id, plan)
            try:
                facts = _play(event_id, plan, settings, _aloud)
            except RehearsalEndedError as error:
                print(f"matchmaker: {error}", file=sys.stderr)
                return ENDED
            if asked.json:
                print(json.dumps({**facts, "names": _names(event_id)}, ensure_ascii=False, indent=1))
            else:
                with force_locale(asked.language):
                    print(_in_words(event_id, facts))
    return 0


def _for_the_worker(asked: argparse.Namespace) -> int:
    """Play a copy; each step, and in the end the figures or what went wrong, are a line of JSON."""
    from matchmaker.rehearsal.playing import RehearsalEndedError  # noqa: PLC0415
    from matchmaker.scheduling.launch import die_with_parent  # noqa: PLC0415

    die_with_parent(asked.parent)

    def tell(step: str, done: int, total: int) -> None:
        print(json.dumps({"step": step, "done": done, "of": total}), flush=True)

    with _house(asked.copy) as settings:
        try:
            said: Facts = {"facts": _play(_event(None), Plan.from_facts(json.loads(asked.plan)), settings, tell)}
        except RehearsalEndedError as error:
            said = {"failure": error.failure}
    print(json.dumps(said), flush=True)
    return ENDED if "failure" in said else 0


def _plan(asked: argparse.Namespace) -> Plan:
    given = {name: getattr(asked, name) for name in ("seed", "seconds", "no_shows", "late", "place")}
    return Plan(closing=asked.closed, **given)


def _copy(slug: str, folder: Path) -> str:
    """Copy an event of this house into the folder; return how its last run was weighed."""
    from matchmaker.app import create_app  # noqa: PLC0415
    from matchmaker.queries import rehearsals as queries  # noqa: PLC0415
    from matchmaker.services import rehearsals  # noqa: PLC0415

    with create_app().app_context():
        event_id = queries.event_id_of(slug)
        if event_id is None:
            raise ConfigurationError("rehearse", "--event", f"no event {slug!r}", "the address of an event")
        rehearsals.copy(event_id, folder)
        return queries.preset(event_id)


@contextmanager
def _house(folder: Path) -> Iterator[Settings]:
    """Make an application at work whose database is the one in the folder, and whose relay is none."""
    from matchmaker.app import create_app  # noqa: PLC0415
    from matchmaker.extensions import db  # noqa: PLC0415
    from matchmaker.models import Base  # noqa: PLC0415

    ours = read_settings({**os.environ, f"{PREFIX}SECRET_KEY": token_urlsafe(32)})
    nowhere: Facts = {"smtp_host": "rehearsal.invalid", "smtp_user": "", "smtp_password": "", "mail_paused": True}
    settings = replace(ours, data_folder=folder, database_url="", demo=False, **nowhere)
    with create_app(settings).app_context():
        Base.metadata.create_all(db.engine)
        yield settings
        db.session.remove()
        db.engine.dispose()


def _event(scenario: str | None) -> int:
    """Return the event of the house: what the scenario says, or the one that was copied."""
    from matchmaker import clock, scenarios  # noqa: PLC0415
    from matchmaker.queries import rehearsals as queries  # noqa: PLC0415
    from matchmaker.services import rehearsals  # noqa: PLC0415

    if scenario is None:
        return queries.only_event()
    event_id = scenarios.load(scenario, now=clock.now()).event_id
    rehearsals.name_parties_again(event_id)
    return event_id


def _refuse_strangers(event_id: int, plan: Plan) -> None:
    from matchmaker.queries import rehearsals as queries  # noqa: PLC0415
    from matchmaker.queries import rehearsed  # noqa: PLC0415

    if plan.place and not queries.has_place(event_id, plan.place):
        halls = ", ".join(code for code, _ in rehearsed.places(event_id))
        raise ConfigurationError("rehearse", "--place", f"no place {plan.place!r}", f"one of {halls}")
    days = len({moment.day for moment in rehearsed.moments(event_id)})
    if plan.closing and not 1 <= plan.closing.day <= days:
        raise ConfigurationError("rehearse", "--closed", f"day {plan.closing.day}", f"a day from 1 to {days}")


def _play(event_id: int, plan: Plan, settings: Settings, tell: Tell) -> Facts:
    from matchmaker import clock  # noqa: PLC0415
    from matchmaker.rehearsal.playing import play  # noqa: PLC0415
    from matchmaker.services.runs import Capacity  # noqa: PLC0415

    capacity = Capacity(memory_mb=settings.run_memory_mb, workers=1)  # with more, equal seeds could play differently
    return play(event_id, plan, now=clock.now(), capacity=capacity, tell=tell)


def _names(event_id: int) -> Facts:
    from matchmaker.queries import studies  # noqa: PLC0415

    return dict(studies.names(event_id))


def _in_words(event_id: int, facts: Facts) -> str:
    from matchmaker.queries import rehearsal_words, studies  # noqa: PLC0415

    return rehearsal_words.as_text(rehearsal_words.told(facts, studies.names(event_id)))


def _aloud(step: str, done: int, total: int) -> None:
    how_far = f", {done} of {total} slots" if total else ""
    if done % 10 == 0:
        print(f"{STEPS[step]}{how_far} …", file=sys.stderr, flush=True)


def _number(least: int, most: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"{text!r}; expected a number from {least} to {most}")
        return int(text)

    return number


def _closing(text: str) -> Closing:
    found = STRETCH.fullmatch(text)
    try:
        if found:
            start, until = (dt.time.fromisoformat(part) for part in found.groups()[1:])
            if start < until:
                return Closing(int(found[1]), start, until)
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(f"{text!r}; expected a day and hours such as 1/13:00-17:30")

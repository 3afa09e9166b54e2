"""How long thousands of agendas take from publication to the relay, and what those who read meanwhile notice of it.

The pages are served, the mail is sent and the relay takes it as in service, each by processes of its own.
"""

from __future__ import annotations

import math
import os
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import build_opener

from matchmaker import clock, worker
from matchmaker.app import create_app
from matchmaker.domain.states import MailState, VersionKind
from matchmaker.extensions import current_settings, db
from matchmaker.models import Base, Mail, Participation
from matchmaker.queries import links
from matchmaker.services import publishing
from matchmaker.settings import Settings
from tests import load
from tests.load import SECRET, percentile
from tests.prove import children
from tests.prove.children import NOWHERE
from tests.prove.crowded import crowded
from tests.prove.rows import Measured, Off, Offs, Row
from tests.prove.taker import Taken, taker

LIMITLESS = dict.fromkeys(
    ("mail_to_one_person_a_day", "mail_of_one_event_a_day", "mail_of_a_new_organiser_a_day"), 10**9
)
READERS = 40
WHOLE, MOST_SECONDS = 5000, 120.0
"""So many agendas are to be handed over within so long; fewer in as much less."""
WORKERS = 2
RATE, CALM_SECONDS, SETTLING = 4.0, 25.0, 10.0
"""So many agendas are read a second, for so long before anything is sent, once what is made at the start is there."""
JUDGED = 500
"""With fewer mails there is not enough to judge time by: then no pages are served beside."""
PATIENCE = 1200.0
WAITING = MailState.QUEUED, MailState.CLAIMED, MailState.DATA


@dataclass(frozen=True)
class Timed:
    """``published`` is a second of the clock, ``publishing`` how long it took; pages in milliseconds."""

    publishing: float
    published: float
    before: Sequence[float]
    meanwhile: Sequence[float]
    expected: Counter[str]


class Reader(load.Visitor):
    """Somebody who opens personal links, without signing in."""

    def __init__(self, origin: str) -> None:
        self.origin, self.opener = origin, build_opener()

    def get(self, path: str) -> tuple[float, str]:
        try:
            return super().get(path)
        except OSError:  # an answer 5xx among them
            return math.inf, ""


def measure(size: int, offs: Offs) -> Measured:
    """Publish an event of ``size`` people while some read their agendas, and wait for the last mail."""
    load_before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="prove-") as folder, taker() as relay:
        origin, port = load._origin()
        settings = Settings(
            data_folder=Path(folder), secret_key=SECRET, public_origin=origin, smtp_port=relay.port, **LIMITLESS
        )
        with create_app(settings).app_context():
            Base.metadata.create_all(db.engine)
            try:
                timed = _timed(size, origin, port, offs)
            finally:
                db.session.remove()
                db.engine.dispose()
    seconds = max((one.at for one in relay.taken), default=timed.published) - timed.published
    faults = [*_lost(timed, relay.taken), *(_late(timed, seconds, size) if size >= JUDGED else ())]
    return Measured(
        _said(timed, relay.taken, seconds, load_before), f"{size} agendas, {WORKERS} workers, SQLite", faults
    )


def _timed(size: int, origin: str, port: int, offs: Offs) -> Timed:
    event_id, before, meanwhile = crowded(size, clock.now()).id, list[float](), list[float]()
    with ExitStack() as beside:
        beside.enter_context(_workers(offs))
        if size >= JUDGED:
            beside.enter_context(load._served(str(current_settings().data_folder), origin, port))
            pages = _pages(origin)
            _read(origin, pages, SETTLING)
            before = _read(origin, pages, CALM_SECONDS)
            meanwhile = beside.enter_context(_readers(origin, pages))
        began = time.time()
        publishing.publish(event_id, 1, VersionKind.FINAL, expected_version=None, actor_id=None, now=clock.now())
        published = time.time()
        _wait_until_all_is_told()
    expected = Counter(db.session.scalars(db.select(Mail.message_id)))
    db.session.rollback()
    return Timed(published - began, published, before, meanwhile, expected)


def _pages(origin: str) -> Mapping[str, str]:
    """Return the personal links of some people, by their numbers."""
    people = db.session.scalars(db.select(Participation).order_by(Participation.id).limit(READERS))
    found = {str(one.id): links.agenda_url(one).removeprefix(origin) for one in people}
    db.session.rollback()
    return found


def _read(origin: str, pages: Mapping[str, str], seconds: float) -> list[float]:
    took = load.visit([Reader(origin)], pages, RATE, seconds)
    return [each for values in took.values() for each in values]


@contextmanager
def _readers(origin: str, pages: Mapping[str, str]) -> Iterator[list[float]]:
    """Let people read for as long as the block lasts; yield how long each waited."""
    waited, done = list[float](), threading.Event()

    def read() -> None:
        while not done.is_set():
            waited.extend(_read(origin, pages, 2.0))

    thread = threading.Thread(target=read)
    thread.start()
    try:
        yield waited
    finally:
        done.set()
        thread.join()


@contextmanager
def _workers(offs: Offs) -> Iterator[None]:
    """Run workers as ``matchmaker worker`` does, each a process that is told to stop at the end."""
    started = [children.start(_work, current_settings(), NOWHERE, offs) for _ in range(WORKERS)]
    try:
        yield
    finally:
        for one in started:
            one.terminate()
        children.together(started, longest=30)


def _work() -> None:
    worker.main(current_settings())


def _wait_until_all_is_told() -> None:
    waiting, end = db.select(db.func.count(Mail.id)).where(Mail.state.in_(WAITING)), time.monotonic() + PATIENCE
    while time.monotonic() < end:
        left = db.session.scalar(waiting)
        db.session.rollback()
        if not left:
            return
        time.sleep(0.5)


def _lost(timed: Timed, taken: Sequence[Taken]) -> Iterator[str]:
    """Say what was not handed over as it should be: each mail once, with both its files."""
    found = Counter(one.message_id for one in taken)
    if found != timed.expected:
        less, more = (timed.expected - found).total(), (found - timed.expected).total()
        yield f"{less} mails were not taken, {more} were taken that should not be"
    if failed := sum(math.isinf(one) for one in (*timed.before, *timed.meanwhile)):
        yield f"{failed} agendas could not be read"
    if bare := sum(not one.is_whole for one in taken):
        yield f"{bare} mails lack a file"


def _late(timed: Timed, seconds: float, size: int) -> Iterator[str]:
    if seconds > (most := MOST_SECONDS * size / WHOLE):
        yield f"{seconds:.0f} s to the last mail, and not {most:.0f}"
    before, meanwhile = percentile(timed.before, 95), percentile(timed.meanwhile, 95)
    if meanwhile > 2 * before:
        yield f"p95 of agendas went from {before:.0f} to {meanwhile:.0f} ms"


def _said(timed: Timed, taken: Sequence[Taken], seconds: float, load_before: float) -> str:
    kilobytes = sum(one.size for one in taken) / max(1, len(taken)) / 1000
    said = (
        f"{len(taken)} of {timed.expected.total()} taken, the last {seconds:.1f} s after a publication of"
        f" {timed.publishing:.1f} s, {kilobytes:.0f} kB each"
    )
    if timed.before:
        before, meanwhile = percentile(timed.before, 95), percentile(timed.meanwhile, 95)
        said += f"; p95 of agendas {before:.0f} ms before, {meanwhile:.0f} ms meanwhile ({len(timed.meanwhile)} read)"
    return f"{said}; load when it began {load_before:.1f}"


def _no_files(*_given: object) -> tuple[()]:
    return ()


ROW = Row(
    name="handing",
    asked="5,000 agendas with calendar and PDF handed to a relay in under 120 s on 2 cores, p95 of pages not doubled",
    full=WHOLE,
    smoke=16,
    measure=measure,
    controls={"files are left out": (Off("matchmaker.mail.letters:_attachments", _no_files),)},
)

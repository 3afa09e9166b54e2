"""How long people wait at an event of a thousand: ``make load``.

A thousand organisations with 15,000 wishes, solved and published, on SQLite; the application is served as README.md
says, and 20 requests a second come from people who are signed in: before the schedule, after it, beside organisers at
work, and while a run uses both cores. The figures go into docs/load.md. ``--participants`` measures the first two
alone, ``--organisers`` the third, ``--run`` the last, and print them.
"""

from __future__ import annotations

import gzip
import http.cookiejar
import math
import random
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import structlog
from sqlalchemy import select

from matchmaker import clock
from matchmaker.domain.states import RunState
from matchmaker.extensions import db
from matchmaker.models import DraftMeeting, Event, Participation, Request, Run
from matchmaker.paths import environment_alone
from matchmaker.queries import links
from matchmaker.services import runs, sign_in
from matchmaker.serving import server_command
from solver.bench.machine import facts
from tests import thousand
from tests.thousand import LOGIN, PASSWORD, PEOPLE, SECRET, SLUG, WISHES_EACH

RATE, SECONDS, VISITORS = 20, 60, 40
ORGANISERS, THEIR_RATE, THEIR_SECONDS = 3, 1, 180
PATIENCE = 10
"""Seconds after which somebody thinks that a page will not come."""
RUN_SECONDS, ONE_MORE_SECONDS, LOADING_SECONDS = 30, 15, 8
PARTS = frozenset({"--participants", "--organisers", "--run"})
PAGE = Path(__file__).parents[1] / "docs" / "load.md"
BEFORE = ("", "profile", "organisation", "times", "wishes", "wishes?words=atelier+7", "requests", "data")
AFTER = ("agenda", "contacts", "agenda/colleagues")
AT_WORK = (
    *("", "people", "people?q=atelier+7", "people/{person}", "people/invitations", "wishes", "demand", "places"),
    *("runs", "runs/1", "runs/frontier", "drafts/1", "drafts/1?by=person", "drafts/1?by=unscheduled"),
    *("drafts/compare?draft=1&draft=2", "drafts/2/publish", "drafts/1/grid", "drafts/1/grid?by=person"),
    *("drafts/1/grid?meeting={meeting}", "day", "day?q=atelier+7", "changes", "report", "log", "messages", "paper"),
)
GZIP = b"\x1f\x8b"
CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
Took = Mapping[str, list[float]]


# ── those who come ──────────────────────────────────────────────────────────


class Visitor:
    """Somebody with a browser, who came in by a form: a link of their own, or a name and a password."""

    def __init__(self, origin: str, way_in: str, **told: str) -> None:
        self.origin = origin
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        page = self.get(way_in)[1]
        token = CSRF.search(page)
        assert token is not None, page[:200]
        form = urllib.parse.urlencode({"csrf_token": token[1], **told}).encode()
        self.opener.open(origin + way_in, form, timeout=60).read()

    def get(self, path: str) -> tuple[float, str]:
        """Return the milliseconds until a page was there, and the page."""
        began = time.perf_counter()
        request = urllib.request.Request(self.origin + path, headers={"Accept-Encoding": "gzip"})
        with self.opener.open(request, timeout=PATIENCE) as answer:
            packed = answer.read()
        milliseconds = 1000 * (time.perf_counter() - began)
        return milliseconds, gzip.decompress(packed).decode() if packed[:2] == GZIP else packed.decode()


def visit(visitors: Sequence[Visitor], pages: Mapping[str, str], rate: float, seconds: float) -> Took:
    """Let so many requests a second come, whether those before are answered or not; return how long each took.

    ``pages`` are paths by the names under which they are written down. What was not answered took forever.
    """
    lot, took = random.Random(7), defaultdict[str, list[float]](list)
    lock, threads, names = threading.Lock(), [], list(pages)

    def one(visitor: Visitor, name: str) -> None:
        try:
            milliseconds, _ = visitor.get(pages[name])
        except OSError:
            milliseconds = math.inf
        with lock:
            took[name].append(milliseconds)

    began = time.perf_counter()
    for number in range(int(rate * seconds)):
        time.sleep(max(0.0, began + number / rate - time.perf_counter()))
        thread = threading.Thread(target=one, args=(lot.choice(visitors), names[number % len(names)]))
        thread.start()
        threads.append(thread)
    for thread in threads:
        thread.join()
    return {name: took[name] for name in names}


def percentile(values: Sequence[float], share: int) -> float:
    """Return the smallest of the values that so many in a hundred do not pass."""
    return sorted(values)[math.ceil(len(values) * share / 100) - 1]


# ── the measurement ─────────────────────────────────────────────────────────


class House:
    """The event, its pages, and those who visit them."""

    def __init__(self, folder: str, origin: str, event: Event) -> None:
        self.folder, self.origin, self.event, self.staff = folder, origin, event, thousand.staff(event)
        where = select(Participation.account_id).where(Participation.event_id == event.id)
        people = db.session.scalars(where.limit(VISITORS)).all()
        ways = [f"/sign-in/{sign_in.link_for(id_, event.id, now=clock.now())}" for id_ in people]
        db.session.rollback()
        self.visitors = [Visitor(origin, way) for way in ways]
        told = {"login": LOGIN, "password": PASSWORD}
        self.organisers = [Visitor(origin, "/staff/sign-in", **told) for _ in range(ORGANISERS)]

    def before(self) -> Took:
        return visit(self.visitors, {page: f"/e/{SLUG}/{page}" for page in BEFORE}, RATE, SECONDS)

    def publish(self) -> None:
        """Make two drafts, and publish the first."""
        thousand.solve(self.event, "fairness", RUN_SECONDS, actor_id=self.staff)
        thousand.solve(self.event, "total", ONE_MORE_SECONDS, actor_id=self.staff)
        thousand.publish(self.event, actor_id=self.staff)

    def after(self, seconds: float = SECONDS) -> Took:
        one = db.session.scalars(select(Participation).where(Participation.event_id == self.event.id)).first()
        by_link = {"a/…": links.agenda_url(one).removeprefix(self.origin)}
        db.session.rollback()
        return visit(self.visitors, {page: f"/e/{SLUG}/{page}" for page in AFTER} | by_link, RATE, seconds)

    def beside_organisers(self) -> tuple[Took, Took]:
        """Return what organisers wait, and what participants wait meanwhile."""
        held = select(Request.code).join(DraftMeeting, DraftMeeting.request_id == Request.id)
        known = {
            "meeting": db.session.scalar(held.order_by(DraftMeeting.id).limit(1)),
            "person": db.session.scalar(select(Participation.code).where(Participation.event_id == self.event.id)),
        }
        db.session.rollback()
        pages = {page: f"/o/{SLUG}/{page.format(**known)}" for page in AT_WORK}
        for page in [*pages.values()] * 2:
            self.organisers[0].get(page)  # what a process makes once, it makes here
        with ThreadPoolExecutor() as pool:
            theirs = pool.submit(visit, self.organisers, pages, THEIR_RATE, THEIR_SECONDS)
            others = self.after(THEIR_SECONDS)
            return theirs.result(), others

    def beside_a_run(self) -> Took:
        """Return what participants wait while a worker's run uses both cores."""
        now = clock.now()
        number = runs.start(self.event.id, "fairness", RUN_SECONDS, actor_id=self.staff, now=now, seed=1)
        time.sleep(LOADING_SECONDS)
        took = self.after(RUN_SECONDS - LOADING_SECONDS)
        self._wait_for_run(number)
        return took

    def _wait_for_run(self, number: int) -> None:
        for _ in range(120):
            run = db.session.scalar(select(Run).where(Run.event_id == self.event.id, Run.number == number))
            state = run.state if run else None
            db.session.rollback()
            if state is RunState.DONE:
                return
            time.sleep(1)
        raise AssertionError(f"the run is {state}")


def main() -> int:
    """Measure, and write the page; return the exit status."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    parts = PARTS & set(sys.argv[1:]) or PARTS
    with tempfile.TemporaryDirectory() as folder:
        origin, port = _origin()
        app = thousand.application(folder, origin)
        with app.app_context():
            event = thousand.build(random.Random(7))
            print("the event is made", flush=True)
            with _served(folder, origin, port):
                tables = dict(_measured(House(folder, origin, event), parts))
    page = _written(tables)
    print(page)
    if parts == PARTS:
        PAGE.write_text(page, "utf-8")
    return 0


def _measured(house: House, parts: frozenset[str]) -> Iterator[tuple[str, Took]]:
    if "--participants" in parts:
        yield "Participants, before the schedule", house.before()
        print("wishes are measured", flush=True)
    house.publish()
    print("the schedule is published", flush=True)
    if "--participants" in parts:
        yield "Participants, after it", house.after()
        print("agendas are measured", flush=True)
    if "--organisers" in parts:
        theirs, others = house.beside_organisers()
        yield f"Organisers, {THEIR_RATE} request a second beside those of participants", theirs
        yield "Participants meanwhile", others
        print("organisers are measured", flush=True)
    if "--run" in parts:
        with _working(house.folder, house.origin):
            yield "Participants while a run uses both cores", house.beside_a_run()


def _origin() -> tuple[str, int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return f"http://127.0.0.1:{port}", port


@contextmanager
def _served(folder: str, origin: str, port: int) -> Iterator[None]:
    """Serve the application as a server of one's own does, by two processes."""
    with _beside(server_command(f"127.0.0.1:{port}", 2), folder, origin):
        _wait_for(origin)
        yield


@contextmanager
def _working(folder: str, origin: str) -> Iterator[None]:
    """Let a worker be there, who does runs and sends no mail."""
    with _beside([sys.executable, "-m", "matchmaker", "worker"], folder, origin, MATCHMAKER_MAIL_PAUSED="true"):
        yield


@contextmanager
def _beside(command: Sequence[str], folder: str, origin: str, **settings: str) -> Iterator[None]:
    own = {"MATCHMAKER_DATA_FOLDER": folder, "MATCHMAKER_SECRET_KEY": SECRET, "MATCHMAKER_PUBLIC_ORIGIN": origin}
    process = subprocess.Popen(command, env=environment_alone() | own | settings)
    try:
        yield
    finally:
        process.terminate()
        process.wait(40)


def _wait_for(origin: str) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(origin + "/health", timeout=5).read()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the application does not answer")


HEAD = """# Under load

`make load`: {people} people of as many organisations with {wishes} wishes on SQLite, served by two processes;
{rate} requests a second come from {visitors} people who are signed in. They load the same machine.
Milliseconds from the request to the last byte of the page.
"""


def _written(tables: Mapping[str, Took]) -> str:
    head = HEAD.format(people=f"{PEOPLE:,}", wishes=f"{PEOPLE * WISHES_EACH:,}", rate=RATE, visitors=VISITORS)
    facts_of = [f"- {name}: {what}" for name, what in facts().items()]
    return "\n".join([head, *facts_of, *(line for table in tables.items() for line in _table(*table)), ""])


def _table(title: str, took: Took) -> list[str]:
    rows = [f"| `{page}` | {' | '.join(_figures(values))} |" for page, values in took.items()]
    heads = ["| page | requests | median | p95 | longest |", "| --- | ---: | ---: | ---: | ---: |"]
    return ["", f"## {title}", "", *heads, *rows]


def _figures(values: Sequence[float]) -> list[str]:
    times = percentile(values, 50), percentile(values, 95), max(values)
    return [str(len(values)), *("no answer" if one == math.inf else f"{one:.0f}" for one in times)]


if __name__ == "__main__":
    sys.exit(main())

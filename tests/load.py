"""How long participants wait at an event of a thousand people: ``make load``.

A thousand organisations with 15,000 wishes, solved and published, on SQLite; the application is served as README.md
says, and 20 requests a second come from people who are signed in. The figures go into docs/load.md.
"""

from __future__ import annotations

import gzip
import http.cookiejar
import os
import random
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import structlog

from matchmaker import clock
from matchmaker.app import create_app
from matchmaker.domain.states import Locale, Phase, VersionKind, WishLevel
from matchmaker.extensions import db
from matchmaker.models import Base, Event, Organisation, Participation, Wish
from matchmaker.queries import links
from matchmaker.queries.taxonomy import taxonomy
from matchmaker.services import events, publishing, runs, sign_in
from matchmaker.services.runs import Capacity
from matchmaker.serving import server_command
from matchmaker.settings import Settings
from matchmaker.unit_of_work import unit_of_work
from solver.bench.machine import facts
from tests import factories

PEOPLE, WISHES_EACH, MUSTS = 1000, 15, 5
RATE, SECONDS, VISITORS = 20, 60, 40
RUN_SECONDS = 30
PAGE = Path(__file__).parents[1] / "docs" / "load.md"
SECRET = "only for this measurement"
BEFORE = ("", "profile", "organisation", "times", "wishes", "wishes?words=atelier+7", "requests", "data")
AFTER = ("agenda", "contacts", "agenda/colleagues")
GZIP = b"\x1f\x8b"
CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


# ── the event ───────────────────────────────────────────────────────────────


def build(lot: random.Random) -> Event:
    """Make the event with its people and their wishes."""
    event = factories.EventFactory(slug="mille", day_count=4, phase=Phase.WISHES, wishes_close_at=None)
    for number in range(5):
        factories.LocationFactory(event=event, code=f"hall-{number}", capacity=50)
    topics = sorted(taxonomy().topics)
    parties = []
    for number in range(PEOPLE):
        offers, needs = lot.sample(topics, 3), lot.sample(topics, 3)
        names = {"fr": f"Atelier {number}", "ar": f"ورشة {number}"}
        party = factories.OrganisationFactory(event=event, names=names, offers=offers, needs=needs)
        factories.ParticipationFactory(organisation=party)
        parties.append(party)
    for party in parties:
        others = lot.sample([one for one in parties if one is not party], WISHES_EACH)
        with unit_of_work() as session:
            session.add_all(_wish(party, other, place) for place, other in enumerate(others))
    return event


def _wish(party: Organisation, wanted: Organisation, place: int) -> Wish:
    is_must = place < MUSTS
    return Wish(
        event_id=party.event_id,
        organisation_id=party.id,
        wanted_id=wanted.id,
        level=WishLevel.MUST if is_must else WishLevel.LIKE,
        rank=place + 1 if is_must else None,
        made_at=clock.now(),
    )


def publish(event: Event) -> None:
    """Solve, and publish what comes of it."""
    now = clock.now()
    staff = sign_in.make_staff({"fr": "Houda"}, "houda@example.org", "a long enough password", Locale.FRENCH, now=now)
    events.set_phase(event.id, Phase.SCHEDULING, actor_id=staff, now=now)
    runs.start(event.id, "fairness", RUN_SECONDS, actor_id=staff, now=now, seed=1)
    run = runs.claim("load", now)
    runs.execute(run, holder="load", capacity=Capacity(memory_mb=6000, workers=2), clock=clock.now)
    publishing.publish(event.id, 1, VersionKind.FINAL, expected_version=None, actor_id=staff, now=clock.now())


# ── those who come ──────────────────────────────────────────────────────────


class Visitor:
    """Somebody with a browser, who came in by a link of their own."""

    def __init__(self, origin: str, way_in: str) -> None:
        self.origin = origin
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        page = self.get(way_in)[1]
        token = CSRF.search(page)
        assert token is not None, page[:200]
        self.opener.open(origin + way_in, urllib.parse.urlencode({"csrf_token": token[1]}).encode(), timeout=60).read()

    def get(self, path: str) -> tuple[float, str]:
        """Return the milliseconds until a page was there, and the page."""
        began = time.perf_counter()
        request = urllib.request.Request(self.origin + path, headers={"Accept-Encoding": "gzip"})
        with self.opener.open(request, timeout=60) as answer:
            packed = answer.read()
        milliseconds = 1000 * (time.perf_counter() - began)
        return milliseconds, gzip.decompress(packed).decode() if packed[:2] == GZIP else packed.decode()


def visit(visitors: Sequence[Visitor], pages: Sequence[str], lot: random.Random) -> Mapping[str, list[float]]:
    """Let so many requests a second come, whether those before are answered or not; return how long each took."""
    took: dict[str, list[float]] = defaultdict(list)
    lock, threads = threading.Lock(), []

    def one(visitor: Visitor, page: str) -> None:
        milliseconds, _ = visitor.get(page)
        with lock:
            took[page].append(milliseconds)

    began = time.perf_counter()
    for number in range(RATE * SECONDS):
        time.sleep(max(0.0, began + number / RATE - time.perf_counter()))
        thread = threading.Thread(target=one, args=(lot.choice(visitors), pages[number % len(pages)]))
        thread.start()
        threads.append(thread)
    for thread in threads:
        thread.join()
    return took


def percentile(values: Sequence[float], share: int) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[share - 1]


# ── the measurement ─────────────────────────────────────────────────────────


def main() -> int:
    """Measure, and write the page; return the exit status."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    lot = random.Random(7)
    with tempfile.TemporaryDirectory() as folder:
        origin, port = _origin()
        settings = Settings(data_folder=Path(folder), secret_key=SECRET, public_origin=origin, sign_in_minutes=600)
        app = create_app(settings)
        with app.app_context():
            Base.metadata.create_all(db.engine)
            event = build(lot)
            print("the event is made", flush=True)
            people = db.session.scalars(db.select(Participation.account_id).where(Participation.event_id == event.id))
            ways = [f"/sign-in/{sign_in.link_for(id_, event.id, now=clock.now())}" for id_ in list(people)[:VISITORS]]
            db.session.rollback()
            with _served(folder, origin, port):
                visitors = [Visitor(origin, way) for way in ways]
                before = visit(visitors, [f"/e/mille/{page}" for page in BEFORE], lot)
                print("wishes are measured", flush=True)
                publish(event)
                print("the schedule is published", flush=True)
                one = db.session.scalars(db.select(Participation).where(Participation.event_id == event.id)).first()
                link = links.agenda_url(one).removeprefix(origin)
                after = visit(visitors, [*(f"/e/mille/{page}" for page in AFTER), link], lot)
        took = {**before, **{("/a/…" if page == link else page): values for page, values in after.items()}}
    PAGE.write_text(_written(took), "utf-8")
    print(PAGE.read_text("utf-8"))
    return 0


def _origin() -> tuple[str, int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return f"http://127.0.0.1:{port}", port


@contextmanager
def _served(folder: str, origin: str, port: int) -> Iterator[None]:
    """Serve the application as a server of one's own does, by two processes."""
    known = {name: value for name, value in os.environ.items() if not name.startswith("MATCHMAKER_")}
    own = {"MATCHMAKER_DATA_FOLDER": folder, "MATCHMAKER_SECRET_KEY": SECRET, "MATCHMAKER_PUBLIC_ORIGIN": origin}
    process = subprocess.Popen(server_command(f"127.0.0.1:{port}", 2), env=known | own)
    try:
        _wait_for(origin)
        yield
    finally:
        process.terminate()
        process.wait(20)


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
{rate} requests a second for {seconds} s, before the schedule and after it, from {visitors} people who are signed in.
They load the same machine. Milliseconds from the request to the last byte of the page.
"""


def _written(took: Mapping[str, Sequence[float]]) -> str:
    head = HEAD.format(
        people=f"{PEOPLE:,}", wishes=f"{PEOPLE * WISHES_EACH:,}", rate=RATE, seconds=SECONDS, visitors=VISITORS
    )
    facts_of = [f"- {name}: {what}" for name, what in facts().items()]
    rows = [f"| `{page}` | {' | '.join(_figures(values))} |" for page, values in took.items()]
    table = ["| page | requests | median | p95 | longest |", "| --- | ---: | ---: | ---: | ---: |", *rows]
    return "\n".join([head, *facts_of, "", *table, ""])


def _figures(values: Sequence[float]) -> list[str]:
    times = percentile(values, 50), percentile(values, 95), max(values)
    return [str(len(values)), *(f"{milliseconds:.0f}" for milliseconds in times)]


if __name__ == "__main__":
    sys.exit(main())

"""Sixty-four clients who accept, withdraw, move and cancel at once: nobody is booked twice, no answer is a fault.

The pages are served as README.md says, by two processes of sixteen threads; only the tokens of forms and the limits
of one address are off, since all clients are one process.
"""

from __future__ import annotations

import http.client
import os
import random
import socket
import subprocess
import threading
import time
import urllib.parse
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from flask import Flask

from matchmaker import clock
from matchmaker.app import create_app
from matchmaker.domain.states import Phase, Role
from matchmaker.extensions import db, limiter
from matchmaker.models import (
    Draft,
    DraftMeeting,
    Event,
    Organisation,
    Participation,
    PersonBooking,
    Request,
    Slot,
    TableBooking,
)
from matchmaker.services import sign_in
from matchmaker.services.steps import requests
from matchmaker.serving import server_command
from matchmaker.settings import Settings
from matchmaker.unit_of_work import unit_of_work
from tests import factories
from tests.prove import house
from tests.prove.rows import Measured, Off, Offs, Row, switched
from tests.web.desks import member

CLIENTS, ORGANISERS = 64, 16
PEOPLE = CLIENTS - ORGANISERS
WANTED_EACH = 4
SLUG = "foire"
CONTROL = "PROVE_CONTROL"
PROCESS = ExitStack()
"""What holds for as long as a process of the server lives."""


@dataclass(frozen=True)
class Fair:
    """The event in plain words and numbers: codes of organisations, requests and places, and ways in."""

    id: int
    draft_id: int
    firms: Sequence[str]
    codes: Sequence[str]
    places: Sequence[str]
    ways: Sequence[str]


def measure(size: int, offs: Offs) -> Measured:
    """Let the clients act ``size`` times in all, half of them on each database."""
    answers, faults, said = Counter[int](), [], []
    databases = house.DATABASES[:1] if offs else house.databases()
    for database in databases:
        with house.a_house(database) as app, _served(app, offs) as port:
            fair = _a_fair()
            began = time.monotonic()
            found, broken = _rush(fair, port, max(CLIENTS, size // len(databases)))
            said.append(f"{sum(found.values()) / (time.monotonic() - began):.0f} a second on {database}")
            faults += [f"{database}: {fault}" for fault in (*broken, *doubles(fair.id))]
            answers.update(found)
    fives = sum(count for status, count in answers.items() if status >= 500)
    faults += [f"{fives} answers 5xx"] if fives else []
    kinds = ", ".join(f"{count} x {status}" for status, count in sorted(answers.items()))
    what = f"{len(faults)} faults; {kinds}; {', '.join(said)}"
    return Measured(what, f"{CLIENTS} clients, {sum(answers.values())} acts, {', '.join(databases)}", faults)


def doubles(event_id: int) -> list[str]:
    """Return who, and which table, is in two meetings of a draft at once, told from the meetings themselves."""
    db.session.rollback()
    seats, tables = Counter[object](), Counter[object]()
    for meeting in db.session.scalars(db.select(DraftMeeting).filter_by(event_id=event_id)):
        seats.update({(meeting.draft_id, meeting.slot_id, one.participation_id) for one in meeting.people})
        tables[meeting.draft_id, meeting.slot_id, meeting.location_id, meeting.table_number] += 1
    return [f"{what} is booked {count} times" for what, count in (seats + tables).items() if count > 1]


# ── the event ───────────────────────────────────────────────────────────────


def _a_fair() -> Fair:
    event = factories.EventFactory(slug=SLUG, day_count=3, phase=Phase.WISHES, wishes_close_at=None)
    hall = factories.LocationFactory(event=event, capacity=12)
    people = [db.session.get_one(Participation, id_) for id_ in house.crowd(event, PEOPLE)]
    firms = [one.organisation for one in people]
    for place, firm in enumerate(firms):
        for step in range(1, WANTED_EACH + 1):
            other = firms[(place + step) % PEOPLE]
            factories.WishFactory(organisation=firm, wanted_organisation=other)
    with unit_of_work() as session:
        requests.refresh(session, event.id, now=clock.now())
    draft_id = _a_draft(event, hall.id)
    organisers = [member(event, Role.ORGANISER).id for _ in range(ORGANISERS)]
    accounts = [*db.session.scalars(db.select(Participation.account_id).order_by(Participation.id)), *organisers]
    return Fair(
        id=event.id,
        draft_id=draft_id,
        firms=db.session.scalars(db.select(Organisation.code).order_by(Organisation.id)).all(),
        codes=db.session.scalars(db.select(Request.code).order_by(Request.id)).all(),
        places=[
            f"{slot}-{hall.id}-{table}" for slot in db.session.scalars(db.select(Slot.id)) for table in range(1, 13)
        ],
        ways=[f"/sign-in/{sign_in.link_for(account, event.id, now=clock.now())}" for account in accounts],
    )


def _a_draft(event: Event, hall: int) -> int:
    """Put the requests that fit, first come first served, into a draft made by hand."""
    slots = db.session.scalars(db.select(Slot.id).filter_by(event_id=event.id).order_by(Slot.id)).all()
    person = {one.organisation_id: one.id for one in db.session.scalars(db.select(Participation))}
    figures = dict.fromkeys(("value", "bound", "gap", "seconds"), 0)
    with unit_of_work() as session:
        draft = Draft(event_id=event.id, number=1, terms={}, scores={}, created_at=clock.now(), **figures)
        session.add(draft)
        session.flush()
        taken, tables = set[tuple[int, int]](), Counter[int]()
        for request in session.scalars(db.select(Request).filter_by(event_id=event.id).order_by(Request.id)):
            both = person[request.first_id], person[request.second_id]
            free = (slot for slot in slots if tables[slot] < 6 and not taken & {(one, slot) for one in both})
            if (slot := next(free, None)) is None:
                continue
            taken |= {(one, slot) for one in both}
            tables[slot] += 1
            at = {"event_id": event.id, "draft_id": draft.id, "slot_id": slot}
            meeting = DraftMeeting(request_id=request.id, location_id=hall, table_number=tables[slot], **at)
            meeting.people = [PersonBooking(participation_id=one, side=side, **at) for side, one in enumerate(both, 1)]
            meeting.tables = [TableBooking(location_id=hall, table_number=tables[slot], **at)]
            session.add(meeting)
        return draft.id


# ── those who act ───────────────────────────────────────────────────────────


class Client:
    """A browser of one person, who stays signed in."""

    def __init__(self, port: int, way_in: str) -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._cookie = ""
        if self.post(way_in) != 303 or not self._cookie:
            raise AssertionError("nobody got in")

    def post(self, path: str, **fields: object) -> int:
        """Send a form and return the answer's status."""
        heads = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": self._cookie}
        self._line.request("POST", path, urllib.parse.urlencode(fields), heads)
        answer = self._line.getresponse()
        answer.read()
        self._line.close()  # the server lets an idle line go after two seconds, and would at the wrong moment
        if given := answer.headers.get("Set-Cookie"):
            self._cookie = given.partition(";")[0]
        return answer.status


def _rush(fair: Fair, port: int, acts: int) -> tuple[Counter[int], list[str]]:
    answers, broken, lock = Counter[int](), [], threading.Lock()
    app = db.session.get_bind()
    clients = [Client(port, way) for way in fair.ways]

    def act(number: int) -> None:
        lot = random.Random(number)
        for _ in range(acts // CLIENTS):
            try:
                status = _one_act(fair, clients[number], number, lot, app)
            except OSError as error:
                with lock:
                    broken.append(f"client {number}: {error!r}")
                return
            with lock:
                answers[status] += 1

    threads = [threading.Thread(target=act, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers, broken


def _one_act(fair: Fair, client: Client, number: int, lot: random.Random, engine: object) -> int:
    if number >= PEOPLE:
        return _by_an_organiser(fair, client, lot, engine)
    asking, wanted = (fair.firms[(number + step) % PEOPLE] for step in (-lot.randint(1, 4), lot.randint(1, 4)))
    match lot.randrange(10):
        case 0 | 1 | 2 | 3 | 4:
            return client.post(f"/e/{SLUG}/requests/{asking}", answer="yes")
        case 5 | 6:
            return client.post(f"/e/{SLUG}/requests/{asking}", answer="no")
        case 7:
            return client.post(f"/e/{SLUG}/requests/{wanted}/withdraw")
        case _:
            return client.post(f"/e/{SLUG}/wishes/{wanted}", **{f"wish-{wanted}": "like"})


def _by_an_organiser(fair: Fair, client: Client, lot: random.Random, engine: object) -> int:
    with engine.connect() as connection:
        revision = connection.scalar(db.select(Draft.revision).where(Draft.id == fair.draft_id))
    grid, fields = f"/o/{SLUG}/drafts/1/grid", {"meeting": lot.choice(fair.codes), "revision": revision}
    match lot.randrange(10):
        case 0 | 1:
            return client.post(f"{grid}/out", **fields)
        case 2 | 3:
            return client.post(f"{grid}/best", **fields)
        case _:
            return client.post(f"{grid}/move", place=lot.choice(fair.places), **fields)


# ── the server ──────────────────────────────────────────────────────────────


@contextmanager
def _served(app: Flask, offs: Offs) -> Iterator[int]:
    """Serve the house's database on a free port."""
    settings: Settings = app.config["SETTINGS"]
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    own = {
        "MATCHMAKER_DATA_FOLDER": str(settings.data_folder),
        "MATCHMAKER_DATABASE_URL": settings.database,
        "MATCHMAKER_SECRET_KEY": settings.secret_key,
        "MATCHMAKER_PUBLIC_ORIGIN": f"http://127.0.0.1:{port}",
        CONTROL: ",".join(name for name, control in CONTROLS.items() if control == offs),
    }
    known = {name: value for name, value in os.environ.items() if not name.startswith("MATCHMAKER_")}
    command = [*server_command(f"127.0.0.1:{port}", 2)[:-1], "tests.prove.booking:served()"]
    process = subprocess.Popen(command, env=known | own, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def served() -> Flask:
    """Return the application that gunicorn serves, with a guard off if the environment says so."""
    PROCESS.enter_context(switched(CONTROLS.get(os.environ[CONTROL], ())))
    app = create_app()
    app.config["WTF_CSRF_ENABLED"] = False
    limiter.enabled = False
    return app


def _wait_for(port: int) -> None:
    for _ in range(600):
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            line.request("GET", "/health")
            line.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return
        finally:
            line.close()
    raise AssertionError("the application does not answer")


def _breaks(*_args: object, **_kwargs: object) -> None:
    raise RuntimeError("a fault of ours")


CONTROLS: dict[str, Offs] = {"a view fails": (Off("matchmaker.services.wishes:reply", _breaks),)}
ROW = Row(
    name="bookings",
    asked="concurrent accepts, moves, cancels from 64 clients, 100,000: 0 double bookings, 0 answers 5xx",
    full=100_000,
    smoke=128,
    measure=measure,
    controls=CONTROLS,
    minutes=40,
)

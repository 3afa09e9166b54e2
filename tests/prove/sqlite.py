"""Sixteen processes at one SQLite file: nobody is told that it is locked, and nobody waits long to write."""

from __future__ import annotations

import json
import random
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError

from matchmaker import clock
from matchmaker.domain.states import WishLevel
from matchmaker.extensions import current_settings, db
from matchmaker.models import Event, Organisation, Participation
from matchmaker.queries.agenda import agendas
from matchmaker.services import leases, sign_in, wishes
from tests import factories
from tests.prove import children, house
from tests.prove.children import NOWHERE
from tests.prove.rows import Measured, Off, Offs, Row

PROCESSES, PEOPLE = 16, 64
PAUSE = 0.1
"""Seconds between two acts of one process, on the average: 160 acts a second in all, a third of them writes."""
WRITES_OF = 3
LEAST = 20
"""Acts of each process, however little time it was given."""
LONGEST_WRITE_MS = 250
JUDGED_FROM = 60
"""Seconds from which the waiting is judged: in a smoke, beside other tests, it says nothing of the database."""


def work(number: int, seconds: int, folder: str) -> None:
    """Read and write for a while, and leave a file of how it went; in a child."""
    lot = random.Random(number)
    people = db.session.scalars(db.select(Participation.id).order_by(Participation.id)).all()
    firms = db.session.scalars(db.select(Organisation.id).order_by(Organisation.id)).all()
    db.session.rollback()
    writes, took, locked, reads = _writes(firms, number, lot), [], 0, 0
    end = time.monotonic() + seconds
    while time.monotonic() < end or reads + len(took) + locked < LEAST:
        time.sleep(lot.expovariate(1 / PAUSE))
        try:
            if lot.randrange(WRITES_OF):
                agendas([db.session.get_one(Participation, id_) for id_ in lot.sample(list(people), 8)])
                db.session.rollback()
                reads += 1
            else:
                began = time.perf_counter()
                next(writes)()
                took.append(1000 * (time.perf_counter() - began))
        except OperationalError as error:
            db.session.rollback()
            locked += "locked" in str(error)
    Path(folder, f"{number}.json").write_text(json.dumps({"took": took, "locked": locked, "reads": reads}))


def _writes(firms: list[int], number: int, lot: random.Random) -> Iterator[Callable[[], object]]:
    """Yield what participants, visitors and workers do."""
    account = db.session.scalars(db.select(Participation.account_id).order_by(Participation.id)).all()[number]
    event_id = db.session.scalar(db.select(Event.id))
    db.session.rollback()
    while True:
        one, other = lot.sample(list(firms), 2)
        level = lot.choice([WishLevel.LIKE, None])
        yield lambda one=one, other=other, level=level: wishes.give(one, other, level, actor_id=None, now=clock.now())
        yield lambda: sign_in.link_for(account, event_id, now=clock.now())
        yield lambda: leases.hold("prove", f"holder-{number}", seconds=1, now=clock.now())


def measure(size: int, offs: Offs) -> Measured:
    """Let sixteen processes work for ``size`` seconds."""
    with house.a_house() as app:
        event = factories.EventFactory(wishes_close_at=None, like_quota=PEOPLE)  # wishes are for writing, not refused
        house.crowd(event, PEOPLE)
        folder = str(app.config["SETTINGS"].data_folder)
        own = current_settings()
        begun = [children.start(work, own, NOWHERE, offs, number, size, folder) for number in range(PROCESSES)]
        ends = children.together(begun, longest=size + children.LONGEST)
        found = [json.loads(file.read_text()) for file in Path(folder).glob("*.json")]
    took = sorted(one for each in found for one in each["took"])
    locked, reads = sum(each["locked"] for each in found), sum(each["reads"] for each in found)
    p99 = statistics.quantiles(took, n=100, method="inclusive")[98] if len(took) > 1 else float("inf")
    faults = [f"a process ended with {end}" for end in ends if end]
    faults += [f"{locked} times locked"] if locked else []
    faults += [f"p99 of writes {p99:.0f} ms"] if p99 > LONGEST_WRITE_MS and size >= JUDGED_FROM else []
    said = f"{locked} locked; writes: median {statistics.median(took or [0]):.0f} ms, p99 {p99:.0f} ms"
    return Measured(said, f"{PROCESSES} processes, {size} s, {len(took)} writes, {reads} reads", faults)


def _begin_deferred(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


ROW = Row(
    name="sqlite",
    asked="SQLite, 16 processes mixed: 0 locked, write p99 at most 250 ms",
    full=300,
    smoke=3,
    measure=measure,
    controls={"writing begins as reading does": (Off("matchmaker.unit_of_work:_begin_sqlite", _begin_deferred),)},
    minutes=6,
)

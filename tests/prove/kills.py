"""kill -9 during publish and send: nothing is lost, nobody gets a second Message-ID, copies only where it is marked.

Real processes die at named points: before and after each commit, at each word of the relay, at each statement of
publish, and at no point in particular. Whoever comes after them goes on as a worker does, eleven minutes later.
"""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from matchmaker.domain.states import MailState, VersionKind
from matchmaker.extensions import current_settings, db
from matchmaker.mail import smtp
from matchmaker.models import Mail
from matchmaker.services import outbox, publishing
from tests import relays, ticking
from tests.conftest import NOW
from tests.prove import children, drafted, house
from tests.prove.children import AFTER_KEPT, AFTER_STATEMENT, BEFORE_KEPT, BEFORE_STATEMENT, KILLED, NOWHERE, Point
from tests.prove.rows import Measured, Off, Offs, Row
from tests.relays import Fault, Stage, Talk

LATER = timedelta(minutes=11)
"""A claim is over by then."""
CROWD, FEW = 40, 8
STATEMENTS = 60
"""More than publish has: a point beyond its last statement kills nobody, and is not counted."""
PUBLISH_EVERY = 4


def send(now: datetime) -> None:
    """Do what the worker does with mail; in a child."""
    outbox.sweep(now=now)
    way = smtp.Relay(current_settings(), silence_seconds=20.0)
    outbox.send_due(holder=f"child-{os.getpid()}", clock=ticking.since(now), relay=way, most=10)


def publish(event_id: int, draft: int, expected: int | None, now: datetime) -> None:
    """Publish a draft; in a child."""
    publishing.publish(event_id, draft, VersionKind.FINAL, expected_version=expected, actor_id=None, now=now)


# ── the points of a mail on its way ─────────────────────────────────────────


@dataclass(frozen=True)
class Place:
    """Where the sender of a mail dies: at a commit of its own (the first is the sweep's), or by the relay's hand."""

    name: str
    commit: Point | None = None
    stage: Stage | None = None
    how: str = "before"


PLACES = (
    Place("taken, no yes said", stage=Stage.END, how="taken"),
    Place("data kept", Point(AFTER_KEPT, 3)),
    Place("yes said", stage=Stage.END, how="said"),
    Place("sent not kept", Point(BEFORE_KEPT, 4)),
    Place("claim kept", Point(AFTER_KEPT, 2)),
    Place("claim not kept", Point(BEFORE_KEPT, 2)),
    Place("greeting", stage=Stage.GREETING),
    Place("sender named", stage=Stage.MAIL),
    Place("person named", stage=Stage.RCPT),
    Place("text asked for", stage=Stage.DATA),
    Place("amid the text", stage=Stage.TEXT),
    Place("data not kept", Point(BEFORE_KEPT, 3)),
    Place("end seen, not taken", stage=Stage.END),
    Place("sent kept", Point(AFTER_KEPT, 4)),
    Place("any moment"),
)


class Trap:
    """What a relay does to the child that speaks to it, in one conversation of its round."""

    def __init__(self, place: Place, nth: int, lot: random.Random) -> None:
        self._place, self._nth, self._pause = place, nth, lot.uniform(0, 0.03)
        self._pid, self._known, self._first = 0, threading.Event(), 0

    def set_on(self, pid: int) -> None:
        self._pid = pid
        self._known.set()

    def __call__(self, talk: Talk) -> Fault | None:
        self._first = self._first or talk.number
        if talk.number - self._first + 1 != self._nth:
            return None
        if self._place == PLACES[-1] and talk.stage is Stage.GREETING:
            threading.Thread(target=self._kill_soon, daemon=True).start()
        return self._spring if talk.stage is self._place.stage else None

    def _spring(self, talk: Talk, answer: str) -> None:
        if self._place.how == "taken":
            talk.take()
        if self._place.how == "said":
            relays.normal(talk, answer)
        self._kill()
        raise relays.Over

    def _kill_soon(self) -> None:
        time.sleep(self._pause)
        self._kill()

    def _kill(self) -> None:
        self._known.wait(10)
        with suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)


# ── a campaign ──────────────────────────────────────────────────────────────


@dataclass
class Campaign:
    """Kills in one house. ``marks`` counts how often a mail was found in the state ``data``, whose end nobody knows."""

    relay: relays.Relay
    offs: Offs
    lot: random.Random
    now: datetime = NOW
    killed: Counter[str] = field(default_factory=Counter)
    marks: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.settings = replace(current_settings(), smtp_port=self.relay.port)
        self.forum = drafted.two_drafts()
        self.people = house.crowd(self.forum.event, CROWD)
        self.invited = 0

    def go(self, kills: int) -> None:
        """Kill so many children, one after the other, each at the next point."""
        number = 0
        while sum(self.killed.values()) < kills and number < 3 * kills:
            self.now += LATER
            if number % PUBLISH_EVERY == PUBLISH_EVERY - 1:
                self._kill_a_publisher(number // PUBLISH_EVERY)
            else:
                self._kill_a_sender(PLACES[(number - number // PUBLISH_EVERY) % len(PLACES)], number)
            number += 1

    def end(self) -> None:
        """Go on without kills for two days, and judge what there is."""
        self.relay.faults = lambda _talk: None
        way = smtp.Relay(self.settings)
        house.let_time_pass(way, self.now + LATER, hours=house.HOURS)
        self.faults += drafted.broken_versions(self.forum.id)
        taken = Counter(relays.message_id(content) for _, content in self.relay.kept)
        rows = _rows()
        self.faults += [fault for row in rows if (fault := self._wrong(row, taken[row.message_id]))]
        if strange := set(taken) - {row.message_id for row in rows}:
            self.faults.append(f"{len(strange)} messages with a Message-ID that no row has")

    def _kill_a_sender(self, place: Place, number: int) -> None:
        self._invite()
        nth = 1 + number % 3
        trap = Trap(place, nth, self.lot)
        self.relay.faults = trap if place.commit is None else (lambda _talk: None)
        point = NOWHERE if place.commit is None else replace(place.commit, count=place.commit.count + 3 * (nth - 1))
        child = children.start(send, self.settings, point, self.offs, self.now)
        trap.set_on(child.pid)
        self._count(place.name, children.end(child))
        for row in _rows(MailState.DATA):
            if row.claimed_by == f"child-{child.pid}":
                self.marks[row.message_id] += 1

    def _kill_a_publisher(self, number: int) -> None:
        before = drafted.latest(self.forum.id)
        what = BEFORE_STATEMENT if number % 2 else AFTER_STATEMENT
        point = Point(what, 1 + self.lot.randrange(STATEMENTS))
        draft = 1 + (before or 0) % 2
        child = children.start(publish, self.settings, point, self.offs, self.forum.id, draft, before, self.now)
        self._count("publish", children.end(child))

    def _count(self, name: str, status: int) -> None:
        if status == KILLED:
            self.killed[name] += 1
        elif status != 0:
            self.faults.append(f"a child ended with {status} at: {name}")

    def _invite(self) -> None:
        """See to it that enough mails wait for the next to die at."""
        if len(_rows(MailState.QUEUED)) < FEW:
            self.invited += 1
            house.invite(self.forum.event, self.people, f"round-{self.invited}", self.now)

    def _wrong(self, row: Mail, taken: int) -> str:
        marked = self.marks[row.message_id]
        resend = self.settings.mail_in_doubt == "resend"
        if row.state not in {MailState.SENT, MailState.HELD}:
            return f"{row.key}: {row.state.value} after two days ({row.answer})"
        if row.state is MailState.SENT and not taken:
            return f"{row.key}: lost, called sent"
        if row.state is MailState.HELD and not marked:
            return f"{row.key}: held, and nobody knows why"
        if taken > 1 + (marked if resend else 0):
            return f"{row.key}: {taken} copies, {marked} marked"
        return ""


def _rows(*states: MailState) -> Sequence[Mail]:
    db.session.rollback()
    chosen = db.select(Mail).where(Mail.state.in_(states)) if states else db.select(Mail)
    return db.session.scalars(chosen.order_by(Mail.id)).all()


def measure(size: int, offs: Offs) -> Measured:
    """Kill ``size`` processes: on each database, with doubt held and with doubt sent again."""
    databases = house.DATABASES[:1] if offs else house.databases()
    ways = [(database, doubt) for database in databases for doubt in ("hold", "resend")]
    killed, copies, held, faults = Counter[str](), 0, 0, []
    for database, doubt in ways:
        with house.a_house(database, mail_in_doubt=doubt), relays.relay() as relay:
            campaign = Campaign(relay, offs, random.Random(7))
            campaign.go(max(1, size // len(ways)))
            campaign.end()
            copies += len(relay.kept) - len({relays.message_id(content) for _, content in relay.kept})
            held += len(_rows(MailState.HELD))
        killed.update(campaign.killed)
        faults += [f"{database}, {doubt}: {fault}" for fault in campaign.faults]
    said = f"{copies} copies, all in the window, {held} held" if not faults else f"{len(faults)} faults"
    return Measured(said, f"{sum(killed.values())} kills at {len(killed)} points, {', '.join(databases)}", faults)


# ── the guards, off ─────────────────────────────────────────────────────────


def _no_mark(_mail_id: int, _holder: str) -> object:
    return lambda: None


def _jump(mail: Mail, after: MailState) -> None:
    mail.state = after


ROW = Row(
    name="kills",
    asked="kill -9 during publish and send, 1,000 times, both databases: 0 lost, 0 second Message-ID, "
    "every copy inside the marked window",
    full=1000,
    smoke=16,
    measure=measure,
    controls={
        "the end is not marked": (
            Off("matchmaker.services.outbox:_marker", _no_mark),
            Off("matchmaker.services.outbox:_move", _jump),
        ),
    },
)

"""Publish killed at every statement: readers see the old version or the new one, and the next who publishes goes on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import event as happening
from sqlalchemy.orm import Session

from matchmaker.extensions import current_settings, db
from matchmaker.unit_of_work import unit_of_work
from tests.conftest import NOW
from tests.prove import children, drafted, house, kills
from tests.prove.children import AFTER_KEPT, AFTER_STATEMENT, BEFORE_KEPT, BEFORE_STATEMENT, KILLED, Point
from tests.prove.rows import Measured, Off, Offs, Row

WRITES = True


def measure(size: int, offs: Offs) -> Measured:
    """Kill publish ``size`` times on each database: once at each statement and commit, then again from the first."""
    said, faults = [], []
    for database in house.DATABASES[:1] if offs else house.databases():
        with house.a_house(database) as app:
            forum = drafted.two_drafts()
            statements = _rehearsed(forum)
            points = _spread(_points(statements), 2 * statements.count(WRITES) + 2, size)
            found = [fault for point in points for fault in _killed(app, forum, point, offs)]
            found += drafted.broken_versions(forum.id)
        said.append(f"{database}: {len(points)} kills at {len(statements)} statements and the commit")
        faults += [f"{database}: {fault}" for fault in found]
    what = "the old version or the new, each whole" if not faults else f"{len(faults)} faults"
    return Measured(what, "; ".join(said), faults)


def _rehearsed(forum: drafted.Twice) -> list[bool]:
    """Publish the first two versions, whole; return for each statement of the second whether it writes."""
    found: list[bool] = []

    def note(_connection: object, _cursor: object, statement: str, *_args: object) -> None:
        found.append(not statement.lstrip().upper().startswith("SELECT"))

    kills.publish(forum.id, 1, None, NOW)
    happening.listen(db.engine, "before_cursor_execute", note)
    kills.publish(forum.id, 2, 1, NOW)
    happening.remove(db.engine, "before_cursor_execute", note)
    return found


def _points(statements: list[bool]) -> list[Point]:
    """Return where to kill: around the commit and what writes, then around what only reads."""
    places = sorted(range(len(statements)), key=lambda number: statements[number] is not WRITES)
    each = [Point(what, number + 1) for number in places for what in (BEFORE_STATEMENT, AFTER_STATEMENT)]
    return [Point(BEFORE_KEPT), Point(AFTER_KEPT), *each]


def _spread(points: list[Point], telling: int, size: int) -> list[Point]:
    """Return so many points, all of them and again if there are fewer; a few are spread over the first, telling ones.

    What is killed where nothing is written yet leaves nothing behind, whether a guard stands or not.
    """
    if size >= telling:
        return [points[number % len(points)] for number in range(size)]
    return [points[number * (telling - 1) // max(1, size - 1)] for number in range(size)]


def _killed(app: Flask, forum: drafted.Twice, point: Point, offs: Offs) -> Iterator[str]:
    """Kill one publish, and say what is wrong with what was seen meanwhile, and afterwards."""
    before, version = drafted.seen(forum), drafted.latest(forum.id)
    draft = 1 + (version or 0) % 2
    with _readers(app, forum) as views:
        child = children.start(kills.publish, current_settings(), point, offs, forum.id, draft, version, NOW)
        status = children.end(child)
    after, now = drafted.seen(forum), drafted.latest(forum.id)
    if status != KILLED:
        yield f"{point}: the child ended with {status}"
    if now not in {version, version + 1} or (now == version) != (after == before):
        yield f"{point}: version {version} before, {now} after, and what people see is not that"
    if views - {before, after}:
        yield f"{point}: readers saw {len(views - {before, after})} states between the old and the new"
    if now == version and point.what != AFTER_KEPT:
        yield from _resumed(forum, draft, version, point)


def _resumed(forum: drafted.Twice, draft: int, version: int, point: Point) -> Iterator[str]:
    """Publish again, as somebody would who got no answer: nothing is left that holds them up."""
    kills.publish(forum.id, draft, version, NOW)
    if drafted.latest(forum.id) != version + 1:
        yield f"{point}: publishing again did nothing"


@contextmanager
def _readers(app: Flask, forum: drafted.Twice) -> Iterator[set[object]]:
    """Read everybody's agenda again and again meanwhile; yield the set of what was seen."""
    views, done = set[object](), threading.Event()

    def read() -> None:
        with app.app_context():
            while not done.is_set():
                views.add(drafted.seen(forum))
                done.wait(0.002)
            db.session.remove()

    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        yield views
    finally:
        done.set()
        for thread in threads:
            thread.join()


@contextmanager
def _piecemeal() -> Iterator[Session]:
    """A unit of work that keeps each flush by itself, past the library, which would count statements of it."""
    with unit_of_work() as session:
        flush = session.flush

        def keep(*args: object) -> None:
            flush(*args)
            database = session.connection().connection.driver_connection
            database.execute("COMMIT")
            database.execute("BEGIN")

        session.flush = keep
        try:
            yield session
        finally:
            session.flush = flush


ROW = Row(
    name="publish-kills",
    asked="publish killed at every statement: readers see old or new, never a mix; resumes by itself",
    full=300,
    smoke=9,
    measure=measure,
    controls={"kept piece by piece": (Off("matchmaker.services.publishing:unit_of_work", _piecemeal),)},
)

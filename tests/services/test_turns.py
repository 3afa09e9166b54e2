"""One event that fails keeps no other from what the clock does for it, round after round."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

import pytest
import time_machine
from sqlalchemy import event as sql_event
from structlog.testing import capture_logs

from matchmaker import jobs, models
from matchmaker.domain import zones
from matchmaker.domain.states import Phase
from matchmaker.extensions import db
from tests import factories

pytestmark = pytest.mark.usefixtures("app")

FIRST = factories.FIRST_DAY


class Task(NamedTuple):
    """The event that a job is due for, the wall time there, and how one knows that it was done."""

    event: dict
    wall: datetime
    is_done: Callable[[models.Event], bool]


def told(event):
    return db.session.query(models.Notice).filter_by(event_id=event.id).count() > 0


def at(hour, day=FIRST):
    return datetime.combine(day, datetime.min.time()).replace(hour=hour)


TASKS = {
    "follow_days": Task({"phase": Phase.FINAL}, at(0), lambda event: event.phase is Phase.ON_THE_DAY),
    "tell_who_waits": Task({}, datetime(2026, 3, 2, 10), lambda event: event.digest_on is not None),  # noqa: DTZ001
    "tell_notices": Task({"phase": Phase.FINAL}, at(18, FIRST - timedelta(days=1)), told),
    "delete_announced_data": Task(
        {"delete_after": FIRST}, at(0, FIRST + timedelta(days=1)), lambda event: event.data_deleted_at is not None
    ),
    "fill_holes": Task(
        {"phase": Phase.ON_THE_DAY, "standby_by_clock": True}, at(8), lambda event: event.standby_looked_at is not None
    ),
}


@pytest.fixture
def break_():
    """Return what lets nothing be written any more of an event."""
    broken = set()

    def refuse(_mapper, _connection, row):
        if (row.event_id if isinstance(row, models.Notice) else row.id) in broken:
            raise ZeroDivisionError("a row that cannot be written")

    watched = (models.Event, "before_update"), (models.Notice, "before_insert")
    for one in watched:
        sql_event.listen(*one, refuse)
    yield lambda event: broken.add(event.id)
    for one in watched:
        sql_event.remove(*one, refuse)


@pytest.mark.parametrize("job", TASKS)
def test_an_event_that_fails_is_one_line_in_the_log_and_the_next_has_its_turn(job, break_):
    task = TASKS[job]
    broken, sound = (factories.EventFactory(**task.event) for _ in range(2))
    break_(broken)

    with time_machine.travel(zones.instant(task.wall, sound.zone), tick=False), capture_logs() as lines:
        getattr(jobs, job)()

    db.session.rollback()
    done = [task.is_done(db.session.get_one(models.Event, one.id)) for one in (broken, sound)]
    assert done == [False, True]
    failed = [line for line in lines if line["event"] == "job failed"]
    said = {"event": "job failed", "log_level": "error", "error": "ZeroDivisionError"}
    assert failed == [said | {"job": job, "of": broken.id, "cause": "a row that cannot be written"}]

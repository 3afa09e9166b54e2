"""Each row of the proof holds at a small size, and fails with a guard off: else it would prove nothing."""

from __future__ import annotations

import gc

import pytest

from matchmaker.extensions import db
from matchmaker.models import DraftMeeting
from matchmaker.unit_of_work import unit_of_work
from tests.prove import booking, page
from tests.prove.rows import shown
from tests.prove.table import ROWS

SMOKED = {name: row for name, row in ROWS.items() if row.smoke}
"""The others are tests of the suite already."""
CONTROLS = [(row, control) for row in SMOKED.values() for control in row.controls]


pytestmark = pytest.mark.filterwarnings("ignore:unclosed <ssl.SSLSocket:ResourceWarning")
"""The library leaves a socket open that was reset before TLS began: see ``swept``."""


@pytest.fixture(autouse=True)
def swept():
    """Let such sockets go here, where nobody minds, and not in a test that comes later."""
    yield
    gc.collect()


@pytest.mark.parametrize("row", SMOKED.values(), ids=SMOKED)
def test_a_row_holds(row):
    found = row.measure(row.smoke, ())

    assert found.faults == [], shown(found.faults)


@pytest.mark.parametrize(("row", "control"), CONTROLS, ids=[f"{row.name}, {control}" for row, control in CONTROLS])
def test_a_row_fails_with_a_guard_off(row, control):
    assert row.measure(row.smoke, row.controls[control]).faults != []


def test_every_row_that_is_smoked_can_fail():
    assert [name for name, row in SMOKED.items() if not row.controls] == []


def test_a_double_booking_would_be_seen(app):
    fair = booking._a_fair()
    assert booking.doubles(fair.id) == []

    with unit_of_work() as session:
        meetings = session.scalars(db.select(DraftMeeting).order_by(DraftMeeting.id)).all()
        first = meetings[0]
        ids = {one.participation_id for one in first.people}
        other = next(one for one in meetings[1:] if ids & {seat.participation_id for seat in one.people})
        other.slot_id, other.table_number = first.slot_id, 12

    assert booking.doubles(fair.id) != []


def test_the_page_shows_what_is_stored():
    assert page.PAGE.read_text("utf-8") == page.written(page.stored())

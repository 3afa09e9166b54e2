"""The sequence of an entry never goes back in a person's file, whatever becomes of the meeting."""

from __future__ import annotations

import pytest
from flask_babel import force_locale

from matchmaker.extensions import db
from matchmaker.mail.calendar import build_calendar
from matchmaker.queries.agenda import agenda
from tests.calendars import World
from tests.model_clients import read

pytestmark = pytest.mark.usefixtures("app")
EDITS = 30


@pytest.mark.parametrize("second", ["second@example.org", "r@example.org"])
@pytest.mark.parametrize("seed", [1, 2])
def test_no_change_takes_a_sequence_back(seed, second):
    world, known, back = World(seed, second=second), {}, []
    while world.told.edits < EDITS:
        world.edit()
        db.session.rollback()
        for person in world.readers:
            with force_locale("en"):
                _method, entries = read(build_calendar(agenda(world._person(person))))
            for uid, entry in entries:
                before = known.get((person, uid), 0)
                back += [(uid, before, entry.sequence)] if entry.sequence < before else []
                known[person, uid] = max(before, entry.sequence)
    assert back == []

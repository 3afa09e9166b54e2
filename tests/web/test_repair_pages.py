"""The organiser says what went wrong, reads the ways to go on with names, and publishes one with one press."""

from datetime import datetime, time, timedelta

import pytest
import time_machine

from matchmaker.domain import zones
from matchmaker.domain.states import Locale, Role
from matchmaker.extensions import db
from matchmaker.models import Version
from matchmaker.queries import versions
from matchmaker.queries.runs import draft_of
from tests.factories import FIRST_DAY
from tests.forum import a_forum
from tests.placed import version_of
from tests.solved import carry_out
from tests.web.desks import member
from tests.web.visitors import Visitor, words

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture(autouse=True)
def now():
    """It is ten to nine on the day."""
    moment = zones.instant(datetime.combine(FIRST_DAY, time(8, 50)), "Africa/Casablanca")
    with time_machine.travel(moment, tick=False):
        yield moment


def test_a_late_minister_is_told_of_and_the_way_that_moves_nobody_else_is_published(app, now):
    forum = a_forum("m!a a!m m!b b!m a+b b+a")
    version_of(forum, "ma 09:00, mb 09:50, ab 10:35", now=now - timedelta(days=1))
    organiser = Visitor(app, member(forum.event, Role.ORGANISER, locale=Locale.ENGLISH))
    path = f"/o/{forum.event.slug}/day/repair"
    late = {"what": "person", "person-of": forum.people["m"].code, "person-day": FIRST_DAY.isoformat()}

    wrong = organiser.post(path, late | {"person-kind": "late"})
    asked = organiser.post(path, late | {"person-kind": "late", "person-until": "09:40"})
    waiting = organiser.get(asked.location)
    run = carry_out(now)
    found = organiser.get(asked.location)
    draft = draft_of(run.id).number
    done = organiser.post(asked.location, {"draft": draft})

    assert (wrong.status_code, asked.status_code, done.status_code) == (422, 303, 303)
    assert "Write the time." in words(wrong)
    assert "Looking for repairs" in words(waiting)
    assert "late, comes at 09:40" in words(found)
    assert "Moves nobody else" in words(found)
    assert "Firm a" in words(found)
    assert versions.latest_number(forum.id) == 2
    assert "was published as version 2" in words(organiser.get(asked.location))
    assert organiser.post(asked.location, {"draft": draft}).status_code == 409
    assert db.session.query(Version).count() == 2

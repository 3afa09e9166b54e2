"""What the days of an event make of its phase: by itself, once, and never against what an organiser said since."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import event as sql_event
from structlog.testing import capture_logs

from matchmaker.domain import zones
from matchmaker.domain.states import Phase, VersionKind
from matchmaker.domain.timetable import DayPlan
from matchmaker.extensions import db
from matchmaker.models import Event, LogEntry
from matchmaker.services import archives, events, phases, publishing
from matchmaker.services.events import EventFrame
from matchmaker.unit_of_work import WRITES
from tests import factories
from tests.forum import a_forum
from tests.placed import draft_of
from tests.web.desks import member, queries

pytestmark = pytest.mark.usefixtures("app")

FIRST, LAST = factories.FIRST_DAY, factories.FIRST_DAY + timedelta(days=1)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


def midnight(day: date) -> datetime:
    return zones.instant(datetime.combine(day, datetime.min.time()), "Africa/Casablanca")


def phase(event):
    db.session.rollback()
    return db.session.get_one(Event, event.id).phase


def an_event(of=Phase.FINAL):
    return factories.EventFactory(day_count=2, phase=of)


def a_final_draft(of):
    forum = a_forum("a!b b!a", phase=of)
    draft_of(forum, "ab 1-0900", now=midnight(FIRST) - timedelta(days=1))
    return forum.event


def publish(event, now):
    publishing.publish(event.id, 1, VersionKind.FINAL, expected_version=None, actor_id=None, now=now)


@contextmanager
def transactions():
    """Collect of each transaction that begins inside whether it is one that writes."""
    begun = []

    def note(connection):
        begun.append(connection.get_execution_options().get(WRITES, False))

    sql_event.listen(db.engine, "begin", note)
    try:
        yield begun
    finally:
        sql_event.remove(db.engine, "begin", note)


def test_a_final_agenda_is_on_the_day_at_midnight_and_over_after_the_last_day():
    event, is_over = an_event(), midnight(LAST + timedelta(days=1))

    moments = midnight(FIRST) - SECOND, midnight(FIRST), is_over - SECOND, is_over
    found = [(phases.follow_days(now=now), phase(event)) for now in moments]

    assert found == [(0, Phase.FINAL), (1, Phase.ON_THE_DAY), (0, Phase.ON_THE_DAY), (1, Phase.AFTER)]
    noted = db.session.scalars(db.select(LogEntry).filter_by(event_id=event.id, verb="event.phase")).all()
    assert [(one.subject, one.actor_id) for one in noted] == [("on_the_day", None), ("after", None)]


@pytest.mark.parametrize("of", [one for one in Phase if one not in {Phase.FINAL, Phase.ON_THE_DAY}])
def test_what_is_not_final_waits_for_the_organiser(of):
    event = an_event(of)

    assert phases.follow_days(now=midnight(FIRST)) == phases.follow_days(now=midnight(LAST + timedelta(days=9))) == 0
    assert phase(event) is of


def test_what_an_organiser_set_since_stands_until_the_next_step():
    event = an_event()
    by = {"actor_id": member(event).id}
    phases.follow_days(now=midnight(FIRST))
    events.set_phase(event.id, Phase.FINAL, **by, now=midnight(FIRST) + timedelta(hours=9))

    on_the_day = phases.follow_days(now=midnight(LAST)), phase(event)
    after = phases.follow_days(now=midnight(LAST + timedelta(days=1))), phase(event)
    events.set_phase(event.id, Phase.ON_THE_DAY, **by, now=midnight(LAST + timedelta(days=1)) + SECOND)

    assert (on_the_day, after) == ((0, Phase.FINAL), (1, Phase.AFTER))
    assert phases.follow_days(now=midnight(LAST + timedelta(days=5))) == 0


def test_what_is_published_on_the_first_day_is_on_the_day_whatever_was_set_that_morning():
    event, begun = a_final_draft(Phase.SCHEDULING), midnight(FIRST)
    events.set_phase(event.id, Phase.PROVISIONAL, actor_id=member(event).id, now=begun + timedelta(hours=6))
    publish(event, begun + timedelta(hours=7))

    with capture_logs() as lines:
        done = phases.follow_days(now=begun + timedelta(hours=7, seconds=1))

    assert (done, phase(event)) == (1, Phase.ON_THE_DAY)
    assert [one for one in lines if one["event"] == "late"] == []


def test_what_was_set_while_the_clock_was_fast_holds_nothing_up():
    event, begun = an_event(), midnight(FIRST)
    events.set_phase(event.id, Phase.FINAL, actor_id=member(event).id, now=begun + timedelta(days=365))

    assert (phases.follow_days(now=begun), phase(event)) == (1, Phase.ON_THE_DAY)


def put_off(event, days, now):
    """Move the days of an event, as its organiser saves its frame."""
    row = db.session.get_one(Event, event.id)
    plans = tuple(DayPlan(day.day + timedelta(days=days), day.start, day.end) for day in row.days)
    frame = EventFrame(row.slug, row.names, row.zone, plans)
    by = factories.AccountFactory().id
    events.change(event.id, frame, revision=row.revision, actor_id=by, now=now)


@pytest.mark.parametrize("of", [Phase.ON_THE_DAY, Phase.AFTER])
def test_an_event_that_is_put_off_is_final_again_and_goes_on_by_its_new_days(of):
    event, now = an_event(), midnight(FIRST if of is Phase.ON_THE_DAY else LAST + timedelta(days=1))
    phases.follow_days(now=now)
    began = phase(event)
    put_off(event, 7, now + SECOND)

    found = [(phases.follow_days(now=one), phase(event)) for one in (now + SECOND * 2, midnight(FIRST) + 7 * DAY)]

    assert (began, found) == (of, [(0, Phase.FINAL), (1, Phase.ON_THE_DAY)])


def test_days_moved_by_mistake_and_back_leave_the_event_on_its_day():
    event, now = an_event(), midnight(FIRST)
    phases.follow_days(now=now)
    put_off(event, 7, now + 5 * SECOND)
    put_off(event, -7, now + 9 * SECOND)

    assert (phases.follow_days(now=now + 10 * SECOND), phase(event)) == (1, Phase.ON_THE_DAY)


def test_an_event_that_is_put_off_keeps_the_phase_that_an_organiser_set():
    event, now = an_event(), midnight(FIRST)
    events.set_phase(event.id, Phase.ON_THE_DAY, actor_id=member(event).id, now=now)
    put_off(event, 7, now + SECOND)

    assert phase(event) is Phase.ON_THE_DAY


def test_an_event_on_its_day_that_is_not_put_off_stays_there():
    event, now = an_event(), midnight(FIRST)
    phases.follow_days(now=now)
    put_off(event, 0, now + SECOND)

    assert phase(event) is Phase.ON_THE_DAY


def test_a_machine_that_slept_for_the_whole_event_catches_up_and_says_so():
    event = an_event()
    with capture_logs() as lines:
        phases.follow_days(now=midnight(LAST + timedelta(days=1)) + timedelta(minutes=30))

    assert phase(event) is Phase.AFTER
    assert [(one["event"], one["kind"], one["minutes"]) for one in lines] == [("late", "phase", 30)]


def test_what_is_archived_stays(now):
    event = an_event()
    archives.archive(event.id, actor_id=None, now=now)

    assert phases.follow_days(now=midnight(FIRST)) == 0


@pytest.mark.parametrize("count", [1, 3])
def test_a_round_that_finds_nothing_due_asks_little_and_writes_nothing(count):
    over = midnight(LAST + timedelta(days=1))
    for one in [an_event(Phase.ON_THE_DAY) for _ in range(count)]:
        events.set_phase(one.id, Phase.ON_THE_DAY, actor_id=member(one).id, now=over + SECOND)
    db.session.rollback()

    with queries() as asked, transactions() as begun:
        assert phases.follow_days(now=over + timedelta(days=1)) == 0

    assert ([one.split()[0] for one in asked], begun) == (["BEGIN", *["SELECT"] * 3], [False])

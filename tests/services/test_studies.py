"""Studies: what additions would bring and what fairness costs, from the real solver, kept with their moment."""

from __future__ import annotations

from datetime import timedelta

import pytest

from matchmaker import clock
from matchmaker.domain.states import Phase, RunState, StudyKind
from matchmaker.errors import NothingToSchedule, PhaseForbids
from matchmaker.extensions import db
from matchmaker.models import Study
from matchmaker.queries import studies as queries
from matchmaker.scheduling import forecast
from matchmaker.scheduling.problem import unpacked
from matchmaker.services import events, studies
from matchmaker.web import study_words
from solver import SearchLimits, solve, violations
from tests.factories import UnavailabilityFactory
from tests.forum import a_forum
from tests.solved import CAPACITY

pytestmark = pytest.mark.usefixtures("app")
TIGHT = "a!b b!a a+c c+b d!b e!b f!b g!b h!b i!b"
"""b is asked by eight and has six slots; there is one table."""


@pytest.fixture
def forum():
    forum = a_forum(TIGHT, capacity=1)
    UnavailabilityFactory(participation=forum.people["b"], in_slot=forum.slots[0])
    return forum


def asked(forum, now, kind=StudyKind.FORECAST, seconds=10):
    studies.ask(forum.id, kind, actor_id=forum.organiser.id, now=now, seconds=seconds)


def worked_out(now):
    study_id = studies.claim("worker", now)
    studies.execute(study_id, holder="worker", capacity=CAPACITY, clock=clock.now)
    db.session.rollback()
    return db.session.get(Study, study_id)


def test_a_forecast_tells_for_each_addition_what_solving_with_it_proves(forum, now):
    asked(forum, now)

    study = worked_out(now)

    assert (study.state, study.failure) == (RunState.DONE, "")
    problem = unpacked(study.problem)
    before = best(problem)
    rows = study_words.brought(study, queries.names(forum.id))
    assert [row.kind for row in rows][:4] == ["table", "slot", "representative", "hour"]
    for addition, row in zip(study.question["additions"], rows, strict=True):
        larger = forecast.added(problem, addition)
        after = best(larger)
        assert row.least <= after.value - before.value <= row.most, addition
        assert row.meetings == len(after.meetings) - len(before.meetings)
    assert rows[2].names == forum.organisations["b"].names


def best(problem):
    """Return a proven schedule, with which the checker finds no fault."""
    schedule = solve(problem, SearchLimits(seconds=10, workers=1))
    assert (schedule.status, list(violations(problem, schedule))) == ("optimal", [])
    return schedule


def test_one_of_a_kind_is_under_way_and_the_newest_answers_stay(forum, now):
    asked(forum, now)
    asked(forum, now)
    assert len(db.session.scalars(db.select(Study)).all()) == 1
    first = worked_out(now)
    asked(forum, now + timedelta(hours=1))

    shown = queries.shown(forum.id, StudyKind.FORECAST)
    assert (shown.answered.id, shown.under_way, shown.failed) == (first.id, True, False)
    second = worked_out(now + timedelta(hours=1))

    shown = queries.shown(forum.id, StudyKind.FORECAST)
    assert (shown.answered.id, shown.latest.id, shown.under_way) == (second.id, second.id, False)
    assert len(db.session.scalars(db.select(Study)).all()) == 1


def test_a_study_whose_worker_died_ends_in_words(forum, now):
    asked(forum, now)
    studies.claim("worker", now)

    assert studies.reap(now + timedelta(minutes=5)) == 1

    shown = queries.shown(forum.id, StudyKind.FORECAST)
    assert (shown.failed, shown.latest.failure) == (True, "worker")
    asked(forum, now)
    assert studies.claim("worker", now) is not None


def test_a_study_of_a_worker_that_leaves_goes_back_to_the_queue(forum, now):
    asked(forum, now)
    study_id = studies.claim("worker", now)

    studies.execute(study_id, holder="worker", capacity=CAPACITY, clock=clock.now, leaving=lambda: True)

    db.session.rollback()
    assert db.session.get(Study, study_id).state is RunState.QUEUED


def test_what_cannot_be_asked_is_refused(now):
    with pytest.raises(NothingToSchedule):
        asked(a_forum("a b"), now)
    over = a_forum()
    events.set_phase(over.id, Phase.AFTER, actor_id=None, now=now)
    with pytest.raises(PhaseForbids):
        asked(over, now)

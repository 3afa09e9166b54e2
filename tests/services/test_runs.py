"""Runs: who may start one, who gets it, how it ends, and that nothing published is touched by it."""

from __future__ import annotations

import gzip
import json
import os
import signal
import threading
from datetime import time, timedelta

import pytest

from matchmaker.domain.states import Phase, RunState, VersionKind
from matchmaker.errors import DoubleBooking, InvalidValue, NotFound, NothingToSchedule, PhaseForbids, RunInProgress
from matchmaker.extensions import db
from matchmaker.models import (
    Draft,
    DraftMeeting,
    DraftUnscheduled,
    Event,
    LogEntry,
    PersonBooking,
    PublishedMeeting,
    Run,
    RunProgress,
    Version,
)
from matchmaker.scheduling import draft as drafting
from matchmaker.scheduling.child import Child
from matchmaker.scheduling.problem import unpacked
from matchmaker.services import drafts, publishing, runs
from matchmaker.services.runs import Capacity
from matchmaker.unit_of_work import unit_of_work
from solver import Meeting, Schedule, solve, violations
from tests.factories import UnavailabilityFactory
from tests.forum import a_crowd, a_forum, wish
from tests.solved import carry_out, solved, started

pytestmark = pytest.mark.usefixtures("app")


def count(kind):
    return db.session.scalar(db.select(db.func.count()).select_from(kind))


def test_start_queues_a_numbered_run_with_its_problem(now):
    forum = a_forum()

    number = started(forum, now)

    run = db.session.scalars(db.select(Run)).one()
    assert (number, run.number, run.state, run.seed) == (1, 1, RunState.QUEUED, 3)
    assert json.loads(gzip.decompress(run.problem))["format"] == "matchmaker-problem-1"
    assert db.session.scalars(db.select(LogEntry.verb)).all() == ["start_run"]


def test_the_stored_problem_holds_no_name_and_no_address(now):
    forum = a_forum("a!b b-a a+c")

    started(forum, now)

    text = gzip.decompress(db.session.scalars(db.select(Run.problem)).one()).decode()
    words = [word for org in forum.organisations.values() for word in org.names.values()]
    assert [word for word in (*words, "@", "Participante", forum.people["b"].code + '"], ["') if word in text] == []


def test_start_refuses_a_second_run_until_the_first_has_ended(now):
    forum = a_forum()
    number = started(forum, now)

    with pytest.raises(RunInProgress):
        started(forum, now)

    runs.cancel(forum.id, number, actor_id=None, now=now)
    assert started(forum, now) == 2


@pytest.mark.parametrize("wishes", ["a b", "a-b", "a!b b-a"])
def test_start_refuses_where_there_is_nothing_to_schedule(now, wishes):
    with pytest.raises(NothingToSchedule):
        started(a_forum(wishes), now)

    assert count(Run) == 0


def test_start_refuses_after_the_event_and_what_it_does_not_know(now):
    forum = a_forum()
    with pytest.raises(InvalidValue):
        runs.start(forum.id, "luck", 5, actor_id=None, now=now)
    with pytest.raises(InvalidValue):
        runs.start(forum.id, "total", 0, actor_id=None, now=now)
    with pytest.raises(NotFound):
        started(forum, now, draft_number=4)
    with pytest.raises(NotFound):
        runs.start(forum.id + 1, "total", 5, actor_id=None, now=now)

    with pytest.raises(PhaseForbids):
        started(a_forum(phase=Phase.AFTER), now)


def test_starting_leaves_the_phase_so_that_organisers_can_rehearse(now):
    forum = a_forum(phase=Phase.WISHES)

    started(forum, now)

    assert db.session.get(type(forum.event), forum.id).phase is Phase.WISHES


def test_a_queued_run_that_is_stopped_or_cancelled_is_never_claimed(now):
    for end in (runs.ask_stop, runs.cancel):
        forum = a_forum()
        end(forum.id, started(forum, now), actor_id=None, now=now)

    assert runs.claim("worker", now) is None
    assert db.session.scalars(db.select(Run.state)).all() == [RunState.CANCELLED] * 2


def test_a_claim_raced_by_twenty_threads_has_one_winner_each(app, now):
    for _ in range(3):
        started(a_forum(), now)
    won, gate = [], threading.Barrier(20)

    def race(number):
        with app.app_context():
            gate.wait()
            won.append(runs.claim(f"worker-{number}", now))

    threads = [threading.Thread(target=race, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    claimed = [run_id for run_id in won if run_id is not None]
    assert len(won) == 20
    assert sorted(claimed) == sorted(db.session.scalars(db.select(Run.id)))


def test_execute_keeps_a_draft_with_bookings_score_card_and_progress(now):
    forum = a_forum("a!b b!a a+c c+b d-a a+d")

    draft = solved(forum, now)

    assert (draft.number, draft.run.number, draft.proven) == (1, 1, True)
    assert draft.value <= draft.bound
    assert len(draft.meetings) == 3
    assert {len(meeting.people) for meeting in draft.meetings} == {2}
    assert draft.scores["classes"]["must+must"] == [1, 1]
    assert draft.scores["classes"]["like alone"] == [2, 3]
    assert (draft.scores["placed"], draft.scores["wanted"], draft.scores["fewest"]) == (3, 4, 2)
    assert count(RunProgress) > 0


def test_execute_gives_every_live_request_that_is_not_held_a_reason(now):
    forum = a_forum("a!b b-a a+c")
    for number, slot in enumerate(forum.slots):
        UnavailabilityFactory(participation=forum.people["ac"[number % 2]], in_slot=slot)

    draft = solved(forum, now)

    reasons = db.session.scalars(db.select(DraftUnscheduled.reason).where(DraftUnscheduled.draft_id == draft.id))
    assert sorted(reasons) == ["no_common_slot", "not_offered"]


def test_a_stored_run_can_be_replayed(now):
    forum = a_forum("a!b b!a a+c c+b")

    draft = solved(forum, now)
    problem = unpacked(draft.run.problem)
    again = solve(problem)

    assert list(violations(problem, again)) == []
    assert again.value == draft.value


def test_one_person_of_two_organisations_is_never_in_two_places(now):
    forum = a_forum("a!c b!d", starts=time(9), ends=time(9, 20))
    with unit_of_work() as session:
        session.get_one(type(forum.people["b"]), forum.people["b"].id).account_id = forum.people["a"].account_id

    draft = solved(forum, now)

    assert len(forum.slots) == 1
    assert len(draft.meetings) == 1


def test_locked_meetings_stay_and_are_let_go_when_unlocked(now):
    forum = a_forum("a!b b!a a+c c+b b+d d!c", capacity=1)
    first = solved(forum, now)
    kept = max(first.meetings, key=lambda meeting: meeting.slot_id)
    where = kept.request_id, kept.slot_id, kept.location_id, kept.table_number
    drafts.lock(first.id, kept.id, True, actor_id=None, now=now)

    second = solved(forum, now, draft_number=1)

    (locked,) = [meeting for meeting in second.meetings if meeting.locked]
    assert (locked.request_id, locked.slot_id, locked.location_id, locked.table_number) == where
    drafts.lock(second.id, locked.id, False, actor_id=None, now=now)
    assert not any(meeting.locked for meeting in solved(forum, now, draft_number=2).meetings)


def test_meetings_of_whom_only_people_move_are_locked_and_stay_where_they_were_published(now):
    forum = a_forum("a!b b!a a+c c+b b+d d!c", capacity=1)
    with unit_of_work() as session:
        session.get_one(type(forum.people["c"]), forum.people["c"].id).moved_by_hand = True
    first = solved(forum, now)
    theirs = {meeting.request_id: meeting for meeting in first.meetings if of(meeting, forum.people["c"])}
    assert theirs
    assert {meeting.request_id for meeting in first.meetings if meeting.locked} == set(theirs)
    publishing.publish(forum.event.id, 1, VersionKind.FINAL, expected_version=None, actor_id=None, now=now)
    with unit_of_work() as session:  # what is free now would move them, if a run might
        session.get_one(Event, forum.event.id).phase = Phase.SCHEDULING
        for meeting in theirs.values():
            session.get_one(DraftMeeting, meeting.id).locked = False

    second = solved(forum, now)  # over no draft

    stay = {
        meeting.request_id: (meeting.slot_id, meeting.table_number) for meeting in second.meetings if meeting.locked
    }
    assert stay == {id_: (meeting.slot_id, meeting.table_number) for id_, meeting in theirs.items()}


def of(meeting, person):
    return person.id in {booking.participation_id for booking in meeting.people}


def test_lock_refuses_a_meeting_of_another_draft(now):
    draft = solved(a_forum(), now)

    with pytest.raises(NotFound):
        drafts.lock(draft.id + 1, draft.meetings[0].id, True, actor_id=None, now=now)


def test_locks_that_contradict_each_other_end_infeasible_and_name_the_requests(now):
    forum = a_forum("a!b a!c", capacity=1)
    draft = solved(forum, now)
    one, other = draft.meetings
    with unit_of_work() as session:
        for meeting in (one, other):
            session.get_one(DraftMeeting, meeting.id).locked = True
        session.get_one(DraftMeeting, other.id).slot_id = one.slot_id
        a = session.get_one(type(forum.people["a"]), forum.people["a"].id)
        a.parallel = 1
    started(forum, now, draft_number=1)

    run = carry_out(now)

    assert (run.state, run.failure) == (RunState.INFEASIBLE, "conflict")
    assert set(run.failure_detail["requests"]) <= {one.request.code, other.request.code}


def test_a_run_without_time_finds_nothing_or_its_best_and_says_so(now):
    forum = a_crowd()
    started(forum, now, seconds=1)

    run = carry_out(now)

    assert (run.state, run.failure) in {(RunState.NOTHING_FOUND, "nothing_found"), (RunState.DONE, "")}
    assert run.finished_at is not None


def test_a_run_without_memory_fails_by_name(now):
    started(a_crowd(), now)

    run = carry_out(now, Capacity(memory_mb=150, workers=1))

    assert (run.state, run.failure) == (RunState.FAILED, "memory")
    assert count(Draft) == 0


class Watched(Child):
    """The real child; ``at_first_news`` is called with it once a schedule is known."""

    at_first_news = staticmethod(lambda _child: None)

    def progress(self, patience):
        points = super().progress(patience)
        if any(point.value is not None for point in points):
            type(self).at_first_news(self)
        return points


@pytest.fixture
def at_first_news(monkeypatch):
    def use(act):
        monkeypatch.setattr(Watched, "at_first_news", staticmethod(act))
        monkeypatch.setattr(runs, "Child", Watched)

    return use


def test_a_run_whose_child_is_killed_fails_by_name_and_touches_nothing_published(now, at_first_news):
    forum = a_crowd()
    draft = solved(forum, now, seconds=2)
    publishing.publish(forum.id, draft.number, VersionKind.FINAL, expected_version=None, actor_id=None, now=now)
    before = count(Version), count(PublishedMeeting), count(Draft)
    at_first_news(lambda child: os.kill(child.pid, signal.SIGKILL))
    started(forum, now, seconds=60)

    run = carry_out(now)

    assert (run.state, run.failure) == (RunState.FAILED, "crashed")
    assert (count(Version), count(PublishedMeeting), count(Draft)) == before


def test_a_run_that_is_stopped_keeps_the_best(now, at_first_news):
    forum = a_crowd()
    number = started(forum, now, seconds=120)
    at_first_news(lambda _: runs.ask_stop(forum.id, number, actor_id=None, now=now))

    run = carry_out(now)

    assert (run.state, count(Draft)) == (RunState.DONE, 1)
    assert db.session.scalars(db.select(Draft.seconds)).one() < 60


def test_a_run_that_is_cancelled_keeps_nothing(now, at_first_news):
    forum = a_crowd()
    number = started(forum, now, seconds=120)
    at_first_news(lambda _: runs.cancel(forum.id, number, actor_id=None, now=now))

    run = carry_out(now)

    assert (run.state, count(Draft)) == (RunState.CANCELLED, 0)


def test_a_run_whose_worker_leaves_keeps_the_best_or_goes_back_to_the_queue(now, at_first_news):
    forum = a_crowd()
    going = []
    at_first_news(lambda _: going.append(True))
    started(forum, now, seconds=120)

    with_schedule = carry_out(now, leaving=lambda: bool(going))
    started(a_crowd(), now, seconds=120)
    without = carry_out(now, Capacity(memory_mb=150, workers=1), leaving=lambda: True)

    assert with_schedule.state is RunState.DONE
    assert (without.state, without.claimed_by, without.started_at) == (RunState.QUEUED, None, None)


def test_a_run_that_was_taken_away_is_left_alone(now, at_first_news):
    forum = a_crowd()
    started(forum, now, seconds=120)

    def take_away(_child):
        with unit_of_work() as session:
            session.scalars(db.select(Run)).one().claimed_by = "another"

    at_first_news(take_away)

    run = carry_out(now)

    assert (run.state, run.claimed_by, count(Draft)) == (RunState.RUNNING, "another", 0)


def test_reap_queues_a_run_of_a_dead_worker_once_and_then_fails_it(now):
    forum = a_forum()
    started(forum, now)
    runs.claim("dead", now)

    states = []
    for minutes in (0, 1, 2, 3):
        later = now + timedelta(minutes=minutes)
        runs.reap(later)
        states.append(db.session.scalars(db.select(Run.state)).one())
        runs.claim("dead", later)

    run = db.session.scalars(db.select(Run)).one()
    assert states == [RunState.RUNNING, RunState.QUEUED, RunState.FAILED, RunState.FAILED]
    assert run.failure == "worker"


def test_reap_ends_what_was_cancelled(now):
    forum = a_forum()
    number = started(forum, now)
    runs.claim("dead", now)
    runs.cancel(forum.id, number, actor_id=None, now=now)

    assert runs.reap(now + timedelta(minutes=1)) == 1
    assert db.session.scalars(db.select(Run.state)).one() is RunState.CANCELLED


def test_an_answer_with_a_fault_is_never_stored(now, monkeypatch):
    started(a_forum(), now)
    honest = Child.outcome

    def dishonest(child):
        outcome = honest(child)
        fields = {name: getattr(outcome.schedule, name) for name in Schedule.__slots__}
        return type(outcome)(Schedule(**{**fields, "value": outcome.schedule.value + 1}))

    monkeypatch.setattr(Child, "outcome", dishonest)

    run = carry_out(now)

    assert (run.state, run.failure, count(Draft)) == (RunState.FAILED, "wrong_answer", 0)


def test_the_database_refuses_a_double_booking_that_nobody_noticed(now):
    forum = a_forum("a!b a!c")
    started(forum, now)
    run = db.session.scalars(db.select(Run)).one()
    problem = unpacked(run.problem)
    slot = next(iter(problem.slots))
    both = [
        Meeting(request.id, slot, forum.hall.code, number + 1, tuple(side[0] for side in request.sides), None)
        for number, request in enumerate(problem.requests.values())
    ]
    terms = dict.fromkeys(("weight", "bonus", "shortfall", "idle_slots", "location_changes"), 0)
    schedule = Schedule("feasible", "balanced", 0, 0.0, 0.0, 0.0, terms, tuple(both))

    with pytest.raises(DoubleBooking), unit_of_work() as session:
        drafting.store(session, session.get_one(Run, run.id), problem, schedule, now=now)

    assert (count(Draft), count(PersonBooking)) == (0, 0)


def test_the_database_refuses_two_meetings_at_one_table(now):
    forum = a_forum("a!b c!d")
    started(forum, now)
    run = db.session.scalars(db.select(Run)).one()
    problem = unpacked(run.problem)
    slot = next(iter(problem.slots))
    both = [
        Meeting(request.id, slot, forum.hall.code, 1, tuple(side[0] for side in request.sides), None)
        for request in problem.requests.values()
    ]
    terms = dict.fromkeys(("weight", "bonus", "shortfall", "idle_slots", "location_changes"), 0)
    schedule = Schedule("feasible", "balanced", 0, 0.0, 0.0, 0.0, terms, tuple(both))

    with pytest.raises(DoubleBooking), unit_of_work() as session:
        drafting.store(session, session.get_one(Run, run.id), problem, schedule, now=now)


def test_a_wish_made_during_the_run_waits_for_the_next(now):
    forum = a_forum("a!b c d")
    started(forum, now)
    wish(forum, "c", "!", "d")
    carry_out(now)

    assert solved(forum, now).scores["wanted"] == 2


def test_a_run_after_publishing_knows_what_people_were_told_and_rewards_what_stays(now):
    forum = a_forum("a!b b!a a+c c+b")
    draft = solved(forum, now)
    publishing.publish(forum.id, draft.number, VersionKind.FINAL, expected_version=None, actor_id=None, now=now)

    again = solved(forum, now)

    problem = unpacked(again.run.problem)
    told = {(row.slot, row.location, row.table, frozenset(row.attendees)) for row in problem.previous}
    assert told == {
        (row.slot.code, row.location.code, row.table_number, frozenset(one.participation.code for one in row.people))
        for row in draft.meetings
    }
    assert (problem.weights.kept, again.terms["kept"]) == (10, 3)

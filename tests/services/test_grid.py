"""Changing a draft by hand: judged by the solver, written into a draft of its own, counted again, undone and redone."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from matchmaker.domain.states import Phase, RunState, VersionKind
from matchmaker.errors import (
    ChangedMeanwhile,
    DoubleBooking,
    MeetingLocked,
    NotFound,
    NothingToUndo,
    NotPossibleThere,
    PhaseForbids,
)
from matchmaker.extensions import db
from matchmaker.models import Draft, DraftMeeting, DraftUnscheduled, LogEntry, PersonBooking, Request, Slot
from matchmaker.scheduling import grid as boards
from matchmaker.scheduling.problem import unpacked
from matchmaker.scheduling.question import ask
from matchmaker.scheduling.remedies import remedies
from matchmaker.services import drafts, grid, publishing, runs
from matchmaker.services.grid import Where
from matchmaker.unit_of_work import unit_of_work
from solver.check import breaches, terms, value
from tests.factories import UnavailabilityFactory
from tests.forum import a_forum
from tests.solved import carry_out, solved

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def forum():
    return a_forum("a!b b!a a+c c+b d+a", capacity=3)


def standing(draft):
    """Return where every meeting of a draft stands, as the board reads it."""
    return {id_: asdict(place) for id_, place in boards.places_of(draft.id).items()}


def draft(forum, number):
    return db.session.scalars(db.select(Draft).where(Draft.event_id == forum.id, Draft.number == number)).one()


def code_of(forum, first, second):
    pair = {forum.organisations[first].id, forum.organisations[second].id}
    rows = db.session.scalars(db.select(Request).where(Request.event_id == forum.id))
    return next(row.code for row in rows if {row.first_id, row.second_id} == pair)


def meeting_of(held, code):
    where = DraftMeeting.draft_id == held.id, Request.code == code
    return db.session.scalars(db.select(DraftMeeting).join(Request).where(*where)).one()


def request_of(code):
    return db.session.scalars(db.select(Request.id).where(Request.code == code)).one()


def another_place(held, code):
    """Return a legal cell in which the meeting does not stand."""
    meeting = meeting_of(held, code)
    with boards.asking(held) as board:
        spots = board.spots(meeting.request_id).values()
    return next(
        Where(one.slot_id, one.location_id) for one in spots if not one.reason and one.slot_id != meeting.slot_id
    )


def act(forum, now, **other):
    return {"actor_id": forum.organiser.id, "now": now, **other}


def test_first_change_makes_a_draft_by_hand_and_leaves_the_run_s_as_it_was(forum, now):
    old = solved(forum, now)
    before, code = standing(old), code_of(forum, "a", "b")
    where = another_place(old, code)

    number = grid.move(forum.id, 1, code, where, revision=1, **act(forum, now))

    new = draft(forum, number)
    moved = meeting_of(new, code)
    assert (number, new.from_number, new.run_id, new.created_at) == (2, 1, None, draft(forum, 1).created_at)
    assert standing(draft(forum, 1)) == before
    assert (moved.slot_id, moved.location_id) == (where.slot_id, where.location_id)
    assert {**standing(new), moved.request_id: None} == {**before, moved.request_id: None}
    assert {one.slot_id for one in moved.people} == {one.slot_id for one in moved.tables} == {where.slot_id}
    entry = db.session.scalars(db.select(LogEntry).where(LogEntry.verb == "draft.moved")).one()
    assert (entry.subject, entry.detail) == (code, {"draft": 2, "from": 1})


def test_next_change_stays_in_the_draft_by_hand_until_it_is_published(forum, now):
    old = solved(forum, now)
    code = code_of(forum, "a", "b")
    grid.move(forum.id, 1, code, another_place(old, code), revision=1, **act(forum, now))
    second = grid.move(forum.id, 2, code, another_place(draft(forum, 2), code), revision=2, **act(forum, now))
    publishing.publish(forum.id, 2, VersionKind.FINAL, expected_version=None, actor_id=None, now=now)
    published = standing(draft(forum, 2))

    third = grid.take_out(forum.id, 2, code, revision=3, **act(forum, now))

    assert (second, third, draft(forum, 3).from_number) == (2, 3, 2)
    assert standing(draft(forum, 2)) == published


def test_value_terms_and_score_card_are_those_of_the_checker(forum, now):
    solved(forum, now)
    code = code_of(forum, "a", "b")

    grid.take_out(forum.id, 1, code, revision=1, **act(forum, now))

    new, question = draft(forum, 2), ask(forum.id, "fairness")
    rows = [question.meeting(id_, place) for id_, place in boards.places_of(new.id).items()]
    counted = terms(question.problem, rows)
    assert (new.terms, new.value) == (counted, value(question.problem, rows, "balanced"))
    assert list(breaches(question.problem, rows, "balanced")) == []
    assert new.scores["placed"] == len(rows) == draft(forum, 1).scores["placed"] - 1
    assert (new.bound, new.proven) == (draft(forum, 1).bound, False)


def test_a_bound_is_not_taken_over_where_the_solver_would_be_asked_something_else(forum, now):
    """What the run proved holds while it would be asked the same; after that only what nothing can exceed."""
    with unit_of_work() as session:
        session.get(type(forum.people["a"]), forum.people["a"].id).max_meetings = 1
    old = solved(forum, now)
    code = db.session.get(Request, old.meetings[0].request_id).code
    problem = unpacked(old.run.problem)
    most = sum(request.weight for request in problem.requests.values())

    same = grid.take_out(forum.id, 1, code, revision=1, **act(forum, now))
    UnavailabilityFactory(participation=forum.people["d"], in_slot=forum.slots[0])
    other = grid.take_out(forum.id, 1, code, revision=1, **act(forum, now))

    assert draft(forum, same).bound == draft(forum, 1).bound < most
    assert draft(forum, other).bound == most


def test_the_gain_of_a_cell_is_what_the_value_grows_by(forum, now):
    old = solved(forum, now)
    code = code_of(forum, "a", "b")
    where = another_place(old, code)
    with boards.asking(old) as board:
        spot = board.spots(meeting_of(old, code).request_id)[where.slot_id, where.location_id]

    grid.move(forum.id, 1, code, where, revision=1, **act(forum, now))

    assert draft(forum, 2).value - draft(forum, 1).value == spot.gain


def test_a_move_that_a_rule_forbids_changes_nothing(forum, now):
    solved(forum, now)
    code = code_of(forum, "a", "b")
    UnavailabilityFactory(participation=forum.people["a"], in_slot=forum.slots[-1])
    before = standing(draft(forum, 1))

    with pytest.raises(NotPossibleThere) as refusal:
        grid.move(forum.id, 1, code, Where(forum.slots[-1].id, forum.hall.id), revision=1, **act(forum, now))

    assert refusal.value.reason == "no_common_slot"
    assert db.session.scalars(db.select(Draft.number)).all() == [1]
    assert standing(draft(forum, 1)) == before


def test_what_was_changed_since_is_known_at_once(forum, now):
    """The question is kept in memory: a time that is marked as not free must reach it."""
    old = solved(forum, now)
    code = code_of(forum, "a", "b")
    where = another_place(old, code)

    UnavailabilityFactory(participation=forum.people["a"], in_slot=db.session.get(Slot, where.slot_id))

    with boards.asking(draft(forum, 1)) as board:
        assert board.spots(meeting_of(old, code).request_id)[where.slot_id, where.location_id].reason is not None


def test_a_taken_table_and_a_place_that_does_not_exist_are_refused(forum, now):
    old = solved(forum, now)
    code = code_of(forum, "a", "b")
    where = another_place(old, code)
    with pytest.raises(DoubleBooking):
        grid.move(forum.id, 1, code, Where(where.slot_id, where.location_id, 4), revision=1, **act(forum, now))
    with pytest.raises(NotFound):
        grid.move(forum.id, 1, code, Where(where.slot_id, 99_999), revision=1, **act(forum, now))


def test_a_locked_meeting_stays(forum, now):
    old = solved(forum, now)
    code = code_of(forum, "a", "b")
    drafts.lock(old.id, meeting_of(old, code).id, locked=True, **act(forum, now))

    with pytest.raises(MeetingLocked):
        grid.move(forum.id, 1, code, another_place(draft(forum, 1), code), revision=1, **act(forum, now))

    assert db.session.scalars(db.select(Draft.number)).all() == [1]


def test_the_second_of_two_is_told(forum, now):
    old = solved(forum, now)
    code = code_of(forum, "a", "b")
    where = another_place(old, code)
    grid.move(forum.id, 1, code, where, revision=1, **act(forum, now))
    grid.take_out(forum.id, 2, code, revision=2, **act(forum, now))

    with pytest.raises(ChangedMeanwhile) as refusal:
        grid.move(forum.id, 2, code, where, revision=2, **act(forum, now))

    assert refusal.value.revision == 3


def test_undo_and_redo_go_back_and_forth_over_any_number_of_steps(forum, now):
    solved(forum, now)
    code, other = code_of(forum, "a", "b"), code_of(forum, "a", "d")
    grid.move(forum.id, 1, code, another_place(draft(forum, 1), code), revision=1, **act(forum, now))
    grid.take_out(forum.id, 2, other, revision=2, **act(forum, now))
    end, value_at_end = standing(draft(forum, 2)), draft(forum, 2).value

    grid.undo(forum.id, 2, revision=3, **act(forum, now))
    grid.undo(forum.id, 2, revision=4, **act(forum, now))

    assert standing(draft(forum, 2)) == standing(draft(forum, 1))
    assert draft(forum, 2).value == draft(forum, 1).value
    with pytest.raises(NothingToUndo):
        grid.undo(forum.id, 2, revision=5, **act(forum, now))

    grid.redo(forum.id, 2, revision=5, **act(forum, now))
    grid.redo(forum.id, 2, revision=6, **act(forum, now))

    assert (standing(draft(forum, 2)), draft(forum, 2).value) == (end, value_at_end)
    with pytest.raises(NothingToUndo):
        grid.redo(forum.id, 2, revision=7, **act(forum, now))


def test_undo_is_refused_where_the_place_is_not_possible_any_more(forum, now):
    old = solved(forum, now)
    code = code_of(forum, "a", "b")
    slot = db.session.get(Slot, meeting_of(old, code).slot_id)
    grid.take_out(forum.id, 1, code, revision=1, **act(forum, now))
    UnavailabilityFactory(participation=forum.people["a"], in_slot=slot)

    with pytest.raises(NotPossibleThere):
        grid.undo(forum.id, 2, revision=2, **act(forum, now))


def test_the_tray_keeps_the_reasons_true_and_the_best_place_empties_it(forum, now):
    solved(forum, now)
    code = code_of(forum, "a", "b")
    grid.take_out(forum.id, 1, code, revision=1, **act(forum, now))
    held = draft(forum, 2)
    rows = db.select(DraftUnscheduled.reason).where(DraftUnscheduled.draft_id == held.id)
    assert db.session.scalars(rows).all() == ["displaced"]

    grid.find_best(forum.id, 2, code, revision=2, **act(forum, now))

    assert db.session.scalars(rows).all() == []
    assert draft(forum, 2).value == draft(forum, 1).value


def test_best_place_says_why_there_is_none(forum, now):
    solved(forum, now)
    code = code_of(forum, "a", "b")
    grid.take_out(forum.id, 1, code, revision=1, **act(forum, now))
    for slot in forum.slots:
        UnavailabilityFactory(participation=forum.people["b"], in_slot=slot)

    with pytest.raises(NotPossibleThere):
        grid.find_best(forum.id, 2, code, revision=2, **act(forum, now))

    assert db.session.scalar(db.select(db.func.count(PersonBooking.id)).where(PersonBooking.draft_id == 2)) is not None


def test_where_there_is_no_place_a_meeting_that_could_stand_elsewhere_is_named(forum, now):
    solved(forum, now)
    codes = [code_of(forum, *pair) for pair in ("ab", "ac", "ad")]
    for number, code in zip((1, 2, 2), codes, strict=True):
        grid.take_out(forum.id, number, code, revision=draft(forum, number).revision, **act(forum, now))
    held, wanted = draft(forum, 2), request_of(codes[0])
    other = meeting_of(held, code_of(forum, "b", "c"))
    now_at, spare = other.slot_id, next(slot.id for slot in forum.slots if slot.id != other.slot_id)
    for slot in forum.slots:
        if slot.id != now_at:
            UnavailabilityFactory(participation=forum.people["a"], in_slot=slot)
        if slot.id not in {now_at, spare}:
            UnavailabilityFactory(participation=forum.people["b"], in_slot=slot)

    with boards.asking(held) as board:
        found = remedies(board, wanted, set())
        locked = remedies(board, wanted, {other.request_id})

    assert (found[0].kind, found[0].place.slot_id, found[0].requests) == ("move", now_at, (other.request_id,))
    assert found[0].onto.slot_id == spare
    assert "free_slot" in {one.kind for one in locked}
    assert all(other.request_id not in one.requests for one in locked)


def test_nothing_is_changed_after_the_event(forum, now):
    old = solved(forum, now)
    code = code_of(forum, "a", "b")
    where = another_place(old, code)
    with unit_of_work() as session:
        session.get(type(forum.event), forum.id).phase = Phase.AFTER

    with pytest.raises(PhaseForbids):
        grid.move(forum.id, 1, code, where, revision=1, **act(forum, now))


def test_repair_keeps_the_meeting_and_leaves_a_new_draft(forum, now):
    old = solved(forum, now)
    code = code_of(forum, "a", "b")
    where = another_place(old, code)
    grid.move(forum.id, 1, code, where, revision=1, **act(forum, now))
    grid.take_out(forum.id, 2, code_of(forum, "a", "d"), revision=2, **act(forum, now))
    by_hand = standing(draft(forum, 2))

    runs.repair(forum.id, 2, code, revision=3, seed=1, **act(forum, now))
    run = carry_out(now)

    assert (run.state, run.failure) == (RunState.DONE, "")
    repaired = draft(forum, 3)
    assert (repaired.run_id, repaired.from_number) == (run.id, 2)
    assert {id_: standing(repaired)[id_] for id_ in by_hand} == by_hand
    assert repaired.scores["placed"] == old.scores["placed"]
    assert standing(draft(forum, 2)) == by_hand

"""Two drafts of a real event side by side: what the pages say is what rows, solver and checker count."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest

from matchmaker import clock, scenarios
from matchmaker.domain.scoring import PairClass
from matchmaker.extensions import db
from matchmaker.models import Account, Draft, DraftMeeting, PersonBooking, Request, Run
from matchmaker.queries import versions
from matchmaker.queries.draft_difference import Kind, difference
from matchmaker.scheduling.problem import unpacked
from matchmaker.services import grid, runs
from matchmaker.web.run_words import class_rows, comparison_rows
from solver import Meeting
from solver.check import terms
from tests.solved import CAPACITY
from tests.web.visitors import Visitor, words


@pytest.fixture
def event(app, now):
    """Jim with two drafts, of different aims."""
    loaded = scenarios.load("jim", now=now)
    for preset, seed in (("fairness", 1), ("total", 2)):
        runs.start(loaded.event_id, preset, 5, actor_id=None, now=now, seed=seed)
        runs.execute(runs.claim("worker", now), holder="worker", capacity=CAPACITY, clock=clock.now)
        db.session.rollback()
    return loaded


def drafts():
    return db.session.scalars(db.select(Draft).order_by(Draft.number)).all()


def rows_of(draft):
    """Return request -> (when and where, who) as they are stored."""
    who = defaultdict(set)
    for booking in db.session.scalars(db.select(PersonBooking).where(PersonBooking.draft_id == draft.id)):
        who[booking.meeting_id].add(booking.participation_id)
    rows = db.session.scalars(db.select(DraftMeeting).where(DraftMeeting.draft_id == draft.id))
    return {row.request_id: (row.slot_id, row.location_id, row.table_number, frozenset(who[row.id])) for row in rows}


def test_differences_and_scores_are_what_rows_and_checker_count(app, event):
    one, other = drafts()
    ours, theirs = rows_of(one), rows_of(other)

    found = difference(one, other)

    assert found.count(Kind.ONLY_HERE) == len(ours.keys() - theirs.keys())
    assert found.count(Kind.ONLY_THERE) == len(theirs.keys() - ours.keys())
    both = ours.keys() & theirs.keys()
    assert found.count(Kind.TIME) == sum(ours[id_][0] != theirs[id_][0] for id_ in both)
    assert found.same == sum(ours[id_] == theirs[id_] for id_ in both)
    changed = {id_ for id_ in ours | theirs if ours.get(id_) != theirs.get(id_)}
    people = {id_ for rows in (ours, theirs) for request in changed & rows.keys() for id_ in rows[request][3]}
    assert found.concerned == len(people)
    with app.test_request_context(f"/o/{event.slug}/?lang=en"):
        for draft, rows in ((one, ours), (other, theirs)):
            assert_scores_agree(draft, rows)


def test_a_change_by_hand_is_seen_at_once(app, event):
    number, (one, other) = 1, drafts()
    ours, theirs = rows_of(one), rows_of(other)
    alike = [id_ for id_ in ours.keys() & theirs.keys() if ours[id_] == theirs[id_]][:2]
    counts = []
    for code in db.session.scalars(db.select(Request.code).where(Request.id.in_(alike))).all():
        of = {"revision": versions.draft(event.event_id, number).revision, "actor_id": None, "now": clock.now()}
        number = grid.take_out(event.event_id, number, code, **of)
        found = difference(versions.draft(event.event_id, number), versions.draft(event.event_id, 2))
        counts.append((found.same, found.count(Kind.ONLY_THERE)))

    (same, only_there), after = counts
    assert after == (same - 1, only_there + 1)


def assert_scores_agree(draft, rows):
    """The score card says what the rows hold, and its terms are those that the checker computes from them."""
    run = db.session.get(Run, draft.run_id)
    problem = unpacked(run.problem)
    klass = dict(db.session.execute(db.select(Request.id, Request.klass)).all())
    classes = Counter(klass[id_] for id_ in rows)
    assert {k: met for k, (met, _) in draft.scores["classes"].items() if met} == dict(classes)
    assert draft.scores["placed"] == sum(classes.values()) == len(rows)
    said = comparison_rows(draft, draft, (0, 0)), class_rows(draft, draft)
    assert [row[1] for row in said[1]] == [str(classes[kind]) for kind in PairClass]
    checked = terms(problem, _meetings(draft))
    assert {name: draft.scores[name] for name in ("idle_slots", "location_changes")} == {
        name: checked[name] for name in ("idle_slots", "location_changes")
    }
    assert (draft.terms["weight"], draft.terms["bonus"]) == (checked["weight"], checked["bonus"])


def _meetings(draft):
    rows = db.session.scalars(db.select(DraftMeeting).where(DraftMeeting.draft_id == draft.id))
    return [
        Meeting(
            row.request.code, row.slot.code, row.location.code, row.table_number,
            tuple({booking.side: booking.participation.code for booking in row.people}.values()),
            row.interpreter.code if row.interpreter else None,
        )
        for row in rows
    ]  # fmt: skip


def test_the_page_is_searched_by_person(app, event):
    one, other = drafts()
    found = difference(one, other)
    organisation = found.rows[0].people[0].organisation["fr"]
    client = Visitor(app, _organiser(event))
    address = f"/o/{event.slug}/drafts/compare?draft=1&draft=2&lang=fr"

    page = client.get(f"{address}&q={organisation}").get_data(as_text=True)
    nobody = words(client.get(f"{address}&q=nobody-of-this-name"))

    table = page[page.rindex("<tbody>") : page.rindex("</tbody>")]
    assert table.count("<tr>") == len(found.of(organisation)) > 0
    assert "Rien ne diffère" in nobody


def _organiser(event):
    return db.session.get(Account, event.organiser_account_id)

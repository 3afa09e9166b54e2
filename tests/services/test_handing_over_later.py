"""What became of hand-overs: two at once, and the version that comes after."""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import timedelta

import pytest

from matchmaker import models
from matchmaker.app import create_app
from matchmaker.domain.states import MeetingState, Phase, VersionKind
from matchmaker.errors import NotFree
from matchmaker.extensions import db
from matchmaker.models import Attendance, Base, Event, Participation
from matchmaker.queries.agenda import agenda
from matchmaker.services import handing_over, publishing
from matchmaker.services.steps import published
from matchmaker.settings import Settings
from tests import factories
from tests.forum import a_forum
from tests.published import a_day, meeting, publish
from tests.solved import solved
from tests.swapping import a_colleague, change, codes, publish_for, told

FINAL = VersionKind.FINAL


# ── what a later version makes of it ────────────────────────────────────────


def swapped(now, later, **event):
    """Publish a draft, and let a colleague of a come instead an hour later; return forum, draft and colleague."""
    forum = a_forum("a!b b!a", **event)
    draft = solved(forum, now)
    change(models.Draft, draft.id, created_at=now)
    publish_draft(forum, draft, now, VersionKind.PROVISIONAL, None)
    one = factories.ParticipationFactory(
        organisation=forum.organisations["a"], account=factories.AccountFactory(email="z@example.org")
    )
    a = forum.people["a"]
    handing_over.hand_over(forum.id, codes()[0], a.id, one.id, actor_id=a.account_id, now=later)
    return forum, draft, one


def publish_draft(forum, draft, now, kind=FINAL, expected=1):
    return publishing.publish(forum.id, draft.number, kind, expected_version=expected, actor_id=None, now=now)


@pytest.fixture
def later(now):
    return now + timedelta(hours=1)


def test_the_same_draft_made_final_keeps_the_hand_over(app, now, later):
    forum, draft, one = swapped(now, later)

    publish_draft(forum, draft, later)

    final = told()[-1]
    assert {seat.participation_id for seat in final.attendances} == {one.id, forum.people["b"].id}
    assert agenda(forum.people["a"]).meetings == ()


def test_a_giver_who_then_withdraws_takes_nothing_along(app, now, later):
    forum, draft, _ = swapped(now, later)
    change(Participation, forum.people["a"].id, withdrawn=True)

    publish_draft(forum, draft, later)

    assert told()[-1].state is MeetingState.CONFIRMED


def test_a_draft_made_after_the_hand_over_says_itself_who_comes(app, now, later):
    forum, draft, _ = swapped(now, later)
    change(models.Draft, draft.id, created_at=later + timedelta(minutes=1))

    publish_draft(forum, draft, later)

    final = told()[-1]
    assert {seat.participation_id for seat in final.attendances} == {forum.people["a"].id, forum.people["b"].id}


# ── two at once ─────────────────────────────────────────────────────────────


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def house(request, tmp_path):
    """The application on one of the two databases."""
    url = request.getfixturevalue("postgresql_url") if request.param == "postgresql" else ""
    settings = Settings(data_folder=tmp_path, secret_key="only for tests and long enough", database_url=url, demo=True)
    app = create_app(settings)
    with app.app_context():
        Base.metadata.create_all(db.engine)
        yield app
        db.session.rollback()
        db.session.remove()
        db.engine.dispose()


def race(house, monkeypatch, now):
    """Let two hand their meetings of one hour to the same colleague, each as late as it can look before the other."""
    day = a_day(2, phase=Phase.FINAL)
    second, taker = a_colleague(day), a_colleague(day)
    publish(day, meeting(0, "09:00", "09:20"))
    first = codes()[0]
    other = publish_for(day, second, "09:00", "09:20")
    acts = [(first, day.reader.id, day.reader.account_id), (other, second.id, second.account_id)]
    taker_id, event_id = taker.id, day.event.id
    db.session.rollback()
    both, ends, look = threading.Barrier(2), [], handing_over.free

    def looks(*args):
        found = look(*args)
        with suppress(threading.BrokenBarrierError):  # the other is kept waiting, as it should be
            both.wait(timeout=1)
        return found

    monkeypatch.setattr(handing_over, "free", looks)

    def act(code, giver_id, actor_id):
        with house.app_context():
            try:
                handing_over.hand_over(event_id, code, giver_id, taker_id, actor_id=actor_id, now=now)
                ends.append("done")
            except NotFree:
                ends.append("refused")

    threads = [threading.Thread(target=act, args=one) for one in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    booked = db.session.scalars(db.select(Attendance.id).where(Attendance.participation_id == taker_id)).all()
    return sorted(ends), len(booked)


def test_of_two_who_hand_to_the_same_colleague_one_is_refused(house, monkeypatch, now):
    assert race(house, monkeypatch, now) == (["done", "refused"], 1)


@pytest.mark.postgresql
@pytest.mark.parametrize("house", ["postgresql"], indirect=True)
def test_without_the_lock_both_would_be_booked(house, monkeypatch, now):
    """The control: SQLite lets only one write at a time; PostgreSQL needs the event's row to be locked."""
    monkeypatch.setattr(published, "locked_event", lambda session, event_id: session.get(Event, event_id))

    assert race(house, monkeypatch, now) == (["done", "done"], 2)

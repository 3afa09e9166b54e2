"""A whole event played on a copy, by the worker's own process: what is told, and that nothing else comes of it."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from matchmaker import clock
from matchmaker.domain.states import Phase, RunState, WishLevel
from matchmaker.errors import InvalidValue, PhaseForbids
from matchmaker.extensions import db
from matchmaker.models import Base, Rehearsal
from matchmaker.queries import rehearsals as queries
from matchmaker.rehearsal import inventing
from matchmaker.rehearsal.plan import Plan
from matchmaker.services import events, rehearsals
from tests.factories import LocationFactory, UnavailabilityFactory
from tests.forum import a_forum
from tests.relays import relay
from tests.solved import CAPACITY

pytestmark = pytest.mark.usefixtures("app")
WISHES = "a!b b!a a+c c+b d!b e!b f!b g!b h!b c+a d+a e+f f+e g+h h+g"
"""b is asked by seven."""
MINE = {"rehearsal", "log_entry"}
USUAL = {"seed": 4, "seconds": 2, "no_shows": 25, "late": 20}


@pytest.fixture
def forum():
    forum = a_forum(WISHES, capacity=2)
    LocationFactory(event=forum.event, capacity=2)
    for slot in forum.slots[:3]:
        UnavailabilityFactory(participation=forum.people["b"], in_slot=slot)
    return forum


def everything():
    db.session.rollback()
    tables = [table for table in Base.metadata.sorted_tables if table.name not in MINE]
    return {table.name: db.session.execute(table.select()).all() for table in tables}


def asked(forum, now, **plan):
    rehearsals.ask(forum.id, USUAL | plan, actor_id=forum.organiser.id, now=now)


def played(now, **given):
    rehearsal_id = rehearsals.claim("worker", now)
    rehearsals.execute(rehearsal_id, holder="worker", capacity=CAPACITY, clock=clock.now, **given)
    db.session.rollback()
    return db.session.get(Rehearsal, rehearsal_id)


def figures(row):
    """Return what was told, without what a clock measured."""
    repairs = [{name: value for name, value in one.items() if name != "seconds"} for one in row.result["repairs"]]
    return {**row.result, "repairs": repairs, "seconds": None}


def test_an_event_is_played_to_its_end_and_stays_as_it_was(forum, now, monkeypatch):
    before = everything()
    with relay() as server:
        monkeypatch.setenv("MATCHMAKER_SMTP_PORT", str(server.port))
        monkeypatch.setenv("MATCHMAKER_DATABASE_URL", "sqlite:////nowhere/of-the-house.sqlite")
        asked(forum, now)
        row = played(now)

        assert server.kept == []
    assert (row.state, row.failure) == (RunState.DONE, "")
    assert everything() == before

    told = row.result
    meetings = told["meetings"]
    assert meetings["scheduled"] == meetings["held"] + meetings["no_shows"] > 0
    assert sum(told["people"]["scheduled"]) == sum(told["people"]["held"]) == told["size"]["people"] == 8
    assert told["mails"]["provisional"] == told["mails"]["final"] == 8
    closed = next(one for one in told["repairs"] if one["kind"] == "closed")
    assert (closed["came"], closed["moved"] + closed["cancelled"] > 0) == ("published", True)
    assert told["mails"]["changes"] == sum(one.get("by_mail", 0) for one in told["repairs"])
    wanted = next(one for one in told["mend"] if one["kind"] == "wanted")
    assert (wanted["organisation"], wanted["asked"]) == (forum.organisations["b"].code, 7)


@pytest.mark.full
def test_equal_seeds_play_equal_and_others_do_not(forum, now):
    """As long as every search ends by itself, for which these are small enough and have time enough."""
    results = []
    for seed in (4, 4, 5):
        asked(forum, now, seed=seed, seconds=60)
        results.append(figures(played(now)))

    assert [result["run"]["proven"] for result in results] == [True] * 3
    assert results[0] == results[1]
    assert results[2]["meetings"] | results[2]["feedback"] != results[0]["meetings"] | results[0]["feedback"]
    assert db.session.query(Rehearsal).count() == 1


def test_invented_wishes_keep_the_quotas_and_are_the_same_for_equal_seeds():
    forum = a_forum("a b c d e f")
    quotas = {WishLevel.MUST: 1, WishLevel.LIKE: 3}

    first, again, other = (inventing.wishes(forum.id, Plan(seed=seed), quotas) for seed in (1, 1, 2))

    assert (first == again, first == other) == (True, False)
    counts = [Counter(given.values()) for given in first.values()]
    assert all(count[level] <= most for count in counts for level, most in quotas.items())
    assert all(party not in given and given for party, given in first.items())


def test_what_cannot_be_played_says_so(forum, now):
    empty = a_forum("")
    asked(empty, now)
    assert (played(now).failure, queries.shown(empty.id).failed) == ("nothing", True)

    with pytest.raises(InvalidValue):
        asked(forum, now, place="nowhere")
    with pytest.raises(InvalidValue):
        asked(forum, now, no_shows=91)
    events.set_phase(forum.id, Phase.AFTER, actor_id=None, now=now)
    with pytest.raises(PhaseForbids):
        asked(forum, now)


def test_one_at_a_time_and_whoever_leaves_or_dies_leaves_nothing_half_done(forum, now):
    asked(forum, now)
    asked(forum, now)
    assert db.session.query(Rehearsal).count() == 1

    assert played(now, leaving=lambda: True).state is RunState.QUEUED

    rehearsals.claim("worker", now)
    assert rehearsals.reap(now + timedelta(minutes=5)) == 1
    shown = queries.shown(forum.id)
    assert (shown.failed, shown.latest.failure) == (True, "worker")

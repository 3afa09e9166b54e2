"""The rehearsal as organisers meet it: asked for by a form, followed, and read in their language."""

from __future__ import annotations

import pytest

from matchmaker.domain.states import Role, RunState
from matchmaker.extensions import db
from matchmaker.models import Rehearsal
from matchmaker.services import rehearsals
from matchmaker.unit_of_work import unit_of_work
from tests.forum import a_forum
from tests.rehearsed import FACTS, with_codes
from tests.web.desks import LOCALES, member
from tests.web.visitors import Visitor, words

pytestmark = pytest.mark.usefixtures("app")
FORM = {"no_shows": "30", "late": "5", "place": "", "seed": "7"}


@pytest.fixture
def forum():
    return a_forum("a!b b!a a+c c+b")


@pytest.fixture
def client(app, forum):
    return Visitor(app, forum.organiser)


def page(client, forum, lang="en"):
    return words(client.get(f"/o/{forum.event.slug}/rehearsal?lang={lang}"))


def test_a_rehearsal_is_asked_for_once_and_followed(app, client, forum, now):
    path = f"/o/{forum.event.slug}/rehearsal"
    assert "Nobody has rehearsed yet." in page(client, forum)

    assert [client.post(path, FORM).status_code for _ in range(2)] == [303, 303]

    row = db.session.scalars(db.select(Rehearsal)).one()
    assert {name: row.plan[name] for name in ("no_shows", "late", "seed")} == {"no_shows": 30, "late": 5, "seed": 7}
    assert "It waits for the worker" in page(client, forum)
    rehearsals.claim("worker", now)
    with unit_of_work() as session:
        session.get(Rehearsal, row.id).step = "day"
    assert "Now: the days of the event" in page(client, forum)
    assert "Rehearse the event" not in page(Visitor(app, member(forum.event, Role.VIEWER)), forum)


def test_a_wrong_percentage_comes_back(client, forum):
    answer = client.post(f"/o/{forum.event.slug}/rehearsal", FORM | {"no_shows": "400"})

    assert (answer.status_code, db.session.query(Rehearsal).count()) == (422, 0)


@pytest.mark.parametrize("lang", LOCALES)
def test_figures_and_what_to_mend_are_read_in_each_language(client, forum, now, lang):
    codes = {"organisation": forum.organisations["b"].code, "place": forum.hall.code}
    with unit_of_work() as session:
        done = {"state": RunState.DONE, "result": with_codes(FACTS, codes)}
        session.add(Rehearsal(event_id=forum.id, plan={}, created_at=now, finished_at=now, **done))

    told = page(client, forum, lang)

    name = "Firm b" if lang == "en" else "Société b"
    assert name in told
    assert all(str(figure) in told for figure in (31, 14, 512, 371, 262))
    assert [word for word in ("%(", "None", "must+must") if word in told] == []

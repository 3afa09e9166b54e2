"""The forecast as organisers read it: every figure is the one that was counted or worked out, and nothing waits."""

from __future__ import annotations

import re

import pytest

from matchmaker import clock
from matchmaker.domain.states import Channel, Phase, Role, RunState, StudyKind
from matchmaker.extensions import db
from matchmaker.models import Mail, Study
from matchmaker.queries import studies as queries
from matchmaker.services import studies
from matchmaker.web import study_words
from tests.factories import AccountFactory, ParticipationFactory
from tests.forum import a_forum
from tests.solved import CAPACITY
from tests.web.desks import LOCALES, staff
from tests.web.visitors import Visitor, now, words  # noqa: F401 -- a fixture

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def forum():
    forum = a_forum("a!b c!b d!b e!b f!b g!b h!b", capacity=1, phase=Phase.WISHES)
    ParticipationFactory(
        event=forum.event,
        channel=Channel.PHONE,
        account=AccountFactory(names={"fr": "Brahim Sans Courriel"}, phone="+212 600 112233", email=None),
    )
    return forum


@pytest.fixture
def client(app, forum):
    return Visitor(app, forum.organiser)


def address(forum, rest="", lang="en"):
    return f"/o/{forum.event.slug}/demand{rest}?lang={lang}"


def test_the_page_says_where_wishes_press(client, forum):
    text = words(client.get(address(forum)))

    assert "7 meetings wanted, 6 places; the bottleneck is Firm b : asked by 7, time for 6" in text
    assert "Firm b 7 7 6 1 too many" in text
    assert "Tables for everybody 7 6 1 too many" in text


@pytest.mark.parametrize("lang", LOCALES)
def test_asking_queues_and_the_page_shows_the_figures_once_they_are_there(client, forum, lang):
    assert client.post(address(forum, "/ask")).status_code == 303
    waiting = client.get(address(forum, lang=lang)).get_data(as_text=True)
    assert ("hx-trigger" in waiting, db.session.scalars(db.select(Study.state)).one()) == (True, RunState.QUEUED)

    studies.execute(studies.claim("worker", clock.now()), holder="worker", capacity=CAPACITY, clock=clock.now)
    db.session.rollback()

    page = client.get(address(forum, lang=lang)).get_data(as_text=True)
    study = queries.shown(forum.id, StudyKind.FORECAST).answered
    figures = re.findall(r'<td class="n">([^<]*)</td><td class="n">([^<]*)</td><td class="n"><bdi dir="ltr">', page)
    rows = study_words.brought(study, queries.names(forum.id))
    plain = [tuple(int(re.sub(r"\D", "", text)) for text in row) for row in figures]
    assert plain == [(row.least, row.most) for row in rows]
    assert ("hx-trigger" in page, len(rows)) == (False, 3)


def test_a_reminder_goes_to_as_many_as_the_button_says(client, forum):
    text = words(client.get(address(forum)))
    assert "Remind 1 person by e-mail" in text
    assert db.session.scalar(db.select(db.func.count()).select_from(Mail)) == 0

    client.post(address(forum, "/remind"), data={"expected": "2"})
    assert "The number of people to remind has changed meanwhile." in words(client.get(address(forum)))
    client.post(address(forum, "/remind"), data={"expected": "1"})

    text = words(client.get(address(forum)))
    assert "1 reminder is on its way." in text
    assert "1 person was reminded today." in text
    assert "Remind 1 person" not in text


def test_who_has_no_mail_is_listed_with_phone_and_whatsapp_for_those_who_may_reach_people(app, client, forum):
    mine = client.get(address(forum)).get_data(as_text=True)
    reader = staff(app, forum.event, Role.VIEWER).get(address(forum)).get_data(as_text=True)

    assert "https://wa.me/212600112233?text=" in mine
    assert ("wa.me" in reader, "Sans Courriel" in reader, "/a/" in reader) == (False, False, False)

"""Days chosen on the page of publishing, and pages that speak of days that are not out."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
import time_machine

from matchmaker.domain.states import Phase, VersionKind
from matchmaker.extensions import db
from matchmaker.models import Version
from matchmaker.queries import links
from matchmaker.services import publishing
from tests.factories import FIRST_DAY
from tests.forum import a_forum
from tests.placed import draft_of
from tests.swapping import change
from tests.web.visitors import Visitor, words

pytestmark = pytest.mark.usefixtures("app")
LOCALES = ("ar", "fr", "en")
ONE, TWO, THREE = (FIRST_DAY + timedelta(days=number) for number in range(3))


@pytest.fixture
def fair(now):
    forum = a_forum("a!b b!a c!d d!c a!c c!a e+a", day_count=3)
    draft_of(forum, "ab 1-0900, cd 2-0900, ac 2-0925", now=now)
    return forum


@pytest.fixture
def client(app, fair):
    return Visitor(app, fair.organiser)


def publish(fair, now, *days, draft=1, expected=None):
    by = {"expected_version": expected, "actor_id": fair.organiser.id, "now": now}
    return publishing.publish(fair.id, draft, VersionKind.FINAL, days=days or None, **by)


def o(fair, rest=""):
    return f"/o/{fair.event.slug}/{rest}"


def test_a_day_is_chosen_read_and_published(client, fair):
    first = words(client.get(o(fair, f"drafts/1/publish?lang=en&kind=final&days={ONE}")))
    letter = client.post(o(fair, "drafts/1/publish/letter?lang=en"), data={"kind": "final", "days": str(ONE)})
    answer = client.post(o(fair, "drafts/1/publish"), data={"kind": "final", "revision": "0", "days": str(ONE)})

    assert "Le programme du 11 mars sera publié plus tard." in words(letter)
    assert "2 people to tell, 1 new meeting" in first
    assert "Days: 10 March. All else stays as it was told." in first
    assert "2 meetings of this draft are on other days: nobody is told of them yet." in first
    assert answer.status_code == 303
    assert db.session.scalars(db.select(Version.days)).all() == [[str(ONE)]]
    then = words(client.get(o(fair, "drafts/1/publish?lang=en")))
    assert "Days: 11 and 12 March." in then
    assert "Tuesday 10 March 2026 (published)" in then
    assert "Published: 10 March. Not yet: 11 and 12 March." in words(client.get(o(fair, "?lang=en")))


def test_a_draft_that_tears_a_told_meeting_away_offers_both_days_and_no_button(client, fair, now):
    publish(fair, now, ONE)
    draft_of(fair, "ab 2-0950", now=now)

    page = client.get(o(fair, f"drafts/2/publish?lang=en&days={ONE}"))
    data = {"kind": "final", "revision": "1", "days": str(ONE)}
    answer = client.post(o(fair, "drafts/2/publish?lang=en"), data=data)

    assert "Choose 10 and 11 March" in words(page)
    assert "Publish version" not in words(page)
    assert (answer.status_code, "Publish both days together." in words(answer)) == (409, True)


def test_an_event_of_one_day_knows_no_choice(app, now):
    forum = a_forum("a!b b!a")
    draft_of(forum, "ab 1-0900", now=now)

    page = Visitor(app, forum.organiser).get(o(forum, "drafts/1/publish?lang=en"))

    assert "Days to publish" not in words(page)
    assert 'name="days"' not in page.get_data(as_text=True)


@pytest.mark.parametrize("locale", LOCALES)
def test_pages_speak_of_days_withheld_in_every_language(app, client, fair, now, locale):
    publish(fair, now, ONE)
    address = links.agenda_url(fair.people["c"]).removeprefix("http://localhost")

    agenda = words(app.test_client().get(f"{address}?lang={locale}"))
    with time_machine.travel(datetime.combine(TWO, time(9, 30)), tick=False):
        there = Visitor(app, fair.organiser)
        desk = [there.get(o(fair, f"day{page}?lang={locale}")) for page in ("", "/clock", "/standby")]
    others = [client.get(o(fair, f"{page}?lang={locale}")) for page in ("report", "drafts/1/publish")]

    later = {"en": "The programme of 11 March is", "fr": "Le programme du 11 mars", "ar": "يُنشر برنامج يوم 11 مارس"}
    assert later[locale] in agenda
    by_day = {"en": "The agenda comes out day by day.", "fr": "jour par jour", "ar": "يُنشر البرنامج يوما بعد يوم"}
    assert by_day[locale] in agenda
    not_yet = {"en": "is not published yet", "fr": "n’est pas encore publié", "ar": "لم يُنشر برنامج هذا اليوم بعد"}
    assert [not_yet[locale] in words(page) for page in desk] == [True] * 3
    assert [page.status_code for page in others] == [200] * 2


def test_after_the_event_nothing_is_announced_any_more(app, fair, now):
    publish(fair, now, ONE)
    change(type(fair.event), fair.id, phase=Phase.AFTER)
    address = links.agenda_url(fair.people["c"]).removeprefix("http://localhost")

    assert "published later" not in words(app.test_client().get(f"{address}?lang=en"))

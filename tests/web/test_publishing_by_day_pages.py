"""Days chosen on the page of publishing, and pages that speak of days that are not out."""

from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from icalendar import Calendar
from pypdf import PdfReader

from matchmaker import clock
from matchmaker.domain.states import Phase, VersionKind
from matchmaker.extensions import db
from matchmaker.mail.letters import letter
from matchmaker.models import Mail, Version
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


@pytest.fixture(autouse=True)
def present(now):
    """Before the event: what is said of a day depends on whether it is over."""
    with time_machine.travel(now, tick=False):
        yield


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


# ── a day on which the rest comes out, and days that never did ──────────────

ANNOUNCED = {
    "en": "The meetings of 11 March are announced on 8 March.",
    "fr": "Les rendez-vous du 11 mars seront annoncés le 8 mars.",
    "ar": "يُعلن عن لقاءات يوم 11 مارس يوم 8 مارس.",
}
NEVER = {
    "en": "The programme of 11 March was not published.",
    "fr": "Le programme du 11 mars n’a pas été publié.",
    "ar": "لم يُنشر برنامج يوم 11 مارس.",
}
LATER = {"en": "later", "fr": "plus tard", "ar": "يُنشر برنامج يوم 11 مارس لاحقا"}
REST_ON = FIRST_DAY - timedelta(days=2)


def told_to(app, fair, locale):
    """Return what somebody is told of the days: on the page, in the mail, in the calendar and on paper."""
    change(type(fair.people["c"].account), fair.people["c"].account_id, locale=locale)
    address = links.agenda_url(fair.people["c"]).removeprefix("http://localhost")
    reader = app.test_client()
    file = Calendar.from_ical(reader.get(f"{address}/agenda.ics").get_data())
    paper = PdfReader(io.BytesIO(reader.get(f"{address}/agenda.pdf").get_data()))
    mails = db.select(Mail).filter_by(participation_id=fair.people["c"].id).order_by(Mail.id.desc())
    mail = db.session.scalars(mails).first() or db.session.scalars(db.select(Mail).order_by(Mail.id)).first()
    change(Mail, mail.id, locale=locale)
    made = letter(mail, lambda *_: b"", now=clock.now())
    return {
        "page": words(reader.get(f"{address}?lang={locale}")),
        "calendar": str(file.get("description", "")),
        "paper": " ".join(page.extract_text() for page in paper.pages),
        "mail": made.text,
    }


def test_the_day_of_the_rest_is_written_published_and_said_again(client, fair, now):
    data = {"kind": "final", "revision": "0", "days": str(ONE), "rest_on": str(REST_ON)}
    shown = words(client.get(o(fair, f"drafts/1/publish?lang=en&days={ONE}")))
    letter_shown = words(client.post(o(fair, "drafts/1/publish/letter?lang=fr"), data=data))
    client.post(o(fair, "drafts/1/publish"), data=data)
    again = client.get(o(fair, f"drafts/1/publish?days={TWO}")).get_data(as_text=True)
    last = client.get(o(fair, f"drafts/1/publish?days={TWO}&days={THREE}")).get_data(as_text=True)

    assert "The other days are announced on" in shown
    assert ANNOUNCED["fr"] in letter_shown
    assert db.session.scalars(db.select(Version.rest_on)).all() == [REST_ON]
    assert f'value="{REST_ON}"' in again
    assert 'name="rest_on"' not in last


@pytest.mark.parametrize("locale", LOCALES)
def test_the_day_of_the_rest_stands_wherever_it_was_later(app, fair, now, locale):
    publishing.publish(
        fair.id, 1, VersionKind.FINAL, days=[ONE], rest_on=REST_ON, expected_version=None, actor_id=None, now=now
    )

    before = told_to(app, fair, locale)
    with time_machine.travel(datetime.combine(REST_ON + timedelta(days=1), time(9)), tick=False):
        after = told_to(app, fair, locale)

    said = [text for text in before if text != "paper"]  # its letters are shaped: it is read in one language
    assert [ANNOUNCED[locale] in before[one] for one in said] == [True] * 3
    assert locale == "ar" or ANNOUNCED[locale] in before["paper"].replace("\n", " ")
    assert [ANNOUNCED[locale] in after[one] for one in said] == [False] * 3  # a promise that is past is not repeated
    assert [LATER[locale] in after[one] for one in said] == [True] * 3


@pytest.mark.parametrize("locale", LOCALES)
def test_a_day_that_is_over_is_not_promised_any_more(app, fair, now, locale):
    publish(fair, now, ONE)

    with time_machine.travel(datetime.combine(TWO, time(23, 30)), tick=False):
        clock_page = words(Visitor(app, fair.organiser).get(o(fair, f"day/clock?lang={locale}")))
    with time_machine.travel(datetime.combine(THREE, time(9)), tick=False):
        told = told_to(app, fair, locale)

    not_today = {"en": "this day was not published", "fr": "n’a pas été publié", "ar": "لم يُنشر برنامج هذا اليوم"}
    assert not_today[locale] in clock_page
    said = [text for text in told if text != "paper"]
    assert [(NEVER[locale] in told[one]) for one in said] == [True] * 3
    assert locale == "ar" or NEVER[locale] in told["paper"].replace("\n", " ")


def test_once_all_days_left_are_over_nothing_is_awaited(app, client, fair, now):
    publish(fair, now, ONE, THREE)
    address = links.agenda_url(fair.people["c"]).removeprefix("http://localhost")

    with time_machine.travel(datetime.combine(THREE, time(9)), tick=False):
        agenda = words(app.test_client().get(f"{address}?lang=en"))
        overview = words(Visitor(app, fair.organiser).get(o(fair, "?lang=en")))

    assert "You will be told of the other days" not in agenda
    assert "Not scheduled" in agenda  # what is not held is known by now
    assert "Not yet" not in overview


@pytest.mark.parametrize("wrong", [date(2026, 3, 1), ONE + timedelta(days=2)])
def test_a_day_of_the_rest_that_is_past_or_too_late_is_refused(client, fair, now, wrong):
    data = {"kind": "final", "revision": "0", "days": str(ONE), "rest_on": str(wrong)}
    answer = client.post(o(fair, "drafts/1/publish?lang=en"), data=data)

    assert (answer.status_code, "no later than the first day that is left" in words(answer)) == (422, True)
    assert db.session.scalars(db.select(Version.id)).all() == []

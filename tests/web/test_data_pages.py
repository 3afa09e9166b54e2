"""My data: seen, taken away and deleted by the person; deleted by an organiser for those who ask otherwise."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from matchmaker import models
from matchmaker.domain.links import Purpose
from matchmaker.domain.states import Role
from matchmaker.extensions import db
from matchmaker.queries import links
from matchmaker.services import deletion
from tests import factories
from tests.conftest import NOW
from tests.forum import a_forum
from tests.marked import MARKS, NAMES, a_marked_forum, left, set_
from tests.web.desks import LOCALES, queries
from tests.web.visitors import Visitor, agree, now, words  # noqa: F401 -- the clock stands still

PERSON = {"ar": "مشارك سابق", "fr": "Ancien participant", "en": "Former participant"}


@pytest.fixture
def forum(app):
    return a_forum("a!b b!a a+c", delete_after=date(2026, 6, 30))


def visitor(app, forum, letter):
    return Visitor(app, forum.people[letter].account)


def team(app, forum):
    return Visitor(app, forum.organiser)


def data(forum):
    return f"/e/{forum.event.slug}/data"


def page_of(forum, letter):
    return f"/o/{forum.event.slug}/people/{forum.people[letter].code}"


@pytest.mark.parametrize("locale", LOCALES)
def test_the_pages_read_well_in_each_language(app, forum, locale):
    reader, organiser = visitor(app, forum, "a"), team(app, forum)
    agree(forum.people["a"], "scheduling")

    for client, path in (
        (reader, data(forum)),
        (reader, f"{data(forum)}/delete"),
        (organiser, f"{page_of(forum, 'a')}/delete"),
        (organiser, f"/o/{forum.event.slug}/"),
    ):
        assert client.get(f"{path}?lang={locale}").status_code == 200


def test_my_data_says_what_is_held_and_when_it_goes(app, forum):
    set_(forum.people["a"].account, phone="+212 600 112233")
    agree(forum.people["a"], "directory")

    told = words(visitor(app, forum, "a").get(f"{data(forum)}?lang=en"))

    for part in (
        "a@example.org", "+212 600 112233", "Directrice", "French", "2 wishes", "Name and role in the directory",
        "Tuesday 30 June 2026 is over", "Nobody else is left for the organisation",
    ):  # fmt: skip
        assert part in told


def test_the_foot_of_a_persons_pages_leads_to_their_data(app, forum):
    reader = visitor(app, forum, "a")

    page = reader.get(f"/e/{forum.event.slug}/").get_data(as_text=True)
    acting = team(app, forum).get(f"{page_of(forum, 'a')}/profile").get_data(as_text=True)

    assert (f'href="{data(forum)}"' in page, f'href="{data(forum)}"' in acting) == (True, False)


def test_the_file_is_read_by_people_and_programs(app, forum):
    set_(forum.people["a"].account, names=NAMES)

    file = visitor(app, forum, "a").get(f"{data(forum)}/download")

    assert (file.mimetype, file.headers["Cache-Control"]) == ("application/json", "no-store")
    assert file.headers["Content-Disposition"] == f'attachment; filename="my-data-{forum.event.slug}.json"'
    assert NAMES["ar"] in file.get_data(as_text=True)
    assert json.loads(file.get_data())["account"]["names"] == NAMES


def test_deleting_asks_once_then_signs_out_and_says_so(app, forum):
    reader = visitor(app, forum, "a")

    asked = reader.get(f"{data(forum)}/delete")
    untouched = db.session.get(models.Participation, forum.people["a"].id).deleted_at
    done = reader.post(f"{data(forum)}/delete?lang=en")
    home = reader.get("/?lang=en")
    again = reader.get(data(forum))

    assert (asked.status_code, untouched) == (200, None)
    assert (done.status_code, done.headers["Location"]) == (303, "/")
    assert "Your data in this event is deleted." in words(home)
    assert (again.status_code, again.headers["Location"].split("?")[0]) == (303, "/sign-in")


def test_whose_account_another_event_needs_stays_signed_in_for_that(app, forum):
    elsewhere = factories.ParticipationFactory(account=forum.people["a"].account)
    slug = db.session.get(models.Event, elsewhere.event_id).slug
    reader = visitor(app, forum, "a")

    reader.post(f"{data(forum)}/delete")

    assert reader.get(data(forum)).status_code == 404
    assert reader.get(f"/e/{slug}/").status_code == 200


def test_other_devices_of_the_person_are_signed_out(app, forum):
    elsewhere = visitor(app, forum, "a")

    visitor(app, forum, "a").post(f"{data(forum)}/delete")

    assert elsewhere.get(f"/e/{forum.event.slug}/").status_code == 303


def test_an_organiser_deletes_for_somebody_and_reads_what_is_left(app, forum):
    organiser = team(app, forum)

    done = organiser.post(f"{page_of(forum, 'a')}/delete")
    page = words(organiser.get(f"{page_of(forum, 'a')}?lang=en"))
    log = words(organiser.get(f"/o/{forum.event.slug}/log?lang=en"))

    assert done.headers["Location"] == page_of(forum, "a")
    assert "The data of this person was deleted on Monday 2 March 2026." in page
    assert ("Withdraw from the event" in page, "Personal link" in page, "Fill in the profile" in page) == (False,) * 3
    assert "Deleted a person’s data Organiser Former participant" in log


def test_of_somebody_deleted_nothing_can_be_filled_in(app, forum):
    organiser = team(app, forum)
    organiser.post(f"{page_of(forum, 'a')}/delete")

    paths = ("delete", "profile", "organisation", "times", "wishes", "colleagues/new")
    statuses = {path: organiser.get(f"{page_of(forum, 'a')}/{path}").status_code for path in paths}
    readmitted = organiser.post(f"{page_of(forum, 'a')}/readmit").status_code

    assert (set(statuses.values()), readmitted) == ({404}, 404)


def test_the_log_names_nobody_who_deleted_themselves(app, forum):
    visitor(app, forum, "a").post(f"{data(forum)}/delete")

    log = words(team(app, forum).get(f"/o/{forum.event.slug}/log?lang=en"))

    assert "Former participant Deleted a person’s data by the person Former participant" in log


@pytest.mark.parametrize("locale", LOCALES)
def test_everybody_elses_pages_still_work_and_hold_no_mark(app, locale):
    """Every page on which the person was seen, after they went."""
    forum = a_marked_forum(NOW)
    slug, other = forum.event.slug, forum.people["b"]
    deletion.delete_person(forum.id, forum.people["a"].id, actor_id=None, now=NOW)
    owner = Visitor(app, factories.MembershipFactory(event=forum.event, role=Role.OWNER).account)
    reader = visitor(app, forum, "b")
    theirs = [
        (reader, f"/e/{slug}/{page}") for page in ("", "agenda", "wishes", "organisation", "data", "data/download")
    ]
    link = [(reader, f"/a/{links.token(other, Purpose.AGENDA)}{page}") for page in ("", "/agenda.ics", "/agenda.pdf")]
    drafts = ("drafts/1", "drafts/1?by=person", "drafts/1/publish", "runs", "runs/1")
    pages = ("", "people", f"people/{forum.people['a'].code}", "wishes", "messages", "log", *drafts)
    office = [(owner, f"/o/{slug}/{page}") for page in pages]

    answers = {
        path: client.get(f"{path}{'&' if '?' in path else '?'}lang={locale}")
        for client, path in (*theirs, *link, *office)
    }

    assert {path: one.status_code for path, one in answers.items() if one.status_code != 200} == {}
    found = {path: left(one.get_data(), MARKS) for path, one in answers.items()}
    assert {path: marks for path, marks in found.items() if marks} == {}
    assert PERSON[locale] in words(answers[f"/e/{slug}/agenda"])
    assert ("Firm a" if locale == "en" else "Société a") in words(answers[f"/e/{slug}/agenda"])


# ── the announced day ───────────────────────────────────────────────────────


def test_the_overview_says_that_and_when(app, forum):
    organiser = team(app, forum)
    path = f"/o/{forum.event.slug}/?lang=en"

    before = words(organiser.get(path))
    while deletion.delete_batch(forum.id, now=NOW + timedelta(days=150)):
        pass
    after = words(organiser.get(path))
    set_(forum.event, data_deleted_at=None, delete_after=None)
    unannounced = words(organiser.get(path))

    assert "All personal data of this event is deleted by itself when Tuesday 30 June 2026 is over." in before
    assert "All personal data of this event was deleted on Thursday 30 July 2026, as announced." in after
    assert "No day is announced on which personal data is deleted. Choose the day" in unannounced


def test_who_comes_to_the_form_afterwards_is_told_why_not(app, forum):
    while deletion.delete_batch(forum.id, now=NOW + timedelta(days=150)):
        pass
    form = {"names-latin": "Tardive", "organisation_names-latin": "Société", "consent_scheduling": "y"}
    answers = {"email": "t@example.org", "channel": "mail", "locale": "fr", "country": "MA"}

    told = Visitor(app).post(f"/e/{forum.event.slug}/register?lang=en", form | answers)

    assert told.status_code == 409
    assert "Nobody can be registered any more." in words(told)


@pytest.mark.parametrize("count", [1, 3])
def test_my_data_asks_a_number_of_queries_that_does_not_grow(app, forum, count):
    for _ in range(count):
        talk = factories.SessionFactory(event=forum.event)
        factories.SessionSeatFactory(participation=forum.people["a"], of_session=talk)
    reader = visitor(app, forum, "a")
    reader.get(data(forum))

    with queries() as seen:
        reader.get(data(forum))

    assert len([one for one in seen if one.startswith("SELECT")]) == 17

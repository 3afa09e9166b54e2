"""A person's and an organisation's own words, and two colleagues who write at once."""

import pytest

from matchmaker.domain.states import Role
from matchmaker.extensions import db
from matchmaker.models import Event, LogEntry
from tests import factories
from tests.web.desks import member
from tests.web.visitors import Visitor, now, words  # noqa: F401 -- a fixture


@pytest.fixture
def person(app):
    organisation = factories.OrganisationFactory(names={"fr": "Avant"}, offers=["machining"], needs=["machines"])
    return factories.ParticipationFactory(organisation=organisation)


@pytest.fixture
def slug(person):
    return db.session.get(Event, person.event_id).slug


def said(person):
    topics = sorted((topic.kind, topic.topic) for topic in person.organisation.topics)
    return (
        dict(person.account.names),
        dict(person.job),
        sorted(person.languages),
        dict(person.organisation.names),
        topics,
    )


def test_the_forms_saved_untouched_change_nothing(app, person, slug):
    before = said(person)
    visitor = Visitor(app, person.account)

    for page in ("profile", "organisation"):
        assert visitor.fill(f"/e/{slug}/{page}").status_code == 303

    assert said(person) == before


def test_a_person_changes_what_they_say(app, person, slug):
    answer = Visitor(app, person.account).fill(
        f"/e/{slug}/profile",
        **{"names-latin": "Salma B.", "names-ar": "", "job-en": "Head of sales", "languages": ["en"]},
    )

    assert answer.status_code == 303
    assert person.account.names == {"fr": "Salma B."}
    assert (person.job["en"], person.languages) == ("Head of sales", ["en"])


def test_an_organisation_ticks_offers_and_needs(app, person, slug):
    answer = Visitor(app, person.account).fill(
        f"/e/{slug}/organisation",
        **{"names-ar": "بعد", "offers": ["foundry", "machining"], "needs": None, "website": "www.example.org"},
    )

    organisation = person.organisation
    assert answer.status_code == 303
    assert (organisation.names, organisation.website) == ({"fr": "Avant", "ar": "بعد"}, "https://www.example.org")
    assert sorted((topic.kind, topic.topic) for topic in organisation.topics) == [
        ("offer", "foundry"),
        ("offer", "machining"),
    ]


def test_wrong_answers_come_back_as_typed(app, person, slug):
    answer = Visitor(app, person.account).fill(
        f"/e/{slug}/organisation?lang=en", **{"names-fr": "", "website": "not a site", "offers": ["foundry"]}
    )

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "This is not an address of a web site." in words(answer)
    assert 'value="https://not a site"' in page
    assert 'value="foundry" checked' in page
    assert person.organisation.names == {"fr": "Avant"}


def test_the_second_of_two_colleagues_sees_the_difference_and_may_save_again(app, person, slug):
    colleague = factories.ParticipationFactory(organisation=person.organisation)
    first, second = Visitor(app, person.account), Visitor(app, colleague.account)
    stale = {"revision": person.organisation.revision, "names-fr": "Le mien", "country": "MA"}
    first.fill(f"/e/{slug}/organisation", **{"names-fr": "Le tien"})

    answer = second.post(f"/e/{slug}/organisation?lang=en", stale)

    assert answer.status_code == 409
    assert [word for word in ("Le tien", "Le mien", "Somebody else saved this") if word not in words(answer)] == []
    assert person.organisation.names == {"fr": "Le tien"}
    assert second.post(f"/e/{slug}/organisation", stale | {"revision": 2}).status_code == 303
    assert person.organisation.names == {"fr": "Le mien"}


def test_the_desk_writes_for_somebody_and_the_log_says_so(app, person, slug):
    desk = member(db.session.get(Event, person.event_id), Role.DESK)
    page = f"/o/{slug}/people/{person.code}/profile"

    shown = Visitor(app, desk).get(f"{page}?lang=en")
    answer = Visitor(app, desk).fill(page, phone="+212 600 000 000")

    entry = db.session.query(LogEntry).one()
    assert "You write for" in words(shown)
    assert answer.headers["Location"] == page
    assert person.account.phone == "+212 600 000 000"
    assert (entry.actor_id, entry.for_participation_id) == (desk.id, person.id)

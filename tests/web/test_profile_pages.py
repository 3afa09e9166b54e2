"""A person's and an organisation's own words, and two colleagues who write at once."""

from datetime import date

import pytest

from matchmaker.domain.states import Role
from matchmaker.extensions import db
from matchmaker.models import Consent, Event, LogEntry
from matchmaker.unit_of_work import unit_of_work
from tests import factories
from tests.web.desks import member
from tests.web.visitors import Visitor, agree, now, words  # noqa: F401 -- a fixture


@pytest.fixture
def person(app):
    organisation = factories.OrganisationFactory(names={"fr": "Avant"}, offers=["machining"], needs=["machines"])
    return agree(factories.ParticipationFactory(organisation=organisation), "scheduling")


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


def purposes(person):
    return set(db.session.scalars(db.select(Consent.purpose).where(Consent.participation_id == person.id)))


def test_what_is_public_is_the_person_s_to_choose_at_any_time(app, person, slug):
    visitor = Visitor(app, person.account)

    visitor.fill(f"/e/{slug}/profile", consent_directory="y", consent_contact="y")
    both = purposes(person)
    visitor.fill(f"/e/{slug}/profile", consent_directory=None)

    assert (both, purposes(person)) == ({"scheduling", "directory", "contact"}, {"scheduling", "contact"})


def test_without_agreement_nothing_is_saved_but_by_the_desk(app, slug, person):
    other = factories.ParticipationFactory(organisation=person.organisation)
    desk = Visitor(app, member(db.session.get(Event, person.event_id), Role.DESK))

    answer = Visitor(app, other.account).fill(f"/e/{slug}/profile")
    lent = desk.fill(f"/o/{slug}/people/{other.code}/profile", phone="+212 6 11 11 11 11")

    assert (answer.status_code, lent.status_code) == (422, 303)
    assert purposes(other) == set()


def test_saving_goes_on_to_what_is_left_to_do(app, slug, person):
    visitor = Visitor(app, person.account)

    ways = [visitor.fill(f"/e/{slug}/{page}").headers["Location"] for page in ("profile", "organisation", "times")]

    assert ways == [f"/e/{slug}/times", f"/e/{slug}/times", f"/e/{slug}/wishes"]


def test_when_nothing_is_left_the_first_page_says_so_and_when_the_agenda_comes(app, slug, person):
    wanted = factories.ParticipationFactory(organisation=factories.OrganisationFactory(event=event_of(person)))
    factories.WishFactory(organisation=person.organisation, wanted_organisation=wanted.organisation)
    with unit_of_work() as session:
        session.get(Event, person.event_id).agendas_on = date(2026, 3, 8)
    visitor = Visitor(app, person.account)

    visitor.fill(f"/e/{slug}/times")
    way = visitor.get(f"/e/{slug}/next?after=wishes").headers["Location"]
    page = visitor.get(f"{way}?lang=en")

    assert way == f"/e/{slug}/"
    assert "nothing is left to do. Your agenda comes on Sunday 8 March" in words(page)
    assert "https://wa.me/" in page.get_data(as_text=True)


def test_who_was_entered_by_the_organiser_confirms_first(app, slug):
    one = factories.ParticipationFactory(event=factories.EventFactory(slug="invited"))
    visitor = Visitor(app, one.account)

    first = words(visitor.get("/e/invited/?lang=en"))
    visitor.fill("/e/invited/profile", consent_scheduling="y")
    later = words(visitor.get("/e/invited/?lang=en"))

    assert "Confirm your data" in first
    assert "Confirm your data" not in later


def event_of(person):
    return db.session.get(Event, person.event_id)

"""Every page of participants, in three languages, for those who may see it; and what lists cost."""

import pytest

from matchmaker.domain.states import Phase, Role, WishLevel
from matchmaker.extensions import db
from matchmaker.models import Event
from matchmaker.services import sign_in as service
from tests import factories
from tests.web.desks import LOCALES, member, queries
from tests.web.visitors import Visitor, agree, another, now  # noqa: F401 -- a fixture

OPEN = ["/", "/e/{slug}/register", "/sign-in", "/sign-in?event={slug}", "/sign-in/sent", "/staff/sign-in"]
OWN = [
    "/",
    "/e/{slug}/",
    "/e/{slug}/profile",
    "/e/{slug}/organisation",
    "/e/{slug}/times",
    "/e/{slug}/wishes",
    "/e/{slug}/wishes?words=nobody+at+all",
    "/e/{slug}/requests",
    "/e/{slug}/colleagues/new",
]
LENT = [
    "/o/{slug}/people/register",
    "/o/{slug}/people/{code}/profile",
    "/o/{slug}/people/{code}/organisation",
    "/o/{slug}/people/{code}/times",
    "/o/{slug}/people/{code}/wishes",
    "/o/{slug}/people/{code}/requests",
    "/o/{slug}/people/{code}/colleagues/new",
]


@pytest.fixture
def event(app):
    return factories.EventFactory(day_count=2)


@pytest.fixture
def person(event):
    """A participant of an event with something in every list."""
    organisation = factories.OrganisationFactory(event=event, offers=["machining"], needs=["machines"])
    person = factories.ParticipationFactory(organisation=organisation)
    wanted = another(event, offers=["machines"], needs=["machining"])
    agree(factories.ParticipationFactory(organisation=wanted))
    factories.WishFactory(organisation=organisation, wanted_organisation=wanted, level=WishLevel.MUST)
    factories.ParticipantTypeFactory(event=event)
    factories.SessionFactory(event=event, for_everybody=True)
    factories.SessionSeatFactory(participation=person, of_session=factories.SessionFactory(event=event, capacity=20))
    factories.SessionFactory(event=event, capacity=0)
    return person


def read(visitor, page, lang):
    response = visitor.get(page + ("&" if "?" in page else "?") + f"lang={lang}")
    return response.status_code, f'<html lang="{lang}"' in response.get_data(as_text=True)


@pytest.mark.parametrize("lang", LOCALES)
@pytest.mark.parametrize("page", OPEN)
def test_page_for_everybody(app, event, page, lang):
    assert read(Visitor(app), page.format(slug=event.slug), lang) == (200, True)


@pytest.mark.parametrize("lang", LOCALES)
@pytest.mark.parametrize("page", OWN)
def test_page_of_a_participant(app, event, person, page, lang):
    assert read(Visitor(app, person.account), page.format(slug=event.slug), lang) == (200, True)


@pytest.mark.parametrize("lang", LOCALES)
@pytest.mark.parametrize("page", LENT)
def test_page_that_the_desk_writes_on(app, event, person, page, lang):
    desk = Visitor(app, member(event, Role.DESK))

    assert read(desk, page.format(slug=event.slug, code=person.code), lang) == (200, True)


@pytest.mark.parametrize("lang", LOCALES)
@pytest.mark.parametrize("phase", Phase)
def test_event_page_says_what_to_do_in_every_phase(app, person, phase, lang):
    event = factories.EventFactory(phase=phase)
    one = factories.ParticipationFactory(event=event)
    pages = [f"/e/{event.slug}/", f"/e/{event.slug}/times", f"/e/{event.slug}/wishes", f"/e/{event.slug}/register"]

    assert [read(Visitor(app, one.account), page, lang)[0] for page in pages] == [200, 200, 200, 303]


@pytest.mark.parametrize("lang", LOCALES)
def test_closed_registration_says_so(app, lang):
    event = factories.EventFactory(phase=Phase.FINAL)

    assert read(Visitor(app), f"/e/{event.slug}/register", lang) == (200, True)


@pytest.mark.parametrize("lang", LOCALES)
def test_link_pages(app, event, person, lang, now):  # noqa: F811
    token = service.link_for(person.account_id, event.id, now=now)

    assert read(Visitor(app), f"/sign-in/{token}", lang) == (200, True)
    assert read(Visitor(app), "/sign-in/invented", lang) == (410, True)


@pytest.mark.parametrize("page", [page for page in OWN if page != "/"])
def test_page_of_a_participant_is_no_stranger_s(app, event, page):
    stranger = factories.ParticipationFactory().account
    address = page.format(slug=event.slug)

    assert Visitor(app).get(address).status_code == 303
    assert Visitor(app, stranger).get(address).status_code == 404


@pytest.mark.parametrize("page", LENT)
def test_page_of_the_desk_is_not_the_reader_s_nor_the_participant_s(app, event, person, page):
    address = page.format(slug=event.slug, code=person.code)

    assert Visitor(app).get(address).status_code == 303
    assert Visitor(app, member(event, Role.VIEWER)).get(address).status_code == 404
    assert Visitor(app, person.account).get(address).status_code == 404


@pytest.mark.parametrize(("page", "cost"), [("/e/{slug}/wishes", 17), ("/e/{slug}/", 16), ("/e/{slug}/times", 13)])
@pytest.mark.parametrize("others", [1, 3])
def test_list_costs_the_same_for_one_and_for_three(app, page, cost, others):
    event = factories.EventFactory()
    person = factories.ParticipationFactory(event=event)
    for _ in range(others):
        wanted = another(event)
        factories.ParticipationFactory(organisation=person.organisation)
        factories.WishFactory(organisation=person.organisation, wanted_organisation=wanted)
        factories.SessionFactory(event=event)
    visitor = Visitor(app, person.account)
    visitor.get(page.format(slug=event.slug))  # the directory is in memory from now on

    with queries() as seen:
        assert visitor.get(page.format(slug=event.slug)).status_code == 200

    assert len([statement for statement in seen if statement.startswith("SELECT")]) == cost


def test_start_page_costs_the_same_for_one_and_for_three(app):
    costs = []
    for count in (1, 2):
        for _ in range(count):
            factories.EventFactory(phase=Phase.REGISTRATION)
        with queries() as seen:
            Visitor(app).get("/")
        costs.append(len(seen))

    assert costs == [3, 3]
    assert db.session.query(Event).count() == 3

"""The door: what it answers, to whom, and what a mail scanner can do to it."""

import pytest
from sqlalchemy import select

from matchmaker.extensions import db, limiter
from matchmaker.models import Mail, SignInLink
from matchmaker.services import sign_in as service
from matchmaker.services.steps.sign_in_links import token_of
from tests import factories
from tests.web.visitors import Visitor, now, words  # noqa: F401 -- a fixture


@pytest.fixture
def person(app):
    return factories.ParticipationFactory(account=factories.AccountFactory(email="salma@example.org"))


@pytest.fixture
def event(person):
    return db.session.get(factories.models.Event, person.event_id)


def whose(visitor, event):
    """Return the status of the event's page: 200 for its participants."""
    return visitor.get(f"/e/{event.slug}/").status_code


def test_asking_answers_the_same_whether_the_address_is_known_or_not(app, event):
    answers = [
        Visitor(app).post(f"/sign-in?event={event.slug}", {"email": email})
        for email in ("salma@example.org", "nobody@example.org")
    ]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].get_data() == answers[1].get_data()
    assert len(db.session.scalars(select(Mail)).all()) == 1


def test_asking_with_nonsense_is_answered_at_the_field_and_keeps_it(app):
    answer = Visitor(app).post("/sign-in?lang=fr", {"email": "salma chez moi"})

    assert answer.status_code == 422
    assert 'value="salma chez moi"' in answer.get_data(as_text=True)
    assert "Ce n’est pas une adresse électronique." in words(answer)


def test_asking_too_often_is_a_sentence_on_the_form(app, settings):
    for _ in range(settings.sign_in_tries_per_hour):
        assert Visitor(app).post("/sign-in", {"email": "nobody@example.org"}).status_code == 303

    answer = Visitor(app).post("/sign-in?lang=en", {"email": "nobody@example.org"})

    assert answer.status_code == 429
    assert "That was too often." in words(answer)


def test_a_mailed_link_shows_whom_it_is_for_and_signs_in_by_the_button_only(app, event, person):
    Visitor(app).post("/sign-in", {"email": "salma@example.org"})
    token = token_of(db.session.scalars(select(SignInLink.nonce)).one())
    scanner, reader = Visitor(app), Visitor(app)
    for _ in range(3):
        assert scanner.get(f"/sign-in/{token}").status_code == 200
    assert whose(scanner, event) == 303

    page = words(reader.get(f"/sign-in/{token}?lang=fr"))
    answer = reader.post(f"/sign-in/{token}")

    assert person.account.names["fr"] in page
    assert person.organisation.names["fr"] in page
    assert answer.headers["Location"] == f"/e/{event.slug}/"
    assert whose(reader, event) == 200


def test_a_used_link_leads_to_a_new_one(app, person, event, now):  # noqa: F811
    token = service.link_for(person.account_id, event.id, now=now)
    Visitor(app).post(f"/sign-in/{token}")

    for answer in (Visitor(app).get(f"/sign-in/{token}"), Visitor(app).post(f"/sign-in/{token}")):
        assert answer.status_code == 410
        assert 'href="/sign-in"' in answer.get_data(as_text=True)


def test_a_link_of_an_account_in_no_event_leads_home(app, now):  # noqa: F811
    token = service.link_for(factories.AccountFactory().id, None, now=now)

    assert Visitor(app).post(f"/sign-in/{token}").headers["Location"] == "/"


def test_signing_in_begins_a_session_of_its_own_and_keeps_the_language(app, person, event, now):  # noqa: F811
    token = service.link_for(person.account_id, event.id, now=now)
    visitor = Visitor(app)
    with visitor.client.session_transaction() as session:
        session.update(planted="by somebody else", lang="ar")

    visitor.post(f"/sign-in/{token}")

    with visitor.client.session_transaction() as session:
        assert "planted" not in session
        assert (session["lang"], session["_user_id"]) == ("ar", f"{person.account_id}.0")


def test_signing_out_takes_a_button_and_ends_the_session(app, person, event):
    visitor = Visitor(app, person.account)

    assert visitor.get("/sign-out").status_code == 405
    assert visitor.post("/sign-out").status_code == 303
    assert whose(visitor, event) == 303


def test_signing_out_everywhere_ends_the_sessions_of_all_devices(app, person, event):
    here, there, stolen = (Visitor(app, person.account) for _ in range(3))

    here.post("/sign-out")
    assert (whose(here, event), whose(there, event)) == (303, 200)

    there.post("/sign-out", {"everywhere": "1"})
    assert (whose(there, event), whose(stolen, event)) == (303, 303)


def test_two_people_behind_one_address_enter_each_as_themselves(app, event, person):
    other = factories.ParticipationFactory(event=event, account=factories.AccountFactory(email="salma@example.org"))
    Visitor(app).post(f"/sign-in?event={event.slug}", {"email": "salma@example.org"})
    links = db.session.scalars(select(SignInLink).order_by(SignInLink.id)).all()
    tokens = {link.account_id: token_of(link.nonce) for link in links}

    for one in (person, other):
        visitor = Visitor(app)
        visitor.post(f"/sign-in/{tokens[one.account_id]}")
        assert one.account.names["fr"] in words(visitor.get(f"/e/{event.slug}/?lang=fr"))


def test_a_page_that_needs_signing_in_is_come_back_to(app, event, person, now):  # noqa: F811
    token = service.link_for(person.account_id, event.id, now=now)
    asked = Visitor(app).get(f"/e/{event.slug}/times")

    answer = Visitor(app).post(f"/sign-in/{token}", {"next": f"/e/{event.slug}/times"})

    assert asked.headers["Location"] == f"/sign-in?next=/e/{event.slug}/times"
    assert answer.headers["Location"] == f"/e/{event.slug}/times"


def test_signing_in_never_leads_out_of_the_house(app, event, person, now):  # noqa: F811
    token = service.link_for(person.account_id, event.id, now=now)

    answer = Visitor(app).post(f"/sign-in/{token}", {"next": "//evil.example/"})

    assert answer.headers["Location"] == f"/e/{event.slug}/"


@pytest.fixture
def limits(app):
    limiter.reset()
    limiter.enabled = True
    yield
    limiter.enabled = False
    limiter.reset()


@pytest.mark.parametrize("door", ["/sign-in", "/staff/sign-in", "/sign-in/invented", "/e/{slug}/register"])
def test_one_place_knocks_sixty_times_an_hour(app, event, limits, door):
    visitor, address = Visitor(app), door.format(slug=event.slug)

    answers = [visitor.post(address, {}).status_code for _ in range(61)]

    assert 429 not in answers[:60]
    assert answers[60] == 429
    assert visitor.get(address).status_code != 429


@pytest.fixture
def staff(app, now):  # noqa: F811
    return service.make_staff({"fr": "Nadia"}, "nadia", "correct horse", "fr", now=now)


def test_staff_enter_by_password(app, staff):
    visitor = Visitor(app)

    answer = visitor.post("/staff/sign-in", {"login": "Nadia", "password": "correct horse"})

    assert answer.headers["Location"] == "/o/"
    assert visitor.get("/o/").status_code == 200


@pytest.mark.parametrize("login", ["nadia", "stranger"])
def test_staff_with_a_wrong_password_read_one_sentence(app, staff, login):
    answer = Visitor(app).post("/staff/sign-in?lang=en", {"login": login, "password": "wrong horse"})

    assert answer.status_code == 401
    assert "This name and password do not belong together." in words(answer)
    assert "wrong horse" not in answer.get_data(as_text=True)

"""An address is no person: one serves several events, and several people share one."""

import re

import pytest

from matchmaker import clock
from matchmaker.domain.states import Phase
from matchmaker.extensions import db
from matchmaker.models import Account, Organisation, Participation
from matchmaker.services import sign_in
from tests import factories
from tests.journeys.travelling import agenda_path, attachments, posted, publish, solve
from tests.web.visitors import Visitor, words

SHARED = "contact@cooperative.example"


def registered(app, event, name, organisation, **answers):
    visitor = Visitor(app)
    filled = {
        "names-latin": name,
        "organisation_names-latin": organisation,
        "email": SHARED,
        "languages": ["ar", "fr"],
        "consent_scheduling": "y",
        "consent_directory": "y",
    }
    answer = visitor.fill(f"/e/{event.slug}/register?lang=fr", **filled | answers)
    assert answer.headers["Location"] == f"/e/{event.slug}/"
    return visitor


def an_event():
    """An event without a deadline: these pages ask the real clock."""
    event = factories.EventFactory(phase=Phase.WISHES, wishes_close_at=None)
    factories.LocationFactory(event=event)
    return event


@pytest.fixture
def event(app):
    return an_event()


def test_the_same_address_takes_part_in_two_events_without_being_merged(app, event):
    other = an_event()
    registered(app, event, "Salma Rami", "Coopérative Rami")
    registered(app, other, "Salma Rami", "Coopérative Rami")

    accounts = db.session.scalars(db.select(Account).where(Account.email == SHARED)).all()
    parts = db.session.scalars(db.select(Participation).order_by(Participation.id)).all()
    assert len(accounts) == 2  # for all we can tell they are two people
    assert [part.event_id for part in parts] == [event.id, other.id]


def test_a_link_asked_for_in_one_event_signs_in_there_only(app, event, settings):
    other = an_event()
    registered(app, event, "Salma Rami", "Coopérative Rami")
    registered(app, other, "Salma Rami", "Coopérative Rami")
    posted(clock.now(), settings)

    sign_in.ask(SHARED, event_id=other.id, now=clock.now())
    (letter,) = posted(clock.now(), settings)

    visitor = Visitor(app)
    answer = visitor.post(re.search(r"/sign-in/[0-9a-z]+", letter.get_body(("plain",)).get_content()).group())
    assert answer.headers["Location"] == f"/e/{other.slug}/"
    assert visitor.get(f"/e/{event.slug}/").status_code == 404


def test_two_people_behind_one_address_get_a_link_each(app, event, settings):
    registered(app, event, "Salma Rami", "Coopérative Rami")
    registered(app, event, "Omar Hilali", "Coopérative Hilali")
    posted(clock.now(), settings)

    sign_in.ask(SHARED, event_id=event.id, now=clock.now())

    letters = posted(clock.now(), settings)
    texts = [letter.get_body(("plain",)).get_content() for letter in letters]
    assert [letter["To"] for letter in letters] == [SHARED, SHARED]
    assert [["Salma" in text, "Omar" in text] for text in texts] == [[True, False], [False, True]]


def test_two_people_behind_one_address_get_an_agenda_each_and_only_their_own(app, event, settings):
    guests = {name: registered(app, event, name, f"Coopérative {name}") for name in ("Salma", "Omar")}
    for name in ("Nord", "Sud"):
        factories.ParticipationFactory(
            organisation=factories.OrganisationFactory(event=event, names={"fr": f"Société {name}"}),
            account=factories.AccountFactory(email=None),
        )
    want(guests["Salma"], event, "Nord")
    want(guests["Omar"], event, "Sud")
    posted(clock.now(), settings)

    solve(event.id, 3, now=clock.now())
    publish(event.id, 1, now=clock.now())

    letters = [letter for letter in posted(clock.now(), settings) if attachments(letter)]
    pages = [words(Visitor(app).get(agenda_path(letter))) for letter in letters]
    assert [letter["To"] for letter in letters] == [SHARED, SHARED]
    assert [["Société Nord" in page, "Société Sud" in page] for page in pages] == [[True, False], [False, True]]
    assert len({letter["Message-ID"] for letter in letters}) == 2


def want(guest, event, name):
    """Say on the page of wishes that an organisation is a must."""
    where = db.select(Organisation).where(Organisation.event_id == event.id)
    (code,) = [row.code for row in db.session.scalars(where) if row.names.get("fr") == f"Société {name}"]
    assert guest.post(f"/e/{event.slug}/wishes", {f"wish-{code}": "must"}).status_code == 303

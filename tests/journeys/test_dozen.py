"""A dozen people from the form to the agenda, by the real pages only, in three languages."""

import re

import pytest
from sqlalchemy import select

from matchmaker import clock
from matchmaker.domain.states import Locale
from matchmaker.extensions import db
from matchmaker.models import Account, Event, Organisation, Participation, Request, Unavailability
from matchmaker.services import sign_in
from tests.journeys.travelling import agenda_path, attachments, carry_out, met_pairs, posted
from tests.web.visitors import Visitor, words

PASSWORD = "une longue phrase de passe"
LOCALES = ("ar", "fr", "en")
EVENT = {
    "names-fr": "Rencontres de l’essai",
    "names-ar": "لقاءات التجربة",
    "names-en": "Trial meetings",
    "slug": "essai",
    "days-0-day": "2031-03-18",
    "days-0-start": "09:00",
    "days-0-end": "12:00",
    "breaks-0-kind": "coffee",
    "breaks-0-start": "10:15",
    "breaks-0-end": "10:30",
}
HALL = {"code": "salle", "names-fr": "Salle", "names-ar": "القاعة", "names-en": "Hall", "capacity": "4"}


@pytest.fixture
def organiser(app):
    """Somebody with a password, who signs in by it."""
    sign_in.make_staff({"fr": "Nadia"}, "nadia@example.org", PASSWORD, Locale.FRENCH, now=clock.now())
    visitor = Visitor(app)
    visitor.fill("/staff/sign-in", login="nadia@example.org", password=PASSWORD)
    return visitor


def test_a_dozen_people_go_from_the_form_to_their_agenda(app, organiser, settings):
    organise(organiser)
    guests = [register(app, number) for number in range(12)]
    organiser.post("/o/essai/phase", {"phase": "wishes"})
    for number, guest in enumerate(guests):
        wish(guest, number)
    mark_first_slot(guests[0])

    published = publish(organiser)

    letters = [letter for letter in posted(clock.now(), settings) if attachments(letter)]
    assert published.status_code == 303
    assert sorted(letter["To"] for letter in letters) == sorted(address(number) for number in range(12))
    assert len(met_pairs(event_id())) == db.session.query(Request).count() == 24
    assert [fault for letter in letters for fault in faults(app, letter)] == []


def organise(organiser):
    """Make the event and its hall by the organiser's forms."""
    assert organiser.fill("/o/new", **EVENT).headers["Location"] == "/o/essai/known"
    assert organiser.fill("/o/essai/places/new", **HALL).status_code == 303


def register(app, number):
    """Register one person, who reads in one of the three languages; they are signed in then."""
    locale = LOCALES[number % 3]
    visitor = Visitor(app)
    answers = {
        "names-latin": f"Guest {number}",
        "names-ar": f"ضيف {number}",
        "organisation_names-latin": name(number),
        "city": "El Jadida",
        "languages": ["ar", "fr", "en"],
        "email": address(number),
        "locale": locale,
        "consent_scheduling": "y",
        "consent_directory": "y",
    }
    answer = visitor.fill(f"/e/essai/register?lang={locale}", **answers)
    assert answer.headers["Location"] == "/e/essai/"
    return visitor


def wish(guest, number):
    """Want the next one most and the one after that as well, on the page of wishes as it is shown."""
    page = guest.get("/e/essai/wishes").get_data(as_text=True)
    shown = dict.fromkeys(re.findall(r'name="wish-([^"]+)"', page))
    codes = {row.names["fr"]: row.code for row in db.session.scalars(select(Organisation))}
    wanted = {codes[name((number + 1) % 12)]: "must", codes[name((number + 2) % 12)]: "like"}
    assert wanted.keys() <= shown.keys()
    answer = guest.post("/e/essai/wishes", {f"wish-{code}": wanted.get(code, "") for code in shown})
    assert answer.status_code == 303


def mark_first_slot(guest):
    slot = db.session.scalars(select(Event)).one().slots[0]
    guest.post("/e/essai/times", {"away": [str(slot.id)]})
    assert db.session.scalars(select(Unavailability.slot_id)).all() == [slot.id]


def publish(organiser):
    """Start a run by the form, let the worker solve it, and publish its draft by the form."""
    started = organiser.fill("/o/essai/runs", preset="fairness", seconds="5")
    assert started.headers["Location"] == "/o/essai/runs/1"
    carry_out(event_id(), clock.now())
    return organiser.fill("/o/essai/drafts/1/publish", kind="final")


def faults(app, letter):
    """Yield what is wrong with one person's mail and with the page that it leads to."""
    account = db.session.scalars(select(Account).where(Account.email == letter["To"])).one()
    person = db.session.scalars(select(Participation).where(Participation.account_id == account.id)).one()
    html = letter.get_body(("html",)).get_content()
    page = Visitor(app).get(agenda_path(letter))
    text = page.get_data(as_text=True)
    if f'lang="{account.locale}"' not in html or f'<html lang="{account.locale}"' not in text:
        yield f"{letter['To']}: not in {account.locale}"
    if EVENT[f"names-{account.locale}"] not in words(page):
        yield f"{letter['To']}: the event is not named in {account.locale}"
    yield from (f"{letter['To']}: {other} is not on the page" for other in partners(person) if other not in words(page))
    if sorted(attachments(letter)) != ["agenda.ics", "agenda.pdf"]:
        yield f"{letter['To']}: attachments"


def partners(person):
    """Return whom a person must meet: all whom they wanted, and all who wanted them."""
    own = next(number for number in range(12) if name(number) == person.organisation.names["fr"])
    return [name((own + step) % 12) for step in (1, 2, 10, 11)]


def name(number):
    return f"Atelier {chr(65 + number)}"


def address(number):
    return f"guest{number}@example.org"


def event_id():
    return db.session.scalars(select(Event.id)).one()

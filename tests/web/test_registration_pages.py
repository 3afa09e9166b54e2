"""Registering: one page, answers at the field in the reader's language, and what was typed is kept."""

import re

import pytest
from sqlalchemy import select

from matchmaker.domain.states import Phase, Role
from matchmaker.extensions import db
from matchmaker.models import Account, Consent, LogEntry, Participation
from tests import factories
from tests.web.desks import member
from tests.web.visitors import Visitor, now, words  # noqa: F401 -- a fixture

ANSWERS = {
    "names-latin": "Salma Berrada",
    "names-ar": "سلمى برادة",
    "organisation_names-latin": "Doukkala Mécanique",
    "city": "El Jadida",
    "job": "Directrice",
    "languages": ["ar", "fr"],
    "email": "Salma@example.org",
    "consent_scheduling": "y",
    "consent_directory": "y",
}


@pytest.fixture
def event(app):
    return factories.EventFactory(phase=Phase.REGISTRATION)


def test_registering_makes_a_participant_who_is_signed_in(app, event):
    visitor = Visitor(app)

    answer = visitor.fill(f"/e/{event.slug}/register?lang=fr", **ANSWERS)

    one = db.session.scalars(select(Participation)).one()
    assert answer.headers["Location"] == f"/e/{event.slug}/"
    assert "Bienvenue, Salma Berrada" in words(visitor.get(f"/e/{event.slug}/"))
    assert (one.account.names, one.account.email) == (
        {"fr": "Salma Berrada", "ar": "سلمى برادة"},
        "salma@example.org",
    )
    assert (one.organisation.names, one.organisation.city, one.organisation.country) == (
        {"fr": "Doukkala Mécanique"},
        "El Jadida",
        "MA",
    )
    assert (one.job, one.languages) == ({"fr": "Directrice"}, ["ar", "fr"])
    assert set(db.session.scalars(select(Consent.purpose))) == {"scheduling", "directory"}


@pytest.mark.parametrize(
    ("lang", "sentences"),
    [
        (
            "ar",
            [
                "دون هذه الموافقة لا يمكن برمجة أي لقاء.",
                "هذا ليس عنوانا إلكترونيا.",
            ],
        ),
        (
            "fr",
            ["Sans cet accord, aucun rendez-vous ne peut être programmé.", "Ce n’est pas une adresse électronique."],
        ),
        ("en", ["Without this no meeting can be scheduled.", "This is not an e-mail address."]),
    ],
)
def test_wrong_answers_are_told_at_their_field_and_all_others_kept(app, event, lang, sentences):
    changed = ANSWERS | {"email": "salma@", "consent_scheduling": None}

    answer = Visitor(app).fill(f"/e/{event.slug}/register?lang={lang}", **changed)

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert [sentence for sentence in sentences if sentence not in words(answer)] == []
    assert [
        value for value in ("Salma Berrada", "سلمى برادة", "salma@", "Directrice") if f'value="{value}"' not in page
    ] == []
    assert 'aria-describedby="email-error" aria-invalid="true"' in page
    assert db.session.scalars(select(Account)).all() == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"names-latin": " ", "names-ar": ""}, "Give a name, in Latin or in Arabic letters."),
        ({"organisation_names-latin": ""}, "Give a name, in Latin or in Arabic letters."),
        ({"email": ""}, "Give an e-mail address, or choose to be told by phone or on paper."),
        ({"channel": "phone"}, "Give a phone number, or choose to be told by e-mail or on paper."),
        ({"phone": "ask me"}, "A phone number has digits, spaces and a plus"),
        ({"names-latin": "x" * 121}, "This is too long: at most 120 characters."),
        ({"country": "XX"}, "Not a valid choice."),
        ({"languages": ["tlh"]}, "'tlh' is not a valid choice for this field."),
    ],
)
def test_refused_answers_keep_the_person_out(app, event, changes, sentence):
    answer = Visitor(app).fill(f"/e/{event.slug}/register?lang=en", **(ANSWERS | changes))

    assert answer.status_code == 422
    assert sentence in words(answer)
    assert db.session.scalars(select(Account)).all() == []


def test_an_empty_form_is_told_all_that_is_missing_at_once(app, event):
    answer = Visitor(app).post(f"/e/{event.slug}/register?lang=en", {"channel": "phone", "locale": "en"})

    page = words(answer)
    assert answer.status_code == 422
    assert [
        page.count(sentence)
        for sentence in (
            "4 answers need a correction",
            "Give a name, in Latin or in Arabic letters.",
            "Give a phone number, or choose to be told by e-mail or on paper.",
            "Without this no meeting can be scheduled.",
        )
    ] == [1, 4, 2, 2]
    links = re.findall(r'<li><a href="#([a-z_]+)', answer.get_data(as_text=True))
    assert links == ["names", "organisation_names", "phone", "consent_scheduling"]


def test_registering_without_an_address_is_for_phone_or_paper(app, event):
    answer = Visitor(app).fill(f"/e/{event.slug}/register", **(ANSWERS | {"email": "", "channel": "paper"}))

    assert answer.status_code == 303
    assert db.session.scalars(select(Account.email)).all() == [None]


def test_registering_for_a_second_event_while_signed_in_stays_one_person(app, event):
    known = factories.ParticipationFactory().account
    asked = {name: value for name, value in ANSWERS.items() if not name.startswith(("names-", "email"))}

    answer = Visitor(app, known).fill(f"/e/{event.slug}/register", **asked)

    parts = db.session.scalars(select(Participation).where(Participation.account_id == known.id)).all()
    assert answer.status_code == 303
    assert len({part.event_id for part in parts}) == 2


def test_registering_with_the_address_of_another_makes_a_new_person(app, event):
    factories.AccountFactory(email="salma@example.org")

    Visitor(app).fill(f"/e/{event.slug}/register", **ANSWERS)

    assert len(db.session.scalars(select(Account).where(Account.email == "salma@example.org")).all()) == 2


def test_registering_in_an_event_with_types_keeps_the_type(app, event):
    kind = factories.ParticipantTypeFactory(event=event, code="buyer")

    Visitor(app).fill(f"/e/{event.slug}/register", **ANSWERS, type_code="buyer")

    assert db.session.scalars(select(Participation)).one().organisation.type_id == kind.id


def test_the_form_names_the_controller_and_the_number(app, event):
    page = words(Visitor(app).get(f"/e/{event.slug}/register?lang=en"))

    assert event.controller in page
    assert event.cndp_number in page


def test_a_post_after_the_deadline_is_answered_with_the_sentence(app):
    event = factories.EventFactory(phase=Phase.SCHEDULING)

    answer = Visitor(app).post(f"/e/{event.slug}/register?lang=en", ANSWERS)

    assert "Registration is closed" in words(answer)
    assert db.session.scalars(select(Account)).all() == []


def test_a_colleague_joins_the_same_organisation(app, event):
    first = factories.ParticipationFactory(event=event)
    person = {name: value for name, value in ANSWERS.items() if not name.startswith(("organisation", "city"))}

    answer = Visitor(app, first.account).fill(f"/e/{event.slug}/colleagues/new", **person)

    second = db.session.scalars(select(Participation).order_by(Participation.id.desc())).first()
    assert answer.headers["Location"] == f"/e/{event.slug}/"
    assert (second.organisation_id, second.account.names["fr"]) == (first.organisation_id, "Salma Berrada")


def test_the_desk_registers_somebody_when_registration_is_over(app):
    event = factories.EventFactory(phase=Phase.FINAL)
    desk = member(event, Role.DESK)

    answer = Visitor(app, desk).fill(f"/o/{event.slug}/people/register", **ANSWERS)

    one = db.session.scalars(select(Participation)).one()
    entry = db.session.scalars(select(LogEntry)).one()
    assert answer.headers["Location"] == f"/o/{event.slug}/people/{one.code}/organisation"
    assert (entry.actor_id, entry.for_participation_id) == (desk.id, one.id)

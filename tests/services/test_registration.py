from datetime import timedelta

import pytest
from sqlalchemy import func, select

from matchmaker.domain.states import Channel, Locale, Phase, Role
from matchmaker.errors import InvalidValue, NotFound, PhaseForbids, WishesClosed
from matchmaker.extensions import db
from matchmaker.models import Account, Consent, LogEntry, Mail, Organisation, Participation, SignInLink
from matchmaker.services.registration import Colleague, Registration, add_colleague, register
from tests.factories import AccountFactory, EventFactory, MembershipFactory, OrganisationFactory, ParticipationFactory


def a_registration(**changes):
    known = {
        "names": {"fr": "Salma Berrada", "ar": "سلمى برادة"},
        "organisation_names": {"fr": "Doukkala Mécanique"},
        "email": "salma@example.org",
        "phone": None,
        "job": {"fr": "Directrice"},
        "languages": ("ar", "fr"),
        "locale": Locale.FRENCH,
        "city": "El Jadida",
        "consents": frozenset({"scheduling", "directory"}),
    }
    return Registration(**known | changes)


def test_register_makes_person_organisation_and_what_they_agreed_to(app, now):
    event = EventFactory()

    participation = db.session.get(Participation, register(event.id, a_registration(), now=now))

    assert participation.account.names == {"fr": "Salma Berrada", "ar": "سلمى برادة"}
    assert participation.organisation.names == {"fr": "Doukkala Mécanique"}
    assert (participation.event_id, participation.organisation.event_id) == (event.id, event.id)
    assert sorted(db.session.scalars(select(Consent.purpose))) == ["directory", "scheduling"]


def test_register_welcomes_with_a_link_that_lasts_a_week(app, now):
    event = EventFactory()

    participation_id = register(event.id, a_registration(email=" Salma@Example.org "), now=now)

    mail, link = db.session.scalars(select(Mail)).one(), db.session.scalars(select(SignInLink)).one()
    assert (mail.kind, mail.recipient, mail.participation_id) == ("welcome", "salma@example.org", participation_id)
    assert mail.facts == {"link_id": link.id}
    assert link.expires_at == now + timedelta(days=7)


def test_register_without_an_address_sends_nothing(app, now):
    event = EventFactory()

    register(event.id, a_registration(email=None, phone="+212 600 000 000", channel=Channel.PHONE), now=now)

    assert db.session.scalars(select(Mail)).all() == []
    assert db.session.scalars(select(SignInLink)).all() == []


def test_register_with_a_known_address_attaches_to_nobody(app, now):
    event = EventFactory()
    known = AccountFactory(email="salma@example.org")

    participation = db.session.get(Participation, register(event.id, a_registration(), now=now))

    assert participation.account_id != known.id
    assert db.session.scalar(select(func.count(Account.id)).where(Account.email == "salma@example.org")) == 2


def test_register_of_the_same_organisation_name_merges_nothing(app, now):
    event = EventFactory()

    register(event.id, a_registration(), now=now)
    register(event.id, a_registration(), now=now)

    assert db.session.scalar(select(func.count(Organisation.id))) == 2


def test_register_while_signed_in_keeps_the_person(app, now):
    known = AccountFactory(email="other@example.org")

    participation_id = register(EventFactory().id, a_registration(), now=now, account_id=known.id)

    assert db.session.get(Participation, participation_id).account_id == known.id
    assert known.email == "other@example.org"


@pytest.mark.parametrize("phase", [Phase.SCHEDULING, Phase.PROVISIONAL, Phase.FINAL, Phase.ON_THE_DAY, Phase.AFTER])
def test_register_is_refused_when_it_is_over_but_not_to_staff(app, now, phase):
    event = EventFactory(phase=phase)
    desk = MembershipFactory(event=event, role=Role.DESK)

    with pytest.raises(PhaseForbids, match=phase):
        register(event.id, a_registration(), now=now)
    participation_id = register(event.id, a_registration(), now=now, actor_id=desk.account_id)

    entry = db.session.scalars(select(LogEntry)).one()
    assert (entry.actor_id, entry.for_participation_id, entry.verb) == (desk.account_id, participation_id, "registered")


def test_register_is_refused_to_the_minute_of_the_deadline(app, now):
    event = EventFactory()  # closes at 18:00 in El Jadida, which was on UTC+0 in Ramadan 2026 and after
    closing = now.replace(day=6, hour=18, minute=0)

    register(event.id, a_registration(), now=closing - timedelta(seconds=1))
    with pytest.raises(WishesClosed, match="2026-03-06 at 18:00"):
        register(event.id, a_registration(), now=closing)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": None}, "email"),
        ({"channel": Channel.PHONE}, "phone"),
        ({"names": {"fr": " ", "ar": ""}}, "names"),
        ({"organisation_names": {}}, "organisation_names"),
    ],
)
def test_register_names_the_field_that_is_missing_and_keeps_nothing(app, now, changes, field):
    event = EventFactory()

    with pytest.raises(InvalidValue) as refused:
        register(event.id, a_registration(**changes), now=now)

    assert refused.value.field == field
    assert db.session.scalars(select(Account)).all() == []


def test_register_refuses_a_type_of_another_event(app, now):
    with pytest.raises(NotFound):
        register(EventFactory().id, a_registration(type_code="buyer"), now=now)


def test_add_colleague_joins_the_organisation_and_is_welcomed(app, now):
    first = ParticipationFactory()
    colleague = Colleague(names={"fr": "Driss Lahlou"}, email="driss@example.org")

    second_id = add_colleague(first.organisation_id, colleague, now=now, actor_id=first.account_id)

    second = db.session.get(Participation, second_id)
    assert (second.organisation_id, second.event_id) == (first.organisation_id, first.event_id)
    assert [mail.recipient for mail in db.session.scalars(select(Mail))] == ["driss@example.org"]


def test_add_colleague_is_for_those_of_the_organisation(app, now):
    event = EventFactory()
    stranger = ParticipationFactory(event=event)
    organisation = OrganisationFactory(event=event)

    with pytest.raises(NotFound):
        add_colleague(
            organisation.id, Colleague({"fr": "Driss"}, "driss@example.org"), now=now, actor_id=stranger.account_id
        )

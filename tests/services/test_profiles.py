from functools import partial

import pytest

from matchmaker.domain.states import Channel, Locale, Phase, Role
from matchmaker.errors import ChangedMeanwhile, InvalidValue, PhaseForbids
from matchmaker.extensions import db
from matchmaker.services import profiles
from matchmaker.services.profiles import OrganisationProfile, Profile
from matchmaker.unit_of_work import unit_of_work
from tests.factories import AccountFactory, EventFactory, MembershipFactory, OrganisationFactory, ParticipationFactory


def a_profile(**changes):
    known = {
        "names": {"fr": "Salma Berrada"},
        "email": "salma@example.org",
        "languages": ("ar", "es"),
        "locale": Locale.ARABIC,
    }
    return Profile(**known | changes)


def test_change_replaces_what_the_person_says(app, now):
    person = ParticipationFactory()

    profiles.change(person.id, a_profile(), revision=1, actor_id=person.account_id, now=now)

    account = person.account
    assert (account.names, account.email, account.locale) == ({"fr": "Salma Berrada"}, "salma@example.org", "ar")
    assert (person.languages, person.job, person.revision) == (["ar", "es"], {}, 2)


def test_change_after_somebody_else_tells_the_difference_and_keeps_theirs(app, now):
    person = ParticipationFactory()
    profiles.change(person.id, a_profile(), revision=1, actor_id=person.account_id, now=now)

    with pytest.raises(ChangedMeanwhile) as refused:
        profiles.change(person.id, a_profile(phone="+212 6"), revision=1, actor_id=person.account_id, now=now)

    assert refused.value.difference == {"phone": (None, "+212 6")}
    assert (person.account.phone, person.revision) == (None, 2)


def test_change_to_mail_without_an_address_is_refused(app, now):
    person = ParticipationFactory()

    with pytest.raises(InvalidValue) as refused:
        profiles.change(person.id, a_profile(email=""), revision=1, actor_id=person.account_id, now=now)

    assert refused.value.field == "email"


def test_change_to_paper_needs_neither_address_nor_number(app, now):
    person = ParticipationFactory()

    profiles.change(
        person.id, a_profile(email="", channel=Channel.PAPER), revision=1, actor_id=person.account_id, now=now
    )

    assert (person.channel, person.account.email) == (Channel.PAPER, None)


def test_change_after_the_event_is_for_staff(app, now):
    event = EventFactory(phase=Phase.AFTER)
    person = ParticipationFactory(event=event)
    desk = MembershipFactory(event=event, role=Role.DESK)

    with pytest.raises(PhaseForbids):
        profiles.change(person.id, a_profile(), revision=1, actor_id=person.account_id, now=now)
    profiles.change(person.id, a_profile(), revision=1, actor_id=desk.account_id, now=now)

    assert person.revision == 2


def test_change_organisation_replaces_offers_and_needs(app, now):
    organisation = OrganisationFactory(offers=["machining", "foundry"], needs=["machines"])
    profile = OrganisationProfile(
        names={"fr": "Fonderie du Cap", "ar": "مسبك الرأس"},
        city="Safi",
        offers=frozenset({"foundry", "boilermaking"}),
        about="Pièces en fonte.",
    )

    profiles.change_organisation(organisation.id, profile, revision=1, actor_id=None, now=now)

    assert sorted((topic.kind, topic.topic) for topic in organisation.topics) == [
        ("offer", "boilermaking"),
        ("offer", "foundry"),
    ]
    assert (organisation.names, organisation.city, organisation.about) == (
        {"fr": "Fonderie du Cap", "ar": "مسبك الرأس"},
        "Safi",
        "Pièces en fonte.",
    )


def test_change_organisation_after_a_colleague_tells_the_difference(app, now):
    organisation = OrganisationFactory(names={"fr": "Avant"}, offers=["foundry"])
    first = OrganisationProfile(names={"fr": "Avant"}, city="El Jadida", offers=frozenset({"foundry", "machines"}))
    profiles.change_organisation(organisation.id, first, revision=1, actor_id=None, now=now)

    with pytest.raises(ChangedMeanwhile) as refused:
        profiles.change_organisation(
            organisation.id,
            OrganisationProfile(names={"fr": "Après"}, city="El Jadida", offers=frozenset({"foundry"})),
            revision=1,
            actor_id=None,
            now=now,
        )

    assert refused.value.difference == {
        "names": ({"fr": "Avant"}, {"fr": "Après"}),
        "offers": (["foundry", "machines"], ["foundry"]),
    }
    assert organisation.names == {"fr": "Avant"}


def test_change_organisation_refuses_topics_that_are_not_on_the_list(app, now):
    organisation = OrganisationFactory()

    with pytest.raises(InvalidValue) as refused:
        profiles.change_organisation(
            organisation.id,
            OrganisationProfile(names={"fr": "X"}, needs=frozenset({"a-planet"})),
            revision=1,
            actor_id=None,
            now=now,
        )

    assert (refused.value.field, organisation.topics) == ("needs", [])


def beyond(person, kind):
    """Let the person's account open more than their part in one event."""
    if kind == "another event":
        ParticipationFactory(account=person.account)
    elif kind == "staff of this event":
        MembershipFactory(event_id=person.event_id, account=person.account, role=Role.OWNER)
    elif kind == "a password":
        with unit_of_work() as session:
            session.merge(person.account).login = "salma"


@pytest.mark.parametrize("kind", ["another event", "staff of this event", "a password"])
@pytest.mark.parametrize("email", ["desk@example.org", "salma@example.org "])
def test_staff_redirect_no_sign_in_link_that_opens_more_than_their_event(app, now, kind, email):
    person = ParticipationFactory(account=AccountFactory(email="salma@example.org"))
    desk = MembershipFactory(event_id=person.event_id, role=Role.DESK).account_id
    beyond(person, kind)
    change = partial(profiles.change, person.id, a_profile(email=email), revision=1, actor_id=desk, now=now)

    if email == "desk@example.org":
        with pytest.raises(InvalidValue) as refused:
            change()
        assert refused.value.field == "email"
    else:
        change()

    db.session.expire_all()
    assert person.account.email == "salma@example.org"


def test_staff_correct_an_address_that_opens_their_own_event_only(app, now):
    person = ParticipationFactory(account=AccountFactory(email="salam@example.org"))
    desk = MembershipFactory(event_id=person.event_id, role=Role.DESK).account_id

    profiles.change(person.id, a_profile(email="salma@example.org"), revision=1, actor_id=desk, now=now)

    assert person.account.email == "salma@example.org"

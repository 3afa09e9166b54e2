"""Limits, hosts, delegations, withdrawal; interpreters; the team."""

from dataclasses import replace

import pytest

from matchmaker.domain.states import Role
from matchmaker.errors import ChangedMeanwhile, InvalidValue, NotFound
from matchmaker.extensions import db
from matchmaker.models import (
    AudienceWindow,
    Delegation,
    Interpreter,
    LogEntry,
    Membership,
    Organisation,
    Participation,
)
from matchmaker.services import delegations, people, team
from matchmaker.services.delegations import Interpreting
from matchmaker.services.people import Hosting, Limits, Protocol
from tests import factories

TURKISH = Interpreting({"fr": "Selin"}, ("tr", "fr"), max_per_day=8)


@pytest.fixture
def event(app):
    return factories.EventFactory()


def row(kind, id_):
    db.session.rollback()
    return db.session.get(kind, id_)


def test_limits_are_kept_and_noted_for_the_person(event, now):
    person = factories.ParticipationFactory(event=event)
    hall = factories.LocationFactory(event=event)
    limits = Limits(max_meetings=6, min_meetings=2, parallel=8, location_id=hall.id, represents=False)

    people.set_limits(event.id, person.id, limits, revision=1, actor_id=None, now=now)

    kept = row(Participation, person.id)
    assert Limits(*(getattr(kept, name) for name in Limits.__slots__)) == limits
    assert [(one.verb, one.for_participation_id) for one in db.session.query(LogEntry)] == [
        ("person.limits", person.id)
    ]


@pytest.mark.parametrize(
    ("field", "wrong"), [("parallel", {"parallel": 0}), ("min_meetings", {"min_meetings": 3, "max_meetings": 2})]
)
def test_limits_that_contradict_are_refused(event, now, field, wrong):
    person = factories.ParticipationFactory(event=event)

    with pytest.raises(InvalidValue) as refusal:
        people.set_limits(event.id, person.id, replace(Limits(), **wrong), revision=1, actor_id=None, now=now)

    assert refusal.value.field == field


def test_limits_of_a_person_of_another_event_are_not_found(event, now):
    stranger = factories.ParticipationFactory()

    with pytest.raises(NotFound):
        people.set_limits(event.id, stranger.id, Limits(), revision=1, actor_id=None, now=now)


def test_second_editor_of_limits_gets_the_difference(event, now):
    person = factories.ParticipationFactory(event=event)
    people.set_limits(event.id, person.id, Limits(max_meetings=6), revision=1, actor_id=None, now=now)

    with pytest.raises(ChangedMeanwhile) as refusal:
        people.set_limits(event.id, person.id, Limits(max_meetings=9), revision=1, actor_id=None, now=now)

    assert refusal.value.difference == {"max_meetings": (6, 9)}


def test_protocol_is_settled_and_noted_for_the_person(event, now):
    person = factories.ParticipationFactory(event=event)
    asked = Protocol({"ar": "معالي السيد", "fr": "S.E. M."}, rank=1, moved_by_hand=True)

    people.set_protocol(event.id, person.id, asked, revision=1, actor_id=None, now=now)

    kept = row(Participation, person.id)
    assert Protocol(kept.title, kept.protocol_rank, kept.moved_by_hand) == asked
    assert [(one.verb, one.for_participation_id) for one in db.session.query(LogEntry)] == [
        ("person.protocol", person.id)
    ]


@pytest.mark.parametrize("rank", [0, 1000])
def test_rank_that_is_none_is_refused(event, now, rank):
    person = factories.ParticipationFactory(event=event)

    with pytest.raises(InvalidValue):
        people.set_protocol(event.id, person.id, Protocol({}, rank), revision=1, actor_id=None, now=now)


def test_hosting_replaces_the_windows(event, now):
    host = factories.OrganisationFactory(event=event)
    first, second = event.slots[0].id, event.slots[1].id
    people.set_hosting(
        event.id,
        host.id,
        Hosting(is_host=True, windows=frozenset({(first, "food")})),
        revision=1,
        actor_id=None,
        now=now,
    )

    given = Hosting(is_host=True, meeting_slots=2, windows=frozenset({(second, "food"), (second, "crafts")}))
    people.set_hosting(event.id, host.id, given, revision=2, actor_id=None, now=now)

    assert (row(Organisation, host.id).is_host, row(Organisation, host.id).meeting_slots) == (True, 2)
    kept = {(one.slot_id, one.topic) for one in db.session.query(AudienceWindow)}
    assert kept == {(second, "food"), (second, "crafts")}


def test_hosting_refuses_a_meeting_longer_than_twelve_slots(event, now):
    host = factories.OrganisationFactory(event=event)

    with pytest.raises(InvalidValue, match="meeting_slots"):
        people.set_hosting(event.id, host.id, Hosting(meeting_slots=13), revision=1, actor_id=None, now=now)


def test_join_organisation_moves_the_person_and_unlists_what_is_left_empty(event, now):
    twice, home = factories.ParticipationFactory(event=event), factories.ParticipationFactory(event=event)
    code, left = home.organisation.code, twice.organisation_id

    people.join_organisation(event.id, twice.id, f" {code.upper()} ", actor_id=None, now=now)

    assert row(Participation, twice.id).organisation_id == row(Participation, home.id).organisation_id
    assert row(Organisation, left).listed is False


@pytest.mark.parametrize("code", ["nothing", "own"])
def test_join_organisation_refuses_an_unknown_code_and_ones_own(event, now, code):
    person = factories.ParticipationFactory(event=event)
    given = person.organisation.code if code == "own" else code

    with pytest.raises(InvalidValue, match="organisation_code"):
        people.join_organisation(event.id, person.id, given, actor_id=None, now=now)


def test_withdraw_and_readmit(event, now):
    person = factories.ParticipationFactory(event=event)

    people.withdraw(event.id, person.id, actor_id=None, now=now)
    assert row(Participation, person.id).withdrawn is True

    people.readmit(event.id, person.id, actor_id=None, now=now)
    assert row(Participation, person.id).withdrawn is False


def test_head_of_a_delegation_is_of_one_of_its_organisations(event, now):
    id_ = delegations.add_delegation(event.id, "tn", {"fr": "Tunisie"}, actor_id=None, now=now)
    member, stranger = factories.ParticipationFactory(event=event), factories.ParticipationFactory(event=event)
    people.join_delegation(event.id, member.organisation_id, id_, actor_id=None, now=now)

    with pytest.raises(InvalidValue, match="head"):
        delegations.set_head(event.id, id_, stranger.id, actor_id=None, now=now)
    delegations.set_head(event.id, id_, member.id, actor_id=None, now=now)

    assert row(Delegation, id_).head_id == member.id


def test_interpreter_keeps_languages_and_absences(event, now):
    first, second = event.slots[0].id, event.slots[1].id
    id_ = delegations.add_interpreter(
        event.id, replace(TURKISH, absent_slot_ids=frozenset({first})), actor_id=None, now=now
    )

    delegations.change_interpreter(
        event.id, id_, replace(TURKISH, absent_slot_ids=frozenset({second})), actor_id=None, now=now
    )

    kept = row(Interpreter, id_)
    assert (kept.languages, [one.slot_id for one in kept.absences]) == (["tr", "fr"], [second])


def test_interpreter_of_one_language_is_refused(event, now):
    with pytest.raises(InvalidValue, match="languages"):
        delegations.add_interpreter(event.id, replace(TURKISH, languages=("fr", "fr")), actor_id=None, now=now)


def test_remove_interpreter(event, now):
    id_ = delegations.add_interpreter(event.id, TURKISH, actor_id=None, now=now)

    delegations.remove_interpreter(event.id, id_, actor_id=None, now=now)

    assert db.session.query(Interpreter).count() == 0


def test_team_gives_and_changes_a_role(event, now):
    account = factories.AccountFactory(login="nadia")

    team.admit(event.id, " Nadia ", Role.DESK, actor_id=None, now=now)
    team.admit(event.id, "nadia", Role.ORGANISER, actor_id=None, now=now)

    assert [(one.account_id, one.role) for one in db.session.query(Membership)] == [(account.id, Role.ORGANISER)]


def test_team_refuses_a_name_that_nobody_has(event, now):
    with pytest.raises(InvalidValue, match="login"):
        team.admit(event.id, "nobody", Role.DESK, actor_id=None, now=now)


def test_team_keeps_its_last_owner(event, now):
    owner = factories.AccountFactory(login="nadia")
    factories.MembershipFactory(event=event, account=owner, role=Role.OWNER)

    with pytest.raises(InvalidValue, match="role"):
        team.admit(event.id, "nadia", Role.VIEWER, actor_id=None, now=now)
    with pytest.raises(InvalidValue, match="role"):
        team.dismiss(event.id, owner.id, actor_id=None, now=now)

    factories.AccountFactory(login="omar")
    team.admit(event.id, "omar", Role.OWNER, actor_id=None, now=now)
    team.dismiss(event.id, owner.id, actor_id=None, now=now)
    assert [one.account.login for one in db.session.query(Membership)] == ["omar"]

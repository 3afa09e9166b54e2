"""What a person takes away: all that is theirs, and nothing of anybody else's."""

from __future__ import annotations

import json

import pytest

from matchmaker import models
from matchmaker.extensions import db
from matchmaker.queries import personal_data
from matchmaker.services import deletion
from tests import factories
from tests.conftest import NOW
from tests.forum import a_forum
from tests.marked import MARKS, NAMES, OTHERS, TEAM, a_marked_forum, left, set_, veto
from tests.web.desks import queries

pytestmark = pytest.mark.usefixtures("app")


def taken(forum, letter="a"):
    """Return what the person with this letter downloads."""
    db.session.rollback()
    event = db.session.get(models.Event, forum.id)
    return personal_data.everything(event, forum.people[letter].account_id, now=NOW)


def test_all_marks_of_the_person_come_out_and_none_of_the_others(now):
    forum = a_marked_forum(now)

    text = json.dumps(taken(forum), ensure_ascii=False)

    assert left(text) == set(MARKS)
    assert left(text, (*OTHERS.values(), *TEAM.values())) == set()


def test_it_tells_what_was_told(now):
    forum = a_marked_forum(now)

    found = taken(forum)

    (part,) = found["participations"]
    assert found["account"] == {
        "names": NAMES,
        "email": "zelie.marquee@example.org",
        "phone": "+212 699 112233",
        "locale": "fr",
        "login": None,
        "created_at": "2026-01-05T09:00:00+00:00",
    }
    assert [one["purpose"] for one in part["consents"]] == ["scheduling", "directory"]
    assert part["not_free"] == [{"day": "2026-03-10", "start": "11:25:00", "end": "11:45:00"}]
    assert [one["level"] for one in part["wishes_of_the_organisation"]] == ["must", "like"]
    assert {one["made_by_me"] for one in part["wishes_of_the_organisation"]} == {True}
    met = {one["with"]["en"]: (one["version"], one["people"]) for one in found["meetings"]}
    others = {letter: forum.people[letter] for letter in "bc"}
    assert met == {
        f"Firm {letter}": (1, [{"names": one.account.names, "job": one.job}]) for letter, one in others.items()
    }
    assert {one["state"] for one in found["messages"]} == set(models.Mail.__table__.c.state.type.enums)
    assert [(one["verb"], one["by"]) for one in found["log"]] == [
        ("changed_wishes", "me"),
        ("person.limits", "the team"),
    ]


def test_another_persons_veto_makes_no_difference(now):
    forum = a_marked_forum(now)
    before = taken(forum)

    veto(forum, "c", "a")

    assert taken(forum) == before


def test_ones_own_veto_is_ones_own():
    forum = a_forum("a b")
    veto(forum, "a", "b")

    def levels(letter):
        (part,) = taken(forum, letter)["participations"]
        return [one["level"] for one in part["wishes_of_the_organisation"]]

    assert (levels("a"), levels("b")) == (["veto"], [])


def test_what_an_organiser_does_for_others_is_not_their_data():
    """Whoever also runs the event takes away what they did, not for whom."""
    forum = a_forum("a b")
    account = forum.people["a"].account
    factories.MembershipFactory(event=forum.event, account=account)

    deletion.delete_person(forum.id, forum.people["b"].id, actor_id=account.id, now=NOW)

    assert taken(forum)["log"] == []


def test_another_event_of_the_same_person_is_left_out():
    forum = a_forum("a")
    elsewhere = factories.ParticipationFactory(account=forum.people["a"].account)
    set_(elsewhere, job={"fr": "Ailleurs"})

    assert "Ailleurs" not in json.dumps(taken(forum), ensure_ascii=False)


def test_both_parts_of_who_stands_for_two_organisations_come_out():
    forum = a_forum("a b")
    factories.ParticipationFactory(organisation=forum.organisations["b"], account=forum.people["a"].account)

    found = taken(forum)["participations"]

    assert [part["organisation"]["names"]["en"] for part in found] == ["Firm a", "Firm b"]


@pytest.mark.parametrize("count", [1, 4])
def test_the_number_of_queries_does_not_grow(count):
    forum = a_forum("a")
    for _ in range(count):
        wanted = factories.OrganisationFactory(event=forum.event)
        factories.WishFactory(organisation=forum.organisations["a"], wanted_organisation=wanted)
        talk = factories.SessionFactory(event=forum.event)
        factories.SessionSeatFactory(participation=forum.people["a"], of_session=talk)
    for slot in forum.slots[:count]:
        factories.UnavailabilityFactory(participation=forum.people["a"], in_slot=slot)
    db.session.rollback()
    event = db.session.get(models.Event, forum.id)

    with queries() as seen:
        personal_data.everything(event, forum.people["a"].account_id, now=NOW)

    assert len([one for one in seen if one.startswith("SELECT")]) == 16

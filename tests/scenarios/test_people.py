"""The people of the scenarios: as many as the events had, the same each time, as the files say."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from matchmaker import scenarios
from matchmaker.domain.states import Channel, WishLevel
from matchmaker.scenarios.presence import Calendar

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
NAMES = scenarios.names()
SIZES = {  # organisations, people: within a few of the real events
    "jim": (80, 120),
    "souss-massa": (183, 260),
    "fes-meknes": (86, 90),
    "arab-smes": (117, 150),
    "oujda": (403, 500),
}


def cast(name):
    scenario = scenarios.read(name, now=NOW)
    return scenario, scenarios.people_of(scenario)


def people(parties):
    return [person for party in parties for person in party.people]


@pytest.mark.parametrize("name", NAMES)
def test_the_numbers_are_those_of_the_event(name):
    _, parties = cast(name)

    assert len(parties) == SIZES[name][0]
    assert abs(len(people(parties)) - SIZES[name][1]) <= 8


@pytest.mark.parametrize("name", NAMES)
def test_the_same_seed_gives_the_same_people(name):
    _, one = cast(name)
    _, other = cast(name)

    assert one == other


@pytest.mark.parametrize("name", NAMES)
def test_names_are_in_two_scripts_and_none_comes_twice(name):
    _, parties = cast(name)

    assert all({"ar", "fr"} <= set(party.names) for party in parties)
    assert all({"ar", "fr"} <= set(person.colleague.names) for person in people(parties))
    assert max(Counter(party.names["fr"] for party in parties).values()) == 1


@pytest.mark.parametrize("name", NAMES)
def test_addresses_and_numbers_are_nobodys(name):
    _, parties = cast(name)

    found = [person.colleague for person in people(parties)]
    assert [one.email for one in found if one.email and not one.email.endswith(".example")] == []
    assert [one.phone for one in found if one.phone and not one.phone.startswith("+212 000 ")] == []
    assert {one.channel is Channel.MAIL for one in found if one.email} == {True}


@pytest.mark.parametrize("name", NAMES)
def test_wishes_keep_the_quotas_and_lead_to_others(name):
    scenario, parties = cast(name)

    for number, party in enumerate(parties):
        levels = Counter(party.wishes.values())
        assert levels[WishLevel.MUST] <= scenario.event.frame.must_quota
        assert levels[WishLevel.LIKE] <= scenario.event.frame.like_quota
        assert number not in party.wishes


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"fes-meknes"}))
def test_some_say_no_to_one_who_asked_them(name):
    _, parties = cast(name)

    vetoes = [
        (number, other)
        for number, party in enumerate(parties)
        for other, level in party.wishes.items()
        if level is WishLevel.VETO
    ]
    assert 1 <= len(vetoes) <= len(parties) // 20
    assert all(number in parties[other].wishes for number, other in vetoes)


@pytest.mark.parametrize("name", NAMES)
def test_nobody_sits_where_they_are_not(name):
    scenario, parties = cast(name)
    calendar = Calendar(scenario)
    when = {talk.code: talk.when for talk in scenario.event.talks}

    seats = Counter(code for person in people(parties) for code in person.talks)
    assert all(seats[talk.code] <= talk.seats for talk in scenario.event.talks if talk.seats)
    for person in people(parties):
        taken = [calendar.touched(when[code]) for code in person.talks]
        assert not set().union(*taken) & person.away
        assert sum(map(len, taken)) == len(set().union(*taken))


def test_the_public_bodies_of_jim_are_asked_by_nearly_all():
    scenario, parties = cast("jim")

    asked = Counter(other for party in parties for other in party.wishes)
    hosts = range(len(scenario.people.hosts))
    guests = len(parties) - len(hosts)
    asking = sum(any(other in hosts for other in party.wishes) for party in parties[len(hosts) :])
    assert asking / guests > 0.9
    assert sum(asked[host] for host in hosts) / len(hosts) > 3 * sum(asked.values()) / len(parties)


def test_half_of_the_cooperatives_of_oujda_have_a_seller_who_cannot_leave():
    _, parties = cast("oujda")

    stands = [party for party in parties if party.stand]
    assert len(stands) == 140
    assert sum(party.people[0].tied for party in stands) == 70
    assert sum(person.tied for party in stands for person in party.people) == 70


def test_the_delegations_of_arab_smes_come_late_and_leave_early():
    scenario, parties = cast("arab-smes")

    teams = Counter(party.delegation for party in parties if party.delegation)
    assert len(teams) == 14
    days = [plan.day for plan in scenario.event.frame.days]
    of_day = {slot.code: slot.day for slot in scenario.event.slots}
    kuwait = next(party for party in parties if party.delegation == "koweit")
    assert {of_day[code] for code in kuwait.people[0].away} >= {days[2]}

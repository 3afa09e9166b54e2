"""Where wishes press, by slot and by place: checked against the problem that the solver gets of a whole event."""

from __future__ import annotations

import pytest

from matchmaker import scenarios
from matchmaker.domain.disclosure import Reason
from matchmaker.domain.states import WishLevel
from matchmaker.extensions import db
from matchmaker.models import Participation
from matchmaker.queries import capacity, demand
from matchmaker.queries.bottlenecks import PlaceLoad, bottlenecks
from matchmaker.scheduling import problem as problems
from matchmaker.scheduling import rows as event_rows
from matchmaker.scheduling.presets import presets
from matchmaker.services.steps import requests
from matchmaker.unit_of_work import unit_of_work
from tests import factories
from tests.web.desks import queries


@pytest.fixture
def event(app):
    """Six slots."""
    return factories.EventFactory()


def wish(giver, wanted, level=WishLevel.LIKE):
    factories.WishFactory(organisation=giver.organisation, wanted_organisation=wanted.organisation, level=level)


def test_a_wish_spreads_over_the_times_at_which_both_are_free(event):
    factories.LocationFactory(event=event, capacity=1)
    one, other, away = (factories.ParticipationFactory(event=event) for _ in range(3))
    for slot in event.slots[2:]:
        factories.UnavailabilityFactory(participation=one, in_slot=slot)
    for slot in event.slots[:2]:
        factories.UnavailabilityFactory(participation=away, in_slot=slot)
    wish(one, other)
    wish(one, away)

    found = bottlenecks(event.id)

    assert [slot.wanted for slot in found.slots] == [0.5, 0.5, 0, 0, 0, 0]
    assert (found.apart, found.places) == (1, [PlaceLoad({}, True, 2, 6)])


def test_who_must_be_met_at_a_stand_is_counted_in_its_zone(event):
    zone = factories.ZoneFactory(event=event)
    stand = factories.LocationFactory(event=event, capacity=1, is_stand=True, zone_id=zone.id)
    factories.LocationFactory(event=event, capacity=2)
    owner = factories.ParticipationFactory(event=event, location_id=stand.id)
    others = [factories.ParticipationFactory(event=event) for _ in range(8)]
    for one in others:
        wish(one, owner)
    wish(others[0], others[1])

    shared, stands = bottlenecks(event.id).places

    assert (shared.wanted, shared.places, shared.missing) == (1, 12, 0)
    assert (stands.zone, stands.wanted, stands.places, stands.missing) == (zone.names, 8, 6, 2)


def test_a_veto_counts_as_silence(event):
    one, other = (factories.ParticipationFactory(event=event) for _ in range(2))
    wish(one, other)
    before = bottlenecks(event.id)

    wish(other, one, WishLevel.VETO)

    assert bottlenecks(event.id) == before


def test_a_larger_event_asks_no_more_queries(event):
    first = factories.ParticipationFactory(event=event)
    counts = []
    for wished in (1, 6):
        for _ in range(wished):
            wish(first, factories.ParticipationFactory(event=event))
        with queries() as asked:
            bottlenecks(event.id)
        counts.append(len(asked))

    assert counts[0] == counts[1]


@pytest.mark.parametrize("name", ["jim", "oujda"])
def test_the_figures_of_a_real_event_are_those_of_the_problem_that_is_solved(app, now, name):
    event_id = scenarios.load(name, now=now).event_id
    with unit_of_work() as session:
        requests.refresh(session, event_id, now=now)
    rows = event_rows.read(db.session(), event_id)
    problem = problems.build(rows, next(iter(presets().values())))
    left_out = problems.kept_back(rows)

    wanted, found = demand.demand(event_id), bottlenecks(event_id)

    assert wanted.total == len(problem.requests) + len(left_out)
    assert wanted.unanswered == list(left_out.values()).count(Reason.UNANSWERED)
    assert round(sum(slot.wanted for slot in found.slots)) == wanted.total - found.apart
    assert sum(place.wanted for place in found.places) == wanted.total
    assert sum(slot.places for slot in found.slots) == places_of(problem)
    assert capacity.free_slots(event_id) == rooms_of(rows, problem)


def usable(problem):
    """Return the slots in which anybody could be: a session for everybody takes the others."""
    everybody = problem.participants.values()
    return {id_ for id_ in problem.slots if not all(any(id_ in e.slots for e in one.engagements) for one in everybody)}


def places_of(problem):
    return sum(place.capacity * len(usable(problem) - place.closed_slots) for place in problem.locations.values())


def rooms_of(rows, problem):
    """Return, by organisation, in how many meetings its people could be, as the solver sees their times."""
    own = {row.id: row for row in db.session.scalars(db.select(Participation))}
    found = {}
    for row in rows.people:
        person = problem.participants[row.code]
        taken = person.unavailable_slots.union(*(one.slots for one in person.engagements))
        free = len(set(problem.slots) - taken) * person.parallel
        most = own[row.id].max_meetings
        found[row.organisation_id] = found.get(row.organisation_id, 0) + (free if most is None else min(free, most))
    return found

"""How much an event has room for, and who is asked too often."""

from datetime import time

import pytest

from matchmaker.domain.scoring import PairClass
from matchmaker.domain.states import Silence, WishLevel
from matchmaker.models import LocationClosure, LocationOwner
from matchmaker.queries import capacity, demand
from matchmaker.queries.capacity import Room
from matchmaker.unit_of_work import unit_of_work
from tests import factories


@pytest.fixture
def event(app):
    """Six slots from 09:00, the first two before 09:45."""
    return factories.EventFactory()


def add(row):
    with unit_of_work() as session:
        session.add(row)


def wish(giver, wanted, level=WishLevel.LIKE, rank=None):
    factories.WishFactory(organisation=giver, wanted_organisation=wanted, level=level, rank=rank)


def test_room_is_slots_times_tables(event):
    factories.LocationFactory(event=event, capacity=12)
    factories.LocationFactory(event=event, capacity=4)

    assert capacity.room(event.id) == Room(slots=6, blocked=0, tables=16, places=96, stands=0, at_stands=0)


def test_room_leaves_out_closures_stands_and_sessions_for_everybody(event):
    hall = factories.LocationFactory(event=event, capacity=10)
    factories.LocationFactory(event=event, capacity=1, is_stand=True)
    owned = factories.LocationFactory(event=event, capacity=3)
    add(
        LocationOwner(
            event_id=event.id, location_id=owned.id, organisation_id=factories.OrganisationFactory(event=event).id
        )
    )
    factories.SessionFactory(event=event, for_everybody=True)
    add(LocationClosure(event_id=event.id, location_id=hall.id, slot_id=event.slots[-1].id))
    add(LocationClosure(event_id=event.id, location_id=hall.id, slot_id=event.slots[0].id))

    assert capacity.room(event.id) == Room(slots=4, blocked=2, tables=10, places=30, stands=2, at_stands=16)


def test_free_slots_are_those_that_nobody_and_nothing_takes(event):
    person = factories.ParticipationFactory(event=event)
    factories.UnavailabilityFactory(participation=person, in_slot=event.slots[5])
    talk = factories.SessionFactory(event=event, start=time(9), end=time(9, 20))
    factories.SessionSeatFactory(participation=person, of_session=talk)

    assert capacity.free_slots(event.id) == {person.organisation_id: 4}


def test_free_slots_count_colleagues_parallel_meetings_and_limits(event):
    host = factories.ParticipationFactory(event=event, parallel=3)
    factories.ParticipationFactory(event=event, organisation=host.organisation, max_meetings=2)
    factories.ParticipationFactory(event=event, organisation=host.organisation, withdrawn=True)
    factories.ParticipationFactory(event=event, organisation=host.organisation, represents=False)

    assert capacity.free_slots(event.id) == {host.organisation_id: 20}


def test_demand_counts_pairs_by_class_takes_vetoes_for_silence_and_tells_where_silence_refuses(event):
    strict = factories.ParticipantTypeFactory(event=event, silence=Silence.REFUSES)
    a, b, c, d = (factories.OrganisationFactory(event=event) for _ in range(4))
    silent = factories.OrganisationFactory(event=event, type_id=strict.id)
    wish(a, b, WishLevel.MUST, 1)
    wish(b, a)
    wish(a, c)
    wish(a, d)
    wish(d, a, WishLevel.VETO)
    wish(a, silent)

    found = demand.demand(event.id)

    assert {klass: count for klass, count in found.by_class.items() if count} == {
        PairClass.MUST_LIKE: 1, PairClass.LIKE_ALONE: 3,
    }  # fmt: skip
    assert (found.total, found.unanswered, found.organisations, found.silent) == (4, 1, 5, 3)
    assert next((one.code, one.asked_by, one.musts, one.asks) for one in found.wanted) == (b.code, 1, 1, 1)


def test_no_number_of_the_demand_tells_of_a_veto(event):
    """Or whoever writes for somebody could ask for each in turn and see which wish is not counted."""
    a, b = (factories.OrganisationFactory(event=event) for _ in range(2))
    wish(a, b, WishLevel.MUST, 1)

    without = demand.demand(event.id)
    wish(b, a, WishLevel.VETO)

    assert demand.demand(event.id) == without

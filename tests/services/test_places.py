"""Zones, walks, halls and stands."""

import pytest

from matchmaker.errors import ChangedMeanwhile, InUse, InvalidValue, NotFound
from matchmaker.extensions import db
from matchmaker.models import (
    Draft,
    DraftMeeting,
    Location,
    Participation,
    Request,
    TableBooking,
    Walk,
    Zone,
)
from matchmaker.services import places
from matchmaker.services.places import Place
from matchmaker.unit_of_work import unit_of_work
from tests import factories

HALL = Place("hall", {"fr": "Grande salle"}, 12)


@pytest.fixture
def event(app):
    return factories.EventFactory()


def location(location_id):
    db.session.rollback()
    return db.session.get(Location, location_id)


def test_add_location_keeps_its_owners_and_closed_slots(event, now):
    owner = factories.OrganisationFactory(event=event)
    zone = factories.ZoneFactory(event=event)
    closed = event.slots[0].id
    stand = Place(
        "B4",
        {"fr": "Stand B4"},
        is_stand=True,
        zone_id=zone.id,
        features=("calme",),
        owner_ids=frozenset({owner.id}),
        closed_slot_ids=frozenset({closed}),
    )

    found = location(places.add_location(event.id, stand, actor_id=None, now=now))

    assert (found.code, found.is_stand, found.zone_id, found.features) == ("B4", True, zone.id, ["calme"])
    assert [one.organisation_id for one in found.owners] == [owner.id]
    assert [one.slot_id for one in found.closures] == [closed]


def test_add_location_refuses_a_code_that_is_taken(event, now):
    places.add_location(event.id, HALL, actor_id=None, now=now)

    with pytest.raises(InvalidValue, match="code"):
        places.add_location(event.id, HALL, actor_id=None, now=now)


def test_the_same_code_may_stand_in_two_events(event, now):
    places.add_location(event.id, HALL, actor_id=None, now=now)
    places.add_location(factories.EventFactory().id, HALL, actor_id=None, now=now)

    assert db.session.query(Location).count() == 2


@pytest.mark.parametrize("strange", ["zone_id", "owner_ids", "closed_slot_ids"])
def test_add_location_refuses_rows_of_another_event(event, now, strange):
    other = factories.EventFactory()
    values = {
        "zone_id": factories.ZoneFactory(event=other).id,
        "owner_ids": frozenset({factories.OrganisationFactory(event=other).id}),
        "closed_slot_ids": frozenset({other.slots[0].id}),
    }

    with pytest.raises(NotFound):
        places.add_location(
            event.id, Place("hall", {"fr": "Salle"}, **{strange: values[strange]}), actor_id=None, now=now
        )


def test_second_editor_of_a_location_gets_the_difference(event, now):
    id_ = places.add_location(event.id, HALL, actor_id=None, now=now)
    bigger = Place("hall", {"fr": "Grande salle"}, 20)
    places.change_location(event.id, id_, bigger, revision=1, actor_id=None, now=now)

    with pytest.raises(ChangedMeanwhile) as refusal:
        places.change_location(
            event.id, id_, Place("hall", {"fr": "Grande salle"}, 8), revision=1, actor_id=None, now=now
        )

    assert refusal.value.difference == {"capacity": (20, 8)}
    assert location(id_).capacity == 20


def test_change_location_replaces_owners_and_keeps_those_who_stay(event, now):
    one, other = factories.OrganisationFactory(event=event), factories.OrganisationFactory(event=event)
    id_ = places.add_location(
        event.id, Place("B4", {"fr": "B4"}, owner_ids=frozenset({one.id})), actor_id=None, now=now
    )
    kept = location(id_).owners[0].id

    both = Place("B4", {"fr": "B4"}, owner_ids=frozenset({one.id, other.id}))
    places.change_location(event.id, id_, both, revision=1, actor_id=None, now=now)

    assert {owner.organisation_id for owner in location(id_).owners} == {one.id, other.id}
    assert kept in {owner.id for owner in location(id_).owners}


def test_remove_location_refuses_while_somebody_is_tied_to_it(event, now):
    id_ = places.add_location(event.id, HALL, actor_id=None, now=now)
    factories.ParticipationFactory(event=event, location_id=id_)

    with pytest.raises(InUse):
        places.remove_location(event.id, id_, actor_id=None, now=now)

    with unit_of_work() as session:
        session.query(Participation).update({"location_id": None})
    places.remove_location(event.id, id_, actor_id=None, now=now)
    assert db.session.query(Location).count() == 0


def test_give_stand_names_the_owners_later(event, now):
    id_ = places.add_location(event.id, Place("B4", {"fr": "B4"}, is_stand=True), actor_id=None, now=now)
    owner = factories.OrganisationFactory(event=event)

    places.give_stand(event.id, id_, frozenset({owner.id}), actor_id=None, now=now)

    assert ([one.organisation_id for one in location(id_).owners], location(id_).revision) == ([owner.id], 2)


def test_walk_is_one_row_both_ways(event, now):
    a, b = (places.add_zone(event.id, code, {"fr": code}, actor_id=None, now=now) for code in "AB")

    places.set_walk(event.id, (b, a), 4, actor_id=None, now=now)
    places.set_walk(event.id, (a, b), 6, actor_id=None, now=now)

    assert [(walk.zone_a_id, walk.zone_b_id, walk.minutes) for walk in db.session.query(Walk)] == [(a, b, 6)]


def test_walk_of_no_minutes_goes(event, now):
    a, b = (places.add_zone(event.id, code, {"fr": code}, actor_id=None, now=now) for code in "AB")
    places.set_walk(event.id, (a, b), 4, actor_id=None, now=now)

    places.set_walk(event.id, (a, b), 0, actor_id=None, now=now)

    assert db.session.query(Walk).count() == 0


@pytest.mark.parametrize("minutes", [-1, 121])
def test_walk_refuses_minutes_that_nobody_walks(event, now, minutes):
    a, b = (places.add_zone(event.id, code, {"fr": code}, actor_id=None, now=now) for code in "AB")

    with pytest.raises(InvalidValue, match="minutes"):
        places.set_walk(event.id, (a, b), minutes, actor_id=None, now=now)


def test_walk_from_a_zone_to_itself_is_refused(event, now):
    zone = places.add_zone(event.id, "A", {"fr": "A"}, actor_id=None, now=now)

    with pytest.raises(InvalidValue, match="minutes"):
        places.set_walk(event.id, (zone, zone), 4, actor_id=None, now=now)


def test_remove_zone_refuses_while_a_place_is_in_it(event, now):
    zone = places.add_zone(event.id, "A", {"fr": "A"}, actor_id=None, now=now)
    hall = places.add_location(event.id, Place("hall", {"fr": "Salle"}, zone_id=zone), actor_id=None, now=now)

    with pytest.raises(InUse):
        places.remove_zone(event.id, zone, actor_id=None, now=now)

    places.remove_location(event.id, hall, actor_id=None, now=now)
    places.remove_zone(event.id, zone, actor_id=None, now=now)
    assert db.session.query(Zone).count() == 0


def test_reducing_tables_refuses_while_the_newest_draft_uses_the_last_one(event, now):
    id_ = places.add_location(event.id, Place("hall", {"fr": "Salle"}, 3), actor_id=None, now=now)
    seated(event, location(id_), table=2, now=now)

    with pytest.raises(InUse):
        places.change_location(event.id, id_, Place("hall", {"fr": "Salle"}, 1), revision=1, actor_id=None, now=now)
    places.change_location(event.id, id_, Place("hall", {"fr": "Salle"}, 2), revision=1, actor_id=None, now=now)

    with pytest.raises(InUse):
        places.remove_location(event.id, id_, actor_id=None, now=now)


def seated(event, hall, table, now):
    """A draft with one meeting at a table of the hall."""
    one, other = factories.OrganisationFactory.create_batch(2, event=event)
    with unit_of_work() as session:
        request = Request(
            event_id=event.id,
            code="r",
            first_id=one.id,
            second_id=other.id,
            weight=10,
            klass="like alone",
            created_at=now,
        )
        draft = Draft(
            event_id=event.id, number=1, value=1, bound=1, gap=0, seconds=1, terms={}, scores={}, created_at=now
        )
        session.add_all([request, draft])
        session.flush()
        place = {"event_id": event.id, "draft_id": draft.id, "slot_id": event.slots[0].id, "location_id": hall.id}
        meeting = DraftMeeting(**place, request_id=request.id, table_number=table)
        meeting.tables = [TableBooking(**place, table_number=table)]
        session.add(meeting)

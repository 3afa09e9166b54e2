"""Sessions and who has a seat in them."""

from dataclasses import replace
from datetime import date, time

import pytest

from matchmaker.errors import ChangedMeanwhile, InvalidValue, NotFound
from matchmaker.extensions import db
from matchmaker.models import EventSession, SessionSeat
from matchmaker.services import sessions, times
from matchmaker.services.sessions import SessionPlan
from tests import factories
from tests.factories import FIRST_DAY

PLAN = SessionPlan({"fr": "Plénière"}, FIRST_DAY, time(9), time(10), capacity=2)


@pytest.fixture
def event(app):
    return factories.EventFactory()


def seats(session_id):
    db.session.rollback()
    found = db.session.query(SessionSeat).filter_by(session_id=session_id).order_by(SessionSeat.participation_id)
    return [(seat.participation_id, seat.speaks) for seat in found]


def test_add_keeps_the_plan(event, now):
    plan = replace(PLAN, for_everybody=True, closed=True, rooms={"fr": "Amphi"})

    id_ = sessions.add(event.id, plan, actor_id=None, now=now)

    row = db.session.get(EventSession, id_)
    assert (row.titles, row.rooms, row.for_everybody, row.closed, row.capacity) == (
        {"fr": "Plénière"}, {"fr": "Amphi"}, True, True, 2,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("titles", {"titles": {}}),
        ("end", {"end": time(9)}),
        ("day", {"day": date(2026, 3, 11)}),
    ],
)
def test_add_refuses_what_does_not_fit(event, now, field, wrong):
    with pytest.raises(InvalidValue) as refusal:
        sessions.add(event.id, replace(PLAN, **wrong), actor_id=None, now=now)

    assert refusal.value.field == field


def test_second_editor_gets_the_difference(event, now):
    id_ = sessions.add(event.id, PLAN, actor_id=None, now=now)
    sessions.change(event.id, id_, replace(PLAN, start=time(9, 30)), revision=1, actor_id=None, now=now)

    with pytest.raises(ChangedMeanwhile) as refusal:
        sessions.change(event.id, id_, replace(PLAN, end=time(11)), revision=1, actor_id=None, now=now)

    assert refusal.value.difference == {"start": (time(9, 30), time(9)), "end": (time(10), time(11))}


def test_name_people_replaces_the_seats_and_marks_speakers(event, now):
    id_ = sessions.add(event.id, PLAN, actor_id=None, now=now)
    one, two, three = (factories.ParticipationFactory(event=event).id for _ in range(3))
    sessions.name_people(event.id, id_, frozenset({one, two}), actor_id=None, now=now)

    sessions.name_people(event.id, id_, frozenset({two}), speaker_ids=frozenset({three}), actor_id=None, now=now)

    assert seats(id_) == [(two, False), (three, True)]


def test_name_people_refuses_more_than_the_seats(event, now):
    id_ = sessions.add(event.id, PLAN, actor_id=None, now=now)
    people = frozenset(factories.ParticipationFactory(event=event).id for _ in range(3))

    with pytest.raises(InvalidValue, match="people"):
        sessions.name_people(event.id, id_, people, actor_id=None, now=now)

    assert seats(id_) == []


def test_name_people_refuses_those_of_another_event(event, now):
    id_ = sessions.add(event.id, PLAN, actor_id=None, now=now)

    with pytest.raises(NotFound):
        sessions.name_people(event.id, id_, frozenset({factories.ParticipationFactory().id}), actor_id=None, now=now)


def test_change_refuses_fewer_seats_than_people(event, now):
    id_ = sessions.add(event.id, PLAN, actor_id=None, now=now)
    people = frozenset(factories.ParticipationFactory(event=event).id for _ in range(2))
    sessions.name_people(event.id, id_, people, actor_id=None, now=now)

    with pytest.raises(InvalidValue, match="capacity"):
        sessions.change(event.id, id_, replace(PLAN, capacity=1), revision=1, actor_id=None, now=now)


def test_new_seats_go_to_those_who_have_waited_longest(event, now):
    id_ = sessions.add(event.id, replace(PLAN, capacity=1), actor_id=None, now=now)
    people = [factories.ParticipationFactory(event=event).id for _ in range(4)]
    for person in people:
        times.seat(id_, person, actor_id=None, now=now)

    sessions.change(event.id, id_, replace(PLAN, capacity=3), revision=1, actor_id=None, now=now)

    seated = db.session.scalars(db.select(SessionSeat.participation_id).where(SessionSeat.session_id == id_))
    assert set(seated) == set(people[:3])


def test_remove_frees_its_people(event, now):
    id_ = sessions.add(event.id, PLAN, actor_id=None, now=now)
    person = factories.ParticipationFactory(event=event)
    sessions.name_people(event.id, id_, frozenset({person.id}), actor_id=None, now=now)

    sessions.remove(event.id, id_, actor_id=None, now=now)

    assert (db.session.query(EventSession).count(), seats(id_)) == (0, [])

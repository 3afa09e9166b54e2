from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from matchmaker.domain.states import Phase, Role
from matchmaker.errors import NotFound, PhaseForbids, WishesClosed
from matchmaker.extensions import db
from matchmaker.models import Event, LogEntry, Participation, SessionSeat
from matchmaker.queries.times import times as times_of
from matchmaker.services import times
from tests.factories import EventFactory, MembershipFactory, ParticipationFactory, SessionFactory


@pytest.fixture
def person(app):
    return ParticipationFactory()


@pytest.fixture
def event(person):
    return db.session.get_one(Event, person.event_id)


def away(person):
    db.session.expire_all()
    return sorted(mark.slot_id for mark in person.unavailabilities)


def seats():
    db.session.rollback()
    return db.session.scalar(select(func.count(SessionSeat.id)))


def test_replace_makes_these_the_only_slots_that_are_not_free(person, event, now):
    first, second, third, *_ = [slot.id for slot in event.slots]
    times.replace(person.id, [first, second], actor_id=person.account_id, now=now)

    times.replace(person.id, [third, second, third], actor_id=person.account_id, now=now)

    assert away(person) == [second, third]


def test_replace_with_the_same_slots_writes_nothing(person, event, now):
    for _ in range(2):
        times.replace(person.id, [event.slots[0].id], actor_id=person.account_id, now=now)

    assert db.session.scalar(select(func.count(LogEntry.id))) == 1


def test_replace_refuses_slots_of_another_event_and_changes_nothing(person, event, now):
    kept, stranger = event.slots[0].id, EventFactory().slots[0].id
    times.replace(person.id, [kept], actor_id=person.account_id, now=now)

    with pytest.raises(NotFound):
        times.replace(person.id, [stranger], actor_id=person.account_id, now=now)

    assert away(person) == [kept]


def test_replace_at_the_deadline_is_for_staff(person, event, now):
    slot, closing = event.slots[0].id, now.replace(day=6, hour=18)
    desk = MembershipFactory(event=event, role=Role.DESK)

    with pytest.raises(WishesClosed):
        times.replace(person.id, [slot], actor_id=person.account_id, now=closing)
    times.replace(person.id, [slot], actor_id=desk.account_id, now=closing)

    entry = db.session.scalars(select(LogEntry)).one()
    assert away(person) == [slot]
    assert (entry.actor_id, entry.for_participation_id) == (desk.account_id, person.id)


def test_replace_by_somebody_who_may_only_look_is_refused(now, app):
    event = EventFactory(phase=Phase.SCHEDULING)
    viewer = MembershipFactory(event=event, role=Role.VIEWER)
    person = ParticipationFactory(event=event)

    with pytest.raises(PhaseForbids):
        times.replace(person.id, [], actor_id=viewer.account_id, now=now)


def test_seat_twice_is_one_seat_and_unseat_gives_it_back(person, event, now):
    talk = SessionFactory(event=event)
    for _ in range(2):
        times.seat(talk.id, person.id, actor_id=person.account_id, now=now)
    assert seats() == 1

    times.unseat(talk.id, person.id, actor_id=person.account_id, now=now)
    times.unseat(talk.id, person.id, actor_id=person.account_id, now=now)

    assert seats() == 0


def sitting(talk):
    db.session.rollback()
    return set(db.session.scalars(select(SessionSeat.participation_id).where(SessionSeat.session_id == talk.id)))


def test_who_finds_a_session_full_waits_in_turn_and_sits_down_when_a_seat_is_free(event, now):
    talk = SessionFactory(event=event, capacity=1)
    a, b, c = (ParticipationFactory(event=event).id for _ in range(3))

    answers = [times.seat(talk.id, id_, actor_id=None, now=now) for id_ in (a, b, c, b)]
    before = sitting(talk)
    times.unseat(talk.id, a, actor_id=None, now=now)
    after = sitting(talk)
    times.unseat(talk.id, b, actor_id=None, now=now)

    assert answers == [True, False, False, False]
    assert (before, after, sitting(talk)) == ({a}, {b}, {c})
    verbs = db.session.scalars(select(LogEntry.verb).where(LogEntry.for_participation_id == b)).all()
    assert verbs == ["waits_for_session", "waits_for_session", "got_seat", "left_session"]


def test_who_leaves_the_queue_gets_no_seat(event, now):
    talk = SessionFactory(event=event, capacity=1)
    a, b = (ParticipationFactory(event=event).id for _ in range(2))
    for id_ in (a, b):
        times.seat(talk.id, id_, actor_id=None, now=now)

    for id_ in (b, a):
        times.unseat(talk.id, id_, actor_id=None, now=now)

    assert sitting(talk) == set()


def test_waiting_blocks_no_time_and_says_the_place(event, now):
    talk = SessionFactory(event=event, capacity=1)
    people = [ParticipationFactory(event=event) for _ in range(3)]
    for one in people:
        times.seat(talk.id, one.id, actor_id=None, now=now)
    db.session.rollback()

    found = [(talk.place, talk.blocks) for one in people for talk in times_of(one).talks]

    assert found == [(None, True), (1, False), (2, False)]


def test_free_all_the_time_is_an_answer_too(person, now):
    times.replace(person.id, [], actor_id=person.account_id, now=now)
    times.replace(person.id, [], actor_id=person.account_id, now=now + timedelta(days=1))

    db.session.rollback()
    assert db.session.get(Participation, person.id).times_said_at == now
    assert db.session.query(LogEntry).filter_by(verb="changed_times").count() == 1


def test_seat_raced_by_many_never_exceeds_the_capacity(app, now):
    event = EventFactory()
    talk_id = SessionFactory(event=event, capacity=3).id
    people = [ParticipationFactory(event=event).id for _ in range(8)]

    def seat(participation_id):
        with app.app_context():
            try:
                return times.seat(talk_id, participation_id, actor_id=None, now=now)
            finally:
                db.session.remove()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(seat, people))

    assert sorted(answers) == [False] * 5 + [True] * 3
    assert seats() == 3


def test_seat_in_a_closed_session_is_for_staff(person, event, now):
    board = SessionFactory(event=event, closed=True)
    desk = MembershipFactory(event=event, role=Role.DESK)

    with pytest.raises(NotFound):
        times.seat(board.id, person.id, actor_id=person.account_id, now=now)
    times.seat(board.id, person.id, actor_id=desk.account_id, now=now)
    with pytest.raises(NotFound):
        times.unseat(board.id, person.id, actor_id=person.account_id, now=now)

    assert seats() == 1


def test_seat_of_another_event_does_not_exist(person, now):
    with pytest.raises(NotFound):
        times.seat(SessionFactory().id, person.id, actor_id=person.account_id, now=now)

"""The grid of slots, with and without a script, and the sessions."""

import re
from datetime import timedelta

import pytest

from matchmaker.domain.states import Phase, Role
from matchmaker.extensions import db
from matchmaker.models import Event, SessionSeat, Unavailability
from tests import factories
from tests.web.desks import member
from tests.web.visitors import Visitor, now, words  # noqa: F401 -- a fixture


@pytest.fixture
def event(app):
    return factories.EventFactory(day_count=2)


@pytest.fixture
def person(event):
    return factories.ParticipationFactory(event=event)


def away(person):
    return {mark.slot.code for mark in db.session.query(Unavailability).filter_by(participation_id=person.id)}


def ids(event, *codes):
    return [str(slot.id) for slot in event.slots if slot.code in codes]


def test_ticked_slots_are_the_ones_that_do_not_suit(app, event, person):
    visitor, page = Visitor(app, person.account), f"/e/{event.slug}/times"
    visitor.post(page, {"away": ids(event, "1-0900", "2-0925")})

    answer = visitor.post(page, {"away": ids(event, "2-0925", "2-0950")})

    assert answer.status_code == 303
    assert away(person) == {"2-0925", "2-0950"}
    assert re.findall(r'value="(\d+)" data-half="[^"]*" checked', visitor.get(page).get_data(as_text=True)) == ids(
        event, "2-0925", "2-0950"
    )


def test_a_half_day_s_button_marks_all_of_it_then_frees_it(app, event, person):
    visitor, page = Visitor(app, person.account), f"/e/{event.slug}/times"
    half = f"{factories.FIRST_DAY.isoformat()}/am"
    morning = {"1-0900", "1-0925", "1-0950", "1-1035", "1-1100", "1-1125"}

    visitor.post(page, {"away": ids(event, "1-0900", "2-0900"), "half": half})
    assert away(person) == morning | {"2-0900"}

    visitor.post(page, {"away": ids(event, "2-0900", *morning), "half": half})
    assert away(person) == {"2-0900"}


def test_slots_that_a_session_blocks_say_why_and_keep_their_mark(app, event, person):
    opening = factories.SessionFactory(event=event, for_everybody=True, titles={"en": "Opening session"})
    factories.UnavailabilityFactory(participation=person, in_slot=event.slots[0])
    visitor, page = Visitor(app, person.account), f"/e/{event.slug}/times"

    shown = words(visitor.get(f"{page}?lang=en"))
    visitor.post(page, {"away": []})

    assert opening.start == event.slots[0].start
    assert shown.count("Opening session") == 2  # 09:00 and 09:25
    assert away(person) == {"1-0900"}


def test_a_session_s_seat_blocks_the_person_alone(app, event, person):
    other = factories.ParticipationFactory(event=event)
    board = factories.SessionFactory(event=event, closed=True, titles={"en": "Board meeting"})
    factories.SessionSeatFactory(participation=person, of_session=board)

    mine = words(Visitor(app, person.account).get(f"/e/{event.slug}/times?lang=en"))
    theirs = words(Visitor(app, other.account).get(f"/e/{event.slug}/times?lang=en"))

    assert mine.count("Board meeting") == 3  # two slots and the list
    assert "Board meeting" not in theirs


def test_signing_up_for_a_session_and_leaving_it(app, event, person):
    talk = factories.SessionFactory(event=event)
    visitor, page = Visitor(app, person.account), f"/e/{event.slug}/times/{talk.id}"

    assert visitor.post(page, {"act": "join"}).status_code == 303
    assert db.session.query(SessionSeat).count() == 1
    assert visitor.post(page, {"act": "leave"}).status_code == 303
    assert db.session.query(SessionSeat).count() == 0


def test_a_full_session_offers_its_queue(app, event, person):
    talk = factories.SessionFactory(event=event, capacity=0)
    visitor, page = Visitor(app, person.account), f"/e/{event.slug}/times"

    before = words(visitor.get(f"{page}?lang=en"))
    answer = visitor.post(f"{page}/{talk.id}", {"act": "join"})
    waiting = words(visitor.get(f"{page}?lang=en"))
    visitor.post(f"{page}/{talk.id}", {"act": "leave"})

    assert ("Full" in before, "Wait for a seat" in before, answer.status_code) == (True, True, 303)
    assert ("You are in the queue." in waiting, "Number 1 in the queue" in waiting) == (True, True)
    assert "Wait for a seat" in words(visitor.get(f"{page}?lang=en"))


@pytest.mark.parametrize("value", ["x", "-1", "9" * 40, "٣"])
def test_values_that_are_no_slot_mark_nothing(app, event, person, value):
    answer = Visitor(app, person.account).post(f"/e/{event.slug}/times", {"away": value})

    assert answer.status_code == 303
    assert away(person) == set()


def test_after_the_deadline_the_grid_is_the_desk_s(app, person):
    event = db.session.get(Event, person.event_id)
    closed = factories.EventFactory(phase=Phase.SCHEDULING)
    late = factories.ParticipationFactory(event=closed)
    desk = Visitor(app, member(closed, Role.DESK))

    own = Visitor(app, late.account).post(f"/e/{closed.slug}/times?lang=ar", {"away": ids(closed, "1-0900")})
    lent = desk.post(f"/o/{closed.slug}/people/{late.code}/times", {"away": ids(closed, "1-0925")})

    assert event.phase is Phase.WISHES
    assert (own.status_code, lent.status_code) == (409, 303)
    assert away(late) == {"1-0925"}


def test_rows_are_the_times_at_which_any_day_has_a_slot(app):
    event = factories.EventFactory(day_count=2)
    later = event.slots[-1]
    person = factories.ParticipationFactory(event=event)

    page = Visitor(app, person.account).get(f"/e/{event.slug}/times?lang=en").get_data(as_text=True)

    assert later.day - event.slots[0].day == timedelta(days=1)
    assert re.findall(r'<th scope="row"><time datetime="([^"]*)"', page) == [
        "09:00", "09:25", "09:50", "10:15", "10:35", "11:00", "11:25",
    ]  # fmt: skip

"""An event's frame: what it refuses, which slots stay, and two people who edit it at once."""

from dataclasses import replace
from datetime import date, datetime, time

import pytest

from matchmaker.domain.states import Phase, Role
from matchmaker.domain.timetable import BreakKind, DayPlan
from matchmaker.errors import ChangedMeanwhile, InUse, InvalidValue, NotFound
from matchmaker.extensions import db
from matchmaker.models import Event, LogEntry, Membership
from matchmaker.services import events
from matchmaker.services.events import EventFrame, Pause
from tests import factories

DAY = date(2026, 7, 3)
MORNING = DayPlan(DAY, time(9), time(12))
FRAME = EventFrame("jorf", {"fr": "Jorf"}, "Africa/Casablanca", (MORNING,))
"""A Friday morning without breaks: seven slots of 20 minutes."""


@pytest.fixture
def owner(app):
    return factories.AccountFactory(login="owner")


def stored(slug="jorf"):
    db.session.rollback()
    return db.session.query(Event).filter_by(slug=slug).one()


def starts(event):
    return [f"{slot.start:%H:%M}" for slot in event.slots]


def verbs(event_id):
    return [entry.verb for entry in db.session.query(LogEntry).filter_by(event_id=event_id).order_by(LogEntry.id)]


def test_create_makes_slots_an_owner_and_a_line_in_the_log(owner, now):
    frame = replace(FRAME, breaks=(Pause(time(10), time(10, 30), kind=BreakKind.COFFEE),))

    event_id = events.create(frame, actor_id=owner.id, now=now)

    event = stored()
    assert starts(event) == ["09:00", "09:25", "10:30", "10:55", "11:20"]
    assert (event.id, event.phase, event.revision) == (event_id, Phase.REGISTRATION, 1)
    assert [(one.account_id, one.role) for one in db.session.query(Membership)] == [(owner.id, Role.OWNER)]
    assert verbs(event_id) == ["event.created"]


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("slug", {"slug": "Jorf 2026"}),
        ("slug", {"slug": "a--b"}),
        ("names", {"names": {"fr": "  "}}),
        ("zone", {"zone": "Africa/Jorf"}),
        ("languages", {"languages": ()}),
        ("languages", {"languages": ("fr", "de")}),
        ("accent", {"accent": "#12"}),
        ("days", {"days": ()}),
        ("days", {"days": (MORNING, MORNING)}),
        ("days", {"days": (DayPlan(DAY, time(9), time(9, 10)),)}),
        ("breaks", {"breaks": (Pause(time(11), time(10)),)}),
        ("breaks", {"breaks": (Pause(time(10), time(11), day=date(2026, 7, 4)),)}),
        ("slot_minutes", {"slot_minutes": 4}),
        ("slot_minutes", {"changeover_minutes": 61}),
    ],
)
def test_create_refuses_what_does_not_fit_and_says_where(owner, now, field, wrong):
    with pytest.raises(InvalidValue) as refusal:
        events.create(replace(FRAME, **wrong), actor_id=owner.id, now=now)

    assert refusal.value.field == field
    assert db.session.query(Event).count() == 0


def test_create_refuses_an_address_that_is_taken(owner, now):
    events.create(FRAME, actor_id=owner.id, now=now)

    with pytest.raises(InvalidValue, match="slug"):
        events.create(FRAME, actor_id=owner.id, now=now)


def test_change_keeps_the_slots_that_stay_with_their_code(owner, now):
    event_id = events.create(FRAME, actor_id=owner.id, now=now)
    before = {slot.start: (slot.id, slot.code) for slot in stored().slots}
    earlier = DayPlan(date(2026, 7, 2), time(9), time(10))

    events.change(event_id, replace(FRAME, days=(earlier, MORNING)), revision=1, actor_id=owner.id, now=now)

    event = stored()
    assert {slot.start: (slot.id, slot.code) for slot in event.slots if slot.day == DAY} == before
    assert [slot.code for slot in event.slots if slot.day != DAY] == ["20260702-0900", "20260702-0925"]


def test_change_drops_unused_slots(owner, now):
    event_id = events.create(FRAME, actor_id=owner.id, now=now)

    events.change(
        event_id, replace(FRAME, days=(DayPlan(DAY, time(9), time(10)),)), revision=1, actor_id=owner.id, now=now
    )

    assert starts(stored()) == ["09:00", "09:25"]


def test_change_refuses_to_drop_a_slot_that_somebody_marked(owner, now):
    event_id = events.create(FRAME, actor_id=owner.id, now=now)
    event = stored()
    factories.UnavailabilityFactory(
        participation=factories.ParticipationFactory(event=event), in_slot=stored().slots[-1]
    )

    with pytest.raises(InUse) as refusal:
        events.change(
            event_id, replace(FRAME, days=(DayPlan(DAY, time(9), time(10)),)), revision=1, actor_id=owner.id, now=now
        )

    assert (refusal.value.what, refusal.value.count) == ("slot", 1)
    assert len(stored().slots) == 7


def test_change_refuses_to_take_a_day_from_under_a_session(owner, now):
    event_id = events.create(FRAME, actor_id=owner.id, now=now)
    factories.SessionFactory(event=stored(), day=DAY)
    other_day = replace(FRAME, days=(DayPlan(date(2026, 7, 4), time(9), time(12)),))

    with pytest.raises(InvalidValue, match="days"):
        events.change(event_id, other_day, revision=1, actor_id=owner.id, now=now)


def test_second_of_two_editors_gets_the_difference_and_overwrites_nothing(owner, now):
    event_id = events.create(FRAME, actor_id=owner.id, now=now)
    events.change(event_id, replace(FRAME, must_quota=3), revision=1, actor_id=owner.id, now=now)
    late = replace(FRAME, must_quota=7, days=(DayPlan(DAY, time(9), time(13)),))

    with pytest.raises(ChangedMeanwhile) as refusal:
        events.change(event_id, late, revision=1, actor_id=owner.id, now=now)

    assert refusal.value.difference == {"must_quota": (3, 7), "days": ([MORNING], list(late.days))}
    assert refusal.value.revision == 2
    assert (stored().must_quota, stored().revision) == (3, 2)


def test_change_says_in_the_log_what_changed(owner, now):
    event_id = events.create(FRAME, actor_id=owner.id, now=now)

    events.change(event_id, replace(FRAME, must_quota=3, zone="Europe/Paris"), revision=1, actor_id=owner.id, now=now)

    last = db.session.query(LogEntry).filter_by(verb="event.changed").one()
    assert last.detail == {"fields": ["must_quota", "zone"]}


def test_frame_keeps_what_it_was_given(owner, now):
    frame = replace(
        FRAME,
        patronage={"ar": "تحت رعاية الوزارة", "fr": "Sous le patronage du ministère"},
        wishes_close_at=datetime(2026, 6, 30, 18, 0),  # noqa: DTZ001 -- wall time
        delete_after=date(2026, 12, 31),
        public_address=False,
        controller="La chambre",
        cndp_number="A-1",
        accent="#8a3b12",
        max_consecutive=4,
    )

    events.create(frame, actor_id=owner.id, now=now)

    event = stored()
    kept = {name: getattr(event, name) for name in (*events.PLAIN, "patronage")}
    assert kept == {name: getattr(frame, name) for name in kept}


def test_set_phase_moves_and_notes_where_from(owner, now):
    event_id = events.create(FRAME, actor_id=owner.id, now=now)

    events.set_phase(event_id, Phase.FINAL, actor_id=owner.id, now=now)

    noted = db.session.query(LogEntry).filter_by(verb="event.phase").one()
    assert (stored().phase, noted.subject, noted.detail) == (Phase.FINAL, "final", {"before": "registration"})


def test_set_phase_of_no_event_is_not_found(app, now):
    with pytest.raises(NotFound):
        events.set_phase(99, Phase.FINAL, actor_id=None, now=now)

"""Holes of the day: pairs who are there, judged by the solver, never twice at once, and kept by what comes later."""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import datetime, time, timedelta

import pytest

from matchmaker.app import create_app
from matchmaker.domain import zones
from matchmaker.domain.states import MeetingState, Phase, Role, VersionKind
from matchmaker.errors import DoubleBooking, MeetingOver
from matchmaker.extensions import db
from matchmaker.models import (
    Attendance,
    Base,
    Event,
    Location,
    LocationClosure,
    LogEntry,
    Mail,
    Participation,
    PublishedUnscheduled,
    Request,
    StandbyTable,
    Walk,
)
from matchmaker.queries import standby as queries
from matchmaker.queries.agenda import agenda
from matchmaker.scheduling import standby as boards
from matchmaker.services import archives, desk, handing_over, publishing, standby
from matchmaker.services.standby import Where
from matchmaker.settings import Settings
from matchmaker.unit_of_work import unit_of_work
from tests.factories import FIRST_DAY, LocationFactory, ParticipationFactory, ZoneFactory
from tests.forum import a_forum
from tests.placed import told, version_of
from tests.swapping import change
from tests.web.desks import member

pytestmark = pytest.mark.usefixtures("app")
CONFIRMED, CANCELLED = MeetingState.CONFIRMED, MeetingState.CANCELLED


def at(text):
    """Return the moment of the first day at which the event's clock shows this."""
    return zones.instant(datetime.combine(FIRST_DAY, time.fromisoformat(text)), "Africa/Casablanca")


def wall(text):
    return datetime.combine(FIRST_DAY, time.fromisoformat(text))


def a_day(wishes="a!b b!a a!c c!a d+b b+d", places="ab 09:00", *, absent="", **event):
    """A forum on its day, all there but ``absent``; slots are at 09:00, 09:25, 09:50, 10:35, 11:00 and 11:25."""
    forum = a_forum(wishes, **{"phase": Phase.ON_THE_DAY, **event})
    version_of(forum, places, now=at("12:00") - timedelta(days=1))
    for letter, person in forum.people.items():
        if letter not in absent:
            change(Participation, person.id, arrived_at=at("08:30"))
    return forum


def offered(forum, text, most=9):
    """Return who is offered to whom now or in the next slot, by letters, and the holes."""
    letters = {person.id: letter for letter, person in forum.people.items()}
    slots = queries.soon(queries.slots(forum.id, FIRST_DAY), wall(text))
    board = boards.board(forum.id, queries.arrived(forum.id))
    both = [one for one in board.wanted if one.both]
    holes = board.offers(both, {slot.id for slot in slots}, most)
    return {"".join(sorted(letters[id_] for id_ in hole.place.people)): hole for hole in holes}


def take(forum, hole, text):
    code = next(row.code for row in requests() if row.id == hole.request_id)
    where = Where(hole.place.slot_id, hole.place.location_id, hole.place.table)
    return standby.take(forum.id, code, where, actor_id=forum.organiser.id, now=at(text))


def keep(row):
    with unit_of_work() as session:
        session.add(row)


def requests():
    return db.session.scalars(db.select(Request)).all()


def starts(forum):
    return {pair: (f"{row.start:%H:%M}", row.state) for pair, row in told(forum).items()}


def test_two_who_are_there_and_free_get_their_meeting_and_nobody_is_moved():
    forum = a_day()
    holes = offered(forum, "09:10")

    silent = take(forum, holes["ac"], "09:10")

    assert {pair: f"{hole.start:%H:%M}" for pair, hole in holes.items()} == {"ac": "09:25", "bd": "09:25"}
    assert len({hole.place.table for hole in holes.values()}) == 2
    assert starts(forum) == {"ab": ("09:00", CONFIRMED), "ac": ("09:25", CONFIRMED)}
    assert silent == []
    mails = db.session.scalars(db.select(Mail)).all()
    assert sorted((mail.recipient[0], mail.kind, list(mail.facts["on_the_spot"])) for mail in mails) == [
        ("a", "changes", ["added"]),
        ("c", "changes", ["added"]),
    ]
    assert [f"{one.start:%H:%M}" for one in agenda(forum.people["c"]).meetings] == ["09:25"]
    assert agenda(forum.people["c"]).not_scheduled == ()
    assert db.session.scalar(db.select(db.func.count(PublishedUnscheduled.id))) == 1
    assert db.session.scalars(db.select(LogEntry.verb)).all() == ["standby.made"]
    assert "ac" not in offered(forum, "09:10")


def test_a_slot_that_has_only_just_begun_is_now_and_who_is_away_or_busy_is_not_offered():
    forum = a_day(absent="d")

    assert {pair: f"{hole.start:%H:%M}" for pair, hole in offered(forum, "09:28").items()} == {"ac": "09:25"}
    assert {pair: f"{hole.start:%H:%M}" for pair, hole in offered(forum, "09:31").items()} == {"ac": "09:50"}
    assert offered(forum, "08:58") == {}  # the next slot is at 09:00, when a is in a meeting
    assert offered(forum, "11:40") == {}
    with pytest.raises(MeetingOver):
        take(forum, offered(forum, "09:28")["ac"], "09:31")


def test_a_colleague_comes_for_whoever_is_not_there_until_they_leave():
    forum = a_day("a!c c!a b!d d!b", "bd 09:00", absent="a")
    deputy = ParticipationFactory(organisation=forum.people["a"].organisation, arrived_at=at("08:30"))

    def who_is_offered():
        slots = {slot.id for slot in queries.soon(queries.slots(forum.id, FIRST_DAY), wall("09:10"))}
        board = boards.board(forum.id, queries.arrived(forum.id))
        return [set(hole.place.people) for hole in board.offers(board.wanted, slots, 9)]

    with_deputy = who_is_offered()
    change(Participation, deputy.id, arrived_at=None)

    assert with_deputy == [{deputy.id, forum.people["c"].id}]
    assert who_is_offered() == []


def test_where_somebody_did_not_come_the_other_and_the_table_are_free():
    forum = a_day(absent="b", capacity=1)
    desk.missed(forum.id, told(forum)["ab"].request.code, forum.people["b"].id, actor_id=None, now=at("09:04"))

    assert {pair: hole.start for pair, hole in offered(forum, "09:04").items()} == {"ac": wall("09:00")}


def test_the_shorter_walk_comes_first_and_is_told():
    forum = a_day(places="ab 09:00, bd 09:00")
    near, far = ZoneFactory(event=forum.event), ZoneFactory(event=forum.event)
    change(Location, forum.hall.id, zone_id=near.id)
    other = LocationFactory(event=forum.event, zone_id=far.id)
    keep(Walk(event_id=forum.id, zone_a_id=near.id, zone_b_id=far.id, minutes=4))

    at_hand = offered(forum, "09:10")["ac"]
    keep(LocationClosure(event_id=forum.id, location_id=forum.hall.id, slot_id=at_hand.place.slot_id))
    away = offered(forum, "09:10")["ac"]

    assert (at_hand.place.location_id, at_hand.walk) == (forum.hall.id, 0)
    assert (away.place.location_id, away.walk) == (other.id, 4)


def test_the_second_of_two_taps_is_refused():
    forum = a_day("a!b b!a a!c c!a d!e e!d", places="de 11:25", capacity=1)
    holes = offered(forum, "08:58")
    take(forum, holes["ab"], "08:58")

    with pytest.raises(DoubleBooking):
        take(forum, holes["ac"], "08:58")

    assert starts(forum) == {"ab": ("09:00", CONFIRMED), "de": ("11:25", CONFIRMED)}


def test_a_meeting_that_was_cancelled_comes_back_as_a_newer_entry():
    forum = a_day()
    row = told(forum)["ab"]
    change(type(row), row.id, state=CANCELLED, sequence=3)

    take(forum, offered(forum, "09:10")["ab"], "09:10")

    again = told(forum)["ab"]
    assert (again.state, again.sequence, f"{again.start:%H:%M}") == (CONFIRMED, 4, "09:25")
    assert len(again.attendances) == 2


def test_a_draft_made_before_keeps_what_was_made_since_unless_it_needs_the_room():
    forum = a_day()
    take(forum, offered(forum, "09:10")["ac"], "09:10")

    publishing.publish(forum.id, 1, VersionKind.FINAL, expected_version=1, actor_id=None, now=at("09:15"))

    assert starts(forum) == {"ab": ("09:00", CANCELLED), "ac": ("09:25", CONFIRMED)}  # the draft holds nothing itself


def test_the_clock_fills_the_slots_to_come_where_it_may_and_looks_every_two_minutes():
    forum = a_day(absent="d")
    event = forum.id

    off = standby.fill(event, now=at("09:10"))
    standby.let_the_clock(event, on=True, actor_id=forum.organiser.id, now=at("09:10"))
    due = queries.due(at("09:10"))
    too_near = standby.fill(event, now=at("09:17"))
    at_once = standby.fill(event, now=at("09:18"))
    made = standby.fill(event, now=at("09:25"))

    assert (off, due, too_near, at_once, made) == (0, [event], 0, 0, 1)
    assert starts(forum)["ac"] == ("09:50", CONFIRMED)
    rows = db.session.execute(db.select(LogEntry.verb, LogEntry.actor_id)).all()
    assert [tuple(row) for row in rows] == [("standby.clock_on", forum.organiser.id), ("standby.made", None)]


def test_the_clock_leaves_an_event_alone_that_was_archived_on_its_day():
    forum = a_day(absent="d")
    standby.let_the_clock(forum.id, on=True, actor_id=forum.organiser.id, now=at("09:10"))
    archives.archive(forum.id, actor_id=None, now=at("09:12"))

    found = queries.due(at("09:25")), standby.fill(forum.id, now=at("09:25"))

    assert found == ([], 0)
    assert db.session.scalars(db.select(Mail)).all() == []


def test_whose_promise_will_not_be_kept_is_known_by_what_took_place():
    forum = a_day(places="ab 09:00, ac 09:25")
    change(Participation, forum.people["a"].id, min_meetings=2)
    change(Participation, forum.people["b"].id, min_meetings=1)

    before = queries.behind(forum.id, wall("09:30"))
    desk.missed(forum.id, told(forum)["ab"].request.code, forum.people["b"].id, actor_id=None, now=at("09:10"))
    after = {
        one.person_id: (one.held, one.untold, one.coming, one.missing)
        for one in queries.behind(forum.id, wall("09:30"))
    }

    assert before == []
    assert after == {forum.people["a"].id: (0, 0, 1, 1), forum.people["b"].id: (0, 0, 0, 1)}


def test_at_the_desk_a_colleague_takes_over_a_meeting_that_runs():
    forum = a_day()
    one = ParticipationFactory(organisation=forum.organisations["b"])
    staff = member(forum.event, Role.DESK)
    code = told(forum)["ab"].request.code

    with pytest.raises(MeetingOver):
        handing_over.hand_over(
            forum.id, code, forum.people["b"].id, one.id, actor_id=forum.people["b"].account_id, now=at("09:05")
        )
    handing_over.hand_over(forum.id, code, forum.people["b"].id, one.id, actor_id=staff.id, now=at("09:05"))
    with pytest.raises(MeetingOver):
        handing_over.hand_over(forum.id, code, one.id, forum.people["b"].id, actor_id=staff.id, now=at("09:20"))

    assert {seat.participation_id for seat in told(forum)["ab"].attendances} == {forum.people["a"].id, one.id}


# ── two at once ─────────────────────────────────────────────────────────────


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def house(request, tmp_path):
    """The application on one of the two databases."""
    url = request.getfixturevalue("postgresql_url") if request.param == "postgresql" else ""
    settings = Settings(data_folder=tmp_path, secret_key="only for tests and long enough", database_url=url, demo=True)
    app = create_app(settings)
    with app.app_context():
        Base.metadata.create_all(db.engine)
        yield app
        db.session.rollback()
        db.session.remove()
        db.engine.dispose()


def race(house, monkeypatch):
    """Let two desks tap pairs that share a person, each as late as it can before the other has written."""
    forum = a_day("a!b b!a a!c c!a d!e e!d", places="de 11:25")
    holes = offered(forum, "08:58")
    acts = [
        (row.code, holes[pair].place) for pair in ("ab", "ac") for row in requests() if row.id == holes[pair].request_id
    ]
    event_id, person_id = forum.id, forum.people["a"].id
    db.session.rollback()
    both, ends, look = threading.Barrier(2), [], standby._refuse_late

    def looks(*args):
        look(*args)
        with suppress(threading.BrokenBarrierError):  # the other is kept waiting, as it should be
            both.wait(timeout=1)

    monkeypatch.setattr(standby, "_refuse_late", looks)

    def act(code, place):
        with house.app_context():
            try:
                where = Where(place.slot_id, place.location_id, place.table)
                standby.take(event_id, code, where, actor_id=None, now=at("08:58"))
                ends.append("done")
            except DoubleBooking:
                ends.append("refused")

    threads = [threading.Thread(target=act, args=one) for one in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    seats = db.session.scalars(db.select(Attendance.id).where(Attendance.participation_id == person_id)).all()
    return sorted(ends), len(seats), len(db.session.scalars(db.select(StandbyTable)).all())


def test_of_two_desks_that_tap_at_once_one_is_refused(house, monkeypatch):
    assert race(house, monkeypatch) == (["done", "refused"], 1, 1)


def test_the_database_has_the_last_word_where_nothing_is_locked_and_nobody_looks_again(house, monkeypatch):
    monkeypatch.setattr(standby, "question_edition", lambda _event_id: 0)
    monkeypatch.setattr(standby.published, "locked_event", lambda session, event_id: session.get(Event, event_id))

    assert race(house, monkeypatch) == (["done", "refused"], 1, 1)

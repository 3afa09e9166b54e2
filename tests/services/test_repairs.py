"""Something goes wrong: few meetings move, those concerned are told, what has begun stays, and nothing is forgotten."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest

from matchmaker.domain import zones
from matchmaker.domain.happening import Happened, Happening, from_facts, together
from matchmaker.domain.states import MeetingState, RunState
from matchmaker.errors import ChangedMeanwhile, InvalidValue, NotFound, NothingToRepair, RepairOutOfDate, RunInProgress
from matchmaker.extensions import db
from matchmaker.models import (
    EventSession,
    LocationClosure,
    LogEntry,
    Mail,
    Participation,
    PublishedMeeting,
    PublishedUnscheduled,
    Unavailability,
    Version,
)
from matchmaker.queries import repairs as queries
from matchmaker.queries import versions
from matchmaker.services import delegations, handing_over, people, publishing, repairs, runs
from matchmaker.unit_of_work import unit_of_work
from tests.factories import FIRST_DAY, LocationFactory, ParticipationFactory, SessionFactory
from tests.forum import a_forum
from tests.placed import told, version_of
from tests.solved import carry_out

pytestmark = pytest.mark.usefixtures("app")
MINISTER = "m!a a!m m!b b!m a+b b+a c+m m+c"
PLACES = "ma 09:00, mb 09:50, ab 10:35"
"""The minister's two meetings and another; slots are at 09:00, 09:25, 09:50, 10:35, 11:00 and 11:25."""
CONFIRMED, CANCELLED = MeetingState.CONFIRMED, MeetingState.CANCELLED


def at(text):
    """Return the moment of the first day at which the event's clock shows this."""
    return zones.instant(datetime.combine(FIRST_DAY, time.fromisoformat(text)), "Africa/Casablanca")


def a_published(wishes=MINISTER, places=PLACES, **event):
    """A forum whose first version is out since yesterday."""
    forum = a_forum(wishes, **event)
    version_of(forum, places, now=at("12:00") - timedelta(days=1))
    return forum


def out(forum, preview, now, expected=1):
    by = {"actor_id": forum.organiser.id, "now": now}
    kind = db.session.scalars(db.select(Version.kind).where(Version.event_id == forum.id)).first()
    return publishing.publish(forum.id, preview.draft.number, kind, expected_version=expected, **by)


def befalls(forum, letter, kind=Happening.LATE, until=None):
    return Happened(kind, forum.people[letter].code, FIRST_DAY, until=time.fromisoformat(until) if until else None)


def ways(forum, happened, now):
    """Look for repairs, and return what publishing each would do, from few changes to many."""
    repairs.ask(forum.id, happened, actor_id=forum.organiser.id, now=now)
    run = carry_out(now)
    assert run.state is RunState.DONE, (run.failure, run.failure_detail)
    return [way.preview for way in queries.ways(run)]


def starts(forum):
    return {pair: (f"{row.start:%H:%M}", row.state) for pair, row in told(forum).items()}


def told_by_mail(number):
    rows = db.session.scalars(db.select(Mail).join(Version).where(Version.number == number))
    return [mail.recipient[0] for mail in rows]


def mails(number):
    return set(told_by_mail(number))


def test_meetings_that_only_people_move_are_moved_where_they_are_what_went_wrong():
    """A minister who is late is late: what a run may not move stands in no repair's way, the other's stays."""
    forum = a_published()
    with unit_of_work() as session:
        for letter in "mb":
            session.get_one(Participation, forum.people[letter].id).moved_by_hand = True
    before = starts(forum)

    found = ways(forum, befalls(forum, "m", until="09:40"), at("08:50"))

    assert found
    moved = {change.was.start for way in found for change in way.moved}
    assert time(9) in moved
    assert time(10, 35) not in moved
    assert before["ab"] == ("10:35", CONFIRMED)


def test_a_minister_is_late_and_only_those_concerned_are_told():
    forum = a_published()

    first, *_ = ways(forum, befalls(forum, "m", until="09:40"), at("08:50"))
    number = out(forum, first, at("08:52"))

    after = starts(forum)
    assert ([*first.cancelled], [*first.added], [change.was.start for change in first.moved]) == ([], [], [time(9)])
    assert {pair: after[pair] for pair in ("bm", "ab")} == {"bm": ("09:50", CONFIRMED), "ab": ("10:35", CONFIRMED)}
    assert after["am"][0] > "09:50"
    assert mails(number) == {"a", "m"}
    away = db.session.scalars(db.select(Unavailability)).all()
    assert {(row.participation_id, row.slot.start) for row in away} == {
        (forum.people["m"].id, time(9)),
        (forum.people["m"].id, time(9, 25)),
    }
    verbs = db.session.scalars(db.select(LogEntry.verb).order_by(LogEntry.id)).all()
    assert verbs[-2:] == ["repair.asked", "repair.published"]


def test_the_first_way_moves_nobody_else_another_loses_less():
    forum = a_published(places="ma 09:00, mb 09:25, ab 09:50", ends=time(10, 15))

    found = ways(forum, befalls(forum, "m", until="09:20"), at("08:50"))

    lost = [(len(one.moved), len(one.cancelled)) for one in found]
    assert lost[0] == (0, 1)
    assert lost[-1][0] > 0
    assert lost[-1][1] == 0


def test_what_has_begun_stays_as_it_was_told_whatever_befalls_whom():
    forum = a_published()

    (way,) = ways(forum, befalls(forum, "m", Happening.LEFT), at("09:10"))
    out(forum, way, at("09:12"))

    assert starts(forum) == {"am": ("09:00", CONFIRMED), "bm": ("09:50", CANCELLED), "ab": ("10:35", CONFIRMED)}
    rows = db.session.scalars(db.select(PublishedUnscheduled).join(Version).where(Version.number == 2))
    codes = {row.request_id: row.reason for row in rows}
    assert told(forum)["am"].request_id not in codes
    unheld = db.session.scalars(db.select(PublishedUnscheduled).join(Version).where(Version.number == 1)).one()
    assert (codes[unheld.request_id], [*way.added]) == (unheld.reason, [])  # no new meeting springs up on the day


def test_a_delegation_is_late_together_and_each_is_told_once():
    forum = a_published("d!a a!d e!b b!e f!a a!f", places="da 09:00, eb 09:00, fa 10:35")
    by = {"actor_id": forum.organiser.id, "now": at("08:40")}
    bus = delegations.add_delegation(forum.id, "bus", {"en": "The bus"}, **by)
    for letter in "de":
        people.join_delegation(forum.id, forum.organisations[letter].id, bus, **by)
    late = Happened(Happening.LATE, together(bus), FIRST_DAY, until=time(9, 40))

    first, *_ = ways(forum, late, at("08:50"))
    number = out(forum, first, at("08:52"))

    after = starts(forum)
    assert {pair for pair, (start, state) in after.items() if start > "09:40" and state is CONFIRMED} == {
        "ad",
        "be",
        "af",
    }
    assert after["af"] == ("10:35", CONFIRMED)
    assert sorted(told_by_mail(number)) == ["a", "b", "d", "e"]
    away = db.session.scalars(db.select(Unavailability)).all()
    assert {(row.participation_id, row.slot.start) for row in away} == {
        (forum.people[letter].id, start) for letter in "de" for start in (time(9), time(9, 25))
    }
    assert queries.names(forum.id, late) == ({"en": "The bus"},)


def test_a_hall_is_closed_and_its_meetings_find_tables_elsewhere():
    forum = a_published()
    other = LocationFactory(event=forum.event, capacity=4)
    closed = Happened(Happening.CLOSED, forum.hall.code, FIRST_DAY, time(9), time(12))

    first, *_ = ways(forum, closed, at("08:50"))
    out(forum, first, at("08:51"))

    places = {pair: row.location_id for pair, row in told(forum).items()}
    assert not first.cancelled
    assert places == {"am": other.id, "bm": other.id, "ab": other.id}
    shut = db.session.scalars(db.select(LocationClosure.slot_id).where(LocationClosure.location_id == forum.hall.id))
    assert set(shut) == {slot.id for slot in forum.slots}


def test_a_session_overruns_and_those_who_sit_in_it_meet_later():
    forum = a_published()
    session = SessionFactory(event=forum.event, day=FIRST_DAY, start=time(8), end=time(9), for_everybody=True)
    overruns = Happened(Happening.OVERRUN, str(session.id), FIRST_DAY, session.end, time(9, 20))

    first, *_ = ways(forum, overruns, at("08:50"))
    out(forum, first, at("08:51"))

    assert {state for _, state in starts(forum).values()} == {CONFIRMED}
    assert min(start for start, _ in starts(forum).values()) > "09:20"
    assert db.session.get(EventSession, session.id).end == time(9, 20)


def test_who_took_a_meeting_over_or_came_beside_keeps_it_and_nothing_is_forgotten():
    forum = a_published()
    deputy, beside = (ParticipationFactory(organisation=forum.organisations["b"]) for _ in range(2))
    row = told(forum)["ab"]
    by = {"actor_id": forum.organiser.id, "now": at("08:40")}
    handing_over.hand_over(forum.id, row.request.code, forum.people["b"].id, deputy.id, **by)
    handing_over.add(forum.id, row.request.code, forum.organisations["b"].id, beside.id, **by)
    out(forum, ways(forum, befalls(forum, "m", until="09:40"), at("08:50"))[0], at("08:51"))

    (way, *_) = ways(forum, befalls(forum, "b", Happening.ABSENT), at("08:55"))
    number = out(forum, way, at("08:56"), 2)

    meetings = db.session.scalars(db.select(PublishedMeeting).join(Version).where(Version.number == number)).all()
    (kept,) = [one for one in meetings if one.request_id == row.request_id]
    assert {one.participation_id for one in kept.attendances} == {forum.people["a"].id, deputy.id, beside.id}
    assert min(one.start for one in meetings if one.state is CONFIRMED) > time(9, 40)
    assert versions.latest_number(forum.id) == 3


def test_a_repair_is_refused_once_things_are_no_longer_so():
    forum = a_published()
    first, *_ = ways(forum, befalls(forum, "m", until="09:40"), at("08:50"))
    with pytest.raises(RepairOutOfDate):  # the meeting has begun that it would move
        out(forum, first, at("09:00"))
    with pytest.raises(ChangedMeanwhile):
        out(forum, first, at("08:51"), None)

    deputy = ParticipationFactory(organisation=forum.organisations["b"])
    by = {"actor_id": forum.organiser.id, "now": at("08:52")}
    handing_over.hand_over(forum.id, told(forum)["ab"].request.code, forum.people["b"].id, deputy.id, **by)

    with pytest.raises(RepairOutOfDate):
        out(forum, first, at("08:53"))
    assert db.session.query(Unavailability).count() == 0


def test_what_cannot_be_repaired_is_refused():
    forum = a_published()
    act = {"actor_id": forum.organiser.id, "now": at("11:00")}
    with pytest.raises(InvalidValue):  # the time has passed
        repairs.ask(forum.id, befalls(forum, "m", until="10:40"), **act)
    shut = Happened(Happening.CLOSED, forum.hall.code, FIRST_DAY, time(11, 30), time(11, 20))
    with pytest.raises(InvalidValue):  # open again before it is closed
        repairs.ask(forum.id, shut, **act)
    with pytest.raises(NothingToRepair):
        repairs.ask(forum.id, befalls(forum, "m", Happening.LEFT), actor_id=None, now=at("12:30"))
    with pytest.raises(NotFound):
        repairs.ask(a_forum().id, befalls(forum, "m", until="10:40"), actor_id=None, now=at("08:00"))

    repairs.ask(forum.id, befalls(forum, "m", until="10:40"), actor_id=None, now=at("08:00"))
    with pytest.raises(RunInProgress):
        repairs.ask(forum.id, befalls(forum, "m", until="10:40"), actor_id=None, now=at("08:00"))
    with pytest.raises(RunInProgress):
        runs.start(forum.id, "fairness", 5, actor_id=None, now=at("08:00"))


def test_facts_are_read_back_as_they_were_stored():
    for happened in (
        Happened(Happening.LATE, "abc", FIRST_DAY, until=time(10, 40)),
        Happened(Happening.CLOSED, "A", FIRST_DAY, time(9), time(9, 30)),
        Happened(Happening.LEFT, "abc", FIRST_DAY),
    ):
        assert from_facts(happened.facts()) == happened

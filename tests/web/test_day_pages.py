"""The welcome desk: arrivals by name or link, who is awaited, did not come, or is free; and the clock for the hall."""

from datetime import datetime, time, timedelta

import pytest
import time_machine

from matchmaker.domain import zones
from matchmaker.domain.states import Locale, MeetingState, Phase, Role
from matchmaker.extensions import db
from matchmaker.models import LogEntry, Participation, Request
from matchmaker.queries import day, links
from matchmaker.web import day as pages
from tests.factories import FIRST_DAY, ParticipationFactory
from tests.forum import a_forum
from tests.placed import told, version_of
from tests.swapping import change
from tests.web.desks import fields, member, queries
from tests.web.visitors import Visitor, words

pytestmark = pytest.mark.usefixtures("app")


def at(text):
    return zones.instant(datetime.combine(FIRST_DAY, time.fromisoformat(text)), "Africa/Casablanca")


@pytest.fixture(autouse=True)
def now():
    """Meetings at 09:00 have begun six minutes ago."""
    with time_machine.travel(at("09:06"), tick=False) as traveller:
        yield traveller


@pytest.fixture
def forum():
    forum = a_forum("m!a a!m m!b b!m a+b b+a")
    version_of(forum, "ma 09:00, ab 09:25", now=at("09:06") - timedelta(days=1))
    return forum


@pytest.fixture
def desk(app, forum):
    return Visitor(app, member(forum.event, Role.DESK, locale=Locale.ENGLISH))


def test_somebody_is_found_by_name_or_by_their_link_and_arrives_which_can_be_undone(desk, forum):
    path, person = f"/o/{forum.event.slug}/day", forum.people["a"]

    by_name = desk.get(f"{path}?q=societe A")
    by_link = desk.get(path, query_string={"q": links.agenda_url(person)})
    shown = desk.get(by_link.location)
    desk.post(f"{path}/{person.code}/arrival")
    there = db.session.get(Participation, person.id).arrived_at
    after = words(desk.get(by_link.location))
    desk.post(f"{path}/{person.code}/arrival", {"act": "undo"})

    assert "Firm a" in words(by_name)
    assert by_link.location.endswith(f"/day?person={person.code}")
    assert "Table 1" in words(shown)
    assert there == at("09:06")
    assert "Has arrived" in after
    assert db.session.get(Participation, person.id).arrived_at is None
    assert db.session.scalars(db.select(LogEntry.verb)).all() == ["arrived", "arrival.taken_back"]
    assert desk.get(f"{path}?q=0123-0123456789").status_code == 200  # no link of anybody


def test_who_is_late_is_shown_and_a_no_show_tells_whom_to_tell(desk, forum):
    path, late = f"/o/{forum.event.slug}/day", forum.people["m"]
    desk.post(f"{path}/{forum.people['a'].code}/arrival")
    code = told(forum)["am"].request.code

    before = words(desk.get(path))
    desk.post(f"{path}/{late.code}/missed/{code}")
    state, after = told(forum)["am"].state, words(desk.get(path))
    desk.post(f"{path}/{late.code}/missed/{code}", {"act": "met"})

    assert "Late by 6 minutes" in before
    assert state is MeetingState.NO_SHOW
    assert "Tell who waits" in after
    assert told(forum)["am"].state is MeetingState.HELD
    coming = told(forum)["ab"].request.code
    desk.post(f"{path}/{late.code}/missed/{coming}")  # it has not begun, and is not theirs
    assert told(forum)["ab"].state is MeetingState.CONFIRMED


def test_the_clock_says_what_runs_and_what_comes(desk, forum, now):
    address = f"/o/{forum.event.slug}/day/clock"
    running = words(desk.get(address))
    now.move_to(at("10:20"))
    between = words(desk.get(address))
    now.move_to(at("13:00"))
    over = words(desk.get(address))

    assert "Minutes left 14" in running
    assert "Minutes until the next meetings 15" in between
    assert "The meetings of today are over" in over


def test_the_board_reads_as_often_for_many_as_for_few(forum):
    wall = datetime.combine(FIRST_DAY, time(9, 6))
    with queries() as few:
        assert len(day.board(forum.id, wall).people) == 3
    for _ in range(5):
        ParticipationFactory(event=forum.event)
    db.session.rollback()
    with queries() as many:
        assert len(day.board(forum.id, wall).people) == 8

    assert len(many) == len(few)


def test_the_desk_offers_who_is_free_and_the_second_tap_is_told_why_not(app):
    forum = a_forum("a!b b!a a!c c!a d!e e!d", phase=Phase.ON_THE_DAY)
    version_of(forum, "ab 09:00", now=at("09:06") - timedelta(days=1))
    for person in forum.people.values():
        change(Participation, person.id, arrived_at=at("08:30"))
    desk = Visitor(app, member(forum.event, Role.DESK, locale=Locale.ENGLISH))
    path = f"/o/{forum.event.slug}/day/standby"

    offered = desk.get(path, headers={"HX-Request": "true"})
    form = fields(offered.get_data(as_text=True))
    code = next(
        row.code for row in db.session.scalars(db.select(Request)) if row.code in offered.get_data(as_text=True)
    )
    first = desk.post(f"{path}/{code}", form)
    desk.post(f"{path}/{code}", form)
    after = words(desk.get(first.location))

    assert "Free now, or in the next slot" in words(offered)
    assert "Table" in words(offered)
    assert first.location.endswith("/day")
    assert "It is a meeting now; it stands in the agenda of both." in after
    assert "This person or this table is already taken at that time." in after
    assert len(told(forum)) == 2


def test_a_colleague_who_is_free_comes_instead_by_one_tap(desk, forum):
    path, late = f"/o/{forum.event.slug}/day", forum.people["m"]
    one = ParticipationFactory(organisation=forum.organisations["m"])
    code = told(forum)["am"].request.code

    shown = desk.get(f"{path}?person={late.code}")
    desk.post(f"{path}/{late.code}/swap/{code}", {"takes": one.code})

    assert "A colleague comes instead" in words(shown)
    assert {seat.participation_id for seat in told(forum)["am"].attendances} == {forum.people["a"].id, one.id}


def test_standby_reads_as_often_for_many_as_for_few(app):
    counts = []
    for wishes in ("a!b b!a", "a!b b!a a!c c!a d!e e!d f!g g!f"):
        forum = a_forum(wishes, phase=Phase.ON_THE_DAY)
        version_of(forum, "ab 09:00", now=at("09:06") - timedelta(days=1))
        for person in forum.people.values():
            change(Participation, person.id, arrived_at=at("08:30"), min_meetings=2)
        desk = Visitor(app, member(forum.event, Role.DESK, locale=Locale.ENGLISH))
        with queries() as seen:
            page = words(desk.get(f"/o/{forum.event.slug}/day/standby"))
        counts.append(len(seen))

    assert "1 meeting is missing" in page
    assert counts[0] == counts[1]


def test_a_hall_of_people_who_are_awaited_is_shown_in_part(desk, forum, monkeypatch):
    path = f"/o/{forum.event.slug}/day"
    whole = words(desk.get(path))
    monkeypatch.setattr(pages, "MOST_AWAITED", 1)
    part = words(desk.get(path))

    assert whole.count("Late by 6 minutes") == 2
    assert part.count("Late by 6 minutes") == 1
    assert "To settle now 2" in whole
    assert "To settle now 2" in part
    assert "The first 1 of 2" in part
    assert "The first" not in whole

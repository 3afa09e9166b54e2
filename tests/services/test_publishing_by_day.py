"""Publishing day by day: what is chosen goes out, what was told stays, and nothing leaks of days withheld."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from flask_babel import force_locale
from icalendar import Calendar

from matchmaker.domain import zones
from matchmaker.domain.agenda import RowKind
from matchmaker.domain.happening import Happened, Happening
from matchmaker.domain.states import MeetingState, VersionKind
from matchmaker.domain.statuses import Status
from matchmaker.errors import DaysBelongTogether, InUse, InvalidValue
from matchmaker.extensions import db
from matchmaker.mail.calendar import build_calendar
from matchmaker.models import Event, Mail, Organisation, Participation, PublishedUnscheduled, Version
from matchmaker.queries import publishing as previews
from matchmaker.queries import repairs as ways
from matchmaker.queries import standby
from matchmaker.queries.agenda import agenda
from matchmaker.queries.requests import requests
from matchmaker.scheduling import standby as boards
from matchmaker.services import places, publishing, repairs
from matchmaker.services.standby import Where, take
from tests.factories import FIRST_DAY
from tests.forum import a_forum
from tests.placed import draft_of, told
from tests.solved import carry_out
from tests.swapping import change
from tests.web.desks import queries

pytestmark = pytest.mark.usefixtures("app")
FINAL, PROVISIONAL = VersionKind.FINAL, VersionKind.PROVISIONAL
ONE, TWO, THREE = (FIRST_DAY + timedelta(days=number) for number in range(3))
WISHES = "a!b b!a c!d d!c a!c c!a e+a"
PLACES = "ab 1-0900, cd 2-0900, ac 2-0925"
"""The wish of e is not held."""


def a_fair(wishes=WISHES, **event):
    return a_forum(wishes, day_count=3, **event)


def publish(forum, draft, now, *days, kind=FINAL):
    """Publish these days of a draft, all if none is named, and return the version."""
    latest = db.session.scalar(db.select(db.func.max(Version.number)).where(Version.event_id == forum.id))
    by = {"expected_version": latest, "actor_id": forum.organiser.id, "now": now}
    number = publishing.publish(forum.id, draft.number, kind, days=days or None, **by)
    return db.session.scalars(db.select(Version).where(Version.event_id == forum.id, Version.number == number)).one()


def mails(version):
    rows = db.session.scalars(db.select(Mail).where(Mail.version_id == version.id))
    return {mail.recipient[0]: mail.kind for mail in rows}


def starts(forum):
    """Return when each meeting of the last version begins, and its sequence; a cancelled one begins never."""
    rows = told(forum).items()
    cancelled = MeetingState.CANCELLED
    return {
        pair: ("" if row.state is cancelled else f"{row.day:%d} {row.start:%H:%M}", row.sequence) for pair, row in rows
    }


def person(forum, letter):
    db.session.rollback()
    return db.session.get(Participation, forum.people[letter].id)


def statuses(forum, letter, now):
    db.session.rollback()
    event, own = db.session.get(Event, forum.id), db.session.get(Organisation, forum.organisations[letter].id)
    return {line.status for line in requests(event, own, now=now).sent}


def test_a_day_is_told_to_those_concerned_and_of_the_others_nothing_is_known(now):
    forum = a_fair()

    version = publish(forum, draft_of(forum, PLACES, now=now), now, ONE)

    assert (version.days, version.days_out) == ([ONE.isoformat()], [ONE.isoformat()])
    assert starts(forum) == {"ab": ("10 09:00", 0)}
    assert mails(version) == {"a": "agenda", "b": "agenda"}
    later = "The programme of 11 March is published later. The programme of 12 March is published later."
    assert calendar_of(forum, "c")["DESCRIPTION"] == later
    assert statuses(forum, "c", now) == {Status.ACCEPTED}
    assert statuses(forum, "e", now) == {Status.AWAITING}
    for letter in "cde":
        read = agenda(person(forum, letter))
        assert (read.meetings, read.not_scheduled) == ((), ())
        assert [bool(day.withheld) for day in read.days] == [False, True, True]
        assert {row.start.date() for row in read.rows if row.kind is RowKind.FREE} == {ONE}


def test_the_next_day_is_told_as_news_and_who_has_only_the_day_before_is_left_in_peace(now):
    forum = a_fair()
    draft = draft_of(forum, PLACES, now=now)
    publish(forum, draft, now, ONE)

    version = publish(forum, draft, now, TWO)

    assert (version.days, version.days_out) == ([TWO.isoformat()], [ONE.isoformat(), TWO.isoformat()])
    assert mails(version) == {"a": "changes", "c": "agenda", "d": "agenda"}
    assert starts(forum) == {"ab": ("10 09:00", 0), "cd": ("11 09:00", 0), "ac": ("11 09:25", 0)}
    (facts,) = db.session.scalars(db.select(Mail.facts).where(Mail.version_id == version.id, Mail.kind == "changes"))
    assert (facts["added"], facts["moved"], facts["cancelled"]) == ([told(forum)["ac"].request_id], [], [])


def test_the_last_day_makes_the_whole_what_it_were_if_published_at_once(now):
    at_once, by_day = a_fair(), a_fair()
    publish(at_once, draft_of(at_once, PLACES, now=now), now)
    draft = draft_of(by_day, PLACES, now=now)
    publish(by_day, draft, now, ONE)
    publish(by_day, draft, now, TWO)

    version = publish(by_day, draft, now, THREE)

    assert (version.days, version.days_out) == ([THREE.isoformat()], [])
    assert mails(version) == {"e": "agenda"}
    assert starts(by_day) == starts(at_once)
    assert [statuses(forum, "e", now) for forum in (at_once, by_day)] == [{Status.NOT_SCHEDULED}] * 2
    ends = [[item.reason for item in agenda(person(forum, "e")).not_scheduled] for forum in (at_once, by_day)]
    assert ends[0] == ends[1] != []
    rows = db.select(Version.event_id, PublishedUnscheduled.reason).join(Version)
    reasons = db.session.execute(rows.where(Version.days_out == [], Version.event_id.in_([at_once.id, by_day.id])))
    assert sorted(reasons) == [(forum.id, "no_common_slot") for forum in (at_once, by_day)]


def test_a_change_on_a_day_that_is_out_waits_until_that_day_is_published_again(now):
    forum = a_fair()
    publish(forum, draft_of(forum, PLACES, now=now), now, ONE)
    later = draft_of(forum, "ab 1-0950, cd 2-0900, ac 2-0925", now=now)

    second = publish(forum, later, now, TWO)

    assert starts(forum)["ab"] == ("10 09:00", 0)
    assert "b" not in mails(second)
    third = publish(forum, later, now, ONE)
    assert starts(forum) == {"ab": ("10 09:50", 1), "cd": ("11 09:00", 0), "ac": ("11 09:25", 0)}
    assert mails(third) == {"a": "changes", "b": "changes"}


def test_what_was_told_moves_to_a_day_withheld_only_if_both_go_out_together(now):
    forum = a_fair()
    publish(forum, draft_of(forum, PLACES, now=now), now, ONE)
    later = draft_of(forum, "ab 2-0950, cd 2-0900", now=now)

    with pytest.raises(DaysBelongTogether):
        publish(forum, later, now, ONE)

    preview = previews.preview(forum.id, later.number, FINAL, [ONE])
    assert preview.together == [ONE, TWO]
    publish(forum, later, now, TWO)
    assert starts(forum) == {"ab": ("10 09:00", 0), "cd": ("11 09:00", 0)}
    version = publish(forum, later, now, ONE, TWO)
    assert starts(forum) == {"ab": ("11 09:50", 1), "cd": ("11 09:00", 0)}
    assert mails(version) == {"a": "changes", "b": "changes"}


def test_a_meeting_that_is_gone_from_a_day_published_again_is_cancelled_and_told(now):
    forum = a_fair()
    publish(forum, draft_of(forum, PLACES, now=now), now, ONE)
    later = draft_of(forum, "cd 2-0900", now=now)

    assert mails(publish(forum, later, now, TWO)) == {"c": "agenda", "d": "agenda"}
    version = publish(forum, later, now, ONE)

    assert mails(version) == {"a": "changes", "b": "changes"}
    assert starts(forum) == {"ab": ("", 1), "cd": ("11 09:00", 0)}


def test_to_go_back_touches_only_the_days_of_the_version_one_goes_back_to(now):
    forum = a_fair()
    draft = draft_of(forum, PLACES, now=now)
    first = publish(forum, draft, now, ONE)
    publish(forum, draft_of(forum, "ab 1-0950, cd 2-1035", now=now), now, ONE, TWO)

    version = publish(forum, draft, now, *first.chosen)

    assert starts(forum) == {"ab": ("10 09:00", 2), "cd": ("11 10:35", 0)}
    assert mails(version) == {"a": "changes", "b": "changes"}
    assert version.days_out == [ONE.isoformat(), TWO.isoformat()]


def test_each_day_is_provisional_or_final_by_itself(now):
    forum = a_fair()
    draft = draft_of(forum, PLACES, now=now)
    publish(forum, draft, now, ONE)

    publish(forum, draft, now, TWO, kind=PROVISIONAL)

    states = {pair: row.state for pair, row in told(forum).items()}
    assert states == {"ab": MeetingState.CONFIRMED, "cd": MeetingState.PROVISIONAL, "ac": MeetingState.PROVISIONAL}
    assert entries(forum, "a") == [("CONFIRMED", 0), ("TENTATIVE", 0)]
    assert [agenda(person(forum, letter)).may_move for letter in "ab"] == [True, False]
    third = publish(forum, draft, now, TWO)
    assert mails(third) == {"a": "agenda", "c": "agenda", "d": "agenda"}
    assert entries(forum, "a") == [("CONFIRMED", 0), ("CONFIRMED", 1)]


def calendar_of(forum, letter):
    with force_locale("en"):
        return Calendar.from_ical(build_calendar(agenda(person(forum, letter))))


def entries(forum, letter):
    calendar = calendar_of(forum, letter)
    found = sorted(calendar.walk("VEVENT"), key=lambda entry: entry["DTSTART"].dt)
    return [(str(entry["STATUS"]), int(entry["SEQUENCE"])) for entry in found]


def test_a_repair_moves_nothing_to_a_day_withheld_and_what_is_withheld_is_published_after_it(now):
    forum = a_fair()
    draft = draft_of(forum, PLACES, now=now)
    publish(forum, draft, now, ONE)
    morning = zones.instant(datetime.combine(ONE, time(8)), "Africa/Casablanca")
    late = Happened(Happening.LATE, forum.people["a"].code, ONE, until=time(12))
    repairs.ask(forum.id, late, actor_id=forum.organiser.id, now=morning)
    (way, *_) = ways.ways(carry_out(morning))

    repaired = publish(forum, way.preview.draft, morning)

    assert (way.preview.days, starts(forum)) == ([], {"ab": ("", 1)})
    assert (repaired.days_out, mails(repaired)) == ([ONE.isoformat()], {"a": "changes", "b": "changes"})
    publish(forum, draft, morning, TWO)
    assert starts(forum) == {"cd": ("11 09:00", 0), "ac": ("11 09:25", 0)}


def test_nobody_is_called_free_or_behind_while_a_day_is_withheld(now):
    forum = a_fair()
    draft = draft_of(forum, PLACES, now=now)
    change(Participation, forum.people["a"].id, min_meetings=5)
    publish(forum, draft, now, ONE)

    wall = datetime.combine(ONE, time(9))
    seen = [(len(standby.slots(forum.id, day)), len(standby.behind(forum.id, wall))) for day in (ONE, TWO)]
    publish(forum, draft, now)

    assert seen == [(6, 0), (0, 0)]
    assert (len(standby.slots(forum.id, TWO)), len(standby.behind(forum.id, wall))) == (6, 1)


def test_a_meeting_of_a_day_withheld_that_the_desk_made_earlier_stays_where_it_was_made(now):
    forum = a_fair()
    draft = draft_of(forum, PLACES, now=now)
    publish(forum, draft, now, ONE)
    morning = zones.instant(datetime.combine(ONE, time(9, 10)), "Africa/Casablanca")
    for who in forum.people.values():
        change(Participation, who.id, arrived_at=morning)
    board = boards.board(forum.id, standby.arrived(forum.id))
    request = board.between(forum.organisations["a"].id, forum.organisations["c"].id)
    (hole, *_) = board.holes(request, {slot.id for slot in standby.slots(forum.id, ONE)[1:2]})
    where = Where(hole.place.slot_id, hole.place.location_id, hole.place.table)
    take(forum.id, board.question.requests[request], where, actor_id=forum.organiser.id, now=morning)

    publish(forum, draft, morning, TWO)

    assert starts(forum) == {"ab": ("10 09:00", 0), "ac": ("10 09:25", 0), "cd": ("11 09:00", 0)}


def test_a_table_told_by_an_earlier_draft_is_not_taken_away(now):
    forum = a_fair()
    publish(forum, draft_of(forum, "cd 2-0900, ac 2-0925, ab 1-0900", now=now), now, ONE)
    publish(forum, draft_of(forum, "cd 2-0900", now=now), now, TWO)
    fewer = places.Place(forum.hall.code, forum.hall.names, capacity=2)

    with pytest.raises(InUse):
        places.change_location(forum.id, forum.hall.id, fewer, revision=1, actor_id=None, now=now)


@pytest.mark.parametrize("days", [[], [FIRST_DAY - timedelta(days=1)]])
def test_no_day_and_a_day_of_no_event_are_refused(now, days):
    forum = a_fair()
    draft = draft_of(forum, PLACES, now=now)

    with pytest.raises(InvalidValue):
        publishing.publish(
            forum.id, draft.number, FINAL, days=days, expected_version=None, actor_id=forum.organiser.id, now=now
        )


def test_the_number_of_queries_grows_neither_with_the_days_nor_with_what_is_withheld(now):
    counts = []
    for days in (1, 3):
        forum = a_forum(WISHES, day_count=days)
        draft = draft_of(forum, "ab 1-0900" if days == 1 else PLACES, now=now)
        with queries() as preview:
            previews.preview(forum.id, draft.number, FINAL, [ONE])
        publish(forum, draft, now, ONE)
        reader = person(forum, "a")
        with queries() as read:
            agenda(reader)
        counts.append((len(preview), len(read)))

    (before, whole), (chosen, part) = counts
    assert chosen <= before
    assert part <= whole + 1

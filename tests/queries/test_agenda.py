"""The agenda as a value: what is in it, who may read why, and at what cost."""

from datetime import time, timedelta

import pytest
from sqlalchemy import event as sql_event

from matchmaker import models
from matchmaker.domain.disclosure import Reason
from matchmaker.domain.states import MeetingState, RequestState, WishLevel
from matchmaker.domain.statuses import Status
from matchmaker.extensions import db
from matchmaker.models import Participation, Version
from matchmaker.queries.agenda import agenda
from matchmaker.queries.agenda_changes import ChangeKind, changes
from matchmaker.unit_of_work import unit_of_work
from tests import factories
from tests.published import PUBLISHED_AT, a_day, at, meeting, publish, request_of


def test_rows_are_merged_in_the_order_of_the_day(app):
    day = a_day()
    session = factories.SessionFactory(event=day.event, start=time(11), end=time(11, 45))
    factories.SessionSeatFactory(participation=day.reader, of_session=session)
    factories.UnavailabilityFactory(participation=day.reader, in_slot=day.event.slots[2])
    publish(day, meeting(0, "09:00", "09:20"), meeting(1, "10:35", "10:55"))

    told = agenda(day.reader)

    assert [(row.kind, f"{row.start:%H:%M}", f"{row.end:%H:%M}") for row in told.rows] == [
        ("meeting", "09:00", "09:20"),
        ("free", "09:20", "09:50"),
        ("unavailable", "09:50", "10:10"),
        ("break", "10:15", "10:35"),
        ("meeting", "10:35", "10:55"),
        ("session", "11:00", "11:45"),
        ("free", "11:45", "12:00"),
    ]


def test_before_anything_is_published_nothing_is_called_free(app):
    day = a_day(0)

    assert [row.kind for row in agenda(day.reader).rows] == ["break"]


def test_a_walk_is_told_from_the_engagement_before(app):
    day = a_day()
    here, there = factories.ZoneFactory(event=day.event), factories.ZoneFactory(event=day.event)
    stand = factories.LocationFactory(event=day.event, zone_id=there.id, is_stand=True)
    with unit_of_work() as session:
        session.get(models.Location, day.hall.id).zone_id = here.id
        session.add(models.Walk(event_id=day.event.id, zone_a_id=here.id, zone_b_id=there.id, minutes=4))
    publish(day, meeting(0), meeting(1, "09:25", "09:45", location_id=stand.id, location_names=stand.names))

    assert [one.walk_minutes for one in agenda(day.reader).meetings] == [None, 4]


def test_the_next_engagement_is_the_first_to_come(app):
    day = a_day()
    publish(day, meeting(0), meeting(1, "09:25", "09:45"))

    coming = [agenda(day.reader, now_wall=at(factories.FIRST_DAY, clock)).next for clock in ("08:00", "09:10", "09:30")]

    assert [f"{row.start:%H:%M}" if row else None for row in coming] == ["09:00", "09:25", None]


def test_a_moved_meeting_says_where_it_stood(app):
    day = a_day()
    publish(day, meeting(0, moved=True, was_day=factories.FIRST_DAY, was_start=time(11)))

    (told,) = agenda(day.reader).meetings

    assert (told.status, told.was) == (Status.MOVED, at(factories.FIRST_DAY, "11:00"))


def test_who_is_replaced_sees_the_meeting_as_cancelled_once(app):
    day = a_day(1)
    publish(day, meeting(0))
    publish(day, meeting(0, reader_present=False), number=2)
    shown = [(one.status, one.stands) for one in agenda(day.reader).meetings]
    publish(day, meeting(0, reader_present=False), number=3)

    assert shown == [(Status.CANCELLED, False)]
    assert agenda(day.reader).meetings == ()
    assert [one.status for one in agenda(day.reader).gone] == [Status.CANCELLED]


def test_a_meeting_outlives_the_day_it_was_on(app):
    day = a_day(1)
    publish(day, meeting(0, on=factories.FIRST_DAY + timedelta(days=9)))

    assert len(agenda(day.reader).meetings) == 1


def unmet(day, *, mine=WishLevel.LIKE, theirs=None, reason=None, state=RequestState.ASKED):
    """Make a request that the version to come does not hold."""
    own, other = day.reader.organisation, day.others[0].organisation
    with unit_of_work() as session:
        request = request_of(session, day, 0)
        request.state = state
        id_ = request.id
    for one, wanted, level in ((own, other, mine), (other, own, theirs)):
        if level:
            factories.WishFactory(organisation=one, wanted_organisation=wanted, level=level)
    version_id = publish(day, meeting(1))
    if reason:
        with unit_of_work() as session:
            session.add(
                models.PublishedUnscheduled(event_id=day.event.id, version_id=version_id, request_id=id_, reason=reason)
            )
    return [(item.reason, item.meetings) for item in agenda(day.reader).not_scheduled]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"theirs": WishLevel.LIKE, "reason": "no_table"}, [(Reason.NO_TABLE, 1)]),
        ({"theirs": WishLevel.LIKE, "reason": "displaced"}, [(None, 1)]),
        ({"theirs": None, "reason": "no_table"}, [(None, 1)]),
        ({"theirs": WishLevel.VETO, "reason": "not_offered"}, [(None, 1)]),
        ({"theirs": WishLevel.VETO}, [(None, 1)]),
        # They had said yes when the version came out. Whether they took it back or vetoed since must look the same.
        ({"theirs": None, "reason": "no_table", "state": RequestState.ACCEPTED}, [(Reason.NO_TABLE, 1)]),
        ({"theirs": WishLevel.VETO, "reason": "no_table", "state": RequestState.ACCEPTED}, [(Reason.NO_TABLE, 1)]),
        ({"theirs": None}, [(None, 1)]),
        ({"mine": None, "theirs": WishLevel.LIKE, "reason": "no_table"}, []),
        ({"mine": WishLevel.VETO, "theirs": WishLevel.LIKE}, []),
        ({"theirs": WishLevel.LIKE, "state": RequestState.WITHDRAWN}, []),
    ],
)
def test_who_may_read_why(app, given, told):
    assert unmet(a_day(2), **given) == told


def test_a_meeting_that_a_colleague_attends_is_not_called_unscheduled(app):
    day = a_day(1)
    factories.WishFactory(organisation=day.reader.organisation, wanted_organisation=day.others[0].organisation)
    publish(day, meeting(0, reader_present=False))

    assert agenda(day.reader).not_scheduled == ()


def test_changes_are_told_from_the_version_before_to_the_last(app):
    day = a_day(3)
    publish(day, meeting(0), meeting(1, "09:25", "09:45"))
    second = publish(day, meeting(0, "10:35", "10:55"), meeting(1, "09:25", "09:45"), number=2)
    publish(day, meeting(0, "11:00", "11:20"), meeting(2, "09:00", "09:20"), number=3)

    found = changes(day.reader, db.session.get(Version, second))

    told = [(one.kind, f"{one.was.start:%H:%M}" if one.was else None, f"{one.meeting.start:%H:%M}") for one in found]
    assert told == [
        (ChangeKind.MOVED, "09:00", "11:00"),
        (ChangeKind.CANCELLED, "09:25", "09:25"),
        (ChangeKind.ADDED, None, "09:00"),
    ]


def test_a_version_before_a_request_says_nothing_of_it(app):
    day = a_day(2)
    publish(day, meeting(1))
    with unit_of_work() as session:
        request_of(session, day, 0).created_at = PUBLISHED_AT + timedelta(minutes=1)
    factories.WishFactory(organisation=day.reader.organisation, wanted_organisation=day.others[0].organisation)

    assert agenda(day.reader).not_scheduled == ()


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_does_not_grow(app, count):
    day = a_day(2 * count)
    for index in range(count):
        starts = f"{9 + index}:00".rjust(5, "0"), f"{9 + index}:20".rjust(5, "0")
        factories.WishFactory(
            organisation=day.reader.organisation, wanted_organisation=day.others[count + index].organisation
        )
        with unit_of_work() as session:
            request_of(session, day, count + index)
        day.others[index].starts = starts
    publish(day, *(meeting(index, *day.others[index].starts) for index in range(count)))
    publish(
        day,
        *(
            meeting(index, *day.others[index].starts, state=MeetingState.CONFIRMED, sequence=1)
            for index in range(count)
        ),
        number=2,
    )
    reader_id = day.reader.id
    db.session.expunge_all()
    reader = db.session.get(Participation, reader_id)
    asked = []

    def note(_connection, _cursor, statement, *_rest):
        asked.append(statement)

    sql_event.listen(db.engine, "before_cursor_execute", note)
    try:
        told = agenda(reader)
    finally:
        sql_event.remove(db.engine, "before_cursor_execute", note)

    assert (len(told.meetings), len(told.not_scheduled)) == (count, count)
    assert len([one for one in asked if one.startswith("SELECT")]) == 14

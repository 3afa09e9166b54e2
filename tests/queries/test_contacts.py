"""Whom one met: only where it took place, only what they agreed to, and at what cost."""

from __future__ import annotations

import pytest

from matchmaker.domain.states import MeetingState
from matchmaker.extensions import db
from matchmaker.models import Participation
from matchmaker.queries.contacts import Contact, contacts
from matchmaker.unit_of_work import unit_of_work
from tests.published import a_day, meeting, publish
from tests.web.desks import queries
from tests.web.visitors import agree

HELD = MeetingState.HELD


def with_phone(participation, phone="+212 600 000000"):
    with unit_of_work() as session:
        session.get_one(Participation, participation.id).account.phone = phone
    return participation


def test_only_the_other_side_of_meetings_that_took_place(app):
    day = a_day(5)
    states = [HELD, MeetingState.CONFIRMED, MeetingState.NO_SHOW, MeetingState.CANCELLED, MeetingState.PROVISIONAL]
    publish(day, *(meeting(number, state=state) for number, state in enumerate(states)))

    assert [one.names for one in contacts(day.reader)] == [day.others[0].account.names]


def test_nothing_before_a_version_is_out_and_nothing_of_a_meeting_that_others_held(app):
    day = a_day(1)
    before = contacts(day.reader)
    publish(day, meeting(0, state=HELD, reader_present=False))

    assert (before, contacts(day.reader)) == ((), ())


def test_who_agreed_gives_all_and_who_did_not_gives_a_name_and_an_organisation(app):
    day = a_day(2)
    for other in day.others:
        with_phone(other)
        agree(other, "directory")
    agree(day.others[0], "contact")
    publish(day, meeting(0, state=HELD), meeting(1, "09:25", "09:45", state=HELD))

    yes, no = contacts(day.reader)

    one = day.others[0]
    assert yes == Contact(
        one.account.names, one.organisation.names, True, one.job, one.account.email, "+212 600 000000"
    )
    assert no == Contact(day.others[1].account.names, day.others[1].organisation.names, agreed=False)


def test_whoever_was_met_twice_stands_there_once_in_the_order_of_the_day(app):
    day = a_day(2)
    publish(
        day,
        meeting(0, "11:00", "11:20", state=HELD),
        meeting(1, "09:00", "09:20", state=HELD),
    )

    names = [one.names for one in contacts(day.reader)]

    assert names == [day.others[1].account.names, day.others[0].account.names]


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_does_not_grow(app, count):
    day = a_day(count)
    publish(day, *(meeting(number, state=HELD) for number in range(count)))
    for other in day.others:
        agree(other, "contact")
    reader_id = day.reader.id
    db.session.expunge_all()
    reader = db.session.get(Participation, reader_id)

    with queries() as asked:
        found = contacts(reader)

    assert (len(found), len([one for one in asked if one.startswith("SELECT")])) == (count, 2)

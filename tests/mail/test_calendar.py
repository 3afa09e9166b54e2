"""Calendar files, read as a calendar would read them."""

import os
import time
from datetime import date, datetime

import pytest
from flask_babel import force_locale
from icalendar import Calendar

from matchmaker import models
from matchmaker.domain.states import MeetingState, VersionKind
from matchmaker.mail.calendar import build_calendar
from matchmaker.queries.agenda import agenda
from matchmaker.unit_of_work import unit_of_work
from tests.mail.test_messages import HOSTILE
from tests.published import a_day, clock, meeting, publish


def calendar_of(participation, locale="fr"):
    with force_locale(locale):
        return build_calendar(agenda(participation))


def entries(content):
    return {str(entry["UID"]): entry for entry in Calendar.from_ical(content).walk("VEVENT")}


def only(content):
    (entry,) = entries(content).values()
    return entry


def test_an_entry_says_when_where_and_with_whom(app):
    day = a_day(1)
    publish(day, meeting(0, table_number=7))

    content = calendar_of(day.reader)

    calendar, entry = Calendar.from_ical(content), only(content)
    assert (calendar["METHOD"], str(entry["STATUS"]), entry["SEQUENCE"]) == ("PUBLISH", "CONFIRMED", 0)
    assert entry["SUMMARY"] == day.others[0].organisation.names["fr"]
    assert entry["LOCATION"] == "Table 7, Salle Atlas, El Jadida"
    assert entry["ORGANIZER"].params["CN"] == day.event.names["fr"]
    assert content.count(b"BEGIN:VTIMEZONE") == 0


@pytest.mark.parametrize(("on", "hour"), [(date(2026, 3, 10), 9), (date(2026, 9, 19), 8), (date(2026, 9, 21), 9)])
def test_times_are_the_instants_of_the_wall_times_in_casablanca(app, on, hour):
    """In March 2026 it is Ramadan and Morocco on UTC; until 20 September on UTC+1; then on UTC all year."""
    day = a_day(1)
    publish(day, meeting(0, on=on))

    entry = only(calendar_of(day.reader))

    assert entry["DTSTART"].to_ical() == f"{on:%Y%m%d}T{hour:02}0000Z".encode()


def test_the_file_is_the_same_wherever_the_machine_stands(app, monkeypatch):
    day = a_day(1)
    publish(day, meeting(0))
    here = calendar_of(day.reader)

    try:
        monkeypatch.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        there = calendar_of(day.reader)
    finally:
        monkeypatch.undo()
        os.environ.pop("TZ", None)
        time.tzset()

    assert here == there


def test_a_provisional_version_is_tentative(app):
    day = a_day(1)
    publish(day, meeting(0), kind=VersionKind.PROVISIONAL)

    assert str(only(calendar_of(day.reader))["STATUS"]) == "TENTATIVE"


def test_a_move_keeps_the_name_and_raises_the_sequence(app):
    day = a_day(1)
    publish(day, meeting(0))
    before = only(calendar_of(day.reader))
    publish(day, meeting(0, "09:25", "09:45", sequence=1, moved=True), number=2)

    after = only(calendar_of(day.reader))

    assert (after["UID"], before["SEQUENCE"], after["SEQUENCE"]) == (before["UID"], 0, 1)
    assert after["DTSTART"].dt.minute == 25


def test_what_is_cancelled_stays_as_cancelled(app):
    day = a_day(1)
    publish(day, meeting(0))
    publish(day, meeting(0, state=MeetingState.CANCELLED, sequence=1), number=2)

    entry = only(calendar_of(day.reader))

    assert (str(entry["STATUS"]), entry["SEQUENCE"], entry["TRANSP"]) == ("CANCELLED", 1, "TRANSPARENT")


def test_who_is_replaced_is_told_of_a_cancellation(app):
    """The meeting goes on with somebody else: in this person's calendar it must not stay."""
    day = a_day(2)
    publish(day, meeting(0), meeting(1, "09:25", "09:45"))
    publish(day, meeting(0, reader_present=False, sequence=1), meeting(1, "09:25", "09:45"), number=2)
    publish(day, meeting(0, reader_present=False, sequence=1), meeting(1, "09:25", "09:45"), number=3)

    statuses = {uid.partition(".")[0][-2:]: str(one["STATUS"]) for uid, one in entries(calendar_of(day.reader)).items()}

    assert statuses == {"x0": "CANCELLED", "x1": "CONFIRMED"}
    assert [one["SEQUENCE"] for one in entries(calendar_of(day.reader)).values()] == [1, 0]


def test_in_arabic_a_foreign_name_is_isolated(app):
    day = a_day(1)
    publish(day, meeting(0))
    with unit_of_work() as session:
        session.get(models.Organisation, day.others[0].organisation_id).names = {"fr": "Numidia Conseil"}

    entry = only(calendar_of(day.reader, "ar"))

    assert entry["SUMMARY"] == "\u2068Numidia Conseil\u2069"
    assert entry["LOCATION"] == "الطاولة 7، قاعة الأطلس، الجديدة"


@pytest.mark.parametrize("name", [*HOSTILE, "X\r\nATTENDEE:mailto:thief@example.org", "a;b,c\\n:d"])
def test_no_name_becomes_a_property(app, name):
    day = a_day(1)
    publish(day, meeting(0))
    with unit_of_work() as session:
        session.get(models.Event, day.event.id).names = {"fr": name}
        session.get(models.Organisation, day.others[0].organisation_id).names = {"fr": name}
        session.get(models.Account, day.others[0].account_id).names = {"fr": name}

    content = calendar_of(day.reader)

    calendar, entry = Calendar.from_ical(content), only(content)
    assert set(entry) == {
        "UID", "SEQUENCE", "DTSTAMP", "LAST-MODIFIED", "DTSTART", "DTEND", "STATUS", "TRANSP", "SUMMARY", "LOCATION",
        "DESCRIPTION", "ORGANIZER",
    }  # fmt: skip
    assert len(calendar.walk()) == 2
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert not any(sign in content.decode() for sign in ("\u2028", "\u2029", "\x00", "\u202e"))


def test_before_anything_is_published_the_feed_is_an_empty_calendar(app):
    day = a_day(1)

    assert entries(calendar_of(day.reader)) == {}


def test_equal_agendas_are_equal_files(app):
    day = a_day(2)
    publish(day, meeting(0), meeting(1, "09:25", "09:45"))

    assert calendar_of(day.reader) == calendar_of(day.reader)
    assert (
        datetime.fromisoformat("2026-03-01T10:40+00:00")
        == next(iter(entries(calendar_of(day.reader)).values()))["DTSTAMP"].dt
    )


@pytest.mark.parametrize("state", [MeetingState.HELD, MeetingState.NO_SHOW])
@pytest.mark.parametrize("moved", [{}, {"moved": True, "was_day": date(2026, 3, 10), "was_start": clock("11:00")}])
@pytest.mark.parametrize("locale", ["ar", "fr", "en"])
def test_how_a_meeting_went_changes_nothing_in_a_calendar(app, state, moved, locale):
    day = a_day(1)
    publish(day, meeting(0, **moved))
    before = calendar_of(day.reader, locale)

    with unit_of_work() as session:
        session.query(models.PublishedMeeting).one().state = state

    assert calendar_of(day.reader, locale) == before

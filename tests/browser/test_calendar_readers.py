"""A second reader of our calendars: ical.js, in a real browser, reads what icalendar reads, letter by letter."""

import json
from datetime import date
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api")

from flask_babel import force_locale
from icalendar import Calendar

from matchmaker import models
from matchmaker.domain.states import Locale, MeetingState
from matchmaker.mail.calendar import build_calendar, build_invitation
from matchmaker.queries.agenda import agenda
from matchmaker.unit_of_work import unit_of_work
from tests.published import a_day, meeting, publish

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

READER = (Path(__file__).parent / "vendor" / "ical.es5.min.cjs").read_text("utf-8")
READ = """(text) => {
  const calendar = new ICAL.Component(ICAL.parse(text));
  const value = (event, name) => event.getFirstPropertyValue(name);
  return calendar.getAllSubcomponents('vevent').map((event) => ({
    method: calendar.getFirstPropertyValue('method'),
    uid: value(event, 'uid'),
    sequence: value(event, 'sequence'),
    status: value(event, 'status'),
    start: value(event, 'dtstart').toJSDate().toISOString(),
    end: value(event, 'dtend').toJSDate().toISOString(),
    stamp: value(event, 'dtstamp').toJSDate().toISOString(),
    summary: value(event, 'summary'),
    place: value(event, 'location'),
    words: value(event, 'description'),
    organiser: [value(event, 'organizer'), event.getFirstProperty('organizer').getParameter('cn')],
    attendees: event.getAllProperties('attendee').map((one) => [one.getFirstValue(), one.getParameter('cn')]),
  }));
}"""
NAMES = {
    "Fédération des chambres marocaines de commerce, d’industrie et de services de Casablanca-Settat; section “export”",
    "الفيدرالية المغربية لغرف التجارة والصناعة والخدمات بجهة الدار البيضاء سطات، فرع التصدير; «الشمال, الجنوب»",
    "Argan & Co. (Maroc) S.A.R.L.: 50 %, \\n \\, DTSTART:20260101",
    "تعاونية أركان 🌿 " + "الطويلة جدا " * 12,
}


def as_icalendar_reads(content):
    calendar = Calendar.from_ical(content)
    return [
        {
            "method": str(calendar["METHOD"]),
            "uid": str(event["UID"]),
            "sequence": event["SEQUENCE"],
            "status": str(event["STATUS"]),
            "start": moment(event["DTSTART"]),
            "end": moment(event["DTEND"]),
            "stamp": moment(event["DTSTAMP"]),
            "summary": str(event["SUMMARY"]),
            "place": str(event["LOCATION"]),
            "words": str(event["DESCRIPTION"]),
            "organiser": [str(event["ORGANIZER"]), event["ORGANIZER"].params["CN"]],
            "attendees": [[str(event[key]), event[key].params["CN"]] for key in ("ATTENDEE",) if key in event],
        }
        for event in calendar.walk("VEVENT")
    ]


def moment(value):
    return f"{value.dt:%Y-%m-%dT%H:%M:%S.000Z}"


@pytest.mark.parametrize("locale", list(Locale))
def test_a_second_reader_reads_the_same(app, running, locale):
    day = a_day(len(NAMES), locale=locale)
    with unit_of_work() as session:
        for one, name in zip(day.others, sorted(NAMES), strict=True):
            session.get(models.Organisation, one.organisation_id).names = {"fr": name}
            session.get(models.Account, one.account_id).names = {"ar": name}
    publish(
        day,
        meeting(0, on=date(2026, 9, 19)),
        meeting(1, "09:25", "09:45", on=date(2026, 9, 21), sequence=3),
        meeting(2, "10:35", "10:55", state=MeetingState.CANCELLED, sequence=1),
        meeting(3, "11:00", "11:20", state=MeetingState.PROVISIONAL),
    )
    told = agenda(day.reader)
    with force_locale(str(locale)):
        files = [build_calendar(told)]
        files += [build_invitation(told, one, "nadia@example.org") for one in told.meetings]

    page = running.new_page()
    page.evaluate(READER)
    found = [page.evaluate(READ, content.decode()) for content in files]
    page.close()

    expected = [as_icalendar_reads(content) for content in files]
    assert json.dumps(found, indent=1, sort_keys=True) == json.dumps(expected, indent=1, sort_keys=True)
    assert sorted(len(events) for events in found) == [1, 1, 1, 1, 4]
    assert {event["method"] for events in found for event in events} == {"PUBLISH", "REQUEST", "CANCEL"}

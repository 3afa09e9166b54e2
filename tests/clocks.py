"""All ways out say the same times, in any zone, around every change of clocks.

``times_agree`` is a row of the long proof as well as a smoke test: it answers with each output that says another
time than the one on the wall.
"""

from __future__ import annotations

import io
import random
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.resources import files

from dateutil import tz
from flask import current_app
from flask_babel import force_locale
from icalendar import Calendar
from openpyxl import load_workbook
from pypdf import PdfReader

from matchmaker import models
from matchmaker.domain.states import Locale, MeetingState
from matchmaker.extensions import db
from matchmaker.mail.calendar import build_invitation
from matchmaker.mail.letters import letter
from matchmaker.paper.agenda import agenda_pdf
from matchmaker.queries import links, report_words
from matchmaker.queries.agenda import agenda
from matchmaker.queries.report import report
from matchmaker.services.steps.outbox import enqueue
from matchmaker.sheets.report import report_sheets
from matchmaker.unit_of_work import unit_of_work
from tests.published import a_day, meeting, publish

ZONES = (
    "Africa/Casablanca",
    "Africa/El_Aaiun",
    "Europe/Paris",
    "Asia/Kathmandu",
    "America/St_Johns",
    "Pacific/Chatham",
    "Asia/Riyadh",
    "Europe/Istanbul",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "Pacific/Kiritimati",
    "Africa/Cairo",
)
CHANGES = (
    date(2025, 2, 23),  # Morocco's clocks for Ramadan, by the old rules, and back
    date(2025, 4, 6),
    date(2026, 2, 15),
    date(2026, 3, 22),
    date(2026, 9, 20),  # Morocco stays on UTC from here on
    date(2026, 3, 29),  # Europe
    date(2026, 10, 25),
    date(2026, 3, 8),  # Newfoundland
    date(2026, 11, 1),
    date(2026, 4, 5),  # Chatham and Lord Howe
    date(2026, 9, 27),
    date(2026, 4, 24),  # Egypt
)
A_DAY = 6
"""Meetings of a day; a person has ``A_DAY`` on each of four, all at times of their own."""
CLOCK = re.compile(r"(?<!\d)\d\d:\d\d(?!\d)")
MARKS = re.compile("[\u2066-\u2069]")


@dataclass
class Agreed:
    """How much was compared, and each output that says something else."""

    compared: int = 0
    faults: list[str] = field(default_factory=list)


def times_agree(events=2000, zones=ZONES, seed=1, outputs=None):
    """Publish meetings on days round changes of the clocks, as many as ``events``, and read each in every zone.

    ``outputs`` are functions that take a :class:`Reader` and return the times that they read. Needs an application.
    """
    chance, agreed = random.Random(seed), Agreed()
    while agreed.compared < events * len(zones):
        reader = Reader(chance)
        for zone in zones:
            reader.move_to(zone)
            for name, output in (outputs or OUTPUTS).items():
                missing = reader.expected(name) - output(reader)
                agreed.faults += [f"{name} in {zone}: no {one}" for one in sorted(missing, key=str)]
            agreed.compared += len(reader.times)
    return agreed


class Reader:
    """Somebody with a full agenda, each of whose meetings begins and ends when no other does."""

    def __init__(self, chance):
        change = chance.choice(CHANGES)
        self.days = [change + timedelta(days=offset) for offset in (-1, 0, 1, chance.randint(20, 200))]
        count = len(self.days) * A_DAY
        self.locale = chance.choice(list(Locale))
        self.day = a_day(count, locale=self.locale, day_count=len(self.days))
        self.times = dict(enumerate(_times(chance, self.days)))
        with unit_of_work() as session:
            slots = session.query(models.Slot).filter_by(event_id=self.day.event.id).all()
            for row, (on, start, end) in zip(slots, self.times.values(), strict=False):
                row.day, row.start, row.end = on, start, end
            for row, on in zip(
                session.query(models.EventDay).filter_by(event_id=self.day.event.id), self.days, strict=True
            ):
                row.day, row.start, row.end = on, time(6), time(22)
        held = {"state": MeetingState.HELD}
        rows = [meeting(i, f"{s:%H:%M}", f"{e:%H:%M}", on=on, **held) for i, (on, s, e) in self.times.items()]
        self.version = publish(self.day, *rows)

    def move_to(self, zone):
        self.zone = zone
        db.session.rollback()
        with unit_of_work() as session:
            session.get_one(models.Event, self.day.event.id).zone = zone
            mail = enqueue(
                session,
                event=session.get_one(models.Event, self.day.event.id),
                participation=self.person,
                kind="agenda",
                occasion=zone,
                now=NOW,
                version_id=self.version,
            )
            session.flush()
            self.mail_id = mail.id
        self.letter = letter(db.session.get_one(models.Mail, self.mail_id), agenda_pdf, now=NOW)

    @property
    def person(self):
        return db.session.get_one(models.Participation, self.day.reader.id)

    def expected(self, output):
        if output in WITH_DAYS:
            return {(datetime.combine(on, start), datetime.combine(on, end)) for on, start, end in self.times.values()}
        if output == "sheet":
            return {f"{start:%H}:00" for _on, start, _end in self.times.values()}
        return {f"{moment:%H:%M}" for _on, *both in self.times.values() for moment in both}


NOW = datetime(2025, 1, 6, 9, tzinfo=UTC)


def _times(chance, days):
    """Yield a day, a start and an end for each meeting; no two of the eight and forty moments show the same clock."""
    moments = chance.sample(range(6 * 60, 21 * 60, 9), len(days) * A_DAY)
    for number, minute in enumerate(moments):
        start = datetime.combine(days[number % len(days)], time(minute // 60, minute % 60))
        yield start.date(), start.time(), (start + timedelta(minutes=4)).time()


def page(reader):
    """Read the agenda as a browser does."""
    address = links.agenda_url(reader.person).removeprefix("http://localhost")
    return _clocks(current_app.test_client().get(address).get_data(as_text=True))


def mail(reader):
    """Read both forms of the mail; a time must stand in each."""
    return _clocks(reader.letter.text) & _clocks(reader.letter.html)


def calendar(reader):
    """Read the file of the mail and bring its instants back to the wall, by another reader of the zone data."""
    (content,) = [one.content for one in reader.letter.attachments if one.name.endswith(".ics")]
    return _entries(content, reader.zone)


def invitations(reader):
    told = agenda(reader.person)
    with force_locale(str(reader.locale)):
        contents = [build_invitation(told, one, "somebody@example.org") for one in told.meetings]
    return {one for content in contents for one in _entries(content, reader.zone)}


def paper(reader):
    """Read the page for the printer; of an Arabic line the figures may come out from the other end."""
    (content,) = [one.content for one in reader.letter.attachments if one.name.endswith(".pdf")]
    found = _clocks("\n".join(one.extract_text() for one in PdfReader(io.BytesIO(content)).pages))
    return found | {one[::-1] for one in found}


def sheet(reader):
    """Read the hours of the report in which tables were used: no other sheet has times."""
    with force_locale("en"):
        content = report_sheets(report_words.sections(report(reader.day.event.id)))
    book = load_workbook(io.BytesIO(content), read_only=True)
    found = set()
    for one in book.worksheets:
        heads, *rows = one.iter_rows(values_only=True)
        hours = [(at, head) for at, head in enumerate(heads) if isinstance(head, str) and CLOCK.fullmatch(head)]
        found |= {head for at, head in hours for row in rows if row[at]}
    return found


OUTPUTS = {
    "page": page,
    "mail": mail,
    "calendar": calendar,
    "invitations": invitations,
    "paper": paper,
    "sheet": sheet,
}
WITH_DAYS = frozenset({"calendar", "invitations"})


def _clocks(text):
    return set(CLOCK.findall(MARKS.sub("", text)))


def _entries(content, zone):
    rows = Calendar.from_ical(content).walk("VEVENT")
    return {
        tuple(one[key].dt.astimezone(_zone(zone)).replace(tzinfo=None) for key in ("DTSTART", "DTEND")) for one in rows
    }


@cache
def _zone(name):
    """Return a zone as python-dateutil reads it from the same files, with code of its own."""
    with files("tzdata.zoneinfo").joinpath(*name.split("/")).open("rb") as file:
        return tz.tzfile(file, name)

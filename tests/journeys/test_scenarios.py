"""Each shipped event from its files to the agendas that people open: what must hold, whatever the figures."""

from collections import Counter
from io import BytesIO

import pytest
from icalendar import Calendar
from markupsafe import escape
from pypdf import PdfReader

from matchmaker import scenarios
from matchmaker.domain.links import read
from matchmaker.domain.wording import in_language
from matchmaker.extensions import db
from matchmaker.models import Attendance, Organisation, Participation
from tests.journeys import travelling
from tests.journeys.travelling import agenda_path, attachments, travel

SMOKE_SECONDS = {"jim": 5, "souss-massa": 8, "fes-meknes": 3, "arab-smes": 6, "oujda": 12}
FULL_SECONDS = dict.fromkeys(SMOKE_SECONDS, 60) | {"oujda": 120}
OPENED = 12
"""Of so many people the agenda is opened in a smoke; of everybody in the full proof."""


def test_every_shipped_scenario_has_a_journey():
    assert scenarios.names() == tuple(sorted(SMOKE_SECONDS))


@pytest.mark.parametrize("name", SMOKE_SECONDS)
def test_a_scenario_goes_from_its_files_to_the_agendas(name, client, now, settings):
    journey = travel(name, seconds=SMOKE_SECONDS[name], now=now, settings=settings)

    assert_all_is_well(journey, client, journey.letters[:: max(1, len(journey.letters) // OPENED)])


@pytest.mark.full
@pytest.mark.parametrize("name", FULL_SECONDS)
def test_a_scenario_at_length_goes_from_its_files_to_the_agendas(name, client, now, settings):
    journey = travel(name, seconds=FULL_SECONDS[name], now=now, settings=settings)

    assert_all_is_well(journey, client, journey.letters)


def assert_all_is_well(journey, client, opened):
    event_id = journey.loaded.event_id
    assert travelling.found_by_the_checker(journey) == []
    assert journey.draft.meetings
    assert Counter(letter["To"] for letter in journey.letters) == travelling.concerned(event_id)
    assert len({letter["Message-ID"] for letter in journey.letters}) == len(journey.letters)
    assert travelling.met_pairs(event_id) & travelling.vetoed_pairs(event_id) == set()
    for letter in opened:
        assert_own_agenda(letter, client)


def assert_own_agenda(letter, client):
    """The message leads to the page of its reader, in their language; it carries paper and calendar of the same."""
    path = agenda_path(letter)
    person = db.session.get(Participation, read(path.removeprefix("/a/")).id)
    files = attachments(letter)

    page = client.get(path).get_data(as_text=True)

    assert f'<html lang="{person.account.locale}"' in page
    assert [name for name in partners(person) if str(escape(name)) not in page] == []
    assert sorted(files) == ["agenda.ics", "agenda.pdf"]
    assert PdfReader(BytesIO(files["agenda.pdf"])).pages[0].extract_text().strip()
    assert len(Calendar.from_ical(files["agenda.ics"]).events) >= len(partners(person))
    assert letter["To"] == person.account.email


def partners(person):
    """Return the organisations that a person meets, as the person reads their names."""
    own = db.select(Attendance.meeting_id).where(Attendance.participation_id == person.id)
    others = (
        db.select(Organisation)
        .join(Participation, Participation.organisation_id == Organisation.id)
        .join(Attendance, Attendance.participation_id == Participation.id)
        .where(Attendance.meeting_id.in_(own), Attendance.participation_id != person.id)
    )
    return [in_language(row.names, person.account.locale) for row in db.session.scalars(others)]

"""The report counts what came of an event, at a cost that does not grow, and tells of nobody what they said."""

import io
from datetime import time

import pytest
from flask_babel import force_locale
from openpyxl import load_workbook
from pypdf import PdfReader

from matchmaker import models
from matchmaker.domain.states import MeetingState, WishLevel
from matchmaker.extensions import db
from matchmaker.paper.report import report_pdf
from matchmaker.queries import report_words
from matchmaker.queries.report import Promise, Tally, Use, report
from matchmaker.sheets.cells import defused
from matchmaker.sheets.report import report_sheets
from matchmaker.unit_of_work import unit_of_work
from tests import factories
from tests.published import a_day, meeting, publish, request_of
from tests.web.desks import queries

NOTE = "Ce que je garde pour moi"
STATES = (MeetingState.HELD, MeetingState.NO_SHOW, MeetingState.CONFIRMED, MeetingState.CANCELLED)


def an_event_that_was():
    """Return a day of four meetings, one in each state; the first is of a buyer abroad, to whom two were promised."""
    day = a_day(5)
    kind = factories.ParticipantTypeFactory(event=day.event, names={"fr": "Acheteur"}, min_meetings=2)
    with unit_of_work() as session:
        buyer = session.get(models.Organisation, day.others[0].organisation_id)
        buyer.type_id, buyer.country = kind.id, "FR"
    hours = ("09:00", "09:25", "09:50", "10:40")
    publish(day, *(meeting(n, hours[n], state=state, table_number=n) for n, state in enumerate(STATES)))
    return day, kind


def say(day, person, other, *, useful):
    with unit_of_work() as session:
        request = request_of(session, day, other)
        of = {"event_id": day.event.id, "participation_id": person.id, "request_id": request.id}
        session.add(models.Feedback(took_place=True, useful=useful, note=NOTE, **of))


def test_meetings_are_counted_by_what_became_of_them(app):
    day, kind = an_event_that_was()

    found = report(day.event.id)

    totals = found.totals
    assert (totals.asked, totals.scheduled, totals.held, totals.no_shows, totals.cancelled, totals.untold) == (
        4, 3, 1, 1, 1, 1,
    )  # fmt: skip
    assert found.by_country == {("MA", "MA"): Tally(2, 0), ("FR", "MA"): Tally(1, 1)}
    assert found.by_type == {(None, None): Tally(2, 0), (kind.id, None): Tally(1, 1)}
    assert found.per_person == {3: 1, 1: 3, 0: 2}
    assert found.promises == {kind.id: Promise(1, 0, 0)}
    assert found.use[day.hall.id, factories.FIRST_DAY, 9] == Use(3, 12)


def test_only_five_people_are_heard(app):
    day, _kind = an_event_that_was()
    for n in range(4):
        say(day, day.others[n], n, useful=True)
    few = report(day.event.id).useful.whole

    say(day, day.others[4], 4, useful=False)
    many = report(day.event.id).useful

    assert few is None
    assert (many.whole.people, many.whole.useful, many.groups) == (5, 4, {})  # the buyer would be one of one


@pytest.mark.parametrize("locale", ["ar", "fr", "en"])
def test_page_sheet_and_paper_say_the_same_and_nothing_private(app, locale):
    day, _kind = an_event_that_was()
    say(day, day.others[0], 0, useful=True)
    found = report(day.event.id)

    with force_locale(locale):
        parts = report_words.sections(found)
        book = load_workbook(io.BytesIO(report_sheets(parts)))
        paper = PdfReader(io.BytesIO(report_pdf(found, parts)))

    assert len(book.sheetnames) == len(parts)
    rows = [row for sheet in book for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert rows == [(defused(line.name), *line.figures) for part in parts for line in part.lines]
    assert paper.trailer["/Root"]["/MarkInfo"]["/Marked"]
    text = " ".join(page.extract_text() for page in paper.pages)
    assert NOTE not in text + str(rows)


def test_a_veto_changes_nothing(app):
    day, _kind = an_event_that_was()
    before = report(day.event.id)

    asker, asked = day.others[0].organisation, day.others[4].organisation
    factories.WishFactory(organisation=asked, wanted_organisation=asker, level=WishLevel.VETO)
    after = report(day.event.id)

    assert after == before


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_does_not_grow(app, count):
    day = a_day(count)
    publish(day, *(meeting(n, f"{9 + n:02}:00", f"{9 + n:02}:20") for n in range(count)))
    for n in range(count):
        say(day, day.others[n], n, useful=True)
        factories.LocationFactory(event=day.event)
    event_id = day.event.id
    db.session.expunge_all()

    with queries() as seen:
        report(event_id)

    assert len([one for one in seen if one.startswith("SELECT")]) == 15


def test_before_a_version_there_is_a_report_of_nothing(app):
    event = factories.EventFactory(starts=time(9))

    with force_locale("fr"):
        assert report_words.sections(report(event.id))[0].lines[1].figures == (0,)

"""The agenda on paper: one tagged page that says what the agenda says."""

import io

from flask_babel import force_locale
from pypdf import PdfReader

from matchmaker.paper.agenda import agenda_pdf
from matchmaker.queries.agenda import agenda
from tests.published import a_day, meeting, publish


def paper_of(participation, locale="fr"):
    with force_locale(locale):
        return PdfReader(io.BytesIO(agenda_pdf(agenda(participation), "http://localhost/a/token")))


def test_paper_says_who_when_and_where_on_one_tagged_page(app):
    day = a_day()
    publish(day, meeting(0), meeting(1, "09:25", "09:45", table_number=3))

    paper = paper_of(day.reader)

    words = " ".join(paper.pages[0].extract_text().split())
    assert len(paper.pages) == 1
    assert "Nadia Bentahar" in words
    assert all(said in words for said in ("09:00", "09:25", "Table", "7", "3"))
    assert paper.trailer["/Root"]["/MarkInfo"]["/Marked"]

"""The pages of paper and report, in three languages."""

import pytest

from matchmaker.domain.states import PaperState, Role
from matchmaker.extensions import db
from matchmaker.models import PaperPack
from matchmaker.services import paper
from tests.published import a_day, meeting, publish
from tests.web.desks import LOCALES, staff


@pytest.mark.parametrize("locale", LOCALES)
def test_paper_is_asked_for_made_and_taken(app, now, locale):
    day = a_day(1)
    publish(day, meeting(0))
    desk = staff(app, day.event, Role.DESK)
    slug = day.event.slug
    place = f"/o/{slug}/paper"

    assert desk.get(f"{place}/agendas.pdf").status_code == 404
    assert desk.post(place).status_code == 303
    db.session.rollback()
    assert db.session.scalars(db.select(PaperPack.state)).one() is PaperState.ASKED
    assert desk.get(f"{place}?lang={locale}").status_code == 200
    db.session.rollback()
    paper.make_next(holder="worker", now=now)
    page = desk.get(place).get_data(as_text=True)

    assert [f"{place}/{kind}.pdf" in page for kind in ("agendas", "tables", "interpreters")] == [True, True, False]
    assert desk.get(f"{place}/agendas.pdf").data.startswith(b"%PDF-")
    assert desk.get(f"{place}/forms.pdf").data.startswith(b"%PDF-")


@pytest.mark.parametrize("locale", LOCALES)
def test_report_is_a_page_a_sheet_and_paper(app, locale):
    day = a_day(2)
    publish(day, meeting(0), meeting(1, "10:00", "10:20"))
    viewer = staff(app, day.event, Role.VIEWER)
    place = f"/o/{day.event.slug}/report"

    answers = [viewer.get(f"{place}{name}") for name in (f"?lang={locale}", "/report.xlsx", "/report.pdf")]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert answers[2].data.startswith(b"%PDF-")

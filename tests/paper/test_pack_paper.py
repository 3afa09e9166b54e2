"""What is printed for everybody: one's own language, both on doors and tables, and no name that is not to be read."""

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from flask_babel import force_locale
from pypdf import PdfReader

from matchmaker import models
from matchmaker.domain.states import Locale
from matchmaker.extensions import db
from matchmaker.paper.badges import badges_pdf
from matchmaker.paper.doors import doors_pdf
from matchmaker.paper.forms import forms_pdf
from matchmaker.paper.interpreters import interpreters_pdf
from matchmaker.paper.report import report_pdf
from matchmaker.paper.tables import tables_pdf
from matchmaker.queries import paper as queries
from matchmaker.queries import report_words
from matchmaker.queries.report import report
from matchmaker.services.paper import PRINTED
from matchmaker.unit_of_work import unit_of_work
from tests import factories
from tests.estate import a_logo
from tests.published import a_day, meeting, publish
from tests.web.desks import queries as statements


def a_pack(others=2, **reader):
    day = a_day(others, **reader)
    publish(day, *(meeting(n, f"{9 + n:02}:00", f"{9 + n:02}:20") for n in range(others)))
    return day


def printed(day, make):
    paper = queries.paper(day.event.id)
    db.session.rollback()
    with force_locale(paper.language):
        return PdfReader(io.BytesIO(make(paper)))


def pages_of(file):
    return [" ".join(page.extract_text().split()) for page in file.pages]


def name_organisation(participation, **values):
    with unit_of_work() as session:
        organisation = session.get(models.Organisation, participation.organisation_id)
        for name, value in values.items():
            setattr(organisation, name, value)


def test_all_agendas_stand_in_one_file_in_the_order_of_organisations_each_in_its_language(app):
    day = a_pack(2, locale=Locale.ENGLISH)
    name_organisation(day.others[0], names={"fr": "Écrins du Rif"})
    name_organisation(day.others[1], names={"fr": "Argile & Fils"})

    file = printed(day, PRINTED["agendas"])

    assert file.trailer["/Root"]["/MarkInfo"]["/Marked"]
    pages = pages_of(file)
    assert [next(who for who in ("Argile", "Atlas Froid", "Écrins") if who in head(page)) for page in pages] == [
        "Argile",
        "Atlas Froid",
        "Écrins",
    ]
    assert ["My agenda" in page for page in pages] == [False, True, False]


def head(page):
    """Return what stands on a page between the days of the event and its first day."""
    return page.split("2026")[1]


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_does_not_grow(app, count):
    day = a_pack(count)
    session = factories.SessionFactory(event=day.event)
    for person in day.others:
        factories.SessionSeatFactory(participation=person, of_session=session)
        factories.UnavailabilityFactory(participation=person, in_slot=day.event.slots[-1])
    event_id = day.event.id
    db.session.expunge_all()

    with statements() as seen:
        paper = queries.paper(event_id)

    assert (len(paper.agendas), len(paper.sittings), len(paper.doors[0].people)) == (count + 1, count, count)
    assert len([one for one in seen if one.startswith("SELECT")]) == 18


def test_a_table_has_a_card_for_each_day_in_both_languages(app):
    day = a_day(2)
    publish(day, meeting(0), meeting(1, on=factories.FIRST_DAY + timedelta(days=1)))

    pages = pages_of(printed(day, tables_pdf))

    assert len(pages) == 2
    assert all("Table" in page and "Salle Atlas" in page and "Atlas Froid Logistique" in page for page in pages)


def test_who_is_not_listed_is_named_on_no_door_and_no_table(app):
    day = a_pack(1)
    name_organisation(day.others[0], names={"fr": "Cabinet du ministre"}, listed=False)
    session = factories.SessionFactory(event=day.event)
    factories.SessionSeatFactory(participation=day.others[0], of_session=session)

    texts = [text for make in (tables_pdf, doors_pdf) for text in pages_of(printed(day, make))]

    assert any("Atlas Froid" in text for text in texts)
    assert not any("Cabinet" in text for text in texts)


def test_a_name_hangs_on_a_door_only_by_its_persons_agreement(app):
    day = a_pack(2)
    session = factories.SessionFactory(event=day.event, titles={"fr": "Atelier emballage"})
    for person, name in zip(day.others, ("Salma Idrissi", "Driss Fassi"), strict=True):
        factories.SessionSeatFactory(participation=person, of_session=session)
        with unit_of_work() as unit:
            unit.get(models.Account, person.account_id).names = {"fr": name}
    with unit_of_work() as unit:
        of = {"event_id": day.event.id, "participation_id": day.others[0].id}
        unit.add(models.Consent(purpose="directory", given_at=factories.LONG_AGO, **of))

    text = " ".join(pages_of(printed(day, doors_pdf)))

    assert ("Atelier emballage" in text, "Salma Idrissi" in text, "Driss Fassi" in text) == (True, True, False)


def test_an_interpreter_reads_where_they_are_needed(app):
    day = a_day(2)
    publish(day, meeting(0, interpreter_names={"fr": "Yasmine Naciri"}), meeting(1, "10:00", "10:20"))

    (page,) = pages_of(printed(day, interpreters_pdf))

    assert ("Yasmine Naciri" in page, "09:00" in page, "10:00" in page) == (True, True, False)


def test_badges_are_eight_on_a_sheet(app):
    day = a_day(8)

    pages = pages_of(printed(day, badges_pdf))

    assert len(pages) == 2
    assert "Nadia Bentahar" in " ".join(pages)


def everything(event_id):
    """Set all that is printed for everybody; return its files by kind."""
    paper, found = queries.paper(event_id), report(event_id)
    with force_locale("fr"):
        files = {kind: make(paper) for kind, make in PRINTED.items()}
        files["forms"] = forms_pdf(queries.blank(event_id))
        files["report"] = report_pdf(found, report_words.sections(found))
    return {kind: PdfReader(io.BytesIO(file)) for kind, file in files.items()}


def test_the_logos_stand_on_all_paper_and_push_nothing_off_its_page(app):
    day = a_day(8)
    publish(
        day,
        *(meeting(n, f"{9 + n:02}:00", f"{9 + n:02}:20", interpreter_names={"fr": "Yasmine Naciri"}) for n in range(8)),
    )
    bare = {kind: len(file.pages) for kind, file in everything(day.event.id).items()}
    for _ in range(6):
        a_logo(day.event)

    files = everything(day.event.id)

    assert {kind: len(file.pages) for kind, file in files.items()} == bare
    assert {kind for kind, file in files.items() if len(file.pages[0].images)} == set(bare)


def test_a_long_day_keeps_its_rows_on_the_card_and_gives_the_logos_up(app):
    day = a_day(1)
    publish(day, meeting(0))
    a_logo(day.event)

    def images(count):
        paper = queries.paper(day.event.id)
        long = replace(paper, sittings=paper.sittings[:1] * count)
        with force_locale("fr"):
            file = PdfReader(io.BytesIO(tables_pdf(long)))
        return len(file.pages), len(file.pages[0].images)

    assert (images(3), images(90)) == ((1, 1), (1, 0))


def test_without_a_version_there_are_badges_and_agendas_alone(app):
    day = a_day(1)
    paper = queries.paper(day.event.id)

    with force_locale("fr"):
        assert {kind for kind, make in PRINTED.items() if make(paper)} == {"agendas", "badges"}


def test_a_blank_form_is_one_page_a_language_whatever_the_event(app):
    event = factories.EventFactory(day_count=6, must_quota=5, like_quota=30)

    pages = pages_of(PdfReader(io.BytesIO(forms_pdf(queries.blank(event.id)))))

    assert len(pages) == 3
    assert all(event.controller in page and event.cndp_number in page for page in (pages[0], pages[2]))

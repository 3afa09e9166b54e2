"""The agenda on paper: one tagged page that says what the agenda says, whatever names hold."""

import io
from datetime import timedelta

import pytest
from flask_babel import force_locale
from pypdf import PdfReader

from matchmaker import models
from matchmaker.domain.states import Locale
from matchmaker.paper.agenda import agenda_pdf
from matchmaker.queries.agenda import agenda
from matchmaker.unit_of_work import unit_of_work
from tests import factories
from tests.published import a_day, meeting, publish

HOSTILE = [
    '#panic("no") $x^2$ *b* _i_ @label <tag> // no /* no */ `raw`',
    '"}]) #read("/etc/passwd")',
    "\\u{41} \\",
    "[[[ ]]]",
    "{ } #{ }",
]


def pdf_of(participation, locale="fr"):
    with force_locale(str(locale)):
        return agenda_pdf(agenda(participation), "http://localhost/a/token")


def read(content):
    return PdfReader(io.BytesIO(content))


def words_of(paper):
    return " ".join(" ".join(page.extract_text() for page in paper.pages).split())


@pytest.mark.parametrize("locale", list(Locale))
def test_paper_says_who_when_and_where_on_one_tagged_page(app, locale):
    day = a_day(2, locale=locale)
    publish(day, meeting(0), meeting(1, "09:25", "09:45", table_number=3))

    paper = read(pdf_of(day.reader, locale))

    root, words = paper.trailer["/Root"], words_of(paper)
    assert len(paper.pages) == 1
    assert (root["/MarkInfo"]["/Marked"], root["/Lang"]) == (True, str(locale))
    assert [clock in words for clock in ("09:00", "09:20", "09:25", "09:45")] == [True] * 4
    assert ("Nadia Bentahar" in words) is (locale is not Locale.ARABIC)


def test_a_full_fair_still_fits_on_one_page(app):
    day = a_day(12, day_count=3)
    hours = [f"{9 + index // 4:02}:{15 * (index % 4):02}" for index in range(12)]
    ends = [f"{9 + index // 4:02}:{15 * (index % 4) + 10:02}" for index in range(12)]
    publish(
        day,
        *(
            meeting(index, hours[index], ends[index], on=factories.FIRST_DAY + timedelta(days=index % 3))
            for index in range(12)
        ),
    )

    assert len(read(pdf_of(day.reader)).pages) == 1


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_never_a_command(app, name):
    day = a_day(1)
    publish(day, meeting(0))
    with unit_of_work() as session:
        session.get(models.Organisation, day.others[0].organisation_id).names = {"fr": name}
        session.get(models.Event, day.event.id).names = {"fr": name}

    paper = read(pdf_of(day.reader))

    assert "".join(name.split()) in "".join(words_of(paper).split())
    assert paper.trailer["/Root"]["/MarkInfo"]["/Marked"]


@pytest.mark.parametrize("name", ["株式会社", "Fête 🎉", "\u0000\u0007", "\u202egpj.exe"])
def test_a_character_that_no_font_has_costs_the_standard_and_not_the_page(app, name):
    day = a_day(1)
    publish(day, meeting(0))
    with unit_of_work() as session:
        session.get(models.Organisation, day.others[0].organisation_id).names = {"fr": f"Maison {name}"}

    paper = read(pdf_of(day.reader))

    assert len(paper.pages) == 1
    assert "Maison" in words_of(paper)


def test_before_anything_is_published_there_is_a_page_of_what_is_fixed(app):
    day = a_day(0)

    paper = read(pdf_of(day.reader))

    assert "Pause-café" in words_of(paper)


def test_equal_agendas_are_equal_files(app):
    day = a_day(1)
    publish(day, meeting(0))

    one, other = (read(pdf_of(day.reader)) for _ in range(2))

    assert words_of(one) == words_of(other)
    assert one.metadata.creation_date == other.metadata.creation_date

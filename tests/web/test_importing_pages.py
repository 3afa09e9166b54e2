"""An organiser brings a spreadsheet in, page by page."""

from io import BytesIO

import pytest
from sqlalchemy import func, select

from matchmaker.extensions import db
from matchmaker.models import Participation, PeopleImport
from matchmaker.services import importing
from tests import factories
from tests.conftest import NOW
from tests.sheets.test_reading import book
from tests.web.desks import member, queries
from tests.web.visitors import Visitor, now, words  # noqa: F401 -- the clock stands still

HEADS = ["Nom et prénom", "Organisme", "Courriel", "Tél."]


@pytest.fixture
def desk(app):
    event = factories.EventFactory()
    return Visitor(app, member(event, locale="en")), f"/o/{event.slug}/people/import", event


def sent(visitor, path, *rows, name="gens.xlsx"):
    answer = visitor.post(path, {"file": (BytesIO(book(HEADS, *rows)), name)})
    assert answer.status_code == 303, words(answer)
    return answer.location.removesuffix("/columns")


def test_a_workbook_becomes_people(desk):
    visitor, path, event = desk
    factories.ParticipationFactory(
        organisation=factories.OrganisationFactory(event=event, names={"fr": "Rif"}),
        account=factories.AccountFactory(names={"fr": "Naïma Toumi"}),
    )

    here = sent(visitor, path, ["Salma Berrada", "Atlas", "salma@example.org", 612345678], ["نعيمة التومي", "Rif"])
    assert visitor.fill(f"{here}/columns").location == here
    page = words(visitor.get(here))
    assert "1 row waits for your choice" in page
    assert "Same name, same organisation: Naïma Toumi" in page
    visitor.post(f"{here}/choices", {"row-3": "leave", "rest": ""})
    assert "Enter 1 person?" in words(visitor.get(here))
    visitor.post(f"{here}/confirm", {"count": "1"})
    assert "Row 0 of 2 is read" in words(visitor.get(here))
    importing.carry_out(int(here.rsplit("/", 1)[1]), now=NOW)

    assert "1 person is entered." in words(visitor.get(here))
    assert db.session.scalar(select(func.count()).select_from(Participation)) == 2


def test_cells_that_were_pasted_are_a_table(desk):
    visitor, path, _ = desk

    answer = visitor.post(path, {"pasted": "الاسم\tالهيئة\nسلمى برادة\tالأطلس\n"})

    assert (answer.status_code, answer.location.endswith("/columns")) == (303, True)
    one = db.session.scalars(select(PeopleImport)).one()
    assert (one.columns, one.total, one.head_count) == ({"0": "name", "1": "organisation"}, 1, 1)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "Choose a file, or paste cells."),
        ({"file": (BytesIO(b"<svg/>"), "gens.xlsx")}, "This is not a table"),
        ({"pasted": " \n \n"}, "There is nothing in this table."),
    ],
)
def test_what_is_no_table_is_refused_at_its_field(desk, data, sentence):
    visitor, path, _ = desk

    answer = visitor.post(path, data)

    assert answer.status_code == 422
    assert sentence in words(answer)


def test_an_error_is_told_by_row_and_cell(desk):
    visitor, path, _ = desk
    here = sent(visitor, path, ["Salma Berrada", "Atlas", "salma@", ""], ["Driss Ouahbi", "Atlas", "", ""])

    page = words(visitor.get(f"{here}?only=all"))

    assert "Courriel, column C: This is not one e-mail address." in page
    assert "There is no e-mail: this person is told things on paper." in page


@pytest.mark.parametrize("data", [{}, {"columns-0": "name", "columns-9": "email"}, {"columns-0": "shoe size"}])
def test_an_incomplete_answer_about_the_columns_is_told_what_is_missing(desk, data):
    visitor, path, _ = desk
    here = sent(visitor, path, ["Salma Berrada", "Atlas"])

    assert visitor.post(f"{here}/columns", data).status_code == 422


def test_a_table_can_be_thrown_away(desk):
    visitor, path, _ = desk
    here = sent(visitor, path, ["Salma Berrada", "Atlas"])

    visitor.post(f"{here}/discard")

    assert visitor.get(here).status_code == 404
    assert "Not finished" not in words(visitor.get(path))


def test_the_preview_asks_the_database_as_often_for_many_rows(desk):
    visitor, path, _ = desk
    few, many = (
        sent(
            visitor,
            path,
            *([f"Nom {number}", f"Organisme {number}", f"{number}@example.org"] for number in range(size)),
        )
        for size in (1, 60)
    )

    counts = []
    for here in (few, many):
        with queries() as seen:
            visitor.get(here)
        counts.append(len(seen))

    assert counts[0] == counts[1]


def test_people_without_mail_get_a_link_in_words_of_their_own(app):
    event = factories.EventFactory()
    account = factories.AccountFactory(email=None, phone="+212 600 000000", locale="ar", names={"ar": "سلمى"})
    factories.ParticipationFactory(event=event, account=account, channel="phone")
    factories.ParticipationFactory(event=event)
    visitor, path = Visitor(app, member(event, locale="en")), f"/o/{event.slug}/people/invitations"

    page = visitor.get(path)

    assert "https://wa.me/212600000000?text=%D8%A7%D9%84%D8%B3%D9%84%D8%A7%D9%85" in page.get_data(as_text=True)
    assert "1 person has an e-mail and was not written to yet." in words(page)
    assert visitor.post(f"{path}/send", {"count": "2"}).status_code == 422
    assert visitor.post(f"{path}/send", {"count": "1"}).status_code == 303
    assert "Everybody who has an e-mail was written to." in words(visitor.get(path))
    assert visitor.get(f"{path}/links.xlsx").status_code == 200

"""Those whom one met: the page, the cards and the sheet, behind both doors, in three languages."""

from __future__ import annotations

from io import BytesIO

import pytest
import time_machine
import vobject
from openpyxl import load_workbook

from matchmaker.domain.states import Locale, MeetingState
from matchmaker.models import Account
from matchmaker.queries import links
from matchmaker.queries.links import Purpose
from matchmaker.unit_of_work import unit_of_work
from tests.published import a_day, meeting, publish, request_of
from tests.web.desks import queries
from tests.web.visitors import Visitor, agree, words

LOCALES = [str(locale) for locale in Locale]
HELD = MeetingState.HELD
WITHHELD = {
    "ar": "لا توجد موافقة على مشاركة معطيات الاتصال بهذا الشخص.",
    "fr": "Cette personne n’a pas consenti à la transmission de ses coordonnées.",
    "en": "There is no consent to pass on how to reach this person.",
}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel("2026-03-10T13:00:00+00:00", tick=False):
        yield


def reachable(participation, number):
    with unit_of_work() as session:
        account = session.get_one(Account, participation.account_id)
        account.email, account.phone = f"met-{number}@example.org", f"+212 600 00000{number}"


@pytest.fixture
def day(app):
    """Two were met, of whom the first agreed; the third did not come."""
    made = a_day(3)
    for number, other in enumerate(made.others):
        reachable(other, number)
    agree(made.others[0], "contact")
    agree(made.others[2], "contact")
    publish(
        made,
        meeting(0, state=HELD),
        meeting(1, "09:25", "09:45", state=HELD),
        meeting(2, "09:50", "10:10", state=MeetingState.NO_SHOW),
    )
    return made


@pytest.fixture(params=["signed in", "by link"])
def door(request, app, day):
    if request.param == "signed in":
        return Visitor(app, day.reader.account), f"/e/{day.event.slug}"
    return Visitor(app), f"/a/{links.token(day.reader, Purpose.AGENDA)}"


def name_of(participation, locale):
    names = participation.account.names
    return names.get(locale, names["fr"])


@pytest.mark.parametrize("locale", LOCALES)
def test_the_page_tells_of_each_what_they_agreed_to(door, day, locale):
    visitor, base = door

    page = visitor.get(f"{base}/contacts", query_string={"lang": locale})
    text = words(page)

    names = [name_of(other, locale) in text for other in day.others]
    assert names == [True, True, False]
    assert [f"met-{number}@example.org" in text for number in range(3)] == [True, False, False]
    assert [f"+212 600 00000{number}" in text for number in range(3)] == [True, False, False]
    assert text.count(WITHHELD[locale]) == 1
    assert f'href="{base}/contacts.vcf"' in page.get_data(as_text=True)


@pytest.mark.parametrize("locale", LOCALES)
def test_the_cards_hold_the_same(door, day, locale):
    visitor, base = door
    visitor.get(f"{base}/contacts", query_string={"lang": locale})

    answer = visitor.get(f"{base}/contacts.vcf")

    yes, no = vobject.readComponents(answer.get_data(as_text=True))
    assert answer.headers["Content-Type"] == "text/vcard; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="contacts.vcf"'
    assert [card.fn.value for card in (yes, no)] == [name_of(other, locale) for other in day.others[:2]]
    assert (yes.email.value, yes.tel.value) == ("met-0@example.org", "+212 600 000000")
    assert {"email", "tel", "title"} & set(no.contents) == set()
    assert no.note.value.endswith(WITHHELD[locale])


@pytest.mark.parametrize("locale", LOCALES)
def test_the_sheet_holds_the_same(door, day, locale):
    visitor, base = door
    visitor.get(f"{base}/contacts", query_string={"lang": locale})

    answer = visitor.get(f"{base}/contacts.xlsx")

    sheet = load_workbook(BytesIO(answer.data)).active
    heads, yes, no = [list(row) for row in sheet.values]
    assert heads[0] == {"ar": "الاسم", "fr": "Nom", "en": "Name"}[locale]
    assert bool(sheet.sheet_view.rightToLeft) is (locale == "ar")
    assert [row[0] for row in (yes, no)] == [name_of(other, locale) for other in day.others[:2]]
    assert yes[3:] == ["met-0@example.org", "+212 600 000000", None]
    assert [no[1], *no[3:]] == [None, None, None, WITHHELD[locale]]


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "Ali\nEND:VCARD\nBEGIN:VCARD"])
def test_a_hostile_name_reaches_neither_file(app, day, name):
    with unit_of_work() as session:
        session.get_one(Account, day.others[0].account_id).names = {"fr": name}
    visitor, base = Visitor(app, day.reader.account), f"/e/{day.event.slug}"

    cards = visitor.get(f"{base}/contacts.vcf").get_data(as_text=True)
    sheet = load_workbook(BytesIO(visitor.get(f"{base}/contacts.xlsx").data)).active

    assert len(list(vobject.readComponents(cards))) == 2
    assert "f" not in {cell.data_type for row in sheet for cell in row}
    assert str(sheet["A2"].value)[0] not in "=+-@"


@pytest.mark.parametrize("locale", LOCALES)
def test_before_anybody_was_met_the_page_says_how_it_fills(app, locale):
    day = a_day(1)
    publish(day, meeting(0))
    visitor, base = Visitor(app, day.reader.account), f"/e/{day.event.slug}"

    page = visitor.get(f"{base}/contacts", query_string={"lang": locale}).get_data(as_text=True)
    files = [visitor.get(f"{base}/contacts.{kind}") for kind in ("vcf", "xlsx")]

    empty = {"ar": "لا أحد بعد.", "fr": "Personne pour l’instant.", "en": "Nobody yet."}
    assert empty[locale] in page
    assert "contacts.vcf" not in page
    assert [file.status_code for file in files] == [200, 200]
    assert files[0].data == b""


def test_as_soon_as_one_side_says_so_both_see_each_other(app):
    day = a_day(1)
    publish(day, meeting(0))
    reader, other = (Visitor(app, person.account) for person in (day.reader, day.others[0]))
    base = f"/e/{day.event.slug}"
    before = [words(visitor.get(f"{base}/contacts")) for visitor in (reader, other)]
    with unit_of_work() as session:
        path = f"{base}/meetings/{request_of(session, day, 0).code}"

    other.post(path, {"took_place": "yes"})

    after = [words(visitor.get(f"{base}/contacts")) for visitor in (reader, other)]
    met = [name_of(day.others[0], "fr"), name_of(day.reader, "fr")]
    assert [name in text for name, text in zip(met, before, strict=True)] == [False, False]
    assert [name in text for name, text in zip(met, after, strict=True)] == [True, True]


@pytest.mark.parametrize("purpose", [Purpose.READ_ONLY, Purpose.FEED])
def test_other_links_lead_to_no_contacts(app, day, purpose):
    token = links.token(day.reader, purpose)

    answers = [Visitor(app).get(f"/{way}/{token}/contacts{end}") for way in "arf" for end in ("", ".vcf", ".xlsx")]

    assert {answer.status_code for answer in answers} == {404}


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_does_not_grow(app, count):
    day = a_day(count)
    publish(day, *(meeting(number, state=HELD) for number in range(count)))
    visitor, base = Visitor(app), f"/a/{links.token(day.reader, Purpose.AGENDA)}"

    counts = []
    for end in ("", ".vcf", ".xlsx"):
        with queries() as seen:
            visitor.get(f"{base}/contacts{end}")
        counts.append(len([one for one in seen if one.startswith("SELECT")]))

    assert counts == [6, 6, 6]

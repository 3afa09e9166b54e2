"""The first hour of an organiser who has used only spreadsheets: from nothing to an agenda on somebody's phone."""

from __future__ import annotations

import datetime as dt
import re
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook

from matchmaker import clock
from matchmaker.domain.states import Channel, Locale, WishLevel
from matchmaker.extensions import db
from matchmaker.models import Event, Organisation
from matchmaker.queries import importing as imports
from matchmaker.services import importing, registration, wishes
from tests.browser.furniture import PASSWORD
from tests.browser.house import House
from tests.browser.traveller import PHONE, Traveller, setting_out
from tests.solved import carry_out

SLUG = "rencontres-du-littoral"
FRAME = {
    "#names-fr": "Rencontres du littoral",
    "#names-ar": "لقاءات الساحل",
    "#slug": SLUG,
    "#places-fr": "El Jadida",
    "#places-ar": "الجديدة",
    "#patronage-fr": "Sous l’égide de la Chambre de l’essai",
    "#patronage-ar": "تحت إشراف غرفة التجربة",
    "#days-0-end": "13:00",
    "#tables": "3",
}
"""What is typed into the form; dates come from the calendar of the day."""
ADDRESS_OF_DRISS = "driss@example.org"

# ── the sheet, as it came by mail ───────────────────────────────────────────

ABOVE = ("Liste des participants (version 3 finale OK) – لائحة المشاركين",)
GROUPS = (
    "N°",
    "Représentant",
    "",
    "",
    "Entreprise",
    "",
    "الصفة",
    "Contact",
    "",
    "Correspondance",
    "المدينة",
    "Inscrit le",
)
HEADS = ("", "Titre", "Nom et prénom", "بالعربية", "Raison sociale", "بالعربية", "", "E-mail", "GSM", "", "", "")
MERGED = ("A1:L1", "A3:A4", "B3:D3", "E3:F3", "G3:G4", "H3:I3", "J3:J4", "K3:K4", "L3:L4", "E7:E8", "F7:F8")
GSM, NOWHERE = '"+212 6"&61234568', "VLOOKUP(A12,Contacts!A:B,2,0)"
ROWS = (
    (
        "Mme",
        "Salma Berrada",
        "سلمى برادة",
        "Mazagan Composites",
        "مازاغان للمركبات",
        "مديرة",
        "salma@example.org",
        "0661 23 45 67",
        "FR",
        "El Jadida",
        "12/01/2026",
    ),
    (
        "M.",
        "Younes El Khattabi",
        "يونس الخطابي",
        "Rif Plasturgie",
        "الريف للبلاستيك",
        "مسؤول المشتريات",
        "",
        f"={GSM}",
        "AR",
        "تطوان",
        "le 3 février",
    ),
    (
        "M.",
        "Hamid Laaroussi",
        "",
        "Sahara Solaire",
        "الصحراء للطاقة الشمسية",
        "",
        "HAMID@EXAMPLE.ORG ",
        661000003,
        "FR",
        "Laâyoune",
        "03-02-26",
    ),
    ("Mme", "Ghita Senhaji", "غيثة الصنهاجي", "", "", "", "ghita@example.org", "", "FR", "Laâyoune", "?"),
    ("M.", "", "يونس الخطابي", "", "الريف للبلاستيك", "", "younes@example.org", "", "AR", "تطوان", "12/02/2026"),
    ("Mme", "Khadija Mernissi", "", "Zaërs Textile", "", "", "khadija@", "", "FR", "Rabat", "13/02/2026"),
    ("M.", "Driss Ouahbi", "إدريس وهبي", "Doukkala Emballage", "", "", ADDRESS_OF_DRISS, "", "FR", "Azemmour", ""),
    ("Mme", "Olive Hartwell", "", "Bridgewater Fittings", "", "", "olive@example.org", f"={NOWHERE}", "EN", "", ""),
    (
        "M.",
        "",
        "رشيد بوطالب",
        "",
        "الغرب للتصبير",
        "مسؤول المشتريات",
        "",
        "0612345678 / 0537000001",
        "AR",
        "القنيطرة",
        "",
    ),
    (
        "Mme",
        "Fatima-Zahra Ouakrim",
        "فاطمة الزهراء واكريم",
        "Coopérative Argania",
        "تعاونية أركانيا",
        "",
        "",
        "",
        "AR",
        "تارودانت",
        "hier",
    ),
    ("", "TOTAL", "", "", "", "", "", "", "", "", ""),
)  # fmt: skip -- a row a person, and what stands below them
FIRST_ROW = 5
TWICE, BY_HIMSELF, ENTERED = 9, 11, 6
"""The row of who stands there a second time, in the other script, and of who has registered already. Of those that are
left two have half an address or a broken formula, and one is a sum."""


def ugly_sheet() -> bytes:
    """Return the sheet as a spreadsheet program keeps it: formulas with their last results, heads in two rows."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Feuil1 (2)"
    for row in (ABOVE, (), GROUPS, HEADS):
        sheet.append(row)
    for number, row in enumerate(ROWS, FIRST_ROW):
        sheet.append((f"=ROW()-{FIRST_ROW - 1}" if number < FIRST_ROW + len(ROWS) - 1 else "", *row))
    for area in MERGED:
        sheet.merge_cells(area)
    book.create_sheet("Contacts").append(["ancien"])
    made = BytesIO()
    book.save(made)
    return _with_results(made.getvalue())


def _with_results(content: bytes) -> bytes:
    """Write what each formula gave when it was last counted, which the library leaves out."""
    out = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                part = re.sub(rb'<c r="([A-Z]+)(\d+)"([^>]*)><f>([^<]*)</f><v ?/?>(?:</v>)?</c>', _counted, part)
            new.writestr(name, part)
    return out.getvalue()


def _counted(cell: re.Match[bytes]) -> bytes:
    column, row, style, formula = cell.groups()
    kind, result = b"", str(int(row) - FIRST_ROW + 1).encode()
    if b"VLOOKUP" in formula:
        kind, result = b' t="e"', b"#N/A"
    elif b"&amp;" in formula:
        kind, result = b' t="str"', b"+212 661234568"
    return b'<c r="%s%s"%s%s><f>%s</f><v>%s</v></c>' % (column, row, style, kind, formula, result)


# ── the way ─────────────────────────────────────────────────────────────────


def first_hour(one: Traveller, lived: House) -> None:
    """New event, ugly sheet, invitations, a run, a version, and what somebody reads on their phone."""
    _sign_in(one)
    _make_the_event(one)
    _one_comes_alone(lived)
    _bring_in_the_sheet(one, lived)
    link = _invite(one)
    _open_the_wishes(one)
    _all_wish(lived)
    _run_and_publish(one, lived)
    with setting_out(one.page.context.browser, lived, PHONE, draws=one.draws) as reader:
        reader.open(link)
        assert reader.page.locator("html[lang=ar][dir=rtl] .timetable li").count() > 0
        reader.look("phone", "ar")
    one.seen |= reader.seen


def _sign_in(one: Traveller) -> None:
    one.open("/staff/sign-in")
    one.page.fill("#login", "houda@example.org")
    one.page.fill("#password", PASSWORD)
    one.tap(one.page.locator("main form .button--main"))
    one.open("/o/")
    one.tap(one.page.locator("main a[href$='/o/new']").first)


def _make_the_event(one: Traveller) -> None:
    one.tap(one.page.locator(".formats a").first)
    one.look("frame", "fr", doing=lambda: _write_frame(one), top="section:has(#days-0-day)")
    one.tap(one.page.locator("main form > .buttons .button--main"))
    assert one.page.url.endswith(f"/o/{SLUG}/known")
    one.look("known", "fr")


def _write_frame(one: Traveller) -> None:
    day = clock.now().date() + dt.timedelta(days=20)
    for field, words in {**FRAME, "#days-0-day": day.isoformat()}.items():
        one.page.fill(field, words)
    one.page.locator("#tables").blur()
    one.page.locator("#room", has_text=re.compile(r"\b21\b")).wait_for()


def _bring_in_the_sheet(one: Traveller, lived: House) -> None:
    one.link("Importer un tableau")
    sheet = {"name": "Liste VF (2).xlsx", "mimeType": "application/octet-stream", "buffer": ugly_sheet()}
    one.page.set_input_files("#file", sheet)  # type: ignore[arg-type]
    one.tap(one.page.locator("main form .button--main"))
    one.look("columns", "fr")
    for column, what in {"B": "", "G": "job", "J": "locale"}.items():
        one.choose(f"main tr:has(bdi:text-is('{column}')) select", what)
    one.tap(one.page.locator("main form .button--main"))
    one.look("rows", "fr")
    _decide(one)
    enter = one.page.locator("form.box .button--main")
    assert str(ENTERED) in enter.inner_text()
    one.tap(enter)
    with lived.app.app_context():  # what the worker does
        for number in imports.confirmed():
            importing.carry_out(number, now=clock.now())
    one.page.locator("main [role=status] a[href$='/invitations']").wait_for()


def _decide(one: Traveller) -> None:
    """Read the remarks; leave out who stands there twice, and all that nobody can enter."""
    assert "El Khattabi" in one.page.locator(f"tr:has([name=row-{TWICE}])").inner_text()
    assert "adresse" in one.page.locator(f"tr:has([name=row-{BY_HIMSELF}])").inner_text().casefold()
    one.choose(f"[name=row-{TWICE}]", "leave")
    one.choose("#rest", "leave")
    one.tap(one.page.locator("form[action$='/choices'] .row-fields button"))


def _invite(one: Traveller) -> str:
    """Write to those who have an address; return the link that goes by WhatsApp to one who has none."""
    one.tap(one.page.locator("main [role=status] a[href$='/invitations']"))
    waiting = re.search(r"\d+", one.page.locator("form[action$='/send'] .button--main").inner_text())
    assert waiting is not None
    one.page.fill("#count", waiting[0])
    one.look("invitations", "fr", doing=lambda: one.page.fill("#count", waiting[0]))
    one.tap(one.page.locator("form[action$='/send'] .button--main"))
    row = one.page.locator("main tr", has_text="Khattabi")
    return row.locator("bdi", has_text="/a/").inner_text()


def _open_the_wishes(one: Traveller) -> None:
    one.open(f"/o/{SLUG}/")
    one.choose("#phase", "wishes")
    one.tap(one.page.locator("form[action$='/phase'] button"))


def _run_and_publish(one: Traveller, lived: House) -> None:
    one.tap(one.page.locator("nav a[href$='/runs']").first)
    one.tap(one.page.locator("input[name=preset][value=quiet]"))
    one.page.fill("#seconds", "10")
    one.tap(one.page.locator("form[action$='/runs'] .button--main"))
    with lived.app.app_context():
        carry_out(clock.now())
    one.page.locator("main header .button--main[href*='/drafts/']").wait_for()
    one.look("run", "fr")
    one.tap(one.page.locator("main header .button--main[href*='/drafts/']"))
    one.tap(one.page.locator("main header .button--main[href$='/publish']"))
    one.look("publish", "fr")
    one.tap(one.page.locator("form[action$='/publish'] .button--main"))
    assert one.page.url.endswith("/runs")


# ── what others do meanwhile ────────────────────────────────────────────────


def _one_comes_alone(lived: House) -> None:
    with lived.app.app_context():
        form = registration.Registration(
            names={"fr": "Driss Ouahbi", "ar": "إدريس وهبي"},
            organisation_names={"fr": "Doukkala Emballage", "ar": "دكالة للتلفيف"},
            email=ADDRESS_OF_DRISS,
            phone="+212 600 000003",
            job={"fr": "Gérant"},
            languages=("fr", "ar"),
            locale=Locale.FRENCH,
            channel=Channel.MAIL,
            consents=frozenset({"scheduling", "directory"}),
        )
        registration.register(_event_id(), form, now=clock.now())


def _all_wish(lived: House) -> None:
    with lived.app.app_context():
        found = db.select(Organisation.id).where(Organisation.event_id == _event_id()).order_by(Organisation.id)
        parties = list(db.session.scalars(found))
        for asking in parties:
            for wanted in parties:
                if asking != wanted:
                    wishes.give(asking, wanted, WishLevel.LIKE, actor_id=None, now=clock.now())


def _event_id() -> int:
    return db.session.scalars(db.select(Event.id).where(Event.slug == SLUG)).one()

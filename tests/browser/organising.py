"""The organisers on their way before the day, at a desk: from the first hour to going back to an earlier version."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
from io import BytesIO

from openpyxl import load_workbook

from matchmaker import clock
from matchmaker.domain.states import Locale, VersionKind
from matchmaker.extensions import db
from matchmaker.models import Account, Draft, DraftMeeting, Event, EventDay, Location, Mail, Participation, Version
from matchmaker.services import grid as by_hand
from matchmaker.services import publishing, sign_in
from matchmaker.unit_of_work import unit_of_work
from tests.browser import furniture
from tests.browser.first_hour import first_hour
from tests.browser.house import House
from tests.browser.inhabitants import INHABITANTS
from tests.browser.traveller import LANGUAGES, Journey, Traveller
from tests.factories import MembershipFactory
from tests.forum import a_forum
from tests.solved import carry_out, solved

HOUDA = {"fr": "Houda Amrani", "ar": "هدى العمراني", "en": "Houda Amrani"}
HALL = {"fr": "Salle Zerktouni", "ar": "قاعة الزرقطوني", "en": "Zerktouni hall"}
AIMS, HANDS = "deux-visees", "a-la-main"
CLIQUE, ASKING = "abcdef", "ghijkl"
SCARCE = " ".join(
    [f"{one}+{other}" for one in CLIQUE for other in CLIQUE if one != other]
    + [f"{one}+{other}" for one in ASKING for other in "abc"]
)
"""Six who all want each other, and six who want three of them: there is no room for everything."""
FEW = "a!b b!a a+c c+a b+c c+b d+a d+b d+e e+d f+a f+c e+a"
LOCKED, NOT_LOCKED = ".plan a[data-meeting]:has(svg)", ".plan a[data-meeting]:not(:has(svg))"
RUN_SECONDS = "10"


def furnish(lived: House) -> None:
    """Let an organiser have an event to be scheduled, and one of which two versions went out."""
    now = clock.now()
    houda = sign_in.make_staff(HOUDA, "houda@example.org", furniture.PASSWORD, Locale.FRENCH, now=now)
    lived.accounts["organiser"] = (houda, None)
    a_fair(lived, AIMS, SCARCE, capacity=2)
    _twice_published(a_fair(lived, HANDS, FEW, capacity=3), now)


def a_fair(lived, slug, wishes, *, days=None, **event):
    """Make an event of people and organisations with names, whom the organiser of the house serves."""
    first = clock.now().date() + dt.timedelta(days=30)
    hours = days or [EventDay(day=first, start=dt.time(9), end=dt.time(12))]
    closes = dt.datetime.combine(first - dt.timedelta(days=3), dt.time(18))
    forum = a_forum(wishes, slug=slug, names=furniture.WORDS, days=hours, wishes_close_at=closes, **event)
    with unit_of_work() as session:
        session.get_one(Location, forum.hall.id).names = HALL
        for letter, one in zip(sorted(forum.people), INHABITANTS, strict=False):
            person = session.get_one(Participation, forum.people[letter].id)
            person.organisation.names, person.account.names, person.job = one.organisation, one.names, one.job
            person.account.locale = one.locale
    forum.organiser = db.session.get_one(Account, lived.accounts["organiser"][0])
    MembershipFactory(event=forum.event, account=forum.organiser)
    return forum


def _twice_published(forum, now):
    """Publish a draft, then one of it by hand that holds a meeting less."""
    draft = solved(forum, now, seconds=10)
    by = {"actor_id": forum.organiser.id, "now": now}
    publishing.publish(forum.id, draft.number, VersionKind.FINAL, expected_version=None, **by)
    code = db.session.scalars(db.select(DraftMeeting).where(DraftMeeting.draft_id == draft.id)).first().request.code
    number = by_hand.take_out(forum.id, draft.number, code, revision=draft.revision, **by)
    publishing.publish(forum.id, number, VersionKind.FINAL, expected_version=1, **by)


# ── the journeys ────────────────────────────────────────────────────────────


def compares(one: Traveller, lived: House) -> None:
    """Two runs with two aims; both laid side by side, a letter read, the second published."""
    enter(one, lived, f"/o/{AIMS}/runs")
    for aim in ("fairness", "total"):
        one.tap(one.page.locator(f"input[name=preset][value={aim}]"))
        one.page.fill("#seconds", RUN_SECONDS)
        one.tap(one.page.locator("form[action$='/runs'] .button--main"))
        work(lived)
        one.page.locator("main header .button--main[href*='/drafts/']").wait_for()
        one.tap(one.page.locator("nav a[href$='/runs']").first)
    one.look("drafts", "fr")
    one.tap(one.page.locator("form[action$='/compare'] button"))
    one.look("compare", "fr")
    one.tap(one.page.locator("main a[href$='/drafts/2']"))
    one.tap(one.page.locator("main header .button--main[href$='/publish']"))
    letter = one.page.locator("button[formaction*='/publish/letter']")
    one.look("letter", "fr", doing=lambda: one.tap(letter), top="#letter")
    assert one.page.locator(".letter-text").inner_text().count("http") > 0
    one.tap(one.page.locator("form[action$='/publish'] .button--main"))

    assert out(lived, AIMS) == (1, 2)


def moves_by_hand(one: Traveller, lived: House) -> None:
    """Move a meeting by drag, take it back, then everything again by the keyboard alone; lock, and repair around."""
    enter(one, lived, f"/o/{HANDS}/drafts/1")
    one.tap(one.page.locator("main header a[href$='/grid']"))
    _drag(one)
    grid = one.page.url
    moved = _held(one)
    one.tap(one.page.locator("form[action$='/undo'] button"))
    assert _held(one) != moved
    one.tap(one.page.locator("form[action$='/redo'] button"))
    assert _held(one) == moved
    one.look("dragged", "fr")
    _by_keyboard(one)
    assert _held(one) != moved
    assert one.page.locator(".plan a[aria-current] svg").count() == 1
    one.look("locked", "fr")
    one.open(grid.split("?")[0])
    locked, around = _between(one, LOCKED)[0], _between(one, NOT_LOCKED)[0]
    one.tap(one.page.locator(NOT_LOCKED).first)
    one.tap(one.page.locator("form[action$='/repair'] button"))
    work(lived)
    one.page.locator("main header .button--main[href*='/drafts/']").wait_for()
    one.tap(one.page.locator("main header .button--main[href*='/drafts/']"))
    one.tap(one.page.locator("main header a[href$='/grid']"))

    assert sorted(_between(one, LOCKED)) == sorted([locked, around])


def goes_back(one: Traveller, lived: House) -> None:
    """The last version was a mistake: back to the one before, and only those concerned are told."""
    enter(one, lived, f"/o/{HANDS}/runs")
    one.look("versions", "fr")
    one.tap(one.page.locator("section:has(#versions) a[href*='kind=']").last)
    one.look("back", "fr")
    one.tap(one.page.locator("form[action$='/publish'] .button--main"))

    assert out(lived, HANDS) == (3, 1)
    assert told(lived, HANDS, 3) == told(lived, HANDS, 2)
    assert len(told(lived, HANDS, 3)) == 2


def report(one: Traveller, lived: House) -> None:
    """What the host asks for afterwards: read on the page, counted in the sheet, printed."""
    enter(one, lived, f"/o/{furniture.LIVED}/report")
    one.look("report", "fr")
    figures = one.page.locator("main table").first.locator("td.n").all_inner_texts()
    book = load_workbook(BytesIO(_taken(one, "/report.xlsx")))
    assert [str(row[1]) for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)] == figures
    for language in LANGUAGES if one.draws else ("fr",):
        one.open(f"/o/{furniture.LIVED}/report?lang={language}")
        one.keep("paper", language, drawn(_taken(one, "/report.pdf")))


JOURNEYS: dict[str, Journey] = {
    "first-hour": first_hour,
    "compares": compares,
    "moves-by-hand": moves_by_hand,
    "goes-back": goes_back,
}

# ── what they do on the way ─────────────────────────────────────────────────


def enter(one: Traveller, lived: House, path: str) -> None:
    """Come in by a fresh link, and go to a page."""
    one.open(lived.way_in("organiser"))
    one.tap(one.page.locator("main form button"))
    one.open(path)


def _held(one: Traveller) -> list[str]:
    """Return what stands where in the grid, row by row."""
    return [" ".join(row.split()) for row in one.page.locator(".plan tbody tr").all_inner_texts()]


def _between(one: Traveller, meetings: str) -> list[str]:
    """Return who meets whom."""
    return [" – ".join(each.locator("bdi").all_inner_texts()) for each in one.page.locator(meetings).all()]


def _drag(one: Traveller) -> None:
    """Take the first meeting, which is not chosen yet, and let it go where a cell says that it may stand."""
    mouse, meeting = one.page.mouse, one.page.locator(".plan a[data-meeting]").first
    meeting.hover()
    mouse.down()
    box = meeting.bounding_box() or {}
    mouse.move(box["x"] + 30, box["y"] + 30)
    there = one.page.locator(".plan .is-may:has(button)").last
    there.scroll_into_view_if_needed()
    aim = there.bounding_box() or {}
    mouse.move(aim["x"] + 10, aim["y"] + 10, steps=4)
    one.page.locator(".plan .is-aimed").wait_for()
    with one.page.expect_navigation():
        mouse.up()
    one.taps += 1


def _by_keyboard(one: Traveller) -> None:
    """Choose another meeting, another slot, move it there, and lock it; no mouse."""
    keys = one.page.keyboard
    one.tab_to("#meeting")
    keys.press("ArrowDown")
    one.tab_to("form:has(#meeting) button")
    _enter_key(one)
    one.tab_to("#slot")
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    one.tab_to("form:has(#slot) button")
    _enter_key(one)
    one.tab_to("form[action$='/move'] .button--main")
    _enter_key(one)
    one.tab_to("[name=lock]")
    _enter_key(one)


def _enter_key(one: Traveller) -> None:
    with one.page.expect_navigation():
        one.page.keyboard.press("Enter")
    one.taps += 1


def _taken(one: Traveller, ending: str) -> bytes:
    with one.page.expect_download() as coming:
        one.page.locator(f"main a[href$='{ending}']").click()
    one.taps += 1
    return coming.value.path().read_bytes()


def drawn(content: bytes) -> bytes:
    """Draw the first page of a PDF."""
    program = shutil.which("pdftoppm")
    assert program is not None, "pdftoppm is not installed"
    made = subprocess.run([program, "-png", "-r", "80", "-l", "1", "-"], input=content, capture_output=True, check=True)
    assert made.stdout.startswith(b"\x89PNG")
    return made.stdout


# ── what others do, and what came of it ─────────────────────────────────────


def work(lived: House) -> None:
    """Carry out the run that waits, as the worker does."""
    with lived.app.app_context():
        run = carry_out(clock.now())
        assert run.failure == ""


def out(lived: House, slug: str) -> tuple[int, int]:
    """Return the number of the last version, and that of its draft."""
    with lived.app.app_context():
        numbers = db.select(Version.number, Draft.number).join(Draft, Draft.id == Version.draft_id)
        of_event = numbers.join(Event, Event.id == Version.event_id).where(Event.slug == slug)
        version, draft = db.session.execute(of_event.order_by(Version.number.desc())).first() or (0, 0)
        return version, draft


def told(lived: House, slug: str, number: int) -> list[str]:
    """Return to whom a version was told by mail."""
    with lived.app.app_context():
        mails = db.select(Mail.recipient).join(Version, Version.id == Mail.version_id)
        of_event = mails.join(Event, Event.id == Version.event_id).where(Event.slug == slug, Version.number == number)
        return sorted(db.session.scalars(of_event))

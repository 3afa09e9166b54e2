"""The demo as a stranger meets it: ``python -m tests.browser.walk``.

It starts ``make demo`` with its data in a temporary folder, follows the printed links in a real browser from a wish to
the agenda in somebody's mail, stops it as Ctrl-C does, and starts it again. One line a step; exit 1 at the first
that fails, with one line and a picture of the page.
"""

from __future__ import annotations

import io
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from icalendar import Calendar
from playwright.sync_api import Browser, Page
from pypdf import PdfReader

from tests.browser import chromium

ROOT = Path(__file__).parents[2]
LOOPBACK = "127.0.0.1"
FIRST_PAGE_SECONDS = 60
AGAIN_SECONDS = 10
"""What a slow machine may take; at a desk it is under three."""
RUN_SECONDS, WATCHED_CHANGES = 20, 2
MAIL_SECONDS = 240
LINK = re.compile(r"^  (\w+) +(http://\S+)$")
AGENDA = re.compile(r"http://\S+?/a/[0-9a-z-]+")


class Walk:
    """Counts and times the steps; the page that is open is pictured when one fails."""

    def __init__(self) -> None:
        self.passed = 0
        self.page: Page | None = None

    @contextmanager
    def step(self, words: str) -> Iterator[list[str]]:
        """Time a step; what it adds to the list is printed with it."""
        started, notes = time.monotonic(), list[str]()
        yield notes
        self.passed += 1
        print(f"{time.monotonic() - started:6.1f} s  {words}{': ' if notes else ''}{', '.join(notes)}", flush=True)


class Demo:
    """``make demo`` in a session of its own, so that it can be stopped as a terminal does."""

    def __init__(self, port: int, data: Path) -> None:
        self.port, self.origin = port, f"http://{LOOPBACK}:{port}"
        self.links: dict[str, str] = {}
        self.said: list[str] = []
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            ["make", "--no-print-directory", "demo", "SCENARIO=jim", f"PORT={port}", f"DATA={data}"],  # noqa: S607
            cwd=ROOT,
            env={name: value for name, value in os.environ.items() if not name.startswith("MATCHMAKER_")},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        for line in self.process.stdout or ():
            self.said.append(line.rstrip())
            if found := LINK.match(line.rstrip()):
                self.links[found[1]] = found[2]

    def first_page(self) -> float:
        """Wait until a page is answered; return the seconds since the command was given."""
        while not self._answers():
            if self.process.poll() is not None:
                raise AssertionError(f"make demo ended with {self.process.returncode}: {' / '.join(self.said[-3:])}")
            time.sleep(0.05)
        seconds = time.monotonic() - self.started
        until(lambda: "Inbox" in self.links, 30, "the links were not printed")
        return seconds

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(self.origin, timeout=5):  # noqa: S310  our own loopback address
                return True
        except OSError:
            return False

    def interrupt(self) -> list[str]:
        """Press Ctrl-C; return what is left running."""
        family = descendants(self.process.pid)
        os.killpg(self.process.pid, signal.SIGINT)
        self.process.wait(60)
        left = partial(filter, alive, family)
        until(lambda: not any(left()), 5, lambda: f"left running: {list(left())}")
        self._listener.join(5)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((LOOPBACK, self.port))
        return [line for line in self.said if "Traceback" in line]

    def end(self) -> None:
        """Leave nothing behind, however far the walk came."""
        for pid in [*descendants(self.process.pid), self.process.pid]:
            if alive(pid):
                os.kill(pid, signal.SIGKILL)


def main() -> int:
    """Walk; return the exit status."""
    if chromium.executable() is None:
        print("walk: there is no chromium on this machine")
        return 1
    walk = Walk()
    with (
        tempfile.TemporaryDirectory(prefix="walk-", ignore_cleanup_errors=True) as folder,
        chromium.browser() as running,
    ):
        try:
            _walk(walk, running, Path(folder) / "data")
        except Exception as error:  # noqa: BLE001  whatever it is, it is one line and a picture
            print(f"walk failed after {walk.passed} steps: {_sentence(error)} {_pictured(walk.page)}")
            print(f"walk: {walk.passed} passed, 1 failed")
            return 1
    print(f"walk: {walk.passed} passed, 0 failed")
    return 0


def _walk(walk: Walk, running: Browser, data: Path) -> None:
    port = free_port()
    demo = Demo(port, data)
    try:
        with walk.step("make demo answers") as notes:
            notes.append(f"first page after {checked(demo.first_page(), FIRST_PAGE_SECONDS):.1f} s")
        _give_a_wish(walk, stranger(walk, running), demo)
        organiser = stranger(walk, running)
        told = _schedule(walk, organiser, demo)
        agenda = _read_mail(walk, running, organiser, demo, told)
        with walk.step("Ctrl-C leaves nothing running"):
            expect(demo.interrupt() == [], "it ended with a traceback")
        demo = Demo(port, data)
        with walk.step("make demo again, with its data") as notes:
            notes.append(f"first page after {checked(demo.first_page(), AGAIN_SECONDS):.1f} s")
            expect(agendas(organiser, demo) == told, "the messages are not there any more")
            expect((organiser.goto(agenda) or organiser).url == agenda, "the agenda moved")
        with walk.step("Ctrl-C again"):
            expect(demo.interrupt() == [], "it ended with a traceback")
    finally:
        demo.end()


# ── the steps ───────────────────────────────────────────────────────────────


def _give_a_wish(walk: Walk, page: Page, demo: Demo) -> None:
    with walk.step("the participant's link signs in, by a button"):
        sign_in(page, demo.links["Participant"])
        expect("/e/" in page.url, f"led to {page.url}")
    with walk.step("a wish is given and kept"):
        page.locator("a[href*='/wishes']").first.click()
        group = page.locator("fieldset.choice").filter(has=page.locator("input[value='']:checked")).last
        name = group.locator("input").first.get_attribute("name")
        with page.expect_response(lambda answer: answer.request.method == "POST") as saving:
            group.locator("label.is-veto").click()
        expect(saving.value.ok, f"saving answered {saving.value.status}")
        page.reload()
        expect(page.locator(f"input[name='{name}'][value='veto']").is_checked(), "the wish was not kept")


def _schedule(walk: Walk, page: Page, demo: Demo) -> int:
    """Go as the organiser from the link to a published version; return how many are told by mail."""
    with walk.step("the organiser's link signs in"):
        sign_in(page, demo.links["Organiser"])
        slug = page.locator("a[href^='/o/']:not([href='/o/']):not([href='/o/new'])")
        if not slug.count():
            page.goto(f"{demo.origin}/o/")
        slug.first.click()
    with walk.step("a run is started"):
        page.locator("a[href$='/runs']").first.click()
        page.locator("input[name=seconds]").fill(str(RUN_SECONDS))
        page.locator("form[action$='/runs'] [type=submit]").last.click()
        expect(re.search(r"/runs/\d+$", page.url) is not None, f"led to {page.url}")
    with walk.step("value and bound come together without a reload") as notes:
        notes.append(_watch(page))
    with walk.step("the run is stopped, the best is kept") as notes:
        stop = page.locator("form[action$='/stop'] button")
        page.reload()
        if stop.count():
            stop.click()
        notes.append(str(_wait_for_text(page, "a[href*='/drafts/']", RUN_SECONDS + 60)))
    with walk.step("the draft shows its score card") as notes:
        page.locator("main header a[href*='/drafts/']").first.click()
        notes.append(page.locator("main h2").first.inner_text())
        expect(page.locator(".score > div").count() >= 6, "no score card")
    with walk.step("a final version is published") as notes:
        page.locator("a[href$='/publish']").first.click()
        page.locator("a[href*='kind=final']").click()
        told = int(re.sub(r"\D", "", page.locator("#told summary").inner_text()))  # the list is a page at a time
        page.locator("form[action$='/publish'] [type=submit]").first.click()
        expect(page.url.endswith("/runs"), f"led to {page.url}")
        notes.append(f"{told} people are told by mail")
    return told


def _watch(page: Page) -> str:
    """Follow the curve until it has changed a few times; the page must be the same one all the while."""
    page.evaluate("window.watched = true")
    seen: list[str] = []

    def changed() -> bool:
        sentence = page.locator("#run-finding").inner_text()
        if re.search(r"\d", sentence) and sentence not in seen:
            seen.append(sentence)
        return len(seen) > WATCHED_CHANGES or (bool(seen) and not page.evaluate("window.watched === true"))

    until(changed, RUN_SECONDS + 40, lambda: f"the curve did not move: {seen}")
    expect(page.locator("details tbody tr").count() >= WATCHED_CHANGES, "the table has no figures")
    return seen[-1]


def _read_mail(walk: Walk, running: Browser, page: Page, demo: Demo, told: int) -> str:
    """Read a mail in Arabic and follow its link without an account; return the agenda's address."""
    with walk.step("everybody concerned has a mail in the inbox") as notes:
        until(
            lambda: agendas(page, demo) == told, MAIL_SECONDS, lambda: f"{agendas(page, demo)} agendas of {told} came"
        )
        notes.append(f"{told} mails")
    with walk.step("a mail carries a calendar file and a PDF") as notes:
        language, address = _an_arabic_mail(page, demo)
        files = {
            link.inner_text().strip(): link.get_attribute("href") for link in page.locator("a[href*='/files/']").all()
        }
        bodies = {name: page.request.get(f"{demo.origin}{href}").body() for name, href in files.items()}
        sheets = PdfReader(io.BytesIO(bodies["agenda.pdf"])).pages
        expect(bool(sheets[0].extract_text().strip()), "the PDF is empty")
        events = Calendar.from_ical(bodies["agenda.ics"]).events
        expect(len(events) > 0, "the calendar is empty")
        notes += [f"{len(events)} events", f"{len(sheets)} sheet of paper", f"in {language}"]
    with walk.step("its link opens the agenda without an account, in the person's language") as notes:
        other = stranger(walk, running)
        other.goto(address)
        expect(other.locator("html").get_attribute("lang") == language, "the page speaks another language")
        meetings = other.locator("ol.timetable .sign").count()
        expect(meetings > 0, "no meetings")
        notes.append(other.locator("h1").inner_text())
    return address


def _an_arabic_mail(page: Page, demo: Demo) -> tuple[str, str]:
    """Open a mail written in Arabic; return its language and the agenda's address in its text."""
    page.goto(f"{demo.origin}/dev/inbox")
    for href in [
        link.get_attribute("href") for link in page.locator("li.entry", has_text="agenda.pdf").locator("a").all()
    ]:
        html = page.request.get(f"{demo.origin}{href}/html").text()
        if '<html lang="ar"' in html:
            page.goto(f"{demo.origin}{href}")
            found = AGENDA.search(page.locator("pre.mail-text").inner_text())
            expect(found is not None, "the mail holds no link")
            return "ar", found[0] if found else ""
    raise AssertionError("nobody was written to in Arabic")


def stranger(walk: Walk, running: Browser) -> Page:
    """Open a browser that was never here, of somebody whose own language we do not speak."""
    context = running.new_context(viewport={"width": 1280, "height": 900}, locale="de-DE")
    walk.page = context.new_page()
    return walk.page


def sign_in(page: Page, link: str) -> None:
    page.goto(link)
    page.locator("main form button").click()


def agendas(page: Page, demo: Demo) -> int:
    """Count the mails that bring an agenda; after nine in the morning digests are among the others."""
    return page.request.get(f"{demo.origin}/dev/inbox").text().count(">agenda.pdf<")


def _wait_for_text(page: Page, selector: str, seconds: float) -> str:
    found = page.locator(f"main header {selector}").first
    found.wait_for(timeout=seconds * 1000)
    return found.inner_text().strip()


# ── plain tools ─────────────────────────────────────────────────────────────


def until(true: Callable[[], bool], seconds: float, words: str | Callable[[], object]) -> None:
    """Ask until it is so.

    Raises
    ------
    AssertionError
        If it is not so in time.
    """
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise AssertionError(words() if callable(words) else words)
        time.sleep(0.2)


def expect(so: bool, words: str) -> None:  # noqa: FBT001  it reads as a sentence
    if not so:
        raise AssertionError(words)


def checked(seconds: float, most: float) -> float:
    expect(seconds <= most, f"the first page took {seconds:.1f} s, more than {most} s")
    return seconds


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def descendants(pid: int) -> list[int]:
    """Return the processes below one, from /proc."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            continue
        parents.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found, waiting = [], [pid]
    while waiting:
        children = parents.get(waiting.pop(), [])
        found += children
        waiting += children
    return found


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _sentence(error: Exception) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__


def _pictured(page: Page | None) -> str:
    """Keep a picture of what was to be seen, and say where it is."""
    if page is None:
        return ""
    file = Path(tempfile.mkdtemp(prefix="walk-")) / "page.png"
    try:
        page.screenshot(path=file)
    except Exception:  # noqa: BLE001  the browser may be what failed
        return f"(no picture; the page was {page.url})"
    return f"({page.url}, picture: {file})"


if __name__ == "__main__":
    sys.exit(main())

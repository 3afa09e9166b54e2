"""The pictures of the README and of docs/pictures.md: ``make pictures``.

The scenario ``jim`` is loaded, solved, published and mailed at moments that never change, and the pages are opened
as their readers open them: an evening of wishes, the organiser's afternoon, the morning of the meetings.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path

import structlog
import time_machine
from playwright.sync_api import Browser, Page

from matchmaker import clock, scenarios
from matchmaker.domain import zones
from matchmaker.domain.states import Phase, VersionKind
from matchmaker.extensions import db
from matchmaker.mail import inbox_folder
from matchmaker.models import Event
from matchmaker.queries import links
from matchmaker.queries.access import own_participation
from matchmaker.queries.loaded import belongings
from matchmaker.services import events, publishing, runs
from matchmaker.services.runs import Capacity
from tests.browser import chromium, house
from tests.browser.house import House

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
EVENING = datetime(2026, 6, 1, 19, 30, tzinfo=UTC)
MORNING = time(11, 42)
RUN_SECONDS = 20
TWO_WORKERS = Capacity(memory_mb=6000, workers=2)
PHONE, DESK = (360, 760), (1280, 860)
MOST_BYTES = 3_000_000


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as one person sees it in one language at one width; ``path`` may name places of the house."""

    name: str
    who: str
    path: str
    language: str
    dark: bool = False
    wide: bool = False
    top: str = "body"
    """The part that the picture starts with."""

    @property
    def file(self) -> Path:
        return FOLDER / f"{self.name}-{self.language}-{(DESK if self.wide else PHONE)[0]}.png"


BEFORE = (
    Picture("wishes", "reader", "/e/{slug}/wishes", "ar", top="li.entry"),
    Picture("wishes", "reader", "/e/{slug}/wishes", "en", wide=True),
    Picture("times", "reader", "/e/{slug}/times", "fr", top="table.avail"),
    Picture("event", "reader", "/e/{slug}/", "en"),
    Picture("overview", "organiser", "/o/{slug}/", "ar", wide=True),
)
SOLVED = (
    Picture("run", "organiser", "/o/{slug}/runs/1", "fr", wide=True),
    Picture("run", "organiser", "/o/{slug}/runs/1", "ar", dark=True),
    Picture("draft", "organiser", "/o/{slug}/drafts/1", "en", wide=True),
    Picture("publish", "organiser", "/o/{slug}/drafts/1/publish?kind=final", "fr", wide=True),
)
ON_THE_DAY = (
    Picture("agenda", "anyone", "{agenda}", "ar"),
    Picture("agenda", "anyone", "{agenda}", "fr", wide=True),
    Picture("agenda", "anyone", "{agenda}", "en", dark=True),
    Picture("mail", "anyone", "/dev/inbox/{mail}", "ar", wide=True),
)


def main() -> int:
    """Take all pictures anew; return the exit status."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    if chromium.executable() is None:
        print("pictures: there is no chromium on this machine")
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        time_machine.travel(EVENING),
        chromium.browser() as running,
        house.opened(Path(folder), _load) as lived,
    ):
        _take_all(running, lived)
    taken = [picture.file for picture in (*BEFORE, *SOLVED, *ON_THE_DAY)]
    for file in set(FOLDER.glob("*.png")) - set(taken):
        file.unlink()
    size = sum(file.stat().st_size for file in taken)
    print(f"{len(taken)} pictures, {size / 1000:.0f} kB")
    return 0 if size <= MOST_BYTES else 1


def _take_all(running: Browser, lived: House) -> None:
    with _pages(running, lived) as pages:
        _take(BEFORE, pages, lived)
        with lived.app.app_context():
            _solve(lived)
        _take(SOLVED, pages, lived)
        with lived.app.app_context():
            morning = _publish(lived)
        with time_machine.travel(morning):
            _take(ON_THE_DAY, pages, lived)


# ── what happens ────────────────────────────────────────────────────────────


def _load(lived: House) -> None:
    loaded = scenarios.load("jim", now=clock.now())
    lived.accounts["organiser"] = (loaded.organiser_account_id, None)
    lived.accounts["reader"] = (belongings(loaded.participation_id)[1], loaded.event_id)
    lived.places |= {"slug": loaded.slug, "event_id": str(loaded.event_id)}


def _solve(lived: House) -> None:
    organiser_id, event_id = lived.accounts["organiser"][0], int(lived.places["event_id"])
    runs.start(event_id, "fairness", RUN_SECONDS, actor_id=organiser_id, now=clock.now(), seed=1)
    runs.execute(runs.claim("pictures", clock.now()), holder="pictures", capacity=TWO_WORKERS, clock=clock.now)


def _publish(lived: House) -> datetime:
    """Publish and mail the draft; return the morning of the event."""
    organiser_id, event_id = lived.accounts["organiser"][0], int(lived.places["event_id"])
    by = {"actor_id": organiser_id, "now": clock.now()}
    publishing.publish(event_id, 1, VersionKind.FINAL, expected_version=None, **by)
    lived.post(clock.now())
    events.set_phase(event_id, Phase.ON_THE_DAY, **by)
    reader = own_participation(event_id, lived.accounts["reader"][0])
    lived.places["agenda"] = links.agenda_url(reader).removeprefix(lived.address)
    lived.places["mail"] = _mail_in_arabic(lived)
    event = db.session.get_one(Event, event_id)
    return zones.instant(datetime.combine(event.days[0].day, MORNING), event.zone)


def _mail_in_arabic(lived: House) -> str:
    received = inbox_folder.newest(lived.settings.inbox)
    return next(one.id for one in received if '<html lang="ar"' in one.html)


# ── taking them ─────────────────────────────────────────────────────────────


@contextmanager
def _pages(running: Browser, lived: House) -> Iterator[dict[str, Page]]:
    """Open one page for each who visits; those with an account sign in."""
    contexts = {who: running.new_context() for who in ("anyone", *lived.accounts)}
    try:
        pages = {who: context.new_page() for who, context in contexts.items()}
        for who in lived.accounts:
            pages[who].goto(lived.address + lived.way_in(who))
            pages[who].locator("main form button").click()
        yield pages
    finally:
        for context in contexts.values():
            context.close()


def _take(pictures: tuple[Picture, ...], pages: dict[str, Page], lived: House) -> None:
    for picture in pictures:
        page, (width, height) = pages[picture.who], DESK if picture.wide else PHONE
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme="dark" if picture.dark else "light")
        path = picture.path.format(**lived.places)
        page.goto(f"{lived.address}{path}{'&' if '?' in path else '?'}lang={picture.language}")
        page.goto(f"{lived.address}{path}")  # without the greeting of somebody who has just signed in
        page.evaluate("document.fonts.ready")
        page.locator(picture.top).first.evaluate("part => part.scrollIntoView({block: 'start', behavior: 'instant'})")
        page.screenshot(path=picture.file)
        print(re.sub(r"^.*/docs/", "docs/", str(picture.file)))


if __name__ == "__main__":
    sys.exit(main())

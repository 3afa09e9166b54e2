"""Somebody on their way through the real pages: what they touch is counted, where they look is judged and drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Browser, Locator, Page

from tests.browser import chromium
from tests.browser.house import House

LANGUAGES = ("ar", "fr", "en")
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 860}
DRAWN = {PHONE["width"]: (250, 1480), DESK["width"]: (470, 1000)}
"""How wide a page is drawn in docs/, and how much of its height is taken, by how wide its window is; px."""
EXTENT = """top => [
  document.querySelector(top).getBoundingClientRect().top + scrollY, document.documentElement.scrollHeight]"""
"""Where a part starts, and where the page ends; px."""
TAB_STOPS = 150
"""More than any page has."""


@dataclass
class Traveller:
    """Somebody before a screen: ``taps`` counts what they touched, ``seen`` are the pictures, by language and page.

    Who ``draws``, or looks ``everywhere``, looks in all languages, and others in their own.
    """

    page: Page
    origin: str
    taps: int = 0
    seen: dict[tuple[str, str], tuple[bytes, int]] = field(default_factory=dict)
    draws: bool = False
    everywhere: bool = False

    @property
    def width(self) -> int:
        return (self.page.viewport_size or PHONE)["width"]

    def open(self, path: str) -> None:
        """Follow a link that came by mail, on paper, or as a code to photograph."""
        self.page.goto(path if path.startswith("http") else self.origin + path)

    def tap(self, part: Locator) -> None:
        part.click()
        self.page.wait_for_load_state()
        self.taps += 1

    def button(self, words: str) -> None:
        self.tap(self.page.get_by_role("button", name=words).first)

    def link(self, words: str) -> None:
        self.tap(self.page.get_by_role("link", name=words).first)

    def choose(self, part: str, value: str) -> None:
        """Open a list and take one of it."""
        self.page.select_option(part, value)
        self.taps += 1

    def tab_to(self, part: str) -> None:
        """Press Tab until the keyboard stands there."""
        for _ in range(TAB_STOPS):
            if self.page.evaluate("part => document.activeElement?.matches(part)", part):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"no way by Tab to {part}")

    def look(self, name: str, own: str, doing: Callable[[], object] | None = None, top: str = "body") -> None:
        """Look at a page in all languages, one's own last; each must be well.

        ``doing`` is done each time before one looks: what was typed or pressed there does not stand in the address.
        ``top`` is the part that the pictures start with.
        """
        address, taps = self.page.url.split("#")[0], self.taps
        others = [one for one in LANGUAGES if one != own and (self.draws or self.everywhere)]
        for language in (*others, own):
            self.taps = taps
            self.page.goto(f"{address}{'&' if '?' in address else '?'}lang={language}")
            if doing:
                doing()
            self.glance(name, language, top)

    def glance(self, name: str, language: str, top: str = "body") -> None:
        """Look at the page as it stands."""
        self.page.evaluate("document.fonts.ready")
        if faults := [*chromium.violations(self.page), *self._sideways()]:
            raise AssertionError(f"{name} in {language}: {faults}")
        if self.draws:
            start, end = self.page.evaluate(EXTENT, top)
            height = min(DRAWN[self.width][1], end - start)
            clip = {"x": 0, "y": start, "width": self.width, "height": height}
            self.keep(name, language, self.page.screenshot(full_page=True, clip=clip))

    def keep(self, name: str, language: str, picture: bytes) -> None:
        self.seen[language, name] = picture, DRAWN[self.width][0]

    def _sideways(self) -> list[str]:
        wide = chromium.sideways(self.page)
        return [f"{wide} px too wide"] if wide > 0 else []


Journey = Callable[[Traveller, House], None]


@contextmanager
def setting_out(
    running: Browser, lived: House, window: dict[str, int] = PHONE, *, draws: bool = False, everywhere: bool = False
) -> Iterator[Traveller]:
    """Give somebody a screen that has seen nothing yet."""
    context = running.new_context(viewport=window, locale="fr-FR")
    try:
        yield Traveller(context.new_page(), lived.address, draws=draws, everywhere=everywhere)
    finally:
        context.close()

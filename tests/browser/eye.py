"""What one looks for on a page: one window for each person, and everything that it reported since the last visit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Response

from tests.browser import chromium
from tests.browser.house import House
from tests.browser.pages import ANYONE, PEOPLE, Visit

DIRECTIONS = {"ar": "rtl", "fr": "ltr", "en": "ltr"}
LOOK = """() => ({
  lang: document.documentElement.lang,
  dir: document.documentElement.dir,
  low: [...document.querySelectorAll('a, button, input:not([type=hidden]), select, textarea, summary')]
    .filter((part) => !part.closest('.skip, [hidden], [aria-hidden=true]'))
    .filter((part) => getComputedStyle(part).display !== 'inline')
    .map((part) => [part, Math.max(...[part, ...(part.labels ?? [])].map((one) => one.getBoundingClientRect().height)),
      part.closest('.dense') ? 36 : 44])
    .filter(([, height, least]) => height > 1 && height < least - 0.1)
    .map(([part, height, least]) => `${part.outerHTML.slice(0, 100)}: ${height.toFixed(1)} of ${least} px`),
})"""
"""Links within a sentence are as high as the sentence; every other control must be as high as a finger."""

CUT = """() => [...document.querySelectorAll('.scroll')]
  .filter((box) => box.scrollWidth > box.clientWidth + 1 && !box.querySelector('.avail--long, .plan'))
  .map((box) => `${box.getAttribute('aria-label')}: cut off, ${box.scrollWidth} px in ${box.clientWidth}`)"""
"""Only the availability of many days and the grid of a draft may be pushed sideways: what heads their rows stays."""

OVER = """() => {
  const lines = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const unseen = '.hidden-words, .is-stacked > thead, .skip, .sign, svg, script, option';
  const placed = (part) => ['fixed', 'sticky'].includes(getComputedStyle(part).position);
  const stays = (part) => part && (placed(part) || stays(part.parentElement));
  while (walker.nextNode()) {
    const text = walker.currentNode;
    const part = text.parentElement;
    if (!text.data.trim() || part.closest(unseen) || stays(part)) continue;
    if (!part.checkVisibility({visibilityProperty: true})) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    for (const box of range.getClientRects()) if (box.width > 1) lines.push([box, part, text.data.trim()]);
  }
  lines.sort(([one], [other]) => one.top - other.top);
  const found = [];
  lines.forEach(([one, part, words], at) => {
    for (const [other, elsewhere, others] of lines.slice(at + 1)) {
      if (other.top >= one.bottom) break;
      const high = Math.min(one.bottom, other.bottom) - other.top;
      const wide = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      if (part !== elsewhere && wide > 2 && high > 0.3 * Math.min(one.height, other.height))
        found.push(`"${words.slice(0, 40)}" lies on "${others.slice(0, 40)}"`);
    }
  });
  return [...new Set(found)];
}"""
"""Letters are a little higher than their line (in signs, set tight, much): only what covers more lies on something."""

STILL = """() => {
  for (let timer = setTimeout(() => {}, 0); timer > 0; timer--) { clearTimeout(timer); }
}"""
"""A page that comes anew by itself must not do so while it is looked at."""

BLOCKED = "Service Worker registration blocked by Playwright"
"""Workers have a test of their own; here every page comes fresh from the house."""


class Window:
    """A page of one person's browser, and what it said and fetched on the last visit."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.said: list[str] = []
        self.strangers: list[str] = []
        page.on("console", lambda message: self._hear(message.type, message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("request", lambda request: self._note(request.url))

    def _hear(self, kind: str, words: str) -> None:
        if kind != "info" and words != BLOCKED:
            self.said.append(words)

    def _note(self, url: str) -> None:
        if not url.startswith((f"{self.address}/", "data:", "blob:")):
            self.strangers.append(url)

    def visit(self, path: str, *, status: int = 200, press: str = "") -> list[str]:
        """Open a page; return what was wrong with the way there."""
        self.said.clear()
        self.strangers.clear()
        answer = self.page.goto(self.address + path)
        if press:
            with self.page.expect_navigation() as arriving:
                self.page.locator(press).last.click()
            answer = arriving.value
        return [] if answer and answer.status == status else [f"answered {answer and answer.status}, not {status}"]

    def faults(self, language: str, *, status: int = 200) -> list[str]:
        """Return what is wrong with the page that is open, as lines."""
        self.page.evaluate(STILL)
        seen = self.page.evaluate(LOOK)
        expected = [] if status == 200 else ["Failed to load resource"]
        found = [f"console: {line}" for line in self.said if not any(line.startswith(known) for known in expected)]
        found += [f"fetched from outside: {url}" for url in self.strangers]
        if (seen["lang"], seen["dir"]) != (language, DIRECTIONS[language]):
            found.append(f"lang={seen['lang']} dir={seen['dir']}")
        if (pixels := chromium.sideways(self.page)) > 0:
            found.append(f"{pixels} px wider than the window")
        return found + seen["low"] + self.page.evaluate(CUT) + self.page.evaluate(OVER) + chromium.violations(self.page)

    def judge(self, visit: Visit, language: str, places: dict[str, str]) -> list[str]:
        """Open a page in a language and return all that is wrong with it."""
        path = visit.path.format(**places)
        path += f"{'&' if '?' in path else '?'}lang={language}"
        return self.visit(path, status=visit.status, press=visit.press) + self.faults(language, status=visit.status)

    def weigh(self, path: str) -> int:
        """Return how many bytes come over the network for the first page of a new browser, fonts aside."""
        context = self.page.context.browser.new_context(service_workers="block")
        answers: list[Response] = []
        try:
            page = context.new_page()
            page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 -- Playwright marks what it calls
            page.goto(self.address + path, wait_until="networkidle")
            sizes = [one.request.sizes() for one in answers if not urlsplit(one.url).path.endswith(".woff2")]
        finally:
            context.close()
        return sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes)


@contextmanager
def windows(running: Browser, house: House) -> Iterator[dict[str, Window]]:
    """Open one window for each person, signed in as people do."""
    phone = {"width": 360, "height": 740}
    contexts = {who: running.new_context(viewport=phone, service_workers="block") for who in PEOPLE}
    try:
        opened = {who: Window(context.new_page(), house.address) for who, context in contexts.items()}
        for who in set(PEOPLE) - {ANYONE}:
            opened[who].page.goto(house.address + house.way_in(who))
            opened[who].page.locator("main form button").click()
        yield opened
    finally:
        for context in contexts.values():
            context.close()

"""Pages by keyboard alone: every control is reached, is seen when it is, and lies under nothing."""

import pytest

pytest.importorskip("playwright.sync_api")

from tests.browser.furniture import LIVED, OPEN

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PHONE = {"width": 360, "height": 740}
PAGES = (
    f"/e/{OPEN}/",
    f"/e/{OPEN}/profile",
    f"/e/{OPEN}/organisation",
    f"/e/{OPEN}/times",
    f"/e/{OPEN}/wishes",
    f"/e/{OPEN}/requests",
    f"/e/{OPEN}/data",
    f"/e/{LIVED}/agenda",
    f"/e/{LIVED}/agenda/colleagues",
)
FOCUSED = """async () => {
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const part = document.activeElement;
  if (!part || part === document.body) return null;
  const face = part.closest('label') ?? part;
  const box = part.getBoundingClientRect();
  const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
  const there = document.elementFromPoint(x, y);
  const parts = [part, face, part.nextElementSibling, face.querySelector('.face')].filter(Boolean);
  const inks = parts.map((one) => getComputedStyle(one));
  return {
    name: part.outerHTML.slice(0, 90),
    seen: inks.some((ink) => ink.outlineStyle !== 'none' && parseFloat(ink.outlineWidth) >= 2),
    inside: y >= 0 && y <= innerHeight && x >= 0 && x <= innerWidth,
    covered: !there || !(part.contains(there) || face.contains(there) || there.contains(part)),
    small: box.width * box.height < 4,
  };
}"""
COUNT = """() => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
  .filter((one) => one.tabIndex >= 0 && !one.disabled && one.checkVisibility({visibilityProperty: true}))
  .filter((one) => one.type !== 'radio' || one.checked).length"""


@pytest.fixture(scope="module")
def reader(running, furnished):
    page = running.new_context(viewport=PHONE, reduced_motion="reduce").new_page()
    page.goto(furnished.address + furnished.way_in("reader"))
    page.locator("main form button").click()
    yield page, furnished.address
    page.context.close()


def stops(page):
    """Press Tab until the page is left; yield what has the focus each time."""
    page.evaluate("document.activeElement.blur()")
    for _ in range(400):
        page.keyboard.press("Tab")
        found = page.evaluate(FOCUSED)
        if found is None:
            return
        yield found


@pytest.mark.parametrize("path", PAGES)
def test_every_control_is_reached_and_seen_and_lies_under_nothing(reader, path):
    page, address = reader
    page.goto(address + path)
    expected = page.evaluate(COUNT)

    found = list(stops(page))

    assert len(found) >= expected > 5
    assert [one["name"] for one in found if not one["seen"]] == []
    assert [one["name"] for one in found if not one["small"] and (one["covered"] or not one["inside"])] == []

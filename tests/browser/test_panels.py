"""A side panel is narrow: the two ways of a list stand in one line there, in every language."""

from __future__ import annotations

import pytest

from matchmaker.web import publishing
from tests.browser.house import opened
from tests.conftest import NOW
from tests.forum import a_forum
from tests.placed import draft_of

pytest.importorskip("playwright.sync_api")
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

LINES = """() => [...document.querySelectorAll('#told .pager a')].map((way) => {
  const lines = new Set([...way.querySelector('span').getClientRects()].map((box) => Math.round(box.top)));
  return [Math.round(way.getBoundingClientRect().top), lines.size];
})"""


@pytest.fixture
def house(tmp_path, monkeypatch):
    monkeypatch.setattr(publishing, "MOST", 1)

    def furnish(house):
        forum = a_forum("a!b b!a c!d d!c")
        draft_of(forum, "ab 1-0900, cd 1-0900", now=NOW)
        house.accounts["organiser"] = (forum.organiser.id, forum.id)
        house.places["slug"] = forum.event.slug

    with opened(tmp_path, furnish) as there:
        yield there


@pytest.mark.parametrize("width", [360, 960, 1280])
def test_previous_and_next_stand_in_one_line(running, house, width):
    context = running.new_context(viewport={"width": width, "height": 800}, service_workers="block")
    page = context.new_page()
    page.goto(house.address + house.way_in("organiser"))
    page.locator("main form button").click()

    found = {}
    for locale in ("ar", "fr", "en"):
        page.goto(f"{house.address}/o/{house.places['slug']}/drafts/1/publish?told=2&lang={locale}")
        page.evaluate("document.querySelector('#told .pager p').textContent = '1 201 à 1 260 sur 5 000'")
        found[locale] = page.evaluate(LINES)
    context.close()

    assert {locale: len(ways) for locale, ways in found.items()} == dict.fromkeys(found, 2)
    assert {locale: ways for locale, ways in found.items() if len({top for top, _ in ways}) > 1} == {}
    assert {locale: ways for locale, ways in found.items() if {lines for _, lines in ways} != {1}} == {}

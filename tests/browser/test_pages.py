"""Every page, as it is served, in a real browser: nothing for axe, nothing sideways, nothing from outside."""

import pytest

pytest.importorskip("playwright.sync_api")

from tests.browser import eye
from tests.browser.pages import ANYONE, NOT_VISITED, VISITS, Visit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

LANGUAGES = ("ar", "fr", "en")
AGENDA_KILOBYTES = 50
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}
ELSEWHERE = [(PHONE, "dark"), (DESK, "light"), (DESK, "dark")]
NAMES = [visit.name for visit in VISITS]


@pytest.fixture(scope="module")
def lived(furnished):
    return furnished


@pytest.fixture(scope="module")
def windows(running, lived):
    with eye.windows(running, lived) as opened:
        yield opened


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("visit", VISITS, ids=NAMES)
def test_page_is_well_on_a_phone(windows, lived, visit, language):
    assert windows[visit.who].judge(visit, language, lived.places) == []


@pytest.mark.full
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("elsewhere", ELSEWHERE, ids=["360-dark", "1280-light", "1280-dark"])
@pytest.mark.parametrize("visit", VISITS, ids=NAMES)
def test_page_is_well_elsewhere(windows, lived, visit, elsewhere, language):
    window, (size, scheme) = windows[visit.who], elsewhere
    window.page.set_viewport_size(size)
    window.page.emulate_media(color_scheme=scheme)

    found = window.judge(visit, language, lived.places)

    window.page.set_viewport_size(PHONE)
    window.page.emulate_media(color_scheme="light")
    assert found == []


def test_every_page_is_visited(whole_app):
    answering = {rule.endpoint for rule in whole_app.url_map.iter_rules() if "GET" in rule.methods}

    assert answering == {visit.endpoint for visit in VISITS} | NOT_VISITED.keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_agenda_is_light_enough_for_a_slow_network(windows, lived, language):
    assert windows[ANYONE].weigh(f"{lived.places['agenda']}?lang={language}") < AGENDA_KILOBYTES * 1000


SPOILING = {
    "console": "console.error('trouble')",
    "fetched from outside": "new Image().src = 'http://127.0.0.1:9/x.png'",
    "lang=": "document.documentElement.lang = 'de'",
    "px wider": "document.querySelector('main').style.width = '500px'",
    "of 44 px": "document.querySelector('main form button').style.cssText = 'min-height: 0; height: 20px'",
    "cut off": "const main = document.querySelector('main'); main.className = 'scroll'; main.style.textIndent = '99em'",
    "lies on": "document.querySelector('.masthead-place').style.marginTop = '-1.5rem'",
    "image-alt": "document.querySelector('main').append(new Image())",
}
"""For each thing that is looked for, what spoils a page that way."""


@pytest.mark.parametrize("fault", SPOILING)
def test_a_spoilt_page_is_noticed(windows, lived, fault):
    window = windows[ANYONE]
    assert window.judge(Visit("sign_in.ask", ANYONE, "/sign-in"), "fr", lived.places) == []

    window.page.evaluate(SPOILING[fault])
    window.page.wait_for_timeout(100)

    assert [line for line in window.faults("fr") if fault in line] != []

"""The specimen sheet in a real browser, under the real content policy: axe finds nothing, and nothing sticks out."""

import threading
from pathlib import Path

import pytest
from werkzeug.serving import make_server

pytest.importorskip("playwright.sync_api")

AXE = (Path(__file__).parent / "vendor/axe.min.js").read_text()
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
LOW = """() => [...document.querySelectorAll('a, button, input, select, textarea')]
  .filter((part) => !part.closest('.dense, .skip'))
  .map((part) => [part, part.closest('label') ?? part])
  .map(([part, target]) => [part.outerHTML.slice(0, 90), target.getBoundingClientRect().height])
  .filter(([, height]) => height > 0 && height < 43.9)"""

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture(scope="module")
def address(whole_app):
    server = make_server("localhost", 0, whole_app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://localhost:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    ("language", "width", "scheme"),
    [("ar", 360, "dark"), ("ar", 1280, "light"), ("fr", 320, "light"), ("fr", 1280, "dark"), ("en", 360, "light")],
)
def test_specimen_is_accessible_and_fits(address, running, language, width, scheme):
    said = []
    page = running.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))

    page.goto(f"{address}/dev/specimen?lang={language}")
    sideways = page.evaluate(SIDEWAYS)
    low = page.evaluate(LOW)
    page.evaluate(AXE)
    found = page.evaluate("(tags) => axe.run(document, {runOnly: tags})", STANDARDS)["violations"]
    page.close()

    assert said == []
    assert sideways == 0
    assert low == []
    assert [(violation["id"], violation["nodes"][0]["html"]) for violation in found] == []


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_specimen_fits_with_letters_twice_as_large(address, running, language):
    page = running.new_page(viewport={"width": 360, "height": 800})
    page.goto(f"{address}/dev/specimen?lang={language}")

    page.evaluate("document.documentElement.style.fontSize = '200%'")

    assert page.evaluate(SIDEWAYS) == 0
    page.close()


def test_half_day_button_marks_the_half_and_counts_what_is_left(address, running):
    page = running.new_page(viewport={"width": 360, "height": 800})
    page.goto(f"{address}/dev/specimen?lang=en")

    before = page.locator("[data-free-count]").inner_text()
    page.get_by_role("button", name="Afternoon not free").click()

    assert (before, page.locator("[data-free-count]").inner_text()) == ("5", "3")
    assert page.get_by_role("button", name="Afternoon free").count() == 2
    page.close()

"""A choice tapped before the page's script is there is kept when it comes, and none that a browser brings back."""

from __future__ import annotations

from datetime import datetime

import pytest

from matchmaker.domain.states import WishLevel
from matchmaker.extensions import db
from matchmaker.models import Wish
from matchmaker.unit_of_work import unit_of_work
from tests.browser.house import opened
from tests.forum import a_forum

pytest.importorskip("playwright.sync_api")
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

LATER = datetime(2999, 1, 1)  # noqa: DTZ001 -- wall time
CHOSEN = "() => [...document.querySelectorAll('.choice input:checked')].map((one) => one.value)"


@pytest.fixture
def house(tmp_path):
    def furnish(house):
        forum = a_forum("ab", wishes_close_at=LATER)
        house.accounts["a"] = (forum.people["a"].account_id, forum.event.id)
        house.places["wishes"] = f"/e/{forum.event.slug}/wishes"

    with opened(tmp_path, furnish) as there:
        yield there


@pytest.fixture
def page(running, house):
    context = running.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(house.address + house.way_in("a"))
    page.locator("main form button").click()
    yield page
    context.close()


def kept(house):
    with house.app.app_context():
        return [wish.level for wish in db.session.query(Wish)]


def test_a_choice_before_the_script_is_kept_when_it_comes(house, page):
    held = []
    page.route("**/htmx.min.js", lambda route: held.append(route))  # noqa: PLW0108 -- it marks what it is given
    page.goto(house.address + house.places["wishes"], wait_until="commit")
    page.locator(".choice label.is-like").first.click()
    assert page.evaluate(CHOSEN) == ["like"]
    assert kept(house) == []

    with page.expect_response(lambda answer: answer.request.method == "POST"):
        held[0].continue_()

    page.wait_for_selector(".choice input[value=like][checked]")
    assert kept(house) == [WishLevel.LIKE]


def test_a_choice_of_an_earlier_visit_is_not_sent_again(house, page):
    sent = []
    page.on("request", lambda asked: sent.append(asked.method))
    page.goto(house.address + house.places["wishes"])
    page.locator(".choice label.is-like").first.click()
    page.wait_for_selector(".choice input[value=like][checked]")
    page.goto(f"{house.address}/static/icon.svg")
    with house.app.app_context(), unit_of_work() as session:
        session.query(Wish).one().level = WishLevel.VETO  # on another phone, say

    page.go_back()

    page.wait_for_load_state("networkidle")
    assert page.evaluate(CHOSEN) == ["veto"]
    assert sent.count("POST") == 1
    assert kept(house) == [WishLevel.VETO]

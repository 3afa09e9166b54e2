"""The day goes wrong twice, in a real browser: the minister is forty minutes late, then a hall is closed."""

import datetime as dt
import re

import pytest

pytest.importorskip("playwright.sync_api")

from matchmaker import clock
from matchmaker.domain import zones
from matchmaker.domain.states import Phase
from matchmaker.extensions import db
from matchmaker.models import EventDay, Mail
from matchmaker.queries import versions
from tests.browser import chromium, furniture, house
from tests.factories import LocationFactory
from tests.forum import a_forum
from tests.placed import version_of
from tests.solved import carry_out

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

WISHES = "m!a a!m m!b b!m a+b b+a c!d d!c"
WINDOWS = (("ar", 360), ("fr", 768), ("en", 1280))


@pytest.fixture(scope="module")
def fair(tmp_path_factory):
    """A house in which it is after ten on the day, and meetings begin after eleven."""
    with house.opened(tmp_path_factory.mktemp("day"), _furnish) as opened:
        yield opened


@pytest.fixture
def page(fair, running):
    page = running.new_page(base_url=fair.address)
    page.goto(fair.way_in("organiser"))
    page.locator("main form button").click()
    page.wait_for_load_state()
    yield page
    page.close()


def _furnish(opened):
    now = clock.now()
    zone = furniture._zone_where_it_is_ten(now)
    today = zones.wall(now, zone).date()
    days = [EventDay(day=today, start=dt.time(8), end=dt.time(18))]
    forum = a_forum(WISHES, zone=zone, days=days, phase=Phase.ON_THE_DAY, slug="fair")
    LocationFactory(event=forum.event, capacity=4)
    first, second, third = [slot.start for slot in forum.slots if slot.start >= dt.time(11, 5)][:3]
    places = f"ma {first}, mb {third}, ab {second}, cd {first}"
    version_of(forum, places, now=now - dt.timedelta(days=1))
    opened.accounts["organiser"] = (forum.organiser.id, forum.id)
    opened.places |= {
        "minister": forum.people["m"].code,
        "hall": forum.hall.code,
        "event": str(forum.id),
        "comes": f"{(dt.datetime.combine(today, first) + dt.timedelta(minutes=40)):%H:%M}",
    }


def look(page, name):
    """Look at a page in three languages and widths; each must be well."""
    address = page.url.split("#")[0]
    for language, width in WINDOWS:
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(f"{address}{'&' if '?' in address else '?'}lang={language}")
        page.evaluate("document.fonts.ready")
        assert (name, language, chromium.violations(page), chromium.sideways(page) > 0) == (name, language, [], False)
    page.goto(address)


def solved(fair):
    with fair.app.app_context():
        run = carry_out(clock.now())
        assert run.failure == ""


def out(fair):
    """Return the number of the last version, and to whom it was told."""
    with fair.app.app_context():
        event_id = int(fair.places["event"])
        told = db.session.scalars(db.select(Mail.recipient).where(Mail.event_id == event_id))
        return versions.latest_number(event_id), sorted({address[0] for address in told})


def test_the_minister_is_late_then_a_hall_is_closed(fair, page):
    page.goto("/o/fair/day/clock")
    look(page, "clock")
    page.goto("/o/fair/day")
    look(page, "desk")
    page.fill("#q", "Firm m")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("q="))
    page.locator(".arrivals a").first.click()
    look(page, "person")

    page.goto(f"/o/fair/day/repair?person={fair.places['minister']}")
    look(page, "what happened")
    page.fill("#person-until", fair.places["comes"])
    page.locator("section:has(#ask-person) form button").click()
    solved(fair)
    page.locator(".repairs").wait_for()
    look(page, "ways")
    page.locator(".repairs form button").first.click()
    page.wait_for_url(re.compile("/day/repair$"))

    assert out(fair) == (2, ["a", "m"])

    page.select_option("#place-of", fair.places["hall"])
    page.fill("#place-start", "11:00")
    page.fill("#place-until", "18:00")
    page.locator("section:has(#ask-place) form button").click()
    solved(fair)
    page.locator(".repairs").wait_for()
    page.locator(".repairs form button").first.click()
    page.wait_for_url(re.compile("/day/repair$"))

    assert out(fair) == (3, ["a", "b", "c", "d", "m"])

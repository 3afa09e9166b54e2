"""An agenda that a phone has seen is there in a hall without network, says so, and goes when its link is revoked."""

from contextlib import contextmanager
from functools import wraps
from threading import Event

import pytest

pytest.importorskip("playwright.sync_api")

from playwright.sync_api import Error

from matchmaker import clock
from matchmaker.domain.links import Purpose
from matchmaker.models import Participation
from matchmaker.queries import links
from matchmaker.services import links as link_service
from matchmaker.unit_of_work import unit_of_work
from tests.browser import chromium

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PHONE = {"width": 360, "height": 740}
WORDS = {"ar": "الشبكة غير متوفرة", "fr": "Pas de réseau", "en": "No network"}


@pytest.fixture
def lived(furnished):
    return furnished


@contextmanager
def phone(running, **said):
    context = running.new_context(viewport=PHONE, **said)
    try:
        yield context.new_page()
    finally:
        context.close()


def read(page, lived, path):
    """Open an agenda once, and wait until it is kept with its style sheets and letters."""
    page.goto(lived.address + path)
    chromium.until(page, chromium.KEPT, path)
    chromium.until(page, chromium.KEPT, "/static/css/personal.css")


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("link", ["agenda", "read_only"])
def test_an_agenda_is_there_without_network_and_says_so(running, lived, link, language):
    with phone(running) as page:
        path = lived.places[link]
        page.goto(f"{lived.address}{path}?lang={language}")
        read(page, lived, path)
        rows = page.locator(".timetable > li:not(.is-now)").count()
        assert page.locator(".kept").is_hidden()

        page.context.set_offline(True)
        page.reload()

        assert page.locator(".kept").inner_text().startswith(WORDS[language])
        assert page.locator(".timetable > li:not(.is-now)").count() == rows > 0
        assert page.locator(".next").count() == 0 or page.locator(".next").is_hidden()
        assert page.evaluate("getComputedStyle(document.querySelector('.timetable')).listStyleType") == "none"
        assert chromium.violations(page) == []
        assert chromium.sideways(page) <= 0

        page.context.set_offline(False)
        page.reload()
        assert page.locator(".kept").is_hidden()


def test_waiting_for_a_copy_that_never_comes_ends(running, lived):
    with phone(running) as page:
        page.goto(lived.address + lived.places["agenda"])

        with pytest.raises(AssertionError, match="no yes within"):
            chromium.until(page, chromium.KEPT, "/nothing", seconds=0.2)


def test_without_the_worker_there_is_nothing(running, lived):
    with phone(running, service_workers="block") as page:
        page.goto(lived.address + lived.places["agenda"])
        page.context.set_offline(True)

        with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
            page.reload()


def test_a_revoked_link_is_not_kept(running, lived):
    path = lived.places["agenda_at_a_stand"]
    with phone(running) as page:
        read(page, lived, path)
        with revoked(lived, path):
            assert page.goto(lived.address + path).status == 404
            assert page.evaluate(chromium.KEPT, path) is False
            page.context.set_offline(True)
            with pytest.raises(Error, match="ERR_"):
                page.reload()


def test_a_slow_answer_does_not_bring_a_revoked_link_back(running, lived, monkeypatch):
    path = lived.places["agenda_at_a_stand"]
    with phone(running) as page:
        read(page, lived, path)
        page.reload()  # the worker's from here on
        with late_answer(lived, monkeypatch) as (asked, let_go):
            # Another address of the same page: a browser has one request at a time of each address.
            page.evaluate("navigator.serviceWorker.controller.postMessage({keep: [location.href + '?lang=fr']})")
            assert asked.wait(20)
            with revoked(lived, path):
                assert page.goto(lived.address + path).status == 404
                let_go.set()
                for _ in range(20):
                    page.wait_for_timeout(100)
                    assert page.evaluate(chromium.KEPT, path) is False


@contextmanager
def late_answer(lived, monkeypatch):
    """Let the next agenda by link be written, and hold it back until it is let go; those after it pass."""
    view, asked, let_go = lived.app.view_functions["agenda.by_link"], Event(), Event()

    @wraps(view)
    def late(*called, **said):
        monkeypatch.undo()
        answer = view(*called, **said)
        asked.set()
        let_go.wait(20)
        return answer

    monkeypatch.setitem(lived.app.view_functions, "agenda.by_link", late)
    try:
        yield asked, let_go
    finally:
        let_go.set()


@contextmanager
def revoked(lived, path):
    """Make a link worthless for a while: the house is everybody's."""
    with lived.app.app_context():
        person = links.access_by_link(path.removeprefix("/a/"), Purpose.AGENDA)
        id_, generation = person.id, person.link_generation
        link_service.renew(id_, actor_id=None, now=clock.now())
    try:
        yield
    finally:
        with lived.app.app_context(), unit_of_work() as session:
            session.get_one(Participation, id_).link_generation = generation


def test_only_the_last_few_agendas_are_kept(running, lived):
    """A tablet at the desk opens many: it must not become a copy of the event."""
    with phone(running) as page:
        read(page, lived, lived.places["agenda"])
        page.evaluate(
            "async () => { const cache = await caches.open('agendas-1');"
            " for (const n of [1, 2, 3, 4, 5, 6]) await cache.put(`/a/${n}-x`, new Response(`${n}`)); }"
        )

        page.reload()

        last = [f"/a/{number}-x" for number in (3, 4, 5, 6)] + [lived.places["agenda"]]
        chromium.until(
            page,
            "async (last) => { const kept = await (await caches.open('agendas-1')).keys();"
            " const agendas = kept.map((one) => new URL(one.url).pathname).filter((path) => path.startsWith('/a/'));"
            " return String([...new Set(agendas)]) === String(last); }",
            last,
        )

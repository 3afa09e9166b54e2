"""Every mail as it looks in a browser at 360 px, in three languages: ``make mails`` draws docs/pictures/mails/."""

from __future__ import annotations

import html
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from playwright.sync_api import Browser

from matchmaker.domain.states import Locale
from matchmaker.mail.letters import CONTEXTS
from tests import factories
from tests.browser import chromium
from tests.conftest import NOW
from tests.mail.test_letters import a_link, message_of, put
from tests.prove.house import a_house
from tests.published import Day, a_day, meeting, publish

FOLDER = Path(__file__).parents[2] / "docs" / "pictures" / "mails"
WIDTH, GAP = 360, 12
EVENT = {
    "names": {"ar": "أيام الأعمال بالجرف", "fr": "Journées d’affaires du Jorf", "en": "Jorf business days"},
    "places": {
        "ar": "قصر المؤتمرات، الجديدة",
        "fr": "Palais des congrès, El Jadida",
        "en": "Congress centre, El Jadida",
    },
    "slug": "jorf",
    "delete_after": date(2026, 6, 30),
}


def main() -> int:
    """Draw all kinds, or those that are named."""
    FOLDER.mkdir(exist_ok=True)
    with chromium.browser() as running:
        for kind in sys.argv[1:] or sorted(CONTEXTS):
            draw(running, {locale: _page(kind, locale) for locale in Locale}, FOLDER / f"{kind}.jpg")
            print(kind)
    return 0


def _page(kind: str, locale: Locale) -> str:
    """Return a mail's page as a mail program gets it: read again from the message, its styles in its tags."""
    with a_house():
        day = _a_day(locale)
        link, _token = a_link(day, NOW)
        version = _published(day)
        return message_of(put(day, NOW, kind, version=version, link=link), NOW).get_body(("html",)).get_content()


def _a_day(locale: Locale) -> Day:
    day = a_day(3, locale=locale, **EVENT)
    for names in ({"ar": "تعاونية أركان سوس", "fr": "Coopérative Argane Souss"}, {"fr": "Kraft & Söhne GmbH"}):
        asking = factories.OrganisationFactory(event=day.event, names=names)
        factories.ParticipationFactory(organisation=asking)
        factories.WishFactory(organisation=asking, wanted_organisation=day.reader.organisation)
    return day


def _published(day: Day) -> int:
    publish(day, meeting(0), meeting(2, "11:00", "11:20"))
    return publish(day, meeting(0, "09:25", "09:45"), meeting(1, "10:35", "10:55"), number=2)


def draw(running: Browser, pages: Mapping[Locale, str], file: Path) -> None:
    """Draw the pages side by side, each as wide as a phone."""
    frames = "".join(f'<iframe srcdoc="{html.escape(page)}"></iframe>' for page in pages.values())
    width = len(pages) * (WIDTH + GAP) + GAP
    page = running.new_page(viewport={"width": width, "height": 400})
    page.set_content(
        f"<style>body {{ margin: {GAP}px; display: flex; gap: {GAP}px; align-items: start; background: #777 }}"
        f"iframe {{ width: {WIDTH}px; border: 0 }}</style>{frames}"
    )
    page.wait_for_load_state("networkidle")
    page.evaluate(
        "document.querySelectorAll('iframe').forEach(one => {"
        " one.style.height = one.contentDocument.documentElement.scrollHeight + 'px' })"
    )
    page.screenshot(path=file, full_page=True, type="jpeg", quality=72)
    page.close()


if __name__ == "__main__":
    sys.exit(main())

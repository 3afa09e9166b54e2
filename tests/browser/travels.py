"""All journeys, in a real browser: ``make journeys`` draws them into docs/, or those that are named.

Each counts what its traveller taps, and looks at the pages that matter in all three languages.
"""

from __future__ import annotations

import base64
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import NamedTuple

import structlog
from playwright.sync_api import Browser

from tests.browser import chromium, house, journeys, on_the_day, organising
from tests.browser.house import House
from tests.browser.traveller import DESK, LANGUAGES, PHONE, Journey, Traveller, setting_out

FOLDER = Path(__file__).parents[2] / "docs" / "pictures" / "journeys"


class Travel(NamedTuple):
    """A journey, in which house and with what window it is made."""

    furnish: Callable[[House], None]
    window: dict[str, int]
    journey: Journey


TRAVELS = {
    **{name: Travel(journeys.furnish, PHONE, one) for name, one in journeys.JOURNEYS.items()},
    "report": Travel(journeys.furnish, DESK, organising.report),
    **{name: Travel(organising.furnish, DESK, one) for name, one in organising.JOURNEYS.items()},
    **{name: Travel(on_the_day.furnish, DESK, one) for name, one in on_the_day.JOURNEYS.items()},
}


def main(names: list[str]) -> int:
    """Draw each journey as a sheet; return the exit status."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    if chromium.executable() is None:
        print("journeys: there is no chromium on this machine")
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    with ExitStack() as until_the_end:
        running = until_the_end.enter_context(chromium.browser())
        opened = cache(lambda furnish: until_the_end.enter_context(house.opened(_folder(until_the_end), furnish)))
        for name in names or TRAVELS:
            furnish, window, journey = TRAVELS[name]
            lived = opened(furnish)
            with setting_out(running, lived, window, draws=True) as one:
                journey(one, lived)
            _sheet(running, one, FOLDER / f"{name}.jpg")
            print(f"{name}: {one.taps} taps, {len(one.seen)} pictures")
    return 0


def _folder(until_the_end: ExitStack) -> Path:
    return Path(until_the_end.enter_context(tempfile.TemporaryDirectory()))


def _sheet(running: Browser, one: Traveller, file: Path) -> None:
    """Draw what somebody saw: a row a language, of wide windows a row a page."""
    rows = [[shown for (spoken, _), shown in one.seen.items() if spoken == language] for language in LANGUAGES]
    if one.width > PHONE["width"]:
        pages = dict.fromkeys(name for _, name in one.seen)
        rows = [[one.seen[spoken, page] for spoken in LANGUAGES if (spoken, page) in one.seen] for page in pages]
    lines = "".join(f"<tr>{''.join(_image(*shown) for shown in row)}</tr>" for row in rows if row)
    width = max(sum(shown + 10 for _, shown in row) for row in rows) + 20
    page = running.new_page(viewport={"width": width, "height": 400})
    page.set_content(f"<body style='margin:10px;background:#777'><table cellspacing=0>{lines}</table>")
    page.wait_for_load_state("networkidle")
    page.screenshot(path=file, full_page=True, type="jpeg", quality=72)
    page.close()


def _image(picture: bytes, width: int) -> str:
    source = base64.b64encode(picture).decode()
    return f"<td style='vertical-align:top;padding:4px'><img width={width} src='data:image/png;base64,{source}'></td>"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

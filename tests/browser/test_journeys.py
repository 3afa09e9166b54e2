"""The journeys of docs/journeys.md and docs/organising.md, each to its end; axe finds nothing where they look."""

from contextlib import ExitStack
from functools import cache

import pytest

pytest.importorskip("playwright.sync_api")

from tests.browser import house, travels
from tests.browser.traveller import setting_out

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture(scope="module")
def houses(tmp_path_factory):
    """Open a house when its first traveller comes."""
    with ExitStack() as until_the_end:
        yield cache(
            lambda furnish: until_the_end.enter_context(house.opened(tmp_path_factory.mktemp("house"), furnish))
        )


@pytest.mark.parametrize("name", travels.TRAVELS)
def test_journey(running, houses, name):
    furnish, window, journey = travels.TRAVELS[name]
    lived = houses(furnish)
    with setting_out(running, lived, window) as one:
        journey(one, lived)

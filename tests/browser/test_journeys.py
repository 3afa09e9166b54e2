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
    """Open a house when its first traveller comes; those who look everywhere have their own, as all leave traces."""
    with ExitStack() as until_the_end:
        yield cache(
            lambda furnish, _: until_the_end.enter_context(house.opened(tmp_path_factory.mktemp("house"), furnish))
        )


@pytest.mark.parametrize("everywhere", [False, pytest.param(True, marks=pytest.mark.full)], ids=["own", "everywhere"])
@pytest.mark.parametrize("name", travels.TRAVELS)
def test_journey(running, houses, name, everywhere):
    """Travel it in the traveller's language; ``everywhere`` looks at each page in all of them."""
    furnish, window, journey = travels.TRAVELS[name]
    lived = houses(furnish, everywhere)
    with setting_out(running, lived, window, everywhere=everywhere) as one:
        journey(one, lived)

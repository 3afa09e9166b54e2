"""The journeys of docs/journeys.md, each travelled to its end; axe finds nothing where they stop to look."""

import pytest

pytest.importorskip("playwright.sync_api")

from tests.browser import house, journeys

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture(scope="module")
def lived(tmp_path_factory):
    with house.opened(tmp_path_factory.mktemp("house"), journeys.furnish) as opened:
        yield opened


@pytest.mark.parametrize("name", journeys.JOURNEYS)
def test_journey(running, lived, name):
    with journeys.setting_out(running, lived) as one:
        journeys.JOURNEYS[name](one, lived)

"""One browser and one furnished house for all tests of a process that only look; who changes much has a house alone."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session")
def running():
    from tests.browser import chromium  # noqa: PLC0415 -- playwright is not on every machine

    with chromium.browser() as opened:
        yield opened


@pytest.fixture(scope="session")
def furnished(tmp_path_factory):
    from tests.browser import furniture, house  # noqa: PLC0415

    with house.opened(tmp_path_factory.mktemp("house"), furniture.furnish) as opened:
        yield opened

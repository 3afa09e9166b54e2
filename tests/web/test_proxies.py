"""Who asks, behind a reverse proxy: believed only where the settings say that one stands there."""

from dataclasses import replace

import pytest
from flask import request

from matchmaker.app import create_app
from matchmaker.permissions import Caller, open_to


@pytest.mark.parametrize(("proxies", "seen"), [(0, "127.0.0.1"), (1, "203.0.113.9"), (2, "198.51.100.7")])
def test_the_readers_address_is_believed_of_our_own_proxies_only(settings, tmp_path, proxies, seen):
    app = create_app(replace(settings, data_folder=tmp_path, trusted_proxies=proxies))
    app.add_url_rule("/who", "who", open_to(Caller.ANYONE)(lambda: request.remote_addr or ""))

    answer = app.test_client().get("/who", headers={"X-Forwarded-For": "198.51.100.7, 203.0.113.9"})

    assert answer.text == seen

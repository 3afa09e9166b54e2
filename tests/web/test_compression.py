"""Pages and their parts come small to who can unpack them, and as they are to who cannot."""

import gzip

import pytest
from flask.testing import FlaskClient

from matchmaker.queries import links
from tests import factories


@pytest.fixture
def client(app):
    """A client that takes what comes as it is packed: the proof-reader of the other tests reads text."""
    return FlaskClient(app, app.response_class)


@pytest.fixture
def agenda(app):
    return links.agenda_url(factories.ParticipationFactory()).removeprefix("http://localhost")


@pytest.fixture
def paths(agenda):
    return [agenda, "/static/css/look.css", "/agenda-worker.js"]


def test_what_is_text_comes_small(client, paths):
    for path in paths:
        with client.get(path) as plain, client.get(path, headers={"Accept-Encoding": "br"}) as small:
            assert "Content-Encoding" not in plain.headers
            assert small.headers["Content-Encoding"] == "br"
            assert "Accept-Encoding" in small.headers["Vary"]
            assert len(small.data) < len(plain.data) / 2


def test_an_old_phone_on_plain_http_can_unpack_a_page(client, agenda):
    answer = client.get(agenda, headers={"Accept-Encoding": "gzip, deflate"})

    assert b"</html>" in gzip.decompress(answer.data)


def test_letters_are_not_packed_again(client):
    path, packed = "/static/vendor/fonts/ibm-plex-sans-latin-400.woff2", {"Accept-Encoding": "br, gzip"}

    with client.get(path, headers=packed) as answer:
        assert answer.data.startswith(b"wOF2")
        assert "Content-Encoding" not in answer.headers


def test_what_did_not_change_is_not_sent_again(client):
    path, packed = "/static/css/look.css", {"Accept-Encoding": "br"}
    with client.get(path, headers=packed) as first:
        tag = first.headers["ETag"]

    with client.get(path, headers=packed | {"If-None-Match": tag}) as answer:
        assert (answer.status_code, answer.data) == (304, b"")

"""A house to visit with a browser: the application, really served, for as long as a visit lasts."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from matchmaker import clock
from matchmaker.app import create_app
from matchmaker.extensions import db
from matchmaker.mail import inbox_folder
from matchmaker.mail.smtp import Relay
from matchmaker.models import Base
from matchmaker.services import outbox, sign_in
from matchmaker.settings import Settings
from tests import ticking
from tests.relays import relay

ANSWER = "house.answer"


@dataclass
class House:
    """``address`` is the origin; ``places`` are what pages are called by: codes, numbers and tokens.

    ``accounts`` says for each who visits with an account which that is, and the event they come for.
    """

    app: Flask
    address: str
    places: dict[str, str] = field(default_factory=dict)
    accounts: dict[str, tuple[int, int | None]] = field(default_factory=dict)

    @property
    def settings(self) -> Settings:
        return self.app.config["SETTINGS"]

    def way_in(self, who: str) -> str:
        """Return the path of a fresh link that signs somebody in."""
        with self.app.app_context():
            return f"/sign-in/{sign_in.link_for(*self.accounts[who], now=clock.now())}"

    def post(self, now, **answers) -> None:
        """Send all mail to a relay that gives these answers; what it keeps comes into the development inbox."""
        with relay(**answers) as server:
            way = Relay(Settings(secret_key=self.settings.secret_key, smtp_port=server.port))
            while outbox.send_due(holder="house", clock=ticking.since(now), relay=way):
                pass
        for _, content in server.kept:
            inbox_folder.store(self.settings.inbox, content, clock.now())


@contextmanager
def opened(folder: Path, furnish: Callable[[House], None]) -> Iterator[House]:
    """Furnish a house in a folder, and serve it on loopback."""
    server, house = _built(folder)
    with house.app.app_context():
        Base.metadata.create_all(db.engine)
        furnish(house)
    thread = threading.Thread(target=server.serve_forever, name="house")
    thread.start()
    try:
        yield house
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        with house.app.app_context():
            db.engine.dispose()


class _Quiet(WSGIRequestHandler):
    def log(self, type, message, *args):  # noqa: A002 -- werkzeug's name
        """Say nothing: a test report has no room for an access log."""

    def connection_dropped(self, error, environ=None):  # noqa: ARG002 -- werkzeug's signature
        """Close the file that was being sent: the server forgets it when whoever asked has hung up."""
        if (answer := (environ or {}).get(ANSWER)) is not None:
            answer.close()


def _remembered(app):
    def answering(environ, start_response):
        environ[ANSWER] = app(environ, start_response)
        return environ[ANSWER]

    return answering


def _built(folder):
    """Return a server that has its port but serves nothing yet, and the house whose links carry that port."""
    door = make_server("127.0.0.1", 0, lambda *_: [], threaded=True, request_handler=_Quiet)
    address = f"http://127.0.0.1:{door.port}"
    app = create_app(
        Settings(data_folder=folder, secret_key="only for tests and long enough", public_origin=address, demo=True)
    )
    door.app = _remembered(app)
    return door, House(app, address)

"""One application and one database file a test process; each test starts with empty tables."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from itertools import count

import psycopg
import pytest
from sqlalchemy import text

from matchmaker.app import create_app
from matchmaker.extensions import db, limiter
from matchmaker.models import Base
from matchmaker.settings import Settings
from tests import postgres
from tests.pages import PageClient

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
"""The moment at which tests happen unless they say otherwise."""


@pytest.fixture(scope="session")
def settings(tmp_path_factory):
    return Settings(
        data_folder=tmp_path_factory.mktemp("data"),
        secret_key="only for tests and long enough",
        public_origin="http://localhost",
        demo=True,
    )


@pytest.fixture(scope="session")
def whole_app(settings):
    """The application with its tables, shared by all tests of the process: use ``app``."""
    app = create_app(settings)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    limiter.enabled = False  # the setting is read once, when the application is made
    app.test_client_class = PageClient
    with app.app_context():
        Base.metadata.create_all(db.engine)
    return app


@pytest.fixture
def app(whole_app):
    """The application, inside its context, with empty tables."""
    with whole_app.app_context():
        yield whole_app
        db.session.rollback()
        db.session.remove()
        _empty()


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def now():
    return NOW


def _empty():
    with db.engine.connect().execution_options(matchmaker_writes=True) as connection:
        connection.commit()
        connection.execute(text("PRAGMA defer_foreign_keys=ON")) if connection.dialect.name == "sqlite" else None
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(table.delete())
        connection.commit()


@pytest.fixture(scope="session")
def postgresql_server():
    if postgres.binaries() is None and not os.environ.get("CI"):
        pytest.skip("no PostgreSQL server (initdb, postgres) on this machine")
    with postgres.server() as folder:
        yield folder


@pytest.fixture
def postgresql_url(postgresql_server):
    """The address of a fresh, empty database."""
    name = f"test_{next(_numbers)}"
    with psycopg.connect(host=postgresql_server, user=postgres.SUPERUSER, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"postgresql+psycopg://{postgres.SUPERUSER}@/{name}?host={postgresql_server}"


_numbers = count(1)

"""The migrations, run from nothing, give exactly the tables of the models, on both databases."""

import re

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import Column, MetaData, String, Table, inspect, text

from matchmaker.app import create_app
from matchmaker.extensions import db
from matchmaker.models import Base
from matchmaker.paths import shipped
from matchmaker.settings import Settings
from matchmaker.unit_of_work import WRITES


def differences(metadata):
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return compare_metadata(context, metadata)


def fresh(tmp_path, url=""):
    return create_app(Settings(data_folder=tmp_path, secret_key="only for this test", database_url=url, demo=True))


@pytest.fixture
def migrated(tmp_path):
    with fresh(tmp_path).app_context():
        upgrade()
        yield
        db.engine.dispose()


def test_migrations_equal_models(migrated):
    assert differences(Base.metadata) == []


def test_a_forgotten_migration_is_noticed(migrated):
    wider = MetaData(naming_convention=Base.metadata.naming_convention)
    for table in Base.metadata.sorted_tables:
        table.to_metadata(wider)
    Table("account", wider, Column("forgotten", String(9)), extend_existing=True)

    assert [kind for kind, *_ in differences(wider)] == ["add_column"]


def checks(tables):
    """Return the checks of each table, as the database has them; autogenerate compares none."""
    inspector = inspect(db.engine)
    return {
        table: sorted(re.sub(r"[\s()\"]", "", check["sqltext"]) for check in inspector.get_check_constraints(table))
        for table in tables
    }


def test_a_table_made_anew_has_its_checks_and_no_others(migrated, tmp_path):
    """SQLite changes a table by making it anew, where a check may be lost or one too many be kept."""
    tables = sorted(Base.metadata.tables)
    found = checks(tables)
    db.engine.dispose()
    with fresh(tmp_path / "beside").app_context():
        Base.metadata.create_all(db.engine)
        expected = checks(tables)
        db.engine.dispose()

    assert found == expected
    assert len(expected["wish"]) == 3


def test_a_migration_keeps_what_stands_in_the_tables(tmp_path):
    """The rows of the release before are all there afterwards; to drop a table would take along what hangs on it."""
    with fresh(tmp_path).app_context():
        upgrade(revision="0001")
        before = fill(db.engine)
        upgrade()
        after = count(db.engine, before)
        db.engine.dispose()

    assert after == before


def test_migrations_can_be_undone(migrated):
    downgrade(revision="base")

    assert inspect(db.engine).get_table_names() == ["alembic_version"]


@pytest.mark.postgresql
def test_migrations_equal_models_on_postgresql(tmp_path, postgresql_url):
    with fresh(tmp_path, postgresql_url).app_context():
        upgrade()
        found = differences(Base.metadata)
        db.engine.dispose()

    assert found == []


def test_migrations_are_numbered():
    names = sorted(file.name for file in (shipped("migrations") / "versions").glob("*.py"))

    assert [name for name in names if not re.fullmatch(r"\d{4}_[a-z0-9_]+\.py", name)] == []
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))


FIRST_ROWS = (
    (
        "event",
        {
            "id": 1, "slug": "fair", "names": "{}", "places": "{}", "patronage": "{}", "zone": "UTC",
            "languages": "[]", "accent": "petrol", "public_address": True, "controller": "", "cndp_number": "",
            "phase": "wishes", "slot_minutes": 20, "changeover_minutes": 5, "must_quota": 5, "like_quota": 10,
            "revision": 1, "created_at": "2026-01-01",
        },
    ),
    *(
        (
            "organisation",
            {
                "id": number, "event_id": 1, "code": f"o{number}", "names": "{}", "short_names": "{}", "city": "",
                "country": "MA", "website": "", "about": "", "offers_text": "", "needs_text": "", "is_host": False,
                "meeting_slots": 1, "listed": True, "revision": 1, "created_at": "2026-01-01",
            },
        )
        for number in (1, 2)
    ),
    (
        "wish",
        {"event_id": 1, "organisation_id": 1, "wanted_id": 2, "level": "must", "rank": 1, "made_at": "2026-01-01"},
    ),
)  # fmt: skip
"""An event of the first release, with what hangs on it."""


def fill(engine):
    with engine.connect().execution_options(**{WRITES: True}) as connection:
        for table, row in FIRST_ROWS:
            columns, values = ", ".join(f'"{name}"' for name in row), ", ".join(f":{name}" for name in row)
            connection.execute(text(f"INSERT INTO {table} ({columns}) VALUES ({values})"), row)  # noqa: S608
        connection.commit()
    return count(engine, {table for table, _ in FIRST_ROWS})


def count(engine, tables):
    with engine.connect() as connection:
        return {table: connection.scalar(text(f"SELECT count(*) FROM {table}")) for table in tables}  # noqa: S608

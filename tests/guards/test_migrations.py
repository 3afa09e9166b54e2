"""The migrations, run from nothing, give exactly the tables of the models, on both databases."""

import re

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import Column, MetaData, String, Table, inspect

from matchmaker.app import create_app
from matchmaker.extensions import db
from matchmaker.models import Base
from matchmaker.paths import shipped
from matchmaker.settings import Settings


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

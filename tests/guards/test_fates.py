"""Every column has a fate, and the page for organisers shows the table that the code follows."""

import pytest
from sqlalchemy import Column, MetaData, String, Table

from matchmaker.domain import fates
from matchmaker.domain.fates import FATES, Kind
from matchmaker.models import Base
from tests.guards import fates_page


def without_fate(metadata):
    """Return the columns that have no fate, and the fates that have no column."""
    there = {f"{table.name}.{column.name}" for table in metadata.sorted_tables for column in table.c}
    named = {f"{name}.{column}" for name, table in FATES.items() for column in table.columns}
    return sorted(there - named), sorted(named - there)


def test_every_column_has_a_fate_and_every_fate_a_column():
    assert without_fate(Base.metadata) == ([], [])


def test_a_new_column_is_noticed_and_so_is_a_fate_too_many():
    wider = MetaData(naming_convention=Base.metadata.naming_convention)
    for table in Base.metadata.sorted_tables:
        if table.name != "walk":
            table.to_metadata(wider)
    Table("account", wider, Column("passport", String(9)), extend_existing=True)

    assert without_fate(wider) == (["account.passport"], [f"walk.{name}" for name in sorted(FATES["walk"].columns)])


def test_each_column_is_named_once_and_has_a_reason():
    named = [(name, column) for name, table in FATES.items() for names, _ in table.groups for column in names.split()]

    assert sorted(named) == sorted(set(named))
    assert [fate for table in FATES.values() for _, fate in table.groups if not fate.reason] == []


def test_rows_go_whole_or_stay():
    """A row of which some columns are deleted and others kept would be no row."""
    kinds = {name: {fate.kind for fate in table.columns.values()} for name, table in FATES.items()}

    assert {name for name, found in kinds.items() if Kind.DELETED in found and len(found) > 1} == set()


@pytest.mark.parametrize("when", fates.When)
def test_what_a_column_becomes_is_a_value_it_may_have(when):
    """Whatever is emptied may be empty: null only where the column admits it."""
    wrong = [
        f"{name}.{column}"
        for name in FATES
        for column, value in fates.anonymous(name, when).items()
        if value is None and not Base.metadata.tables[name].c[column].nullable
    ]

    assert wrong == []


def test_the_page_for_organisers_shows_the_table():
    assert fates_page.shown() == fates_page.table()

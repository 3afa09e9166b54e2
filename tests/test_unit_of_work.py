"""Keeping a change whole: one unit of work, and many as one."""

from datetime import UTC, datetime

import pytest

from matchmaker.domain.states import Locale
from matchmaker.errors import WriteOutsideUnitOfWorkError
from matchmaker.extensions import db
from matchmaker.models import Account
from matchmaker.unit_of_work import all_or_nothing, unit_of_work

pytestmark = pytest.mark.usefixtures("app")


class Stopped(Exception):
    """What goes wrong."""


def add(name):
    with unit_of_work() as session:
        session.add(Account(names={"fr": name}, locale=Locale.FRENCH, created_at=datetime(2026, 3, 2, tzinfo=UTC)))


def add_and_fail(name):
    with unit_of_work() as session:
        session.add(Account(names={"fr": name}, locale=Locale.FRENCH, created_at=datetime(2026, 3, 2, tzinfo=UTC)))
        session.flush()
        raise Stopped


def load_and_fail():
    with all_or_nothing():
        add("un")
        raise Stopped


def names():
    db.session.rollback()
    return [names["fr"] for names in db.session.scalars(db.select(Account.names).order_by(Account.id))]


def test_many_are_kept_as_one():
    with all_or_nothing():
        add("un")
        add("deux")

    assert names() == ["un", "deux"]


def test_an_error_undoes_them_all():
    with pytest.raises(Stopped):
        load_and_fail()

    assert names() == []


def test_the_next_sees_what_the_one_before_wrote():
    with all_or_nothing():
        add("un")
        seen = db.session.scalars(db.select(Account.names)).all()

    assert seen == [{"fr": "un"}]


def test_one_that_was_refused_and_forgiven_leaves_nothing_of_its_own():
    with all_or_nothing():
        add("un")
        with pytest.raises(Stopped):
            add_and_fail("non")
        add("deux")

    assert names() == ["un", "deux"]


def test_units_inside_do_not_nest_either():
    with all_or_nothing(), unit_of_work(), pytest.raises(WriteOutsideUnitOfWorkError):
        add("un")

    assert names() == []


def test_afterwards_each_stands_alone_again():
    with pytest.raises(Stopped), all_or_nothing():
        raise Stopped

    add("un")

    assert names() == ["un"]

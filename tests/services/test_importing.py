"""An import writes everything or nothing, alters nothing that is there, and forgets what it was given."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from matchmaker import jobs
from matchmaker.domain.columns import Column
from matchmaker.domain.heads import Heads
from matchmaker.domain.states import ImportState
from matchmaker.domain.twins import Choice
from matchmaker.errors import ChangedMeanwhile, DataDeleted, InvalidValue, NotFound, SettledAlready
from matchmaker.extensions import db
from matchmaker.models import (
    Account,
    Consent,
    LogEntry,
    Mail,
    Organisation,
    OrganisationTopic,
    Participation,
    PeopleImport,
    SignInLink,
)
from matchmaker.queries import importing as found
from matchmaker.services import deletion, importing
from matchmaker.services.steps import people
from matchmaker.unit_of_work import unit_of_work
from tests.factories import FIRST_DAY, AccountFactory, EventFactory, OrganisationFactory, ParticipationFactory
from tests.web.desks import member

ROWS = [
    (1, ["Nom", "Organisation", "E-mail", "Offres"]),
    (2, ["Salma Berrada", "Atlas", "salma@example.org", "Usinage et mécanique de précision"]),
    (3, ["إدريس وهبي", "ATLAS", "", ""]),
    (4, ["Naïma Toumi", "Rif", "naima@example.org", ""]),
]


@pytest.fixture
def event(app):
    return EventFactory()


def begun(event, now, rows=ROWS):
    return importing.begin(event.id, rows, title="gens.xlsx", actor_id=member(event).id, now=now)


def count(kind):
    return db.session.scalar(select(func.count()).select_from(kind))


def stored(import_id):
    return db.session.get(PeopleImport, import_id, populate_existing=True)


def test_people_are_entered_with_their_organisations_and_asked_for_nothing_yet(event, now):
    number = begun(event, now)
    importing.confirm(event.id, number, 3, now=now)

    importing.carry_out(number, now=now)

    told = {
        one.account.names.get("fr") or one.account.names["ar"]: (one.organisation.names, one.channel, one.account.email)
        for one in db.session.scalars(select(Participation))
    }
    assert told == {
        "Salma Berrada": ({"fr": "Atlas"}, "mail", "salma@example.org"),
        "إدريس وهبي": ({"fr": "Atlas"}, "paper", None),
        "Naïma Toumi": ({"fr": "Rif"}, "mail", "naima@example.org"),
    }
    assert db.session.scalars(select(OrganisationTopic.topic)).all() == ["machining"]
    assert (count(Consent), count(Mail), count(SignInLink)) == (0, 0, 0)
    assert db.session.scalars(select(LogEntry.detail)).all() == [{"people": 3, "organisations": 2}]


def test_what_was_sent_is_forgotten_when_it_is_entered_and_after_a_day(event, now):
    entered, left = begun(event, now), begun(event, now)
    importing.confirm(event.id, entered, 3, now=now)
    importing.carry_out(entered, now=now)

    done = stored(entered)
    assert (done.rows, done.columns, done.choices, done.title) == ([], {}, {}, "")
    assert (done.state, done.people, done.organisations) == (ImportState.DONE, 3, 2)

    importing.forget(now=now + timedelta(hours=23))
    assert stored(left) is not None
    importing.forget(now=now + timedelta(hours=25))
    assert count(PeopleImport) == 0


def test_done_twice_it_enters_nobody_twice(event, now):
    number = begun(event, now)
    importing.confirm(event.id, number, 3, now=now)

    importing.carry_out(number, now=now)
    importing.carry_out(number, now=now)

    assert count(Participation) == 3


def test_a_failure_leaves_nothing_and_sends_the_import_back(event, now, monkeypatch):
    number = begun(event, now)
    importing.confirm(event.id, number, 3, now=now)
    entered = []
    enter = people.enter

    def breaks_at_the_third(*args):
        entered.append(args)
        if len(entered) == 3:
            raise RuntimeError
        return enter(*args)

    monkeypatch.setattr(people, "enter", breaks_at_the_third)
    importing.carry_out(number, now=now)

    assert (count(Participation), count(Organisation)) == (0, 0)
    assert (stored(number).state, stored(number).trouble) == (ImportState.DRAFT, importing.NOT_NOW)
    assert len(stored(number).rows) == 4


def test_an_account_with_the_same_address_stays_as_it_is(event, now):
    there = AccountFactory(email="salma@example.org", names={"fr": "Une autre"}, login="salma")
    number = begun(event, now)
    importing.confirm(event.id, number, 3, now=now)

    importing.carry_out(number, now=now)

    accounts = db.session.scalars(
        select(Account).where(Account.email == "salma@example.org").order_by(Account.id)
    ).all()
    assert [(one.names, one.login) for one in accounts] == [
        ({"fr": "Une autre"}, "salma"),
        ({"fr": "Salma Berrada"}, None),
    ]
    assert accounts[0].id == there.id


def test_rows_that_may_be_there_wait_for_a_choice_and_do_what_was_chosen(event, now):
    atlas = OrganisationFactory(event=event, names={"fr": "Atlas"}, city="Fès")
    ParticipationFactory(organisation=atlas, account=AccountFactory(names={"ar": "سلمى برادة"}, email=None))
    number = begun(event, now)

    with pytest.raises(InvalidValue, match="wait for your choice"):
        importing.confirm(event.id, number, 3, now=now)
    importing.choose(event.id, number, {2: Choice.LEAVE}, Choice.JOIN, now=now)
    importing.confirm(event.id, number, 2, now=now)
    importing.carry_out(number, now=now)

    names = [one.account.names for one in db.session.get(Organisation, atlas.id).participations]
    assert names == [{"ar": "سلمى برادة"}, {"ar": "إدريس وهبي"}]
    assert (count(Organisation), count(Participation)) == (2, 3)


def test_who_registers_meanwhile_is_asked_about(event, now):
    number = begun(event, now)
    importing.confirm(event.id, number, 3, now=now)
    ParticipationFactory(event=event, account=AccountFactory(email="naima@example.org"))

    importing.carry_out(number, now=now)

    assert (stored(number).state, stored(number).trouble) == (ImportState.DRAFT, importing.MEANWHILE)
    assert count(Participation) == 1


def test_the_count_that_was_told_is_the_count_that_is_entered(event, now):
    with pytest.raises(InvalidValue, match="another number"):
        importing.confirm(event.id, begun(event, now), 4, now=now)


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({0: Column.NAME, 1: Column.NAME}, "hold the same"),
        ({1: Column.ORGANISATION}, "holds the names"),
        ({0: Column.NAME}, "holds the organisations"),
    ],
)
def test_columns_that_give_nobody_are_refused(event, now, columns, words):
    with pytest.raises(InvalidValue, match=words):
        importing.settle(event.id, begun(event, now), columns, Heads(1, 1), revision=1)


def test_two_who_settle_one_import_overwrite_nothing(event, now):
    number = begun(event, now)
    columns = {0: Column.NAME, 1: Column.ORGANISATION}
    importing.settle(event.id, number, columns, Heads(1, 1), revision=1)

    with pytest.raises(ChangedMeanwhile):
        importing.settle(event.id, number, columns | {2: Column.ABOUT}, Heads(1, 1), revision=1)


def test_a_confirmed_import_is_settled(event, now):
    number = begun(event, now)
    importing.confirm(event.id, number, 3, now=now)

    with pytest.raises(SettledAlready):
        importing.discard(event.id, number)


def test_an_import_belongs_to_its_event(event, now):
    with pytest.raises(NotFound):
        importing.discard(EventFactory().id, begun(event, now))


def test_nobody_is_added_to_an_event_whose_data_is_deleted(event, now):
    number = begun(event, now)
    with unit_of_work() as session:
        session.merge(event).data_deleted_at = now

    with pytest.raises(DataDeleted):
        begun(event, now)
    with pytest.raises(DataDeleted):
        importing.confirm(event.id, number, 3, now=now)


def test_a_table_goes_with_the_data_of_its_event(app, now):
    event = EventFactory(delete_after=FIRST_DAY)
    begun(event, now)

    deletion.delete_batch(event.id, now=now + timedelta(days=30))

    assert count(PeopleImport) == 0


def test_the_clock_enters_what_was_confirmed(event, now):
    number = begun(event, now)
    importing.confirm(event.id, number, 3, now=now)

    jobs.enter_people()

    assert count(Participation) == 3
    assert found.confirmed() == []

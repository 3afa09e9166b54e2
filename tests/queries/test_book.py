"""The directory kept in memory: every change of what it shows is seen, and nothing else makes it be read again."""

import pytest
from sqlalchemy import text, update

from matchmaker.extensions import db
from matchmaker.models import Consent, Edition, Organisation, OrganisationTopic
from matchmaker.queries import book as books
from matchmaker.queries.book import MOST_BOOKS, book
from matchmaker.queries.shelf import Shelf
from matchmaker.unit_of_work import unit_of_work
from tests import factories
from tests.web.desks import queries


@pytest.fixture
def person(app):
    return factories.ParticipationFactory()


def listing(person):
    return book(person.event_id)[person.organisation_id]


def renamed(person):
    person.organisation.names = {"fr": "Autre nom"}


def lists_not(person):
    person.organisation.listed = False


def offers(person):
    person.organisation.topics.append(
        OrganisationTopic(event_id=person.event_id, organisation_id=person.organisation_id, kind="offer", topic="argan")
    )


def withdraws(person):
    person.withdrawn = True


def speaks(person):
    person.languages = ["ar", "es"]


@pytest.mark.parametrize("change", [renamed, lists_not, offers, withdraws, speaks])
def test_change_of_what_is_shown_is_seen_at_once(person, change):
    before = listing(person)

    with unit_of_work():
        change(person)

    assert listing(person) != before


def test_name_of_a_person_is_seen_in_every_event_of_hers(person, now):
    other = factories.ParticipationFactory(account=person.account)
    with unit_of_work() as session:
        for one in (person, other):
            session.add(Consent(event_id=one.event_id, participation_id=one.id, purpose="directory", given_at=now))
    assert [face.names for one in (person, other) for face in listing(one).faces] == 2 * [person.account.names]

    with unit_of_work():
        person.account.names = {"ar": "نجاة"}

    assert [face.names for one in (person, other) for face in listing(one).faces] == 2 * [{"ar": "نجاة"}]


def test_consent_taken_back_takes_the_person_out(person, now):
    consent = Consent(event_id=person.event_id, participation_id=person.id, purpose="directory", given_at=now)
    with unit_of_work() as session:
        session.add(consent)
    assert listing(person).faces

    with unit_of_work() as session:
        session.delete(session.get_one(Consent, consent.id))

    assert not listing(person).faces


def test_statement_over_many_rows_is_seen(person):
    assert listing(person).city != "Dakhla"

    with unit_of_work() as session:
        session.execute(update(Organisation).where(Organisation.id == person.organisation_id).values(city="Dakhla"))

    assert listing(person).city == "Dakhla"


def test_what_is_undone_changes_nothing(person):
    before = book(person.event_id)

    def change_of_mind():
        with unit_of_work() as session:
            renamed(person)
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change_of_mind()

    assert book(person.event_id) is before


def test_what_the_directory_does_not_show_leaves_it_in_memory(person, now):
    before = book(person.event_id)

    with unit_of_work():
        person.times_said_at = now
        person.account.session_generation += 1

    assert book(person.event_id) is before
    with queries() as seen:
        book(person.event_id)
    assert len(seen) == 1


def test_change_of_one_event_leaves_the_others_in_memory(person):
    other = factories.ParticipationFactory()
    before = book(other.event_id)

    with unit_of_work():
        renamed(person)

    assert book(other.event_id) is before


def test_change_behind_the_house_s_back_is_not_seen(person):
    """The negative control: it is the edition that makes the others be seen, not that each page reads all."""
    before = book(person.event_id)

    with unit_of_work() as session:
        session.execute(text("UPDATE organisation SET city = 'Dakhla'"))

    assert book(person.event_id) is before


def test_event_that_takes_the_number_of_another_is_not_taken_for_it(person):
    """SQLite gives the number of the last row again when that row is gone."""
    first = db.session.query(Edition).filter_by(event_id=person.event_id).one().number
    with unit_of_work() as session:
        session.execute(text("DELETE FROM edition"))

    with unit_of_work():
        renamed(person)

    assert db.session.query(Edition).filter_by(event_id=person.event_id).one().number != first


def test_no_more_books_are_kept_than_there_is_room_for(app, monkeypatch):
    read = []
    monkeypatch.setitem(app.extensions, books.BOOKS, Shelf(MOST_BOOKS))
    events = [factories.ParticipationFactory().event_id for _ in range(MOST_BOOKS + 1)]
    make = books._read
    monkeypatch.setattr(books, "_read", lambda event_id: read.append(event_id) or make(event_id))

    for event_id in (*events, events[-1], events[0]):
        book(event_id)

    assert read == [*events, events[0]]

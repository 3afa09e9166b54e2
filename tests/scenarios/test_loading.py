"""Loading: through the services, all of it or nothing, and links that lead somewhere."""

from collections import Counter
from urllib.parse import urlsplit

import pytest

from matchmaker import clock, scenarios
from matchmaker.domain.states import Phase, Role
from matchmaker.errors import InvalidValue, RunInProgress
from matchmaker.extensions import db
from matchmaker.models import (
    AudienceWindow,
    Base,
    Delegation,
    Event,
    EventSession,
    Interpreter,
    Location,
    LogEntry,
    Mail,
    Membership,
    Organisation,
    Participation,
    SessionSeat,
    Walk,
    Wish,
)
from matchmaker.services import times

pytestmark = pytest.mark.usefixtures("app")


def count(kind):
    return db.session.scalar(db.select(db.func.count()).select_from(kind))


def everything():
    return {table.name: count(table) for table in Base.metadata.sorted_tables}


def test_load_enters_everybody_with_what_they_said(now):
    loaded = scenarios.load("jim", now=now)

    parties = scenarios.people_of(scenarios.read("jim", now=now))
    event = db.session.get(Event, loaded.event_id)
    assert (event.slug, event.phase) == ("jim", Phase.WISHES)
    assert count(Organisation) == len(parties)
    assert count(Participation) == sum(len(party.people) for party in parties)
    assert count(Wish) == sum(len(party.wishes) for party in parties)
    assert db.session.scalars(db.select(Membership.role)).all() == [Role.OWNER]


def test_load_writes_to_nobody(now):
    scenarios.load("fes-meknes", now=now)

    assert count(Mail) == 0


def test_load_tells_the_log_who_did_what(now):
    loaded = scenarios.load("fes-meknes", now=now)

    verbs = Counter(db.session.scalars(db.select(LogEntry.verb)))
    by_themselves = db.session.scalars(db.select(LogEntry.actor_id).where(LogEntry.verb == "changed_wishes")).all()
    assert verbs["registered"] == count(Organisation)
    assert loaded.organiser_account_id not in by_themselves


def test_load_keeps_slots_for_sectors_and_rooms_for_hosts(now):
    scenarios.load("fes-meknes", now=now)

    host = db.session.scalars(db.select(Organisation).where(Organisation.is_host).order_by(Organisation.id)).first()
    (person,) = host.participations
    assert person.parallel == 8
    assert [owner.organisation_id for owner in db.session.get(Location, person.location_id).owners] == [host.id]
    assert count(AudienceWindow) == 51


def test_load_makes_delegations_with_heads_and_seats_the_board(now):
    scenarios.load("arab-smes", now=now)

    teams = db.session.scalars(db.select(Delegation)).all()
    heads = [db.session.get(Participation, team.head_id).organisation.delegation_id for team in teams]
    closed = db.select(EventSession.id).where(EventSession.closed)
    sitting = Counter(db.session.scalars(db.select(SessionSeat.session_id).where(SessionSeat.session_id.in_(closed))))
    assert heads == [team.id for team in teams]
    assert set(sitting.values()) == {12}
    assert count(Interpreter) == 5


def test_load_puts_the_cooperatives_at_their_stands(now):
    scenarios.load("oujda", now=now)

    stands = db.session.scalars(db.select(Location).where(Location.is_stand)).all()
    tied = db.session.scalars(db.select(Participation).where(Participation.location_id.is_not(None))).all()
    assert len(stands) == 140
    assert all(person.location.owners[0].organisation_id == person.organisation_id for person in tied)
    assert (len(tied), count(Walk)) == (70, 6)


def test_load_twice_is_refused_and_changes_nothing(now):
    scenarios.load("fes-meknes", now=now)
    before = everything()

    with pytest.raises(InvalidValue):
        scenarios.load("fes-meknes", now=now)

    assert everything() == before


def test_a_refusal_in_the_middle_leaves_nothing_behind(now, monkeypatch):
    taken = iter(range(3))

    def seat(*_args, **_kwargs):
        if next(taken) == 2:
            raise RunInProgress

    monkeypatch.setattr(times, "seat", seat)

    with pytest.raises(RunInProgress):
        scenarios.load("jim", now=now)

    assert set(everything().values()) == {0}


def test_load_once_finds_what_is_there(now):
    first = scenarios.load_once("fes-meknes", now=now)
    again = scenarios.load_once("fes-meknes", now=now)

    assert again == first
    assert count(Event) == 1


def test_the_links_sign_in_where_they_should(client, now):
    links = scenarios.links(scenarios.load("fes-meknes", now=now), now=clock.now())

    assert signed_in(client, links.organiser) == "/o/fes-meknes/"
    assert signed_in(client.application.test_client(), links.participant).startswith("/e/fes-meknes/")
    assert client.get(urlsplit(links.agenda).path).status_code == 200


def signed_in(client, link):
    """Confirm a single-use link as a person does; return where it leads."""
    path = urlsplit(link).path
    assert client.get(path).status_code == 200
    answer = client.post(path)
    assert answer.status_code == 303
    return urlsplit(answer.location).path

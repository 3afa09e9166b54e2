"""What is taken back from a mailbox: all that it may hold, said once, however its person went and came."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from matchmaker.domain.states import MailState
from matchmaker.extensions import db
from matchmaker.models import Event, Mail, Participation
from matchmaker.queries import messages
from matchmaker.services import archives, deletion, outbox, people, profiles
from matchmaker.services.profiles import Profile
from matchmaker.services.steps.outbox import enqueue
from matchmaker.unit_of_work import unit_of_work
from tests.calendars import World
from tests.model_clients import Rfc5546, StrictSequence
from tests.outgoing import sent
from tests.published import a_day, meeting, publish

pytestmark = pytest.mark.usefixtures("app")
BY_MAIL = [Rfc5546, StrictSequence]
OWN, SHARED = "second@example.org", "r@example.org"
"""The second reader of a ``World`` has a mailbox of their own, or that of the first."""


def withdraw(event_id, person, now):
    people.withdraw(event_id, person, actor_id=None, now=now)


def delete(event_id, person, now):
    deletion.delete_person(event_id, person, actor_id=None, now=now)


def move(event_id, person, now, email="else@example.org"):
    row = db.session.get_one(Participation, person, populate_existing=True)
    profile = Profile(names=row.account.names, email=email, locale=row.account.locale, by_invitation=row.by_invitation)
    profiles.change(person, profile, revision=row.revision, actor_id=row.account_id, now=now)


def with_a_file(now):
    """Return a day whose reader was sent their agenda with one meeting."""
    day = a_day()
    version = publish(day, meeting(0))
    with unit_of_work() as session:
        event, reader = session.get_one(Event, day.event.id), session.get_one(Participation, day.reader.id)
        given = {"facts": {"version": 1}, "version_id": version}
        enqueue(session, event=event, participation=reader, kind="agenda", occasion="v1", now=now, **given)
    told()
    return day


def only_had(now):
    """Return a day whose reader has a file, and had one meeting that is theirs no more."""
    day = with_a_file(now)
    publish(day, number=2)
    return day


def told():
    """Let all that waits be sent."""
    with unit_of_work() as session:
        for mail in session.scalars(db.select(Mail).filter_by(state=MailState.QUEUED)):
            mail.state, mail.tries = MailState.SENT, 1


@pytest.mark.parametrize("last", [withdraw, delete, move])
def test_what_was_taken_back_is_not_said_again(now, last):
    day = only_had(now)
    withdraw(day.event.id, day.reader.id, now)
    people.readmit(day.event.id, day.reader.id, actor_id=None, now=now)

    last(day.event.id, day.reader.id, now)

    rows = db.session.scalars(db.select(Mail).filter_by(kind="taken_back")).all()
    assert len(rows) == 1


def test_each_mailbox_that_somebody_leaves_is_told(now):
    day = only_had(now)
    for number, email in enumerate(["b@example.org", "c@example.org"], 1):
        move(day.event.id, day.reader.id, now + timedelta(minutes=number), email)
        told()

    rows = db.session.scalars(db.select(Mail).filter_by(kind="taken_back").order_by(Mail.id)).all()
    assert [row.recipient for row in rows] == ["nadia@example.org", "b@example.org"]


@pytest.mark.parametrize("client", BY_MAIL)
@pytest.mark.parametrize("way", [withdraw, delete, move])
def test_a_meeting_that_came_back_by_a_file_is_taken_back(client, way):
    world, calendar = World(), client()
    reader, request = world.readers[0], next(iter(world.plan))
    place = world.plan.pop(request)
    world.publish(world.draft())
    world.tell()
    world.choose(reader, by_invitation=False)
    world.tell()
    world.plan[request] = place
    world.publish(world.draft())
    world.tell()
    mailbox = world.mailbox(reader)
    for one in world.mails[reader]:
        calendar.message(one)
    held = calendar.standing.total()

    way(world.forum.id, reader, world.now)

    for one in sent(world)[mailbox]:
        calendar.message(one)
    assert (held, calendar.standing) == (len(world.plan), Counter())


@pytest.mark.parametrize("client", BY_MAIL)
@pytest.mark.parametrize("step", ["come_along_to", "hand_one_over"])
def test_a_mailbox_is_emptied_by_whoever_leaves_it_last_though_they_were_told_nothing(client, step):
    world, calendar = World(second=SHARED), client()
    first, second = world.readers
    world.choose(first, by_invitation=False)
    world.tell()
    with unit_of_work() as session:  # the second came later
        session.execute(db.delete(Mail).where(Mail.participation_id == second))
    getattr(world, step)(*((second, first) if step == "come_along_to" else (first, second)))

    world.withdraw_one(first)
    world.withdraw_one(second)
    world.tell()

    for one in world.sent:
        calendar.message(one)
    assert calendar.standing == Counter()


@pytest.mark.parametrize("second", [OWN, SHARED])
@pytest.mark.parametrize("way", [withdraw, delete])
@pytest.mark.parametrize("seed", [1, 4])
def test_after_any_changes_nobody_who_leaves_keeps_an_entry(seed, way, second):
    world = World(seed, second=second)
    while world.told.edits < 14:
        world.edit()
    world.come_to_rest()

    piles = piled(world)

    for person in world.readers:
        way(world.forum.id, person, world.now)
        for mailbox, out in sent(world).items():
            piles.get(mailbox, []).extend(out)

    left = {(client.__name__, mailbox): read(client, pile) for client in BY_MAIL for mailbox, pile in piles.items()}
    assert all(not entries for entries in left.values()), left


def piled(world):
    """Return what each reader's mailbox was sent, in order; one that two share has all of it."""
    mailboxes = [world.mailbox(person) for person in world.readers]
    if len(set(mailboxes)) == 1:
        return {mailboxes[0]: list(world.sent)}
    return {one: list(world.mails[person]) for one, person in zip(mailboxes, world.readers, strict=True)}


def read(client, pile):
    calendar = client()
    for one in pile:
        calendar.message(one)
    return calendar.standing


def test_who_is_readmitted_twice_is_sent_one_agenda(now):
    day = only_had(now)
    withdraw(day.event.id, day.reader.id, now)
    told()

    for _ in range(2):
        people.readmit(day.event.id, day.reader.id, actor_id=None, now=now)

    waiting = db.session.scalars(db.select(Mail).filter_by(state=MailState.QUEUED)).all()
    assert [mail.kind for mail in waiting] == ["agenda"]


def test_an_archive_keeps_no_address_of_whom_nobody_knows_any_more(now):
    day = with_a_file(now)
    delete(day.event.id, day.reader.id, now)
    archives.archive(day.event.id, actor_id=None, now=now)
    waits = db.session.scalars(db.select(Mail.state).filter_by(kind="taken_back")).all()

    outbox.sweep(now=now + timedelta(days=3))

    assert waits == [MailState.QUEUED]
    assert db.session.scalars(db.select(Mail).filter_by(kind="taken_back")).all() == []
    assert messages.in_doubt(day.event.id) == 0

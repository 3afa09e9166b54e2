"""Calendars of mailboxes that are their person's no more: emptied, without a word about anybody."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from matchmaker import models
from matchmaker.domain import zones
from matchmaker.domain.states import MailState
from matchmaker.extensions import current_settings, db
from matchmaker.mail.letters import letter
from matchmaker.mail.smtp import Relay
from matchmaker.queries.agenda import agenda
from matchmaker.services import deletion, outbox
from matchmaker.unit_of_work import unit_of_work
from tests import relays
from tests.calendars import World
from tests.model_clients import Rfc5546, StrictSequence, read

pytestmark = pytest.mark.usefixtures("app")


def taken_back():
    db.session.rollback()
    return db.session.scalars(db.select(models.Mail).filter_by(kind="taken_back").order_by(models.Mail.id)).all()


def calendar_of(mail, now):
    made = letter(mail, lambda *_: b"", now=now)
    return made.invitation or made.attachments[0].content


def delete(world, person):
    deletion.delete_person(world.forum.id, person, actor_id=None, now=world.now)


@pytest.fixture
def world():
    """A forum whose readers both hold meetings: the first by invitation, the second in a file."""
    world = World()
    world.plan = {id_: (slot, table, number % 2) for number, (id_, (slot, table, _)) in enumerate(world.plan.items())}
    world.publish(world.draft())
    world.tell()
    return world


@pytest.mark.parametrize("client", [Rfc5546, StrictSequence])
@pytest.mark.parametrize("which", [0, 1])
def test_whose_data_is_deleted_keeps_no_entry_in_their_calendar(world, which, client):
    person, calendar = world.readers[which], client()
    for message in world.mails[person]:
        calendar.message(message)
    held = len(calendar.standing)

    delete(world, person)
    mails = taken_back()
    for mail in mails:
        calendar.message(calendar_of(mail, world.now))

    assert (held, len(calendar.standing)) == (4, 0)
    assert [read(calendar_of(mail, world.now))[0] for mail in mails] == [["CANCEL"] * 4, ["PUBLISH"]][which]


@pytest.mark.parametrize("which", [0, 1])
def test_what_is_taken_back_names_nobody(world, which):
    delete(world, world.readers[which])

    for mail in taken_back():
        made = letter(mail, lambda *_: b"", now=world.now)
        said = " ".join([made.subject, made.text, made.html, calendar_of(mail, world.now).decode()])
        assert [word for word in ("Firm", "Société", "Particip", "Table", "Hall") if word in said] == []
        assert (mail.participation_id, mail.account_id) == (None, None)


def test_only_what_was_sent_by_mail_and_is_not_over_is_taken_back(world):
    read_nothing = world.forum.people["a"].id
    with unit_of_work() as session:
        session.execute(db.delete(models.Mail).where(models.Mail.participation_id == read_nothing))
    delete(world, read_nothing)
    before = len(taken_back())
    world.now += timedelta(days=100)

    delete(world, world.readers[0])

    assert (before, len(taken_back())) == (0, 0)


def test_what_took_place_stays_in_the_calendar(world):
    reader = world.readers[0]
    own = agenda(db.session.get_one(models.Participation, reader))
    ends = sorted(one.end for one in own.meetings if one.stands)
    world.now = zones.instant(ends[1], world.forum.event.zone)

    delete(world, reader)

    assert len(taken_back()) == len(ends) - 2


def test_the_address_goes_when_the_message_has_left_or_could_not(world):
    delete(world, world.readers[0])
    first = taken_back()[0].recipient

    with relays.relay(to_data=["250 fine", "550 no such mailbox", "451 later"]) as relay:
        outbox.send_due(
            holder="worker", now=world.now, most=3, relay=Relay(replace(current_settings(), smtp_port=relay.port))
        )
    rest = [(mail.state, mail.recipient, bool(mail.facts)) for mail in taken_back()]
    outbox.sweep(now=world.now + timedelta(days=2, seconds=1))

    assert rest == [(MailState.SENT, "", False), (MailState.QUEUED, first, True), (MailState.QUEUED, first, True)]
    assert [(mail.state, mail.recipient) for mail in taken_back()] == [(MailState.SENT, "")]

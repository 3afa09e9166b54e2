"""Calendars that are told of each meeting by itself: nothing twice, nothing left over, whatever comes first."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import default

import pytest
from icalendar import Calendar

from matchmaker.domain import versions
from matchmaker.domain.states import MailState
from matchmaker.errors import MailOutOfDateError
from matchmaker.extensions import db
from matchmaker.mail.letters import letter
from matchmaker.mail.messages import build_mail
from matchmaker.models import Mail
from matchmaker.services import outbox, people
from matchmaker.unit_of_work import unit_of_work
from tests.calendars import World, calendar_clients

pytestmark = pytest.mark.usefixtures("app")


def entries_of(person):
    """Return what is in the outbox about single meetings: request, sequence, whether it stands, and state."""
    db.session.rollback()
    rows = db.session.scalars(db.select(Mail).filter_by(participation_id=person, kind="entry").order_by(Mail.id))
    return [(row.facts["request"], row.facts["sequence"], row.facts["stands"], row.state) for row in rows]


def message_of(person, world):
    """Return the last message about a meeting as it goes out, and its calendar."""
    mail = db.session.scalars(
        db.select(Mail).filter_by(participation_id=person, kind="entry").order_by(Mail.id.desc())
    ).first()
    message = message_from_bytes(build_mail(letter(mail, lambda *_: b"", now=world.now), now=world.now), policy=default)
    (part,) = [one for one in message.walk() if one.get_content_type() == "text/calendar"]
    return message, part, Calendar.from_ical(part.get_content())


def test_three_kinds_of_calendar_hold_what_the_agenda_holds():
    told = calendar_clients(12, seed=6)

    assert told.faults == []
    assert (told.edits, told.messages > 10) == (12, True)


def test_without_a_rising_sequence_a_strict_calendar_is_wrong(monkeypatch):
    monkeypatch.setattr(versions, "next_sequence", lambda before, after: 0)  # noqa: ARG005
    world = World()

    world.move()
    world.come_to_rest()
    world.judge(world.readers[0], "strict SEQUENCE")

    assert {len(world.told.ghosts), len(world.told.missing)} == {2}  # both ways of delivery keep the old hour


def test_an_invitation_is_one_calendar_with_one_event_and_one_attendee():
    world = World()
    reader = world.readers[0]
    first = db.session.scalars(db.select(Mail).filter_by(participation_id=reader, kind="entry")).first()
    assert first.state is MailState.SENT

    world.move()
    message, part, calendar = message_of(reader, world)

    (event,) = calendar.walk("VEVENT")
    assert (part["Content-Type"].params["method"], calendar["METHOD"], list(message.iter_attachments())) == (
        "REQUEST", "REQUEST", [],
    )  # fmt: skip
    assert (event["SEQUENCE"], str(event["ATTENDEE"])) == (1, "mailto:r@example.org")
    assert event["ORGANIZER"].params["CN"] == world.forum.event.names["en"]
    assert message["To"] == "r@example.org"


def test_what_waits_and_is_overtaken_goes_and_nothing_is_told_twice():
    world = World()
    reader = world.readers[0]
    before = len(entries_of(reader))
    request = next(iter(world.plan))

    for table in (9, 10, 11):
        world.plan = {
            request: (*world.plan[request][:1], table, 0),
            **{k: v for k, v in world.plan.items() if k != request},
        }
        world.publish(world.draft())
    world.publish(world.last_draft())

    assert entries_of(reader)[before:] == [(request, 3, True, MailState.QUEUED)]


def test_who_withdraws_has_every_meeting_withdrawn_and_back_again_newer():
    world = World()
    reader = world.readers[0]
    held = len(world.plan)

    world.withdraw_one(reader)
    _message, _part, calendar = message_of(reader, world)
    world.tell()
    people.readmit(world.forum.id, reader, actor_id=None, now=world.now)

    assert (calendar["METHOD"], str(calendar.walk("VEVENT")[0]["STATUS"])) == ("CANCEL", "CANCELLED")
    found = entries_of(reader)
    assert [one[1:3] for one in found] == [(0, True)] * held + [(1, False)] * held + [(2, True)] * held


def test_who_goes_back_to_the_file_still_has_invitations_changed_and_withdrawn():
    world = World()
    reader = world.readers[0]
    world.choose(reader, by_invitation=False)
    request = next(iter(world.plan))
    before = len(entries_of(reader))

    world.plan = {id_: place for id_, place in world.plan.items() if id_ != request}
    world.publish(world.draft())

    assert entries_of(reader)[before:] == [(request, 1, False, MailState.QUEUED)]
    kinds = db.session.scalars(db.select(Mail.kind).filter_by(participation_id=reader, state=MailState.QUEUED))
    assert sorted(kinds) == ["agenda", "changes", "entry"]


def test_to_one_person_ten_go_at_once_and_the_others_later():
    world = World(others="abcdefghijkl")
    rows = db.session.scalars(db.select(Mail).filter_by(participation_id=world.readers[0], kind="entry")).all()

    pauses = sorted((row.next_try_at - world.now).total_seconds() for row in rows)

    assert pauses == [0] * 10 + [600] * 2


def test_a_message_that_was_claimed_and_overtaken_is_not_sent():
    world = World()
    world.move()
    with unit_of_work() as session:
        mail = session.scalars(db.select(Mail).filter_by(kind="entry", state=MailState.QUEUED)).first()
        mail.state = MailState.CLAIMED

    world.publish(1)

    with pytest.raises(MailOutOfDateError):
        letter(mail, lambda *_: b"", now=world.now)


@pytest.mark.parametrize("act", [World.withdraw_one, World.move_mailbox])
def test_what_waits_for_the_other_side_is_told_although_the_sequence_rises(act):
    world = World()
    other = world.forum.people["a"].id
    world.choose(other, by_invitation=True)  # not sent yet

    act(world, world.readers[0])

    waiting = db.session.scalars(db.select(Mail).filter_by(participation_id=other, kind="entry")).all()
    read = [letter(mail, lambda *_: b"", now=world.now) for mail in waiting]  # none is out of date
    assert [b"METHOD:REQUEST" in one.invitation for one in read] == [True]


def test_what_was_in_doubt_and_is_sent_again_is_withdrawn_when_it_stands_no_more():
    world = World()
    reader = world.readers[0]
    with unit_of_work() as session:
        mail = session.scalars(db.select(Mail).filter_by(participation_id=reader, kind="entry")).first()
        mail.state, request, id_ = MailState.HELD, mail.facts["request"], mail.id
    before = len(entries_of(reader))

    outbox.release(id_, actor_id=None, now=world.now)
    world.plan = {one: place for one, place in world.plan.items() if one != request}
    world.publish(world.draft())

    assert entries_of(reader)[before:] == [(request, 1, False, MailState.QUEUED)]

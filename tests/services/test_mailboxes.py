"""Calendars of mailboxes that are their person's no more: emptied, without a word about anybody."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from matchmaker import models
from matchmaker.domain import zones
from matchmaker.domain.states import Channel, MailState
from matchmaker.extensions import current_settings, db
from matchmaker.mail.letters import letter
from matchmaker.mail.smtp import Relay
from matchmaker.queries import agenda as queries_agenda
from matchmaker.queries.agenda import agenda
from matchmaker.services import deletion, outbox, people, profiles
from matchmaker.services.profiles import Profile
from matchmaker.services.steps import entries, mailboxes
from matchmaker.services.steps import outbox as outbox_step
from matchmaker.services.steps.sign_in_links import issue
from matchmaker.unit_of_work import unit_of_work
from tests import relays, ticking
from tests.calendars import World, one_mailbox
from tests.factories import AccountFactory, MembershipFactory
from tests.model_clients import Rfc5546, StrictSequence, read
from tests.outgoing import sent
from tests.published import a_day, meeting, publish

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
            holder="worker",
            clock=ticking.since(world.now),
            most=3,
            relay=Relay(replace(current_settings(), smtp_port=relay.port)),
        )
    rest = [(mail.state, mail.recipient, bool(mail.facts)) for mail in taken_back()]
    outbox.sweep(now=world.now + timedelta(days=2, seconds=1))

    assert rest == [(MailState.SENT, "", False), (MailState.QUEUED, first, True), (MailState.QUEUED, first, True)]
    assert [(mail.state, mail.recipient) for mail in taken_back()] == [(MailState.SENT, "")]


@pytest.mark.parametrize("client", [Rfc5546, StrictSequence])
@pytest.mark.parametrize("which", [0, 1])
def test_who_withdraws_keeps_no_entry_and_has_all_again_when_they_come_back(world, which, client):
    person, calendar = world.readers[which], client()
    for message in world.mails[person]:
        calendar.message(message)
    held, address = calendar.standing, world._person(person).account.email

    people.withdraw(world.forum.id, person, actor_id=None, now=world.now)
    taken = sent(world)[address]
    for message in taken:
        calendar.message(message)
    empty = calendar.standing
    people.readmit(world.forum.id, person, actor_id=None, now=world.now)
    for message in [*sent(world)[address], *taken]:  # and what took them back once more, late
        calendar.message(message)

    assert (sum(held.values()), empty, calendar.standing) == (4, Counter(), held)
    assert [read(one)[0] for one in taken] == [["CANCEL"] * 4, ["PUBLISH"]][which]


def test_what_is_taken_back_and_in_doubt_is_sent_again(world):
    person = world.readers[1]
    people.withdraw(world.forum.id, person, actor_id=None, now=world.now)

    with relays.relay(to_data=[relays.takes(relays.resets)] * 9) as relay:
        outbox.send_due(
            holder="worker",
            clock=ticking.since(world.now),
            relay=Relay(replace(current_settings(), smtp_port=relay.port)),
        )

    assert [(mail.state, mail.tries, mail.may_have_arrived) for mail in taken_back()] == [(MailState.QUEUED, 1, True)]


# ── another address ─────────────────────────────────────────────────────────

ELSEWHERE = "elsewhere@example.org"


def change_address(world, person, email):
    row = world._person(person)
    profile = Profile(names=row.account.names, email=email, locale=row.account.locale, by_invitation=row.by_invitation)
    world.now += timedelta(minutes=1)
    profiles.change(person, profile, revision=row.revision, actor_id=row.account_id, now=world.now)


@pytest.mark.parametrize("client", [Rfc5546, StrictSequence])
@pytest.mark.parametrize("which", [0, 1])
def test_a_new_address_has_all_at_once_and_the_old_one_nothing(world, which, client):
    person = world.readers[which]
    old, new, both = client(), client(), client()
    for message in world.mails[person]:
        old.message(message)
        both.message(message)
    address, before = world._person(person).account.email, old.standing

    change_address(world, person, ELSEWHERE)
    news = sent(world)
    for message in news[address]:
        old.message(message)
    for message in news[ELSEWHERE]:
        new.message(message)
    for message in [*news[ELSEWHERE], *news[address]]:  # one calendar of two mailboxes, the worse order
        both.message(message)

    assert sorted(news) == sorted([address, ELSEWHERE])
    assert (sum(before.values()), old.standing, new.standing, both.standing) == (4, Counter(), before, before)


def test_a_later_change_reaches_the_new_mailbox_alone(world):
    person = world.readers[0]
    change_address(world, person, ELSEWHERE)
    address = sent(world).keys() - {ELSEWHERE}

    world.repair()
    news = sent(world)

    assert len(address) == 1
    assert ELSEWHERE in news
    assert address.isdisjoint(news)


def test_who_comes_back_to_the_first_address_has_all_there_again(world):
    person, calendar = world.readers[0], StrictSequence()
    address = world._person(person).account.email
    for message in world.mails[person]:
        calendar.message(message)
    held = calendar.standing

    change_address(world, person, ELSEWHERE)
    first = sent(world)
    change_address(world, person, address)
    for message in [*first[address], *sent(world)[address]]:
        calendar.message(message)

    assert calendar.standing == held


@pytest.mark.parametrize("state", [MailState.QUEUED, MailState.CLAIMED, MailState.HELD, MailState.FAILED])
def test_what_waits_goes_to_the_new_address(world, state):
    world.repair()
    person = world.readers[1]
    old = world._person(person).account.email
    with unit_of_work() as session:
        for mail in session.scalars(db.select(models.Mail).filter_by(participation_id=person, state=MailState.QUEUED)):
            mail.state, mail.claimed_by = state, "worker" if state is MailState.CLAIMED else None

    change_address(world, person, ELSEWHERE)

    rows = db.session.scalars(db.select(models.Mail).where(models.Mail.state != MailState.SENT)).all()
    assert [mail.kind for mail in rows if mail.recipient == old] == ["taken_back"]
    after = MailState.QUEUED if state is MailState.CLAIMED else state
    assert after in {mail.state for mail in rows if mail.recipient == ELSEWHERE and mail.kind != "agenda"}


def test_what_may_have_arrived_in_the_old_mailbox_was_not_told_to_the_new_one(world):
    person = world.readers[0]
    with unit_of_work() as session:
        mail = session.scalars(db.select(models.Mail).filter_by(participation_id=person, kind="entry")).first()
        mail.state, id_ = MailState.HELD, mail.id
    outbox.release(id_, actor_id=None, now=world.now)

    change_address(world, person, ELSEWHERE)

    assert len(sent(world)[ELSEWHERE]) == 4  # one for each meeting, none of them out of date


def test_who_chose_the_file_meanwhile_gets_no_invitation_at_the_new_address(world):
    person = world.readers[0]
    world.choose(person, by_invitation=False)
    sent(world)

    change_address(world, person, ELSEWHERE)

    assert [read(one)[0] for one in sent(world)[ELSEWHERE]] == ["PUBLISH"]


def test_all_events_of_the_person_follow(world):
    person = world._person(world.readers[0])
    other = a_day(1)
    with unit_of_work() as session:
        session.get_one(models.Participation, other.reader.id).account_id = person.account_id
    publish(other, meeting(0))
    with unit_of_work() as session:
        there = session.get_one(models.Participation, other.reader.id)
        entries.tell_whole(session, there_event(session, there), there, occasion="v1", now=world.now)
    sent(world)

    change_address(world, person.id, ELSEWHERE)

    rows = db.session.scalars(db.select(models.Mail).filter_by(event_id=other.event.id, state=MailState.QUEUED))
    assert sorted((mail.kind, mail.recipient) for mail in rows) == [
        ("agenda", ELSEWHERE),
        ("taken_back", "r@example.org"),
    ]


def there_event(session, participation):
    return session.get_one(models.Event, participation.event_id)


def test_without_an_address_nothing_waits_for_the_old_one(world):
    world.repair()
    person = world.readers[1]
    row = world._person(person)
    profile = Profile(names=row.account.names, channel=Channel.PAPER, locale=row.account.locale)

    profiles.change(person, profile, revision=row.revision, actor_id=row.account_id, now=world.now)

    rows = db.session.scalars(db.select(models.Mail).filter_by(participation_id=person)).all()
    assert {mail.state for mail in rows} == {MailState.SENT}
    assert len(taken_back()) == 1


# ── what a wrong mailbox was sent ───────────────────────────────────────────


def opens(world, person, links):
    """Return whether the personal link, the sign-in link and the session of before are still good."""
    row = world._person(person)
    personal, link_id, session = links
    link = db.session.get(models.SignInLink, link_id)
    return (row.link_generation == personal, link.used_at is None, row.account.session_generation == session)


def links_of(world, person):
    row = world._person(person)
    personal, session, account_id = row.link_generation, row.account.session_generation, row.account_id
    with unit_of_work() as work:
        link = issue(work, account_id, world.forum.id, now=world.now, lasts=timedelta(days=7))
        return personal, link.id, session


def put_right(world, person, email, *, by):
    row = world._person(person)
    profile = Profile(names=row.account.names, email=email, locale=row.account.locale, by_invitation=row.by_invitation)
    world.now += timedelta(minutes=1)
    profiles.change(person, profile, revision=row.revision, actor_id=by, now=world.now)


def test_what_a_wrong_mailbox_was_sent_opens_nothing_any_more(world):
    person, staff = world.readers[0], MembershipFactory(event=db.session.get(models.Event, world.forum.id))
    links, other = links_of(world, person), links_of(world, world.readers[1])

    put_right(world, person, ELSEWHERE, by=staff.account_id)

    assert opens(world, person, links) == (False, False, False)
    assert opens(world, world.readers[1], other) == (True, True, True)
    log = db.session.scalars(db.select(models.LogEntry).filter_by(verb="person.link_renewed")).all()
    assert [(one.for_participation_id, one.actor_id) for one in log] == [(person, staff.account_id)]


def test_whoever_moves_by_themselves_keeps_their_links(world):
    person = world.readers[0]
    links = links_of(world, person)

    put_right(world, person, ELSEWHERE, by=world._person(person).account_id)

    assert opens(world, person, links) == (True, True, True)


@pytest.mark.parametrize(("state", "good"), [("queued", True), ("failed", True), ("sent", False), ("held", False)])
def test_a_link_that_did_not_arrive_is_good_for_the_right_mailbox(app, now, state, good):
    day, staff = a_day(1), MembershipFactory(account=AccountFactory())
    with unit_of_work() as session:
        person = session.get_one(models.Participation, day.reader.id)
        link = issue(session, person.account_id, day.event.id, now=now, lasts=timedelta(days=7))
        event = session.get_one(models.Event, day.event.id)
        mail = outbox_step.enqueue(
            session,
            event=event,
            participation=person,
            kind="invitation",
            occasion="1",
            facts={"link_id": link.id},
            now=now,
        )
        mail.state = MailState(state)
        session.flush()
        link_id, mail_id, revision, names = link.id, mail.id, person.revision, dict(person.account.names)

    profile = Profile(names=names, email=ELSEWHERE, locale=day.reader.account.locale)
    profiles.change(day.reader.id, profile, revision=revision, actor_id=staff.account_id, now=now)

    assert (db.session.get(models.SignInLink, link_id).used_at is None) is good
    assert (db.session.get(models.Mail, mail_id).recipient == ELSEWHERE) is (state != "sent")


# ── one mailbox of several people ───────────────────────────────────────────


@pytest.fixture(params=[False, True], ids=["by file", "by invitation"])
def together(request):
    """A forum whose readers share a mailbox; the first attends everything, and the second attends one of it too."""
    world = World(second="r@example.org")
    for person in world.readers:
        world.choose(person, by_invitation=request.param)
    world.come_along_to(world.readers[1], world.readers[0])
    world.tell()
    return world


def standing(world, client):
    calendar = client()
    for message in world.sent:
        calendar.message(message)
    return calendar.standing


@pytest.mark.parametrize("client", [Rfc5546, StrictSequence])
def test_a_meeting_handed_over_within_a_mailbox_stays_in_its_calendar(together, client):
    before = standing(together, client)

    together.hand_one_over(*together.readers)
    together.tell()

    assert (sum(before.values()), standing(together, client)) == (8, before)


@pytest.mark.parametrize("client", [Rfc5546, StrictSequence])
def test_who_withdraws_takes_nothing_from_others_of_the_mailbox(together, client):
    before = standing(together, client)

    together.withdraw_one(together.readers[1])
    together.tell()
    beside = standing(together, client)
    together.withdraw_one(together.readers[0])
    together.tell()

    assert (beside, standing(together, client)) == (before, Counter())


def test_when_the_data_of_all_are_deleted_the_calendar_of_a_mailbox_is_empty(together):
    with unit_of_work() as session:
        session.get_one(models.Event, together.forum.id).archived_at = together.now
    deletion.order(together.forum.id, together.forum.event.slug, actor_id=None, now=together.now)
    while deletion.delete_batch(together.forum.id, now=together.now):
        pass
    together.sent += sent(together)["r@example.org"]

    assert standing(together, StrictSequence) == Counter()


def test_any_changes_in_one_mailbox_leave_its_calendar_right():
    assert one_mailbox(15, seed=6).faults == []


def test_the_same_changes_are_wrong_where_nobody_looks_who_else_reads_the_mailbox(monkeypatch):
    for room in (queries_agenda, entries, mailboxes):
        monkeypatch.setattr(room, "attended_beside", lambda *_, **__: {})

    assert one_mailbox(15, seed=6).faults != []

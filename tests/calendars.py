"""Model calendars that are told of one forum's many changes, in any order and more than once.

``calendar_clients`` is a row of the long proof as well as a smoke test: it answers with what stands in a calendar and
not in the agenda, or the other way round, or twice. What is promised to whom: docs/mail.md.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from flask_babel import force_locale

from matchmaker import models
from matchmaker.domain.states import ChangeAsked, Channel, Locale, MailState, Phase, VersionKind
from matchmaker.errors import MailOutOfDateError, Refusal
from matchmaker.extensions import db
from matchmaker.mail.calendar import build_calendar
from matchmaker.mail.letters import letter
from matchmaker.queries import versions
from matchmaker.queries.agenda import agenda
from matchmaker.services import changes, handing_over, people, profiles, publishing
from matchmaker.services.profiles import Profile
from matchmaker.services.steps import requests
from matchmaker.unit_of_work import unit_of_work
from tests import factories
from tests.forum import a_forum
from tests.model_clients import CLIENTS

BEGINNING = datetime(2026, 3, 2, 8, tzinfo=UTC)
OTHERS = "abcdefgh"


@dataclass
class Told:
    """What became of a replay: ``faults`` are sentences, none if all calendars are right."""

    edits: int = 0
    messages: int = 0
    kinds: Counter = field(default_factory=Counter)
    duplicates: list[str] = field(default_factory=list)
    ghosts: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    @property
    def faults(self):
        return [*self.duplicates, *self.ghosts, *self.missing]


def calendar_clients(edits=300, clients=tuple(CLIENTS), seed=1):
    """Change a published forum ``edits`` times, tell two colleagues of it, and return what is wrong in each client.

    One of the two chose invitations at first, the other the file; both change their minds. Needs an application
    and an empty database.
    """
    world = World(seed)
    while world.told.edits < edits:
        world.edit()
    world.come_to_rest()
    for person in world.readers:
        for name in clients:
            world.judge(person, name)
    return world.told


def one_mailbox(edits=40, clients=("rfc5546", "strict SEQUENCE"), seed=1):
    """Do as ``calendar_clients`` where both read one mailbox, whose calendar takes what it is sent in order."""
    world = World(seed, second="r@example.org")
    while world.told.edits < edits:
        world.edit()
    world.come_to_rest()
    expected = set().union(*(world._agenda(agenda(world._person(person))) for person in world.readers))
    for name in clients:
        calendar = CLIENTS[name]()
        for message in world.sent:
            calendar.message(message)
        world._compare(f"{name}, one mailbox", calendar.standing, expected)
    return world.told


class World:
    """A forum in which organisation ``r`` meets all others; its two people are those whose calendars are judged.

    ``second`` is the address of the second of them: that of the first is r@example.org.
    """

    def __init__(self, seed=1, others=OTHERS, second="second@example.org"):
        self.chance, self.now, self.told = random.Random(seed), BEGINNING, Told()
        wishes = " ".join(f"{one}!r" for one in others)
        self.forum = a_forum(wishes, capacity=12, day_count=2, phase=Phase.FINAL)
        second = factories.ParticipationFactory(
            organisation=self.forum.organisations["r"], account=factories.AccountFactory(email=second)
        )
        self.readers = [self.forum.people["r"].id, second.id]
        with unit_of_work() as session:
            for account in session.scalars(db.select(models.Account)):
                account.locale = Locale.ENGLISH
        self.mails = {person: [] for person in self.readers}  # by mail, in the order in which they went
        self.sent = []  # to both, in that order
        self.feeds = {person: [] for person in self.readers}
        self.slots = [slot.id for slot in self.forum.slots]
        with unit_of_work() as session:
            requests.refresh(session, self.forum.id, now=self.now)
        rows = db.session.scalars(db.select(models.Request).filter_by(event_id=self.forum.id)).all()
        self.requests = {row.id: row.code for row in rows}
        tables = range(1, len(rows) + 1)
        slots = self.chance.sample(self.slots, len(rows))
        self.plan = {id_: (slot, table, 0) for id_, slot, table in zip(self.requests, slots, tables, strict=True)}
        self.publish(self.draft())
        self.choose(self.readers[0], by_invitation=True)
        self.tell()

    def edit(self):
        self.now += timedelta(minutes=1)
        kind = self.chance.choice(list(EDITS))
        before = self.plan
        try:
            EDITS[kind](self)
        except Refusal:
            self.plan = before
            return
        self.told.edits += 1
        self.told.kinds[kind] += 1
        if self.chance.random() < 0.7:  # the rest waits in the outbox, and may be overtaken there
            self.tell()

    def come_to_rest(self):
        """Bring back who withdrew, and let all that waits be sent."""
        for person in self.readers:
            if self._person(person).withdrawn:
                people.readmit(self.forum.id, person, actor_id=None, now=self.now)
        self.tell()

    def judge(self, person, name):
        """Deliver everything to one client, shuffled and repeated and then the feed; and in order, without the feed."""
        own = agenda(self._person(person))
        with force_locale("en"):
            content = build_calendar(own)
        expected = self._agenda(own)
        pile = [*self.mails[person], *self.chance.choices(self.mails[person], k=len(self.mails[person]))]
        mixed = CLIENTS[name]()
        for message in self.chance.sample(pile + self.feeds[person], len(pile) + len(self.feeds[person])):
            mixed.message(message)
        for one in self.feeds[person]:
            mixed.feed(one)
        mixed.feed(content)
        self._compare(f"{name}, any order, then the feed", mixed.standing, expected)
        if name != "feed only":
            in_order = CLIENTS[name]()
            for message in self.mails[person]:
                in_order.message(message)
                in_order.message(message)
            self._compare(f"{name}, in order, no feed", in_order.standing, expected)

    def _compare(self, where, found, expected):
        self.told.duplicates += [f"{where}: twice {one}" for one, count in found.items() if count > 1]
        names = Counter(shown[0] for shown in found)
        self.told.duplicates += [f"{where}: {count} entries for {one}" for one, count in names.items() if count > 1]
        self.told.ghosts += [f"{where}: {one} is not in the agenda" for one in found if one not in expected]
        self.told.missing += [f"{where}: {one} is not in the calendar" for one in expected if one not in found]

    def _agenda(self, own):
        """Return what stands in the agenda, as an entry shows it, from the wall times: Morocco is on UTC that week."""
        standing = [meeting for meeting in own.meetings if meeting.stands]
        return {
            (
                meeting.organisation["en"],
                meeting.start.replace(tzinfo=UTC),
                meeting.end.replace(tzinfo=UTC),
                f"Table {meeting.table}, {self.forum.hall.names['en']}, {own.event.places['en']}",
            )
            for meeting in standing
        }

    def _person(self, id_):
        return db.session.get_one(models.Participation, id_)

    def mailbox(self, id_):
        return self._person(id_).account.email

    def tell(self):
        """Send what waits, and let both read their feed."""
        db.session.rollback()
        waiting = db.select(models.Mail).where(models.Mail.state == MailState.QUEUED).order_by(models.Mail.id)
        for mail in db.session.scalars(waiting).all():
            self._send(mail.id)
        for person in self.readers:
            if not self._person(person).withdrawn and self.chance.random() < 0.3:
                with force_locale("en"):
                    self.feeds[person].append(build_calendar(agenda(self._person(person))))

    def _send(self, mail_id):
        mail = db.session.get_one(models.Mail, mail_id)
        state = MailState.SENT
        at = [one for one in self.readers if self._person(one).account.email == mail.recipient]
        reader = mail.participation_id if mail.participation_id in self.mails else next(iter(at), None)
        if reader is not None:
            try:
                made = letter(mail, lambda *_: b"", now=self.now)
            except MailOutOfDateError:
                state = MailState.FAILED
            else:
                files = [one.content for one in made.attachments if one.name.endswith(".ics")]
                calendars = [*files, *([made.invitation] if made.invitation else [])]
                self.told.messages += len(calendars)
                self.mails[reader] += calendars
                self.sent += calendars
        with unit_of_work() as session:
            row = session.get_one(models.Mail, mail_id)
            row.state, row.tries = state, 1

    # the edits

    def move(self):
        self._moved(1)

    def repair(self):
        self._moved(3)

    def _moved(self, count):
        free = [slot for slot in self.slots if slot not in {slot for slot, *_ in self.plan.values()}]
        chosen = self.chance.sample(sorted(self.plan), min(count, len(self.plan), len(free)))
        slots = self.chance.sample(free, len(chosen))
        moved = {id_: (slot, *self.plan[id_][1:]) for id_, slot in zip(chosen, slots, strict=True)}
        self.plan = self.plan | moved
        self.publish(self.draft())

    def another_place(self):
        id_ = self._any()
        slot, _table, person = self.plan[id_]
        self.plan = {**self.plan, id_: (slot, self.chance.randint(1, 12), person)}
        self.publish(self.draft())

    def another_person(self):
        id_ = self._any()
        slot, table, person = self.plan[id_]
        self.plan = {**self.plan, id_: (slot, table, 1 - person)}
        self.publish(self.draft())

    def drop(self):
        self.plan = {id_: place for id_, place in self.plan.items() if id_ != self._any()}
        self.publish(self.draft())

    def bring_back(self):
        held = {slot for slot, *_ in self.plan.values()}
        missing = sorted(set(self.requests) - set(self.plan))
        if missing:
            slot = self.chance.choice([slot for slot in self.slots if slot not in held])
            self.plan = {**self.plan, self.chance.choice(missing): (slot, 11, self.chance.randint(0, 1))}
        self.publish(self.draft())

    def roll_back(self):
        self.publish(self.chance.randint(1, self.last_draft()))

    def publish_provisional(self):
        self.publish(self.draft(), VersionKind.PROVISIONAL)

    def hand_over(self):
        self.hand_one_over(*self.chance.sample(self.readers, 2))

    def hand_one_over(self, giver, taker):
        code = self._own(giver)
        handing_over.hand_over(self.forum.id, code, giver, taker, actor_id=self._account(giver), now=self.now)

    def come_along(self):
        self.come_along_to(*self.chance.sample(self.readers, 2)[::-1])

    def come_along_to(self, taker, other):
        party = self.forum.organisations["r"].id
        by = {"actor_id": self._account(other), "now": self.now}
        handing_over.add(self.forum.id, self._own(other), party, taker, **by)

    def cancel(self):
        asker = self.chance.choice(self.readers)
        code, by = self._own(asker), {"actor_id": self._account(asker), "now": self.now}
        changes.ask(self.forum.id, code, asker, ChangeAsked.CANCEL, **by)
        newest = db.select(models.ChangeRequest.id).order_by(models.ChangeRequest.id.desc()).limit(1)
        staff = {"actor_id": self.forum.organiser.id, "now": self.now}
        changes.cancel(self.forum.id, db.session.scalar(newest), **staff)

    def withdraw(self):
        self.withdraw_one(self.chance.choice(self.readers))

    def withdraw_one(self, person):
        act = people.readmit if self._person(person).withdrawn else people.withdraw
        act(self.forum.id, person, actor_id=None, now=self.now)

    def change_their_mind(self):
        person = self.chance.choice(self.readers)
        if self._person(person).withdrawn:
            raise Refusal  # they are let in nowhere
        self.choose(person, by_invitation=not self._person(person).by_invitation)

    # what they share

    def choose(self, id_, *, by_invitation):
        self._change(id_, self._person(id_).account.email, by_invitation=by_invitation)

    def move_mailbox(self, id_):
        self.now += timedelta(minutes=1)
        person = self._person(id_)
        self._change(id_, f"{self.now:%H%M}@example.net", by_invitation=person.by_invitation)

    def _change(self, id_, email, *, by_invitation):
        person = self._person(id_)
        profile = Profile(
            names=person.account.names,
            email=email,
            locale=Locale.ENGLISH,
            channel=Channel.MAIL,
            by_invitation=by_invitation,
        )
        profiles.change(id_, profile, revision=person.revision, actor_id=person.account_id, now=self.now)

    def _any(self):
        if not self.plan:
            raise Refusal  # there is nothing to edit: another edit is drawn
        return self.chance.choice(sorted(self.plan))

    def _own(self, person):
        held = [meeting.code for meeting in agenda(self._person(person)).meetings if meeting.stands]
        if not held:
            raise Refusal
        return self.chance.choice(held)

    def _account(self, person):
        return self._person(person).account_id

    def last_draft(self):
        return db.session.scalar(db.select(db.func.max(models.Draft.number))) or 0

    def publish(self, draft_number, kind=VersionKind.FINAL):
        publishing.publish(
            self.forum.id,
            draft_number,
            kind,
            expected_version=versions.latest_number(self.forum.id),
            actor_id=None,
            now=self.now,
        )

    def draft(self):
        """Write the plan down as a draft and return its number."""
        of_event = {"event_id": self.forum.id}
        figures = dict.fromkeys(("value", "bound", "gap", "seconds"), 0)
        number = self.last_draft() + 1
        with unit_of_work() as session:
            draft = models.Draft(number=number, terms={}, scores={}, created_at=self.now, **figures, **of_event)
            session.add(draft)
            session.flush()
            for request_id, (slot, table, person) in self.plan.items():
                request = session.get_one(models.Request, request_id)
                own = self.forum.organisations["r"].id
                (other,) = [
                    one
                    for one in self.forum.people.values()
                    if one.organisation_id in {request.first_id, request.second_id} - {own}
                ]
                people_ = [(self.readers[person], 1), (other.id, 2)]
                session.add(
                    models.DraftMeeting(
                        draft_id=draft.id,
                        request_id=request_id,
                        slot_id=slot,
                        location_id=self.forum.hall.id,
                        table_number=table,
                        people=[
                            models.PersonBooking(
                                draft_id=draft.id, participation_id=id_, slot_id=slot, side=side, **of_event
                            )
                            for id_, side in people_
                        ],
                        **of_event,
                    )
                )
        return number


EDITS = {
    "move": World.move,
    "repair": World.repair,
    "another place": World.another_place,
    "another person": World.another_person,
    "drop": World.drop,
    "bring back": World.bring_back,
    "roll back": World.roll_back,
    "provisional": World.publish_provisional,
    "hand over": World.hand_over,
    "come along": World.come_along,
    "cancel": World.cancel,
    "withdraw": World.withdraw,
    "change their mind": World.change_their_mind,
}

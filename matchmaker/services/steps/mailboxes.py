"""A mailbox that is its person's no more: what its calendar was told is taken back, what waits goes to the new one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, delete, or_, select, update
from sqlalchemy.orm import Session

from matchmaker.domain import zones
from matchmaker.domain.calendar_uid import message_id
from matchmaker.domain.fates import anonymous
from matchmaker.domain.feedback import HAPPENED
from matchmaker.domain.links import opaque_name
from matchmaker.domain.states import MAIL, MailState, MeetingState, moved
from matchmaker.extensions import current_settings
from matchmaker.models import Account, Attendance, Event, Mail, Participation, PublishedMeeting, Request, SignInLink
from matchmaker.queries.agenda import agendas
from matchmaker.queries.agenda_facts import Agenda, Meeting
from matchmaker.queries.agenda_rows import last_version
from matchmaker.queries.sending import TAKEN_BACK
from matchmaker.queries.shared_mailboxes import attended_beside
from matchmaker.services.steps import entries, personal_links
from matchmaker.services.steps.outbox import host_of

WITH_FILE = ("agenda", "changes", "tomorrow")
"""Kinds that bring all meetings in one file, to those who did not choose invitations."""
ARRIVED = frozenset({MailState.DATA, MailState.HELD, MailState.SENT})
"""States of mails that may have reached their mailbox."""
KEPT = timedelta(days=2)
"""A message that has not left by then goes, and the address with it."""


@dataclass(slots=True)
class Told:
    """What a calendar was told by mail: by request the last that came by invitation, and whether a file came.

    ``of_others`` came to those who read the same mailbox.
    """

    by_invitation: dict[int, entries.Told] = field(default_factory=dict)
    of_others: dict[int, entries.Told] = field(default_factory=dict)
    by_file: bool = False


def taken_back(
    session: Session, event: Event, people: Sequence[Participation], *, now: datetime, with_own: bool = True
) -> list[Mail]:
    """Return messages that empty the calendars of these people's mailboxes, to be put into the outbox by the caller.

    They hold all that they will say: the name of an entry, its sequence and when it was to begin. Nobody is named in
    them and no row leads from them to a person, so that they may leave after the person's data. What came as an
    invitation is cancelled one by one, what came as a file by a file; what is over stays, since it took place. Unless
    ``with_own``, invitations that came to themselves are left out, and not those of others who read the mailbox.
    """
    session.flush()
    wall = zones.wall(now, event.zone)
    if not _any_ahead(session, event, wall.date()):
        return []
    told = _told(session, event, people)
    concerned = [person for person in people if person.id in told]
    ids = [person.id for person in people]
    beside = attended_beside(last_version(event.id), ids, leaving=ids)
    mails = [
        mail
        for person, own in zip(concerned, agendas(concerned), strict=True)
        for mail in _mails(
            event, person, _ahead(own, wall, beside.get(person.id, ())), told[person.id], now, with_own=with_own
        )
    ]
    said = set(session.scalars(select(Mail.key).where(Mail.key.in_([mail.key for mail in mails]))))
    return [mail for mail in mails if mail.key not in said]


def leave(session: Session, event: Event, person: Participation, *, now: datetime) -> list[Mail]:
    """Return what takes back all that a person's mailbox was told, before they have another.

    What stands becomes newer than that: where both mailboxes are read in one place, the new entry wins in any order.
    """
    mails = taken_back(session, event, [person], now=now)
    _raise_above(session, event, person, mails)
    return mails


def withdraw(session: Session, event: Event, person: Participation, *, now: datetime) -> None:
    """Take back what somebody's mailbox was sent, once they take part no more; ``entries`` cancels their invitations.

    What stands becomes newer than that: they may come back.
    """
    mails = taken_back(session, event, [person], now=now, with_own=False)
    _raise_above(session, event, person, mails)
    session.add_all(mails)


def come_back(session: Session, event: Event, person: Participation) -> None:
    """Make what stands for somebody newer than all that was told while they took no part.

    Whoever reads the same mailbox may have been told meanwhile that they have it no more.
    """
    for row, _code in session.execute(_own(event, person).where(PublishedMeeting.state != MeetingState.CANCELLED)):
        row.sequence += 1


def _raise_above(session: Session, event: Event, person: Participation, mails: Sequence[Mail]) -> None:
    above = {entry["code"]: entry["sequence"] + 1 for mail in mails for entry in mail.facts["entries"]}
    for row, code in session.execute(_own(event, person).where(Request.code.in_(above))):
        row.sequence = max(row.sequence, above[code])


def _own(event: Event, person: Participation) -> Select[PublishedMeeting, str]:
    """Return the query for the meetings of a person in the last version, with the codes of their requests."""
    version = last_version(event.id)
    rows = select(PublishedMeeting, Request.code).join(Request, Request.id == PublishedMeeting.request_id)
    rows = rows.join(Attendance, Attendance.meeting_id == PublishedMeeting.id)
    return rows.where(PublishedMeeting.version_id == (version and version.id), Attendance.participation_id == person.id)


def lock_out(
    session: Session,
    account: Account,
    old: str,
    people: Sequence[Participation],
    *,
    actor_id: int | None,
    now: datetime,
) -> None:
    """Let what a mailbox was sent open nothing any more, if it was sent anything: somebody else found it to be wrong.

    Whoever reads it may be a stranger with a sign-in link, a session, personal links of these parts of the account.
    A link that still waits to be sent is good: it goes to the right mailbox.
    """
    theirs = select(Mail).where(Mail.account_id == account.id, Mail.recipient == old).order_by(Mail.id)
    mails = session.scalars(theirs.with_for_update()).all()  # what is not being handed over now, a worker lets go
    if not any(_arrived(mail) for mail in mails):
        return
    waiting = [mail.facts["link_id"] for mail in mails if "link_id" in mail.facts and not _arrived(mail)]
    unused = SignInLink.account_id == account.id, SignInLink.used_at.is_(None), SignInLink.id.not_in(waiting)
    session.execute(update(SignInLink).where(*unused).values(used_at=now))
    account.session_generation += 1
    for person in people:
        personal_links.renew(session, person, actor_id=actor_id, now=now)


def redirect(session: Session, account: Account, old: str) -> None:
    """Let what waits for a person go where they are reached now; what a worker is at, it has to claim again.

    Only what is being handed over at this moment may still arrive in the old mailbox.
    """
    waiting = Mail.account_id == account.id, Mail.recipient == old, Mail.state.not_in((MailState.DATA, MailState.SENT))
    for mail in session.scalars(select(Mail).where(*waiting).order_by(Mail.id).with_for_update()):
        if not account.email:
            session.delete(mail)
            continue
        mail.recipient, mail.host, mail.may_have_arrived = account.email, host_of(account.email), False
        if mail.state is MailState.CLAIMED:
            mail.state, mail.claimed_by = moved(MAIL, mail.state, MailState.QUEUED), None


def arrive(session: Session, event: Event, person: Participation, *, now: datetime) -> None:
    """Tell a new mailbox all that is still to come, as its person chose."""
    entries.refresh_around(session, event, person, now=now)
    if not person.withdrawn and _any_ahead(session, event, zones.wall(now, event.zone).date()):
        entries.tell_whole(session, event, person, occasion=f"moved-{now:%Y%m%d%H%M%S%f}", now=now)


def forget(session: Session, mail: Mail) -> None:
    """Let go of the address of a message that came to its end; one that did not arrive goes whole."""
    if mail.kind != TAKEN_BACK:
        return
    if mail.state is MailState.SENT:
        for column, value in anonymous("mail").items():
            setattr(mail, column, value)
    elif mail.state in {MailState.HELD, MailState.FAILED}:
        session.delete(mail)


def forget_old(session: Session, now: datetime) -> None:
    """Let go of messages that could not leave for so long, whatever held them up."""
    waits = Mail.state.in_((MailState.QUEUED, MailState.HELD))
    session.execute(delete(Mail).where(Mail.kind == TAKEN_BACK, waits, Mail.created_at < now - KEPT))


def _arrived(mail: Mail) -> bool:
    return mail.state in ARRIVED or mail.may_have_arrived


def _any_ahead(session: Session, event: Event, today: date) -> bool:
    ahead = PublishedMeeting.event_id == event.id, PublishedMeeting.day >= today
    return session.scalar(select(PublishedMeeting.id).where(*ahead).limit(1)) is not None


def _told(session: Session, event: Event, people: Collection[Participation]) -> dict[int, Told]:
    """Return what may have reached the mailbox that each person has now, whoever reads it as well.

    The worker takes no other of these messages meanwhile.
    """
    readers = defaultdict[str, list[int]](list)
    for person in people:
        if person.account.email:
            readers[person.account.email].append(person.id)
    theirs = Mail.event_id == event.id, Mail.recipient.in_(readers), Mail.kind.in_((entries.KIND, *WITH_FILE))
    left = or_(Mail.state != MailState.QUEUED, Mail.tries > 0, Mail.may_have_arrived)
    found = defaultdict[int, Told](Told)
    for mail in session.scalars(select(Mail).where(*theirs, left).order_by(Mail.id).with_for_update()):
        for id_ in readers[mail.recipient]:
            _add(found[id_], mail, is_own=mail.participation_id == id_)
    return found


def _add(told: Told, mail: Mail, *, is_own: bool) -> None:
    if mail.kind != entries.KIND:
        told.by_file |= "by_invitation" not in mail.facts
        return
    known = told.by_invitation if is_own else told.of_others
    request, news = mail.facts["request"], entries.told_by(mail)
    known[request] = max(news, known.get(request, news))


def _ahead(own: Agenda, wall: datetime, beside: Collection[int]) -> Iterator[Meeting]:
    """Yield each meeting that a calendar may hold and that neither began to be held nor is over.

    Those ``beside`` stay: others who read the same mailbox attend them.
    """
    gone = {meeting.code for meeting in own.gone}
    for meeting in (*(one for one in own.meetings if one.code not in gone), *own.gone):
        if meeting.state not in HAPPENED and meeting.end > wall and meeting.placed.request_id not in beside:
            yield meeting


def _mails(
    event: Event, person: Participation, meetings: Iterator[Meeting], told: Told, now: datetime, *, with_own: bool
) -> Iterator[Mail]:
    in_file, number = [], 0
    for meeting in sorted(meetings, key=lambda one: (one.start, one.code)):
        request = meeting.placed.request_id
        own, others = told.by_invitation.get(request), told.of_others.get(request)
        last = max((one for one in (own, others) if one), default=None)
        if last is None or (not last.stands and meeting.sequence > last.sequence):  # it came back by a file
            in_file.append(_entry(event, meeting, meeting.sequence + meeting.stands))
        elif last.stands and (last is not own or with_own):
            news = [_entry(event, meeting, max(meeting.sequence, last.sequence) + 1)]
            not_before = now + entries.PAUSE * (number // entries.AT_ONCE)
            yield _mail(event, person, {"entries": news, "one_by_one": True}, now, not_before)
            number += 1
    if told.by_file and in_file:
        yield _mail(event, person, {"entries": in_file, "one_by_one": False}, now, now)


def _entry(event: Event, meeting: Meeting, sequence: int) -> dict[str, Any]:
    begins = zones.instant(meeting.start, event.zone)
    return {"code": meeting.code, "sequence": sequence, "begins": begins.isoformat()}


def _mail(event: Event, person: Participation, facts: Mapping[str, Any], now: datetime, not_before: datetime) -> Mail:
    """Return a message whose name follows from what it takes back, and from where: the same is said once.

    The name outlives the address, which nobody can guess from it.
    """
    mailbox = person.account.email or ""
    what = opaque_name(current_settings().secret_key.encode(), f"{mailbox} {facts['entries']}")
    key = f"{event.id}/p{person.id}/{what}/{TAKEN_BACK}"
    return Mail(
        event_id=event.id,
        kind=TAKEN_BACK,
        key=key,
        message_id=message_id(TAKEN_BACK, key, current_settings().host),
        recipient=mailbox,
        host=host_of(mailbox),
        locale=person.account.locale,
        facts=dict(facts),
        next_try_at=not_before,
        created_at=now,
    )

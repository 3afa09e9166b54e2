"""Calendar entries told one by one to those who chose it: nothing twice, and nothing that nobody withdraws."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from matchmaker.domain import zones
from matchmaker.domain.feedback import HAPPENED
from matchmaker.domain.states import Channel, MailState
from matchmaker.models import Attendance, Event, Mail, Participation, PublishedMeeting
from matchmaker.queries.agenda import agendas
from matchmaker.queries.agenda_facts import Agenda, Meeting
from matchmaker.queries.agenda_rows import last_version
from matchmaker.queries.shared_mailboxes import attended_beside
from matchmaker.services.steps import outbox

KIND = "entry"
AT_ONCE = 10
PAUSE = timedelta(minutes=10)
"""To one person ``AT_ONCE`` messages go at once, and as many more after each pause: more looks like spam."""


class Told(NamedTuple):
    """The last that a calendar was told of one meeting: its sequence, and whether it stands."""

    sequence: int
    stands: bool


Key = tuple[int, int]
"""Participation and request."""


def refresh(session: Session, event: Event, *, now: datetime, only: Collection[int] | None = None) -> None:
    """Put what calendars have to learn by invitation into the outbox, one mail for each person and meeting.

    Whoever changes what was published, or who may read it, calls this in the same unit of work, with the event
    locked. What went out as an invitation is changed and withdrawn as one, whatever its person chose since. A
    message that still waits and has been overtaken goes. A mailbox that is a person's no more counts for nothing here:
    see ``mailboxes``. ``only`` are the participations to look at, None all.
    """
    session.flush()
    people = _concerned(session, event, only)
    mails = _mails(session, people)
    told = {key: _last(rows) for key, rows in mails.items() if any(_left(row) for row in rows)}
    wall = zones.wall(now, event.zone)
    beside = attended_beside(last_version(event.id), [person.id for person in people])
    for person, own in zip(people, agendas(people), strict=True):
        news = {
            one.placed.request_id: _raised(
                session, event, one, told.get((person.id, one.placed.request_id)), stands=stands
            )
            for one, stands in _behind(person, own, told, wall)
            if stands or one.placed.request_id not in beside.get(person.id, ())
        }
        _forget_overtaken(session, person, mails, news)
        _enqueue(session, event, person, news, now)


def refresh_around(session: Session, event: Event, person: Participation, *, now: datetime) -> None:
    """Do as ``refresh`` for a person first, then for all whom they meet.

    What is told to one gets a sequence of its own: messages to the others that still wait are of the one before.
    """
    refresh(session, event, now=now, only=[person.id])
    own, theirs = aliased(Attendance), aliased(Attendance)
    version = last_version(event.id)
    rows = select(theirs.participation_id).join(own, own.meeting_id == theirs.meeting_id)
    rows = rows.join(PublishedMeeting, PublishedMeeting.id == own.meeting_id)
    rows = rows.where(PublishedMeeting.version_id == (version and version.id), own.participation_id == person.id)
    refresh(session, event, now=now, only=set(session.scalars(rows)) - {person.id})


def choose(session: Session, event: Event, person: Participation, *, now: datetime) -> None:
    """Tell a person's calendar what it misses once they choose another way, or come back; the file comes anew."""
    refresh_around(session, event, person, now=now)
    if not person.by_invitation:
        tell_whole(session, event, person, occasion=f"chosen-{person.revision}", now=now)


def tell_whole(session: Session, event: Event, person: Participation, *, occasion: str, now: datetime) -> None:
    """Put a person's agenda as it stands into the outbox, if any is out."""
    version = last_version(event.id)
    if version is None:
        return
    outbox.enqueue(
        session,
        event=event,
        participation=person,
        kind="agenda",
        occasion=occasion,
        facts={"version": version.number},
        version_id=version.id,
        now=now,
    )


def _concerned(session: Session, event: Event, only: Collection[int] | None) -> Sequence[Participation]:
    invited = select(Mail.participation_id).where(Mail.event_id == event.id, Mail.kind == KIND)
    query = select(Participation).where(
        Participation.event_id == event.id,
        Participation.deleted_at.is_(None),
        or_(Participation.by_invitation.is_(True), Participation.id.in_(invited)),
    )
    if only is not None:
        query = query.where(Participation.id.in_(only))
    mailbox = joinedload(Participation.account, innerjoin=True)
    return session.scalars(query.options(mailbox).order_by(Participation.id)).all()


def _mails(session: Session, people: Sequence[Participation]) -> dict[Key, list[Mail]]:
    """Return all messages about single meetings, locked: the worker takes none of them meanwhile."""
    mailboxes = {person.id: person.account.email for person in people}
    theirs = Mail.kind == KIND, Mail.participation_id.in_(mailboxes)
    found: dict[Key, list[Mail]] = {}
    for mail in session.scalars(select(Mail).where(*theirs).order_by(Mail.id).with_for_update()):
        if mail.recipient == mailboxes[id_ := mail.participation_id or 0]:
            found.setdefault((id_, mail.facts["request"]), []).append(mail)
    return found


def _left(mail: Mail) -> bool:
    """Tell whether a message may have reached its person."""
    return mail.state is not MailState.QUEUED or mail.tries > 0 or mail.may_have_arrived


def _last(mails: Sequence[Mail]) -> Told:
    return max(told_by(mail) for mail in mails if _left(mail))


def told_by(mail: Mail) -> Told:
    return Told(mail.facts["sequence"], mail.facts["stands"])


def _behind(
    person: Participation, own: Agenda, told: Mapping[Key, Told], wall: datetime
) -> Iterator[tuple[Meeting, bool]]:
    """Yield each meeting of which the person's calendar does not know all, and whether it stands for them."""
    by_invitation = person.by_invitation and person.channel is Channel.MAIL
    gone = {meeting.code for meeting in own.gone}
    for meeting in (*(one for one in own.meetings if one.code not in gone), *own.gone):
        if meeting.state in HAPPENED or meeting.end <= wall:
            continue
        last = told.get((person.id, meeting.placed.request_id))
        stands = meeting.stands and not person.withdrawn
        if last is not None and last.stands:
            if not stands or meeting.sequence > last.sequence:
                yield meeting, stands
        elif stands and by_invitation:
            yield meeting, stands


def _raised(
    session: Session,
    event: Event,
    meeting: Meeting,
    last: Told | None,
    *,
    stands: bool,
) -> tuple[Meeting, Told]:
    """Return what is to be told, newer than what was: who withdraws and comes back finds the version as it was."""
    if last is None or meeting.sequence > last.sequence:
        return meeting, Told(meeting.sequence, stands)
    version = last_version(event.id)
    where = PublishedMeeting.request_id == meeting.placed.request_id
    row = session.scalar(select(PublishedMeeting).where(where, PublishedMeeting.version_id == (version and version.id)))
    if row is None:
        return meeting, Told(meeting.sequence, stands)
    row.sequence = last.sequence + 1
    return meeting, Told(row.sequence, stands)


def _forget_overtaken(
    session: Session,
    person: Participation,
    mails: Mapping[Key, Sequence[Mail]],
    news: Mapping[int, tuple[Meeting, Told]],
) -> None:
    for (person_id, request_id), rows in mails.items():
        now = news[request_id][1] if request_id in news else None
        for mail in rows:
            if person_id == person.id and not _left(mail) and told_by(mail) != now:
                session.delete(mail)
    session.flush()


def _enqueue(
    session: Session, event: Event, person: Participation, news: Mapping[int, tuple[Meeting, Told]], now: datetime
) -> None:
    in_order = sorted(news.items(), key=lambda one: (one[1][0].start, one[0]))
    for number, (request_id, (meeting, told)) in enumerate(in_order):
        outbox.enqueue(
            session,
            event=event,
            participation=person,
            kind=KIND,
            occasion=f"{meeting.code}-{told.sequence}",
            facts={"request": request_id, "sequence": told.sequence, "stands": told.stands},
            now=now,
            not_before=now + PAUSE * (number // AT_ONCE),
        )

"""One mail a day to those whom somebody asks for a meeting and who have not answered yet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from matchmaker.domain import zones
from matchmaker.domain.states import Channel, Phase
from matchmaker.extensions import db
from matchmaker.models import Event, Participation
from matchmaker.queries.requests import waiting
from matchmaker.services.steps import lateness, turns
from matchmaker.services.steps.outbox import enqueue
from matchmaker.services.steps.sign_in_links import FIRST_MAIL_LASTS, issue
from matchmaker.unit_of_work import unit_of_work

HOUR = time(9)
"""When people are told, on the event's clock."""
DAY = timedelta(days=1)


def tell_who_waits(*, now: datetime) -> int:
    """Write the digests that are due; return how many. Each event has its own once a day, however often this runs."""
    return sum(turns.each("tell_who_waits", _due(now), partial(_tell, now=now)))


def _due(now: datetime) -> list[int]:
    events = db.session.scalars(select(Event).where(Event.phase == Phase.WISHES, Event.archived_at.is_(None))).all()
    return [event.id for event in events if _is_due(event, now)]


def _is_due(event: Event, now: datetime) -> bool:
    clock = zones.wall(now, event.zone)
    told_today = event.digest_on is not None and event.digest_on >= clock.date()
    closed = event.wishes_close_at is not None and event.wishes_close_at <= clock
    return event.phase is Phase.WISHES and clock.time() >= HOUR and not told_today and not closed


def _tell(event_id: int, *, now: datetime) -> int:
    with unit_of_work() as session:
        event = session.get_one(Event, event_id, with_for_update=True)
        if not _is_due(event, now):
            return 0
        last, event.digest_on = event.digest_on, zones.wall(now, event.zone).date()
        since = _nine(event, last) if last else None
        parties = [id_ for id_, asked in waiting(event, now=now).items() if _is_news(event, asked, since, now)]
        people = _people(session, parties)
        for person in people:
            _write(session, event, person, now)
        due = _nine(event, last + DAY) if last else now  # nobody noted since when there was one to write
    lateness.say("waiting", event_id, due=due, now=now)
    return len(people)


def _nine(event: Event, day: date) -> datetime:
    return zones.instant(datetime.combine(day, HOUR), event.zone)


def _is_news(event: Event, asked: Sequence[datetime], since: datetime | None, now: datetime) -> bool:
    """Tell whether somebody is to be told: of a new request, or of one that expires before the next morning."""
    ends = (event.terms.until(asked_at) or event.terms.closes_at for asked_at in asked)
    return since is None or max(asked) > since or any(end and end <= now + DAY for end in ends)


def _people(session: Session, parties: Sequence[int]) -> Sequence[Participation]:
    """Return those who can be told by mail and may attend meetings of these organisations."""
    rows = select(Participation).options(joinedload(Participation.account), joinedload(Participation.organisation))
    may = Participation.represents, Participation.withdrawn.is_(False), Participation.channel == Channel.MAIL
    found = session.scalars(rows.where(Participation.organisation_id.in_(parties), *may).order_by(Participation.id))
    return [person for person in found if person.account.email and person.wants_reminders]


def _write(session: Session, event: Event, person: Participation, now: datetime) -> None:
    link = issue(session, person.account_id, event.id, now=now, lasts=FIRST_MAIL_LASTS)
    facts = {"link_id": link.id}
    occasion = f"waiting-{event.digest_on}"
    enqueue(session, event=event, kind="waiting", occasion=occasion, now=now, participation=person, facts=facts)

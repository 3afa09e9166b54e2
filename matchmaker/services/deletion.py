"""Deleting people's data: one person's when it is asked for, a whole event's when the announced day is over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matchmaker.domain import zones
from matchmaker.domain.states import Role
from matchmaker.domain.wording import N_
from matchmaker.errors import DataDeleted, InvalidValue, NotFound
from matchmaker.models import Event, LogEntry, Membership, Participation
from matchmaker.queries.deletion import is_due, over_at
from matchmaker.services.steps import erasure, lateness, mailboxes, rows
from matchmaker.services.steps.journal import record
from matchmaker.services.steps.published import locked_event
from matchmaker.unit_of_work import unit_of_work

ORGANISATIONS_AT_ONCE = 40
"""How many organisations a batch takes: well under a second of the database's write lock."""
ONESELF = "participant"
ORDERED = "event.deletion_ordered"


def delete_person(event_id: int, participation_id: int, *, actor_id: int | None, now: datetime) -> None:
    """Delete what an event holds about a person, by the table of fates; they are withdrawn by it.

    All that they are in this event goes, also where they stand for two organisations. What stands in their calendars
    is taken back. The log keeps that it was done, when, and in what role; the rest of it names nobody any more.

    Raises
    ------
    NotFound
        If there is no such person in the event, or their data is deleted already.
    """
    with unit_of_work() as session:
        event = locked_event(session, event_id)
        asked = rows.of_event(session, Participation, event_id, participation_id)
        people = erasure.whole(session, event_id, {asked.id})
        if asked not in people:
            raise NotFound("participation", participation_id)
        is_oneself = actor_id == asked.account_id
        role = ONESELF if is_oneself else _role(session, event_id, actor_id)
        _erase(session, event, people, now)
        for person in people:
            record(
                session,
                event_id=event_id,
                actor_id=person.account_id if is_oneself else actor_id,
                verb="person.data_deleted",
                now=now,
                subject=role,
                for_participation_id=person.id,
            )


def order(event_id: int, typed: str, *, actor_id: int | None, now: datetime) -> None:
    """Have all personal data of an event deleted from now on, as on the day that it announced.

    ``typed`` is the event's address, written by who means it. The clock does the rest, batch by batch.

    Raises
    ------
    InvalidValue
        If something else was typed, or the event is neither over nor archived.
    DataDeleted
        If it was done already.
    """
    with unit_of_work() as session:
        event = session.get(Event, event_id, with_for_update=True, populate_existing=True)
        if event is None:
            raise NotFound("event", event_id)
        if event.data_deleted_at is not None:
            raise DataDeleted
        today = zones.wall(now, event.zone).date()
        if event.archived_at is None and max(day.day for day in event.days) >= today:
            raise InvalidValue("typed", N_("The event is not over yet. Archive it first if it is not to take place."))
        if typed.strip() != event.slug:
            raise InvalidValue("typed", N_("This is not the address of the event: nothing was deleted."))
        announced = event.delete_after
        event.delete_after = min(announced or today, today - timedelta(days=1))
        event.revision += 1
        detail = {"announced": announced.isoformat() if announced else None}
        record(session, event_id=event_id, actor_id=actor_id, verb=ORDERED, now=now, detail=detail)


def delete_batch(event_id: int, *, now: datetime, most: int = ORGANISATIONS_AT_ONCE) -> bool:
    """Delete the data of the people of up to ``most`` organisations of an event that is due; tell whether more is left.

    The last batch also empties what is nobody's in particular, and notes in the log that all was done. Whoever
    calls again finds nothing to do; whoever dies in between leaves whole batches done.
    """
    with unit_of_work() as session:
        event = session.get(Event, event_id, with_for_update=True, populate_existing=True)
        if event is None or not is_due(event, now):
            return False
        if people := _next_people(session, event_id, most):
            _erase(session, event, erasure.whole(session, event_id, people), now)
            return True
        erasure.erase_event(session, event)
        event.data_deleted_at = now
        gone = func.count(Participation.id)
        count = session.scalar(select(gone).where(Participation.event_id == event_id)) or 0
        detail = {"people": count}
        record(session, event_id=event_id, actor_id=None, verb="event.data_deleted", now=now, detail=detail)
        due = _due_since(session, event)
    lateness.say("deletion_of_data", event_id, due=due, now=now)
    return False


def _due_since(session: Session, event: Event) -> datetime:
    """Return when the announced day was over, or when somebody ordered it to be over."""
    ordered = LogEntry.event_id == event.id, LogEntry.verb == ORDERED
    midnight = over_at(event)
    return max(midnight, session.scalar(select(func.max(LogEntry.at)).where(*ordered)) or midnight)


def _erase(session: Session, event: Event, people: Sequence[Participation], now: datetime) -> None:
    """Let calendars know first, while it is known what they hold; the messages themselves name nobody."""
    mails = mailboxes.taken_back(session, event, people, now=now)
    erasure.erase(session, event.id, people, now=now)
    session.add_all(mails)


def _next_people(session: Session, event_id: int, most: int) -> set[int]:
    there = Participation.event_id == event_id, Participation.deleted_at.is_(None)
    organisations = select(Participation.organisation_id).where(*there).distinct()
    chosen = organisations.order_by(Participation.organisation_id).limit(most)
    return set(session.scalars(select(Participation.id).where(*there, Participation.organisation_id.in_(chosen))))


def _role(session: Session, event_id: int, actor_id: int | None) -> str:
    """Return in what role somebody deletes another's data; what acts without an account acts for the organisers."""
    where = Membership.event_id == event_id, Membership.account_id == actor_id
    return session.scalar(select(Membership.role).where(*where)) or Role.ORGANISER

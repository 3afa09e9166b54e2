"""Telling all people of an event what its clock says: once each, and what came too late is said in the log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from matchmaker.domain import zones
from matchmaker.domain.notices import Notice
from matchmaker.errors import NotFound
from matchmaker.models import Event, Mail, Participation
from matchmaker.models import Notice as Told
from matchmaker.queries import notices
from matchmaker.services.steps import lateness, turns
from matchmaker.services.steps.journal import record
from matchmaker.services.steps.outbox import drafted
from matchmaker.unit_of_work import unit_of_work


def tell(*, now: datetime) -> int:
    """Put the notices that are due into the outbox; return how many mails those are.

    A laptop that slept past the hour tells what still helps when it wakes, and notes what does not.
    """
    told = 0
    for event_id, notice in notices.due(now):
        with turns.turn("tell_notices", of=event_id):
            told += _tell(event_id, notice, now)
    return told


def _tell(event_id: int, notice: Notice, now: datetime) -> int:
    with unit_of_work() as session:
        event = session.get(Event, event_id, with_for_update=True, populate_existing=True)
        if event is None or not _first(event, notice, now):
            return 0
        session.add(Told(event_id=event_id, name=notice.name, at=now))
        people, due = notices.readers(event, notice), notices.due_since(event, notice)
        if zones.wall(now, event.zone) > notice.until:
            if people:
                record(session, event_id=event_id, actor_id=None, verb="notice.late", now=now, subject=notice.kind)
            mails = []
        else:
            mails = list(_mails(event, notice, people, now))
            session.add_all(mails)
    if people:
        lateness.say(notice.kind, event_id, due=due, now=now)
    return len(mails)


def _mails(event: Event, notice: Notice, people: Sequence[Participation], now: datetime) -> Iterator[Mail]:
    facts = {"day": notice.day.isoformat()}
    for person in people:
        if mail := drafted(event, notice.kind, notice.name, now, participation=person, facts=facts):
            yield mail


def _first(event: Event, notice: Notice, now: datetime) -> bool:
    """Tell, under the event's lock, whether the notice is still to be told."""
    return not notices.is_told(event.id, notice) and notice in notices.of_event(event, now)


def choose(participation_id: int, *, wants: bool, now: datetime) -> None:
    """Keep whether a person is sent what they can do without: reminders, digests, thanks.

    Raises
    ------
    NotFound
        If there is no such person.
    """
    with unit_of_work() as session:
        person = session.get(Participation, participation_id)
        if person is None:
            raise NotFound("participation", participation_id)
        if person.wants_reminders is not wants:
            person.wants_reminders = wants
            verb = "reminders.wanted" if wants else "reminders.unwanted"
            record(
                session,
                event_id=person.event_id,
                actor_id=person.account_id,
                verb=verb,
                now=now,
                for_participation_id=person.id,
            )

"""A forum with two drafts of the same meetings at different times: it can be published again and again."""

from __future__ import annotations

from typing import NamedTuple

from matchmaker.extensions import db
from matchmaker.models import (
    Draft,
    DraftMeeting,
    Event,
    Mail,
    Participation,
    PersonBooking,
    PublishedMeeting,
    Request,
    TableBooking,
    Version,
)
from matchmaker.queries.agenda import agendas
from matchmaker.services.steps import requests
from matchmaker.unit_of_work import unit_of_work
from tests.conftest import NOW
from tests.forum import Forum, a_forum

WISHES = "a!b b!a c!d d!c e!f f!e"
MEETINGS, PEOPLE = 3, 6
FIGURES = dict.fromkeys(("value", "bound", "gap", "seconds"), 0)


class Twice(NamedTuple):
    """The forum, as plain numbers that any thread may use."""

    id: int
    people: tuple[int, ...]

    @property
    def event(self) -> Event:
        return db.session.get_one(Event, self.id)


def two_drafts() -> Twice:
    """Make the forum; draft 1 holds its three meetings in the first slots, draft 2 in the next ones."""
    forum = a_forum(WISHES)
    with unit_of_work() as session:
        requests.refresh(session, forum.id, now=NOW)
    for number in (1, 2):
        _draft(forum, number)
    return Twice(forum.id, tuple(one.id for one in forum.people.values()))


def _draft(forum: Forum, number: int) -> None:
    event, hall, slots = {"event_id": forum.id}, forum.hall.id, [slot.id for slot in forum.slots]
    person = {forum.organisations[letter].id: one.id for letter, one in forum.people.items()}
    with unit_of_work() as session:
        draft = Draft(number=number, terms={}, scores={}, created_at=NOW, **FIGURES, **event)
        session.add(draft)
        session.flush()
        found = session.scalars(db.select(Request).filter_by(**event).order_by(Request.id)).all()
        for request, slot in zip(found, slots[MEETINGS * (number - 1) :], strict=False):
            at = {"draft_id": draft.id, "slot_id": slot, **event}
            sides = enumerate((request.first_id, request.second_id), 1)
            meeting = DraftMeeting(request_id=request.id, location_id=hall, table_number=1, **at)
            meeting.people = [PersonBooking(participation_id=person[who], side=side, **at) for side, who in sides]
            meeting.tables = [TableBooking(location_id=hall, table_number=1, **at)]
            session.add(meeting)


def seen(forum: Twice) -> tuple[object, ...]:
    """Return what people see at this moment: each one's meetings, with their hours and states."""
    db.session.rollback()
    told = agendas([db.session.get_one(Participation, id_) for id_ in forum.people])
    return tuple(tuple((meeting.start, meeting.state) for meeting in one.meetings) for one in told)


def broken_versions(event_id: int) -> list[str]:
    """Return what is wrong with any version: each has all its meetings, and one mail to each person."""
    db.session.rollback()
    faults = []
    for version in db.session.scalars(db.select(Version).filter_by(event_id=event_id)):
        meetings = _count(PublishedMeeting, version.id)
        told = db.session.scalars(db.select(Mail.participation_id).filter_by(version_id=version.id)).all()
        if (meetings, len(told), len(set(told))) != (MEETINGS, PEOPLE, PEOPLE):
            faults.append(
                f"version {version.number}: {meetings} meetings, {len(told)} mails to {len(set(told))} people"
            )
    return faults


def latest(event_id: int) -> int | None:
    """Return the number of the version that is out, read anew."""
    db.session.rollback()
    return db.session.scalar(db.select(db.func.max(Version.number)).filter_by(event_id=event_id))


def _count(kind: type, version_id: int) -> int:
    return db.session.scalar(db.select(db.func.count()).select_from(kind).filter_by(version_id=version_id)) or 0

"""A version of a small forum whose meetings stand where a line of text says, without a run of the solver."""

from __future__ import annotations

from datetime import time

from matchmaker import models
from matchmaker.domain.disclosure import Reason
from matchmaker.domain.states import MeetingState, VersionKind
from matchmaker.extensions import db
from matchmaker.services.steps import requests
from matchmaker.unit_of_work import unit_of_work


def version_of(forum, places, *, now, kind=VersionKind.FINAL):
    """Publish the first version: ``ab 09:00, cd 09:25`` are two meetings, each at a table of its own.

    All other requests are not held, for want of a common slot.
    """
    of_event = {"event_id": forum.id}
    with unit_of_work() as session:
        requests.refresh(session, forum.id, now=now)
        figures = dict.fromkeys(("value", "bound", "gap", "seconds"), 0)
        draft = models.Draft(number=1, terms={}, scores={}, created_at=now, **figures, **of_event)
        session.add(draft)
        session.flush()
        version = models.Version(number=1, kind=kind, draft_id=draft.id, published_at=now, **of_event)
        session.add(version)
        session.flush()
        held = {_meeting(session, forum, version, one, table) for table, one in enumerate(places.split(","), 1)}
        for request in session.query(models.Request).filter_by(**of_event):
            if request.id not in held:
                reason = str(Reason.NO_COMMON_SLOT)
                row = models.PublishedUnscheduled(
                    request_id=request.id, version_id=version.id, reason=reason, **of_event
                )
                session.add(row)


def told(forum):
    """Return the meetings of the last version by the letters of the organisations that meet."""
    letters = {organisation.id: letter for letter, organisation in forum.organisations.items()}
    last = db.session.scalar(db.select(db.func.max(models.Version.number)).filter_by(event_id=forum.id))
    rows = db.session.scalars(
        db.select(models.PublishedMeeting)
        .join(models.Version, models.Version.id == models.PublishedMeeting.version_id)
        .where(models.Version.event_id == forum.id, models.Version.number == last)
    )
    return {"".join(sorted({letters[row.request.first_id], letters[row.request.second_id]})): row for row in rows}


def _meeting(session, forum, version, words, table):
    pair, start = words.split()
    request, sides = _sides(session, forum, pair)
    slot = next(slot for slot in forum.slots if slot.start == time.fromisoformat(start))
    session.add(
        models.PublishedMeeting(
            event_id=forum.id,
            version_id=version.id,
            request_id=request.id,
            state=MeetingState.CONFIRMED if version.kind is VersionKind.FINAL else MeetingState.PROVISIONAL,
            day=slot.day,
            start=slot.start,
            end=slot.end,
            location_id=forum.hall.id,
            location_names=forum.hall.names,
            table_number=table,
            attendances=[
                models.Attendance(event_id=forum.id, participation_id=person, side=side)
                for side, (_, person) in enumerate(sides)
            ],
        )
    )
    return request.id


def draft_of(forum, places, *, now):
    """Make the next draft: ``ab 1-0900, cd 2-0925`` are two meetings in these slots, each at a table of its own.

    All other requests are not held, for want of a common slot.
    """
    of_event = {"event_id": forum.id}
    with unit_of_work() as session:
        requests.refresh(session, forum.id, now=now)
        figures = dict.fromkeys(("value", "bound", "gap", "seconds"), 0)
        number = 1 + session.query(models.Draft).filter_by(**of_event).count()
        draft = models.Draft(number=number, terms={}, scores={}, created_at=now, **figures, **of_event)
        session.add(draft)
        session.flush()
        of_draft = {"draft_id": draft.id, **of_event}
        held = {_drafted(session, forum, of_draft, one, table) for table, one in enumerate(places.split(","), 1)}
        session.add_all(
            models.DraftUnscheduled(request_id=request.id, reason=str(Reason.NO_COMMON_SLOT), **of_draft)
            for request in session.query(models.Request).filter_by(**of_event)
            if request.id not in held
        )
        return draft


def _drafted(session, forum, of_draft, words, table):
    pair, code = words.split()
    slot = next(slot for slot in forum.slots if slot.code == code)
    request, sides = _sides(session, forum, pair)
    booked = {"slot_id": slot.id, **of_draft}
    session.add(
        models.DraftMeeting(
            request_id=request.id,
            slot_id=slot.id,
            location_id=forum.hall.id,
            table_number=table,
            people=[
                models.PersonBooking(participation_id=person, side=side, **booked)
                for side, (_, person) in enumerate(sides)
            ],
            tables=[models.TableBooking(location_id=forum.hall.id, table_number=table, **booked)],
            **of_draft,
        )
    )
    return request.id


def _sides(session, forum, pair):
    sides = sorted((forum.organisations[letter].id, forum.people[letter].id) for letter in pair)
    (first, _), (second, _) = sides
    return session.query(models.Request).filter_by(event_id=forum.id, first_id=first, second_id=second).one(), sides

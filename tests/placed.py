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
    sides = sorted((forum.organisations[letter].id, forum.people[letter].id) for letter in pair)
    (first, _), (second, _) = sides
    request = session.query(models.Request).filter_by(event_id=forum.id, first_id=first, second_id=second).one()
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

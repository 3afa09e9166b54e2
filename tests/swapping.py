"""Colleagues, and what they could be busy with, for tests of published meetings that change hands."""

from __future__ import annotations

from datetime import time

from matchmaker import models
from matchmaker.domain.states import MeetingState
from matchmaker.extensions import db
from matchmaker.models import Attendance, PublishedMeeting
from matchmaker.unit_of_work import unit_of_work
from tests import factories


def a_colleague(day, **kwargs):
    return factories.ParticipationFactory(organisation=day.reader.organisation, languages=["fr", "en"], **kwargs)


def change(kind, id_, **fields):
    with unit_of_work() as session:
        row = session.get_one(kind, id_)
        for name, value in fields.items():
            setattr(row, name, value)


def codes():
    return list(db.session.scalars(db.select(models.Request.code).order_by(models.Request.id)))


def told(kind=PublishedMeeting):
    db.session.rollback()
    return db.session.scalars(db.select(kind).order_by(kind.id)).all()


def publish_for(day, person, start, end, **fields):
    """Give one more person a meeting with the second of the others in the version that is out."""
    with unit_of_work() as session:
        version = session.scalars(db.select(models.Version).order_by(models.Version.id.desc())).first()
        row = PublishedMeeting(
            event_id=day.event.id,
            version_id=version.id,
            request_id=_request(session, day).id,
            day=factories.FIRST_DAY,
            start=time.fromisoformat(start),
            end=time.fromisoformat(end),
            location_id=day.hall.id,
            location_names={},
            table_number=2,
            **{"state": MeetingState.CONFIRMED, **fields},
        )
        row.attendances = [
            Attendance(event_id=day.event.id, participation_id=one.id, side=side)
            for side, one in ((1, person), (2, day.others[1]))
        ]
        session.add(row)
        session.flush()
        return db.session.get(models.Request, row.request_id).code


def _request(session, day):
    pair = sorted([day.reader.organisation_id, day.others[1].organisation_id])
    row = models.Request(
        event_id=day.event.id,
        code=f"second{day.event.id}",
        first_id=pair[0],
        second_id=pair[1],
        weight=60,
        klass="like_like",
        created_at=factories.LONG_AGO,
    )
    session.add(row)
    session.flush()
    return row

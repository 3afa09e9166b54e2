"""What a person said of their meetings. Nobody else is told: each of these asks for the person's own rows only."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select

from matchmaker.errors import NotFound
from matchmaker.extensions import db
from matchmaker.models import Feedback, Participation, Request
from matchmaker.queries import agenda_rows
from matchmaker.queries.agenda import meetings_told
from matchmaker.queries.agenda_facts import Meeting


@dataclass(frozen=True, slots=True)
class Said:
    """None where the person said nothing, or took it back."""

    took_place: bool | None = None
    useful: bool | None = None
    note: str = ""


def said(participation: Participation) -> dict[str, Said]:
    """Return what the person said of each meeting, by the code of its request."""
    rows = (
        select(Request.code, Feedback)
        .join(Request, Request.id == Feedback.request_id)
        .where(Feedback.participation_id == participation.id)
    )
    return {code: Said(row.took_place, row.useful, row.note) for code, row in db.session.execute(rows)}


def access_meeting(participation: Participation, code: str, *, now_wall: dt.datetime) -> Meeting:
    """Return a meeting of the person in the last version, if it stands and has begun.

    Raises
    ------
    NotFound
        If there is none such.
    """
    version = agenda_rows.last_version(participation.event_id)
    told = meetings_told(participation, version).values() if version else ()
    found = next((meeting for meeting in told if meeting.code == code and has_begun(meeting, now_wall)), None)
    if found is None:
        raise NotFound("meeting", code)
    return found


def has_begun(meeting: Meeting, now_wall: dt.datetime) -> bool:
    """Tell whether the meeting stands and its start has come: from then on people may say how it went."""
    return meeting.stands and meeting.start <= now_wall

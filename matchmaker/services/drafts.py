"""What organisers do with a draft before anybody sees it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from matchmaker.errors import NotFound
from matchmaker.models import DraftMeeting, Request
from matchmaker.services.steps.journal import record
from matchmaker.unit_of_work import unit_of_work


def lock(draft_id: int, meeting_id: int, locked: bool, *, actor_id: int | None, now: datetime) -> None:  # noqa: FBT001
    """Lock a meeting, so that the next run over this draft leaves it where it is, or unlock it.

    Raises
    ------
    NotFound
        If the draft has no such meeting.
    """
    with unit_of_work() as session:
        where = (DraftMeeting.id == meeting_id, DraftMeeting.draft_id == draft_id)
        meeting = session.scalar(select(DraftMeeting).where(*where))
        if meeting is None:
            raise NotFound("meeting", meeting_id)
        if meeting.locked == locked:
            return
        meeting.locked = locked
        verb = "lock_meeting" if locked else "unlock_meeting"
        code = session.scalars(select(Request.code).where(Request.id == meeting.request_id)).one()
        record(session, event_id=meeting.event_id, actor_id=actor_id, verb=verb, now=now, subject=code)

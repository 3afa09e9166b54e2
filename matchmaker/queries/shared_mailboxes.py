"""Mailboxes that several people of an event read, as those of small firms often are: one calendar for all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import aliased

from matchmaker.domain.states import Channel, MeetingState
from matchmaker.extensions import db
from matchmaker.models import Account, Attendance, Participation, PublishedMeeting, Version


def attended_beside(
    version: Version | None, people: Collection[int], leaving: Collection[int] = ()
) -> Mapping[int, Collection[int]]:
    """Return for each person the requests whose meetings stand in a version for others who read the same mailbox.

    What one of them has no more must not be taken out of a calendar that the others read as well. Who is ``leaving``
    with them does not count.
    """
    if version is None or not people:
        return {}
    own, other = aliased(Participation), aliased(Participation)
    mine, theirs = aliased(Account), aliased(Account)
    query = (
        select(own.id, PublishedMeeting.request_id)
        .select_from(own)
        .join(mine, mine.id == own.account_id)
        .join(theirs, theirs.email == mine.email)
        .join(other, (other.account_id == theirs.id) & (other.event_id == own.event_id) & (other.id != own.id))
        .join(Attendance, Attendance.participation_id == other.id)
        .join(PublishedMeeting, PublishedMeeting.id == Attendance.meeting_id)
        .where(own.id.in_(people), PublishedMeeting.version_id == version.id)
        .where(PublishedMeeting.state != MeetingState.CANCELLED)
        .where(other.id.not_in(leaving))
        .where(other.withdrawn.is_(False), other.deleted_at.is_(None), other.channel == Channel.MAIL)
    )
    found: defaultdict[int, set[int]] = defaultdict(set)
    for person, request in db.session.execute(query):
        found[person].add(request)
    return found

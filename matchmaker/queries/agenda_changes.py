"""What changed for one person between what they were told before and what stands now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from matchmaker.domain.versions import PersonalDifference, difference
from matchmaker.models import Participation, Version
from matchmaker.queries import agenda_rows
from matchmaker.queries.agenda import meetings_told
from matchmaker.queries.agenda_facts import Agenda, Meeting


class ChangeKind(StrEnum):
    MOVED = "moved"
    CANCELLED = "cancelled"
    ADDED = "added"
    HANDED_OVER = "handed_over"


@dataclass(frozen=True, slots=True)
class Change:
    """One change; ``was`` is the meeting as it was told before, if it was."""

    kind: ChangeKind
    meeting: Meeting
    was: Meeting | None = None


def changes(participation: Participation, told_by: Version) -> tuple[Change, ...]:
    """Return what is new for the person since the version before ``told_by``, up to the last one.

    So a mail that had to wait tells no plan that has been given up meanwhile. May be empty, if a later
    version took everything back.
    """
    before = agenda_rows.version_before(told_by)
    last = agenda_rows.last_version(told_by.event_id) or told_by
    old = meetings_told(participation, before) if before else {}
    new = meetings_told(participation, last)
    found = difference([one.placed for one in old.values()], [one.placed for one in new.values()])
    mine = found.per_person.get(participation.id, PersonalDifference())
    return (
        *(Change(ChangeKind.MOVED, new[move.new.request_id], old[move.old.request_id]) for move in mine.moved),
        *(Change(ChangeKind.CANCELLED, old[row.request_id], old[row.request_id]) for row in mine.cancelled),
        *(Change(ChangeKind.ADDED, new[row.request_id]) for row in mine.added),
    )


def on_the_spot(agenda: Agenda, news: Mapping[str, int]) -> tuple[Change, ...]:
    """Return what became of single meetings without a new version; ``news`` names a request for each kind.

    Read against the agenda as it is by now: what was taken back since is told no more.
    """
    there = {meeting.placed.request_id: meeting for meeting in (*agenda.gone, *agenda.meetings)}
    found = [(ChangeKind(kind), there.get(request_id)) for kind, request_id in news.items()]
    return tuple(
        Change(kind, meeting) for kind, meeting in found if meeting and meeting.stands is (kind is ChangeKind.ADDED)
    )

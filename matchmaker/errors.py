"""One tree of errors. A fault ends in ``Error``; a refusal is named by what happened.

A refusal is no bug: the rules of the event, or of the house, forbid what was asked. ``web/errors.py``
maps each to a status and a sentence in the reader's language; nothing else catches them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any


class MatchmakerError(Exception):
    """A fault: something is broken or wrongly configured."""


class ConfigurationError(MatchmakerError):
    """A file or a setting is wrong; ``place`` says where, ``expected`` what would be right."""

    def __init__(self, file: str, place: str, wrong: str, expected: str) -> None:
        self.file, self.place, self.wrong, self.expected = file, place, wrong, expected
        super().__init__(f"{file}: {place}: {wrong}; expected {expected}")


class ForbiddenTransitionError(MatchmakerError):
    """Somebody tried to move a row between states that the table does not connect."""

    def __init__(self, kind: str, before: str, after: str) -> None:
        self.kind, self.before, self.after = kind, before, after
        super().__init__(f"{kind} cannot go from {before} to {after}")


class WriteOutsideUnitOfWorkError(MatchmakerError):
    """Rows were about to be written where nobody would commit or roll back."""


class MailBuildError(MatchmakerError):
    """A message that must not leave: read again, it does not say what it was built to say."""

    def __init__(self, what: str, expected: object, found: object) -> None:
        self.what, self.expected, self.found = what, expected, found
        super().__init__(f"{what}: {found!r} instead of {expected!r}")


class MailOutOfDateError(MatchmakerError):
    """A message that would help nobody any more: its link has expired, or its person has withdrawn."""


class Refusal(Exception):
    """What was asked is not allowed now; the sentence is shown by ``web/errors.py``."""


class NotFound(Refusal):
    """Absent, or not for this person: both look the same."""

    def __init__(self, what: str, key: object = None) -> None:
        self.what, self.key = what, key
        super().__init__(f"no {what} {key!r} for this person")


class ChangedMeanwhile(Refusal):
    """Somebody saved between reading and writing. ``difference``: field -> (theirs, yours).

    ``revision`` is theirs: who has read the difference and saves again, saves on top of that.
    """

    def __init__(self, what: str, difference: Mapping[str, tuple[Any, Any]], revision: int = 0) -> None:
        self.what, self.difference, self.revision = what, dict(difference), revision
        super().__init__(f"{what} was changed by somebody else: {sorted(self.difference)}")


class InvalidValue(Refusal):
    """A value of right shape that the event does not admit; belongs at the named field."""

    def __init__(self, field: str, sentence: str) -> None:
        self.field, self.sentence = field, sentence
        super().__init__(f"{field}: {sentence}")


class UnfitText(InvalidValue):
    """A text of an organiser that may not go out; the sentence has a place for what is ``shown`` of it."""

    def __init__(self, field: str, sentence: str, shown: str) -> None:
        self.shown = shown
        super().__init__(field, sentence)


class WishesClosed(Refusal):
    """The deadline has passed; ``closed_at`` is wall time at the event."""

    def __init__(self, closed_at: datetime) -> None:
        self.closed_at = closed_at
        super().__init__(f"wishes closed on {closed_at:%Y-%m-%d at %H:%M} of the event's clock")


class PhaseForbids(Refusal):
    """The event is not in a phase in which this can be done."""

    def __init__(self, phase: str) -> None:
        self.phase = phase
        super().__init__(f"not while the event is in phase {phase}")


class Archived(Refusal):
    """The event is put away: its owners read it, and nobody changes anything in it."""


class DataDeleted(Refusal):
    """The event's personal data was deleted as announced: nobody may be added to it."""


class QuotaUsed(Refusal):
    """All wishes of this level are given."""

    def __init__(self, level: str, quota: int) -> None:
        self.level, self.quota = level, quota
        super().__init__(f"all {quota} wishes of level {level} are given")


class RequestExpired(Refusal):
    """A request waited for its answer for longer than the event allows."""


class LinkUsedUp(Refusal):
    """A sign-in link that was used, has expired, or never existed."""


class WrongPassword(Refusal):
    """No such sign-in name, or not this password: both look the same."""


class TooManyTries(Refusal):
    """More tries than the limit in its window; ``seconds`` until the next is heard."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(f"too many tries; again in {seconds} s")


class RunInProgress(Refusal):
    """The event has a run that is queued or running."""


class NothingToSchedule(Refusal):
    """There is no request, or no slot, or no table."""


class NothingToRepair(Refusal):
    """What went wrong touches nothing that is still to come."""


class RepairOutOfDate(Refusal):
    """A meeting that a repair would change has begun since, or what it goes out from is no longer so."""


class DraftChanged(Refusal):
    """The draft is not what its publisher read: somebody moved a meeting in it since."""


class DaysBelongTogether(Refusal):
    """A meeting told on a day that is published stands on another in the draft: both go out in one act, or neither."""


class DoubleBooking(Refusal):
    """A person or a table would be in two meetings at once; the database said so."""


class NotPossibleThere(Refusal):
    """A rule forbids a meeting at that place; ``reason`` is the solver's word for it, or one of ours."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"not possible there: {reason}")


class MeetingLocked(Refusal):
    """A locked meeting stays where it is."""


class NothingToUndo(Refusal):
    """No change by hand is left to undo, or to do again."""


class MeetingOver(Refusal):
    """The meeting has begun, or does not stand any more."""


class NotFree(Refusal):
    """Who should take a meeting has something else at that time."""


class SettledAlready(Refusal):
    """Somebody has settled this change, or it was taken back."""


class QueueClosed(Refusal):
    """A host has no queue that is open."""


class NobodyWaits(Refusal):
    """All numbers of a queue have been called."""


class InUse(Refusal):
    """What should go is needed by ``count`` other rows (a slot under meetings, a table in use)."""

    def __init__(self, what: str, count: int) -> None:
        self.what, self.count = what, count
        super().__init__(f"{what} is used by {count} others")

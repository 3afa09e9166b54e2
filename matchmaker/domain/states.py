"""The states that rows may have, and the only ways from one to another."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from matchmaker.errors import ForbiddenTransitionError


class Locale(StrEnum):
    ARABIC = "ar"
    FRENCH = "fr"
    ENGLISH = "en"


class Phase(StrEnum):
    """Where an event stands; every page's banner says what to do in it."""

    REGISTRATION = "registration"
    WISHES = "wishes"
    SCHEDULING = "scheduling"
    PROVISIONAL = "provisional"
    FINAL = "final"
    ON_THE_DAY = "on_the_day"
    AFTER = "after"


class Role(StrEnum):
    """What an account may do in an event as one of those who run it."""

    OWNER = "owner"
    ORGANISER = "organiser"
    DESK = "desk"
    VIEWER = "viewer"


class Channel(StrEnum):
    MAIL = "mail"
    PHONE = "phone"
    PAPER = "paper"


class WishLevel(StrEnum):
    """What one organisation says of another: a wish of its own, an answer to the other's, or a private veto."""

    MUST = "must"
    LIKE = "like"
    YES = "yes"
    NO = "no"
    VETO = "veto"


ASKS = frozenset({WishLevel.MUST, WishLevel.LIKE})
"""What asks for a meeting by itself; a yes does not: it counts while the other side asks."""
POSITIVE = ASKS | {WishLevel.YES}


class Asking(StrEnum):
    """How an event comes to its meetings: by wishes that the schedule weighs, or by requests that are accepted."""

    WISHES = "wishes"
    REQUESTS = "requests"


class Silence(StrEnum):
    """What it means that a participant's type did not answer a request."""

    CONSENTS = "consents"
    REFUSES = "refuses"


class RequestState(StrEnum):
    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class MeetingState(StrEnum):
    """The state of a published meeting."""

    PROVISIONAL = "provisional"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    HELD = "held"
    NO_SHOW = "no_show"


class RunState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    INFEASIBLE = "infeasible"
    NOTHING_FOUND = "nothing_found"
    FAILED = "failed"
    CANCELLED = "cancelled"


UNDER_WAY = (RunState.QUEUED, RunState.RUNNING)
"""The states of a run, or of a study, that has not ended."""


class ImportKind(StrEnum):
    """What a table that an organiser imports tells: who takes part, whom they want to meet, when they are not free."""

    PEOPLE = "people"
    WISHES = "wishes"
    TIMES = "times"


class ImportState(StrEnum):
    """``confirmed`` waits for the worker; a ``done`` one keeps no row of what was sent."""

    DRAFT = "draft"
    CONFIRMED = "confirmed"
    DONE = "done"


class StudyKind(StrEnum):
    """What is worked out for organisers beside the runs."""

    FORECAST = "forecast"
    """What one more table, slot, hour or representative would bring."""
    FRONTIER = "frontier"
    """What fairness costs in total."""


class MailState(StrEnum):
    """``data`` is committed just before the text is handed over: after a crash nobody can tell."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    DATA = "data"
    SENT = "sent"
    HELD = "held"
    FAILED = "failed"


class ChangeAsked(StrEnum):
    """What somebody asks of the organiser about one of their published meetings."""

    CANCEL = "cancel"
    CANNOT = "cannot"
    """They cannot at this time; another would suit."""


class ChangeState(StrEnum):
    OPEN = "open"
    DONE = "done"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"


class PaperState(StrEnum):
    """Where the paper of a version stands."""

    ASKED = "asked"
    MAKING = "making"
    READY = "ready"
    FAILED = "failed"


class VersionKind(StrEnum):
    PROVISIONAL = "provisional"
    FINAL = "final"


REQUEST: Mapping[RequestState, frozenset[RequestState]] = {
    RequestState.ASKED: frozenset(
        {RequestState.ACCEPTED, RequestState.DECLINED, RequestState.WITHDRAWN, RequestState.EXPIRED}
    ),
    RequestState.ACCEPTED: frozenset(
        {RequestState.DECLINED, RequestState.WITHDRAWN, RequestState.ASKED, RequestState.EXPIRED}
    ),
    RequestState.DECLINED: frozenset({RequestState.ACCEPTED, RequestState.ASKED, RequestState.EXPIRED}),
    RequestState.WITHDRAWN: frozenset(
        {RequestState.ASKED, RequestState.ACCEPTED, RequestState.DECLINED, RequestState.EXPIRED}
    ),
    RequestState.EXPIRED: frozenset({RequestState.ASKED, RequestState.ACCEPTED, RequestState.DECLINED}),
}
MEETING: Mapping[MeetingState, frozenset[MeetingState]] = {
    MeetingState.PROVISIONAL: frozenset({MeetingState.CONFIRMED, MeetingState.CANCELLED}),
    MeetingState.CONFIRMED: frozenset({MeetingState.CANCELLED, MeetingState.HELD, MeetingState.NO_SHOW}),
    MeetingState.CANCELLED: frozenset({MeetingState.PROVISIONAL, MeetingState.CONFIRMED}),
    MeetingState.HELD: frozenset({MeetingState.NO_SHOW}),
    MeetingState.NO_SHOW: frozenset({MeetingState.HELD}),
}
RUN: Mapping[RunState, frozenset[RunState]] = {
    RunState.QUEUED: frozenset({RunState.RUNNING, RunState.CANCELLED}),
    RunState.RUNNING: frozenset(
        {
            RunState.QUEUED,
            RunState.DONE,
            RunState.INFEASIBLE,
            RunState.NOTHING_FOUND,
            RunState.FAILED,
            RunState.CANCELLED,
        }
    ),
    **dict.fromkeys(
        (RunState.DONE, RunState.INFEASIBLE, RunState.NOTHING_FOUND, RunState.FAILED, RunState.CANCELLED),
        frozenset[RunState](),
    ),
}
MAIL: Mapping[MailState, frozenset[MailState]] = {
    MailState.QUEUED: frozenset({MailState.CLAIMED, MailState.HELD}),
    MailState.CLAIMED: frozenset({MailState.QUEUED, MailState.DATA, MailState.FAILED}),
    MailState.DATA: frozenset({MailState.SENT, MailState.QUEUED, MailState.HELD, MailState.FAILED}),
    MailState.SENT: frozenset({MailState.FAILED}),  # it came back
    MailState.HELD: frozenset({MailState.QUEUED, MailState.SENT, MailState.FAILED}),
    MailState.FAILED: frozenset({MailState.QUEUED}),
}
CHANGE: Mapping[ChangeState, frozenset[ChangeState]] = {
    ChangeState.OPEN: frozenset({ChangeState.DONE, ChangeState.REFUSED, ChangeState.TAKEN_BACK}),
    **dict.fromkeys((ChangeState.DONE, ChangeState.REFUSED, ChangeState.TAKEN_BACK), frozenset[ChangeState]()),
}

S = TypeVar("S", bound=StrEnum)


def moved(table: Mapping[S, frozenset[S]], before: S, after: S) -> S:
    """Return ``after`` if the table allows the step.

    Raises
    ------
    ForbiddenTransitionError
        If it does not: a fault of ours, since services ask first.
    """
    if after != before and after not in table[before]:
        raise ForbiddenTransitionError(type(before).__name__, before, after)
    return after

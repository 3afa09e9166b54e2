"""What a person is told about a request: a pure function of stored states and of who looks."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from matchmaker.domain.states import MeetingState, RequestState
from matchmaker.domain.wording import N_


class Status(StrEnum):
    TO_ANSWER = "to_answer"
    AWAITING = "awaiting"
    ACCEPTED = "accepted"
    PROVISIONAL = "provisional"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    NOT_SCHEDULED = "not_scheduled"
    MOVED = "moved"
    CANCELLED = "cancelled"
    HELD = "held"
    NO_SHOW = "no_show"


class Viewer(StrEnum):
    """The side of the request from which somebody looks at it.

    Organisers see what the asker sees; who vetoed whom is the owner's, and no status at all.
    """

    ASKER = "asker"
    ASKED = "asked"
    ORGANISER = "organiser"


LABELS: Mapping[Status, str] = {
    Status.TO_ANSWER: N_("To answer"),
    Status.AWAITING: N_("Awaiting reply"),
    Status.ACCEPTED: N_("Accepted, to be scheduled"),
    Status.PROVISIONAL: N_("Provisional"),
    Status.CONFIRMED: N_("Confirmed"),
    Status.DECLINED: N_("Declined"),
    Status.WITHDRAWN: N_("Withdrawn"),
    Status.EXPIRED: N_("Expired"),
    Status.NOT_SCHEDULED: N_("Not scheduled"),
    Status.MOVED: N_("Moved"),
    Status.CANCELLED: N_("Cancelled"),
    Status.HELD: N_("Took place"),
    Status.NO_SHOW: N_("No-show"),
}
_CLOSED: Mapping[RequestState, Status] = {
    RequestState.DECLINED: Status.DECLINED,
    RequestState.WITHDRAWN: Status.WITHDRAWN,
    RequestState.EXPIRED: Status.EXPIRED,
}
_OWN_VETO: Mapping[Viewer, Status] = {Viewer.ASKER: Status.WITHDRAWN, Viewer.ASKED: Status.DECLINED}
_TOLD_OF_MOVES = frozenset({MeetingState.PROVISIONAL, MeetingState.CONFIRMED})


def status_for(
    viewer: Viewer,
    request: RequestState,
    *,
    both_positive: bool = False,
    own_veto: bool = False,
    meeting: MeetingState | None = None,
    moved: bool = False,
    published: bool = False,
) -> Status:
    """Return the one status that ``viewer`` sees.

    There is no way to pass the other side's veto, so it cannot show. Whoever stores one leaves the request's
    state, ``both_positive`` and its expiry as they would have been.

    Parameters
    ----------
    both_positive
        Both sides have said so to each other: mutual wishes, or an answer given.
    own_veto
        The viewer said "no thanks" in private; organisers have no side, and theirs is ignored.
    meeting
        Its state in the published version; that of a draft is nobody's to see and is ignored.
    moved
        The published meeting stands elsewhere than in the version before.
    published
        A version came out since the request was made.
    """
    if published and meeting is not None:
        return _of_meeting(meeting, moved=moved)
    if own_veto and viewer in _OWN_VETO and request not in {RequestState.DECLINED, RequestState.WITHDRAWN}:
        return _OWN_VETO[viewer]
    if request in _CLOSED:
        return _CLOSED[request]
    answered = both_positive or request is RequestState.ACCEPTED
    # An answer still helps after a version is out: the next one, or the desk, may use it.
    if viewer is Viewer.ASKED and not answered:
        return Status.TO_ANSWER
    if published:
        return Status.NOT_SCHEDULED
    return Status.ACCEPTED if answered else Status.AWAITING


def _of_meeting(meeting: MeetingState, *, moved: bool) -> Status:
    return Status.MOVED if moved and meeting in _TOLD_OF_MOVES else Status(meeting)

"""What becomes of a meeting by what those who attended say of it."""

from __future__ import annotations

from collections.abc import Iterable

from matchmaker.domain.states import MeetingState

HAPPENED = frozenset({MeetingState.HELD, MeetingState.NO_SHOW})
"""What no later version moves or cancels: it is told as it was."""
LONGEST_NOTE = 2000


def outcome(said: Iterable[bool | None]) -> MeetingState | None:
    """Return what a meeting became: held by any "it took place", else a no-show by any "it did not".

    One yes outweighs every no, since who waited at the wrong table also saw nobody. None, so long as nobody says
    anything: then it stays what it was.
    """
    answers = set(said)
    if True in answers:
        return MeetingState.HELD
    return MeetingState.NO_SHOW if False in answers else None


def steps(before: MeetingState, after: MeetingState) -> tuple[MeetingState, ...]:
    """Return the states through which a meeting goes from ``before`` to its outcome ``after``, none if it is there.

    A meeting that is still provisional when it begins goes by confirmed: nobody gave it up in time, so it stood.
    """
    if after is before:
        return ()
    return (MeetingState.CONFIRMED, after) if before is MeetingState.PROVISIONAL else (after,)

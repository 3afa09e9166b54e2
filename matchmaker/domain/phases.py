"""Where an event stands after something was published, and what its days make of that."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from matchmaker.domain.states import Phase, VersionKind

ALREADY_THERE = frozenset({Phase.ON_THE_DAY, Phase.AFTER})


class Step(NamedTuple):
    """A phase that comes by itself, and the wall time at the event from which on it is the right one."""

    phase: Phase
    since: datetime


def after_publishing(phase: Phase, kind: VersionKind) -> Phase:
    """Return the event's phase once a version is out.

    A fair that publishes day by day is on the day already, and stays there. Going back from final to provisional
    is the organisers' own choice.
    """
    if phase in ALREADY_THERE:
        return phase
    return Phase.FINAL if kind is VersionKind.FINAL else Phase.PROVISIONAL


def by_itself(phase: Phase, days: Collection[date]) -> tuple[Step, ...]:
    """Return what follows a phase without anybody's doing, in the order of time: only dates decide of these two."""
    if not days or phase not in {Phase.FINAL, Phase.ON_THE_DAY}:
        return ()
    begins = datetime.combine(min(days), time())
    is_over = datetime.combine(max(days) + timedelta(days=1), time())
    steps = Step(Phase.ON_THE_DAY, begins), Step(Phase.AFTER, is_over)
    return steps if phase is Phase.FINAL else steps[1:]


def lies_ahead_again(phase: Phase, days: Collection[date], today: date) -> bool:
    """Tell whether an event that had begun, by its phase, was put off: its first day is yet to come."""
    return phase in ALREADY_THERE and today < min(days)

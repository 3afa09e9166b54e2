"""Where an event stands after something was published."""

from __future__ import annotations

from matchmaker.domain.states import Phase, VersionKind

ALREADY_THERE = frozenset({Phase.ON_THE_DAY, Phase.AFTER})


def after_publishing(phase: Phase, kind: VersionKind) -> Phase:
    """Return the event's phase once a version is out.

    A fair that publishes day by day is on the day already, and stays there. Going back from final to provisional
    is the organisers' own choice.
    """
    if phase in ALREADY_THERE:
        return phase
    return Phase.FINAL if kind is VersionKind.FINAL else Phase.PROVISIONAL

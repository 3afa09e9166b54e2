"""Generated events: the sizes, tight variants and feature sets that measuring needs, alike for everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from solver.generate.plain import plain_event
from solver.generate.sizes import SIZES, TIGHT, Size

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["SIZES", "TIGHT", "Event", "Size", "generate"]

Event = dict[str, Any]


def generate(size: str, *, tight: Collection[str] = (), features: bool = False, seed: int = 0) -> Event:
    """Give the JSON object of a generated problem (``matchmaker-problem-1``), rows still to be written.

    Parameters
    ----------
    size
        A key of ``SIZES``.
    tight
        Any of ``TIGHT``. A tight variant differs from the plain event of the same seed in nothing else.
    features
        Whether at least one of every rule and key of the format occurs.
    seed
        Equal arguments give equal events.
    """
    event = plain_event(SIZES[size], frozenset(tight), seed)
    if features:
        from solver.generate.features import with_every_rule  # noqa: PLC0415 (plain events need none of it)

        with_every_rule(event, SIZES[size], seed)
    return event

"""How wishes become weights: the one published table.

The numbers are a promise printed in the rules of every event, so that nobody gains by guessing them. They
are the same for all events; what an organiser may change are quotas, minimums and a few marked priorities.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from matchmaker.domain.states import ASKS, Silence, WishLevel
from matchmaker.domain.wording import N_

MUST_QUOTA = 5
LIKE_QUOTA = 10

FIRST_MUST = 30
LAST_MUST = 26
LIKE = 10
BOTH_WANT = 40
PRIORITY = 15
PRIORITY_PERCENT = 5

BONUSES = (1000, 200, 50)
ENOUGH_ASKED = 3
SHORTFALL = -150


class PairClass(StrEnum):
    """What the two sides want, strongest first; no addition lifts a request into a stronger class."""

    MUST_MUST = "must+must"
    MUST_LIKE = "must+like"
    LIKE_LIKE = "like+like"
    MUST_ALONE = "must alone"
    LIKE_ALONE = "like alone"


@dataclass(frozen=True, slots=True)
class Wish:
    """One side's wish about the other. ``rank`` counts a side's musts from 1."""

    level: WishLevel
    rank: int | None = None

    def __post_init__(self) -> None:
        if self.rank is not None and (self.level is not WishLevel.MUST or self.rank < 1):
            raise ValueError(f"a {self.level} cannot have rank {self.rank}; only musts do, from 1")


@dataclass(frozen=True, slots=True)
class Score:
    """A request's weight; ``klass`` is None, and the weight 0, if nobody wants the meeting."""

    weight: int
    klass: PairClass | None


@dataclass(frozen=True, slots=True)
class WeightRow:
    """A class of the table as organisers see it, with the range of its weights."""

    klass: PairClass
    least: int
    most: int
    most_with_priority: int


NOBODY = Score(0, None)
CLASS_OF: Mapping[tuple[WishLevel | None, WishLevel | None], PairClass] = {
    (WishLevel.MUST, WishLevel.MUST): PairClass.MUST_MUST,
    (WishLevel.MUST, WishLevel.LIKE): PairClass.MUST_LIKE,
    (WishLevel.LIKE, WishLevel.MUST): PairClass.MUST_LIKE,
    (WishLevel.LIKE, WishLevel.LIKE): PairClass.LIKE_LIKE,
    (WishLevel.MUST, None): PairClass.MUST_ALONE,
    (None, WishLevel.MUST): PairClass.MUST_ALONE,
    (WishLevel.LIKE, None): PairClass.LIKE_ALONE,
    (None, WishLevel.LIKE): PairClass.LIKE_ALONE,
}
WEIGHT_TABLE = (
    WeightRow(PairClass.MUST_MUST, 92, 100, 115),
    WeightRow(PairClass.MUST_LIKE, 76, 80, 91),
    WeightRow(PairClass.LIKE_LIKE, 60, 60, 75),
    WeightRow(PairClass.MUST_ALONE, 26, 30, 45),
    WeightRow(PairClass.LIKE_ALONE, 10, 10, 25),
)
CLASS_LABELS: Mapping[PairClass, str] = {
    PairClass.MUST_MUST: N_("Must meet on both sides"),
    PairClass.MUST_LIKE: N_("Must meet on one side, would like on the other"),
    PairClass.LIKE_LIKE: N_("Would like on both sides"),
    PairClass.MUST_ALONE: N_("Must meet on one side only"),
    PairClass.LIKE_ALONE: N_("Would like on one side only"),
}
_CEILING = {row.klass: row.most_with_priority for row in WEIGHT_TABLE}


def score(a: Wish | None, b: Wish | None, *, priority: bool = False) -> Score | None:
    """Return the weight of a meeting between two sides; None if a no or a veto keeps it from the solver.

    ``priority`` is the organiser's. It adds 15, but stops one below the next class, and does nothing for a
    meeting that neither side wants.
    """
    if _refuses(a) or _refuses(b):
        return None
    a, b = _counted(a, b), _counted(b, a)
    klass = CLASS_OF.get((a.level if a else None, b.level if b else None))
    if klass is None:
        return NOBODY
    weight = _points(a) + _points(b) + (BOTH_WANT if a and b else 0)
    return Score(min(weight + PRIORITY, _CEILING[klass]) if priority else weight, klass)


def reaches_the_solver(
    a: Wish | None,
    b: Wish | None,
    *,
    silence_of_a: Silence = Silence.CONSENTS,
    silence_of_b: Silence = Silence.CONSENTS,
) -> bool:
    """Tell whether a request is to be scheduled at all, given what silence means for either side's type."""
    if _refuses(a) or _refuses(b):
        return False
    a, b = _counted(a, b), _counted(b, a)
    if not (a or b):
        return False
    return (a is not None or silence_of_a is Silence.CONSENTS) and (b is not None or silence_of_b is Silence.CONSENTS)


def bonuses_for(asked_or_accepted: int, open_to_them: int) -> tuple[int, ...]:
    """Return the bonuses of a person's first meetings: earned by asking or accepting enough others.

    Enough is three, or all of the ``open_to_them`` where fewer can be asked; so asking only the minister
    gains nothing over those who also want others.
    """
    enough = min(ENOUGH_ASKED, open_to_them)
    return BONUSES if asked_or_accepted >= enough > 0 else ()


def most_priorities(requests: int) -> int:
    """Return how many of so many requests the organiser may mark: at most 5 %."""
    return requests * PRIORITY_PERCENT // 100


def _refuses(wish: Wish | None) -> bool:
    return wish is not None and wish.level in {WishLevel.NO, WishLevel.VETO}


def _counted(wish: Wish | None, other: Wish | None) -> Wish | None:
    """Return a side's wish as it is weighed: a yes is a like while the other side asks, else nothing."""
    if wish is None or wish.level is not WishLevel.YES:
        return wish
    return Wish(WishLevel.LIKE) if other is not None and other.level in ASKS else None


def _points(wish: Wish | None) -> int:
    if wish is None:
        return 0
    if wish.level is WishLevel.LIKE:
        return LIKE
    # A longer list than five adds nothing: the sixth must is worth what the fifth is.
    return max(LAST_MUST, FIRST_MUST + 1 - wish.rank) if wish.rank else LAST_MUST

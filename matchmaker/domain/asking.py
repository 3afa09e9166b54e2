"""What two organisations' wishes make of a request between them, and until when it waits for an answer."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from matchmaker.domain.states import ASKS, POSITIVE, Asking, RequestState, WishLevel

IN_VAIN = frozenset({RequestState.DECLINED, RequestState.EXPIRED})
"""States of a request that give the asker's place in the quota back."""


class Terms(NamedTuple):
    """How long the requests of an event wait: so many days, and at the latest until it closes its wishes."""

    asking: Asking
    answer_days: int | None = None
    closes_at: datetime | None = None

    def until(self, asked_at: datetime) -> datetime | None:
        """Return when a request of this age expires; None for wishes, which wait as long as the event takes any."""
        if self.asking is not Asking.REQUESTS:
            return None
        ends = [self.closes_at] if self.closes_at else []
        if self.answer_days is not None:
            ends.append(asked_at + timedelta(days=self.answer_days))
        return min(ends, default=None)

    def expired(self, asked_at: datetime, now: datetime) -> bool:
        end = self.until(asked_at)
        return end is not None and end <= now


def request_state(a: WishLevel | None, b: WishLevel | None, *, expired: bool = False) -> RequestState | None:
    """Return the state of a request from what each side said of the other; None where neither asks.

    A veto is silence here, so that nothing that the asker sees can differ. ``expired``: the time to answer is over.
    """
    levels = {a, b}
    if not levels & ASKS:
        return None
    if WishLevel.NO in levels:
        return RequestState.DECLINED
    if levels <= POSITIVE:
        return RequestState.ACCEPTED
    return RequestState.EXPIRED if expired else RequestState.ASKED

"""What the clock tells all people of an event: on the eve of each day, after the last, and before their data goes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

EVENING, MORNING = time(18), time(9)
DAY = timedelta(days=1)
THANKED_WITHIN = timedelta(days=14)
BEFORE_DELETION = timedelta(days=7)


class Kind(StrEnum):
    """The kinds are those of the mails."""

    TOMORROW = "tomorrow"
    THANKS = "thanks"
    DELETION = "deletion"


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to tell once, between two wall times at the event; after ``until`` it would help nobody."""

    kind: Kind
    day: date
    since: datetime
    until: datetime

    @property
    def name(self) -> str:
        return f"{self.kind}-{self.day}"


def notices(days: Sequence[tuple[date, time]], delete_after: date | None) -> Iterator[Notice]:
    """Return all that an event tells: ``days`` with the hour at which each begins."""
    for day, start in days:
        yield Notice(Kind.TOMORROW, day, datetime.combine(day - DAY, EVENING), datetime.combine(day, start))
    if days:
        last = max(day for day, _ in days)
        thanked = datetime.combine(last + DAY, MORNING)
        yield Notice(Kind.THANKS, last, thanked, thanked + THANKED_WITHIN)
    if delete_after is not None:
        told = datetime.combine(delete_after - BEFORE_DELETION, MORNING)
        yield Notice(Kind.DELETION, delete_after, told, datetime.combine(delete_after + DAY, time()))

"""Which days of an event are out: a long one may be published day by day, and nothing is told of the days withheld.

A set of days is None where it is all of the event's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

Days = frozenset[date] | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What an act of publishing does to the days: those ``out`` before it, and those that it publishes."""

    days: tuple[date, ...]
    out: Days
    chosen: Days

    @property
    def after(self) -> Days:
        """The days that are out once it is done."""
        if self.out is None or self.chosen is None:
            return None
        return some_of(self.days, self.out | self.chosen)

    def publishes(self, day: date) -> bool:
        return self.chosen is None or day in self.chosen

    @property
    def completes(self) -> bool:
        """Whether all that was withheld before is told by it."""
        return self.after is None and self.out is not None


class Withheld(NamedTuple):
    """A day of which no meeting was told: the rest comes out ``on`` a day, if that was said, or never if it is over."""

    on: date | None
    is_over: bool


@dataclass(frozen=True, slots=True)
class Parted:
    """Requests by what becomes of their meetings: each day is told as drafted, or stays as it was told.

    ``taken`` go out as drafted; ``staying`` were told on a day that is not published again. ``torn`` were told on a
    day that is, and the draft has them on one that is not: no honest version can hold them.
    """

    taken: frozenset[int]
    staying: frozenset[int]
    torn: frozenset[int]


def some_of(days: Collection[date], chosen: Collection[date]) -> Days:
    """Return the chosen days, None if they are all."""
    return None if set(chosen) >= set(days) else frozenset(chosen)


def withheld(days: Iterable[date], out: Days) -> tuple[date, ...]:
    """Return the days that are not out, in order."""
    return () if out is None else tuple(sorted(set(days) - out))


def to_come(days: Iterable[date], today: date | None) -> tuple[date, ...]:
    """Return those of the days withheld that may still come out: not what is over, where it is known what day it is."""
    return tuple(day for day in days if today is None or day >= today)


def state(day: date, rest_on: date | None, today: date | None) -> Withheld:
    """Return how a day withheld stands; a day on which the rest was to come out is kept silent once it is past."""
    return Withheld(
        on=rest_on if to_come([rest_on] if rest_on else [], today) else None, is_over=not to_come([day], today)
    )


def parted(drafted: Mapping[int, date], told: Mapping[int, date], chosen: Days) -> Parted:
    """Part the meetings of a draft from those that were told and stand, each request with its day."""
    if chosen is None:
        return Parted(frozenset(drafted), frozenset(), frozenset())
    staying = frozenset(id_ for id_, day in told.items() if day not in chosen)
    taken = frozenset(id_ for id_, day in drafted.items() if day in chosen)
    torn = (told.keys() & drafted.keys()) - staying - taken
    return Parted(taken - staying, staying, frozenset(torn))


def together(drafted: Mapping[int, date], told: Mapping[int, date], chosen: Collection[date]) -> frozenset[date]:
    """Return the chosen days with all to which the draft moves what was told on one of them."""
    found = frozenset(chosen)
    while torn := parted(drafted, told, found).torn:
        found |= {drafted[id_] for id_ in torn}
    return found

"""The slots of a problem in numbers."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from solver.masks import Mask, cover, mask_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from solver.problem import Slot


class Timetable:
    """``link`` has bit t where slots t and t + 1 are neighbours; ``days`` are masks."""

    def __init__(self, slots: Iterable[Slot]) -> None:
        rows = tuple(slots)
        self.ids = tuple(slot.id for slot in rows)
        self.index = {id_: index for index, id_ in enumerate(self.ids)}
        self.count = len(rows)
        self.all = cover(0, self.count)
        self.begins = tuple(slot.start for slot in rows)
        self.ends = tuple(slot.end for slot in rows)
        names = {day: number for number, day in enumerate(dict.fromkeys(slot.day for slot in rows))}
        self.day_of = tuple(names[slot.day] for slot in rows)
        self.days = tuple(mask_of(t for t in range(self.count) if self.day_of[t] == day) for day in names.values())
        self.within_day = tuple(t - self.day_of.index(self.day_of[t]) for t in range(self.count))
        self.link = mask_of(
            t for t, (one, two) in enumerate(pairwise(rows)) if one.day == two.day and not two.break_before
        )

    def mask(self, ids: Iterable[str]) -> Mask:
        return mask_of(self.index[id_] for id_ in ids)

    def slots_left(self, start: int) -> int:
        """Count the slots from ``start`` to the end of its day: nothing runs on overnight."""
        return self.days[self.day_of[start]].bit_length() - start

    def runs(self) -> Iterator[range]:
        """Give the maximal runs of neighbours."""
        start = 0
        for t in range(self.count):
            if not self.link >> t & 1:
                yield range(start, t + 1)
                start = t + 1

    def minutes_between(self, earlier: int, later: int) -> int:
        """From the end of one slot to the start of a later one of the same day."""
        return self.begins[later] - self.ends[earlier]

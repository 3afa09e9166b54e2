"""How large a generated event is, and in what a tight variant is short."""

from __future__ import annotations

from dataclasses import dataclass

TIGHT = ("tables", "availability", "weights")


@dataclass(frozen=True, slots=True)
class Size:
    """People, requests and tables; ``days`` of ``slots_a_day`` slots each."""

    name: str
    people: int
    requests: int
    days: int
    slots_a_day: int
    tables: int

    @property
    def slots(self) -> int:
        return self.days * self.slots_a_day


SIZES = {
    size.name: size
    for size in (
        Size("S", 50, 200, days=1, slots_a_day=16, tables=15),
        Size("M", 300, 3_000, days=2, slots_a_day=12, tables=80),
        Size("L", 1_000, 15_000, days=2, slots_a_day=16, tables=250),
        Size("XL", 5_000, 100_000, days=3, slots_a_day=16, tables=1_200),
        Size("XXL", 20_000, 500_000, days=4, slots_a_day=15, tables=4_000),
    )
}

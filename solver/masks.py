"""Sets of slots as whole numbers: bit t stands for slot t."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Mask = int


def mask_of(slots: Iterable[int]) -> Mask:
    mask = 0
    for slot in slots:
        mask |= 1 << slot
    return mask


def bits(mask: Mask) -> Iterator[int]:
    """Give the slots of ``mask``, earliest first."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


def cover(start: int, length: int) -> Mask:
    return ((1 << length) - 1) << start

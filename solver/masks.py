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


def first_of(mask: Mask) -> int:
    """Give the lowest bit of a mask that is not empty."""
    return (mask & -mask).bit_length() - 1


def bits(mask: Mask) -> Iterator[int]:
    """Give the slots of ``mask``, earliest first."""
    while mask:
        yield first_of(mask)
        mask &= mask - 1


def cover(start: int, length: int) -> Mask:
    return ((1 << length) - 1) << start

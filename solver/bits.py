"""Bits of 64-bit words, for machine code."""

from __future__ import annotations

from typing import Any

import numpy as np

from solver.machine import machine

_ONE = np.uint64(1)
_LOW = np.uint64(63)
_SPREAD = np.uint64(0x03F79D71B4CB0A89)  # a de Bruijn sequence: its windows of six bits are all different
_TOP = np.uint64(58)


def _positions() -> np.ndarray[Any, Any]:
    table = np.zeros(64, dtype=np.int64)
    for index in range(64):
        table[(int(_SPREAD) << index & (1 << 64) - 1) >> 58] = index
    return table


_POSITION = _positions()


@machine
def has(masks: Any, row: int, slot: int) -> bool:
    return (masks[row, slot >> 6] >> (np.uint64(slot) & _LOW)) & _ONE != 0


@machine
def add(masks: Any, row: int, slot: int) -> None:
    masks[row, slot >> 6] |= _ONE << (np.uint64(slot) & _LOW)


@machine
def drop(masks: Any, row: int, slot: int) -> None:
    masks[row, slot >> 6] &= ~(_ONE << (np.uint64(slot) & _LOW))


@machine
def later(masks: Any, row: int, word: int, steps: int) -> Any:
    """Give the slots of a word for which the slot ``steps`` later is in the mask."""
    word += steps >> 6
    part = np.uint64(steps) & _LOW
    here = np.uint64(0)
    if word < masks.shape[1]:
        here = masks[row, word] >> part
    if part and word + 1 < masks.shape[1]:
        here |= masks[row, word + 1] << (_LOW + _ONE - part)
    return here


@machine
def whole(masks: Any, row: int, word: int, length: int) -> Any:
    """Give the slots of a word from which ``length`` slots are all in the mask."""
    slots = masks[row, word]
    for steps in range(1, length):
        slots &= later(masks, row, word, steps)
    return slots


@machine
def touched(masks: Any, row: int, word: int, length: int) -> Any:
    """Give the slots of a word from which some of ``length`` slots is in the mask."""
    slots = masks[row, word]
    for steps in range(1, length):
        slots |= later(masks, row, word, steps)
    return slots


@machine
def span(first: int, stop: int, word: int) -> Any:
    """Give the slots of a word from ``first`` up to, not with, ``stop``."""
    low, high = max(0, first - 64 * word), min(64, stop - 64 * word)
    if low >= high:
        return np.uint64(0)
    return (~np.uint64(0) >> np.uint64(64 - (high - low))) << np.uint64(low)


@machine
def lowest(word: Any) -> int:
    """Give the place of the lowest bit of a word that is not 0."""
    return _POSITION[((word & (~word + _ONE)) * _SPREAD) >> _TOP]


@machine
def size(word: Any) -> int:
    count = 0
    while word:
        word &= word - _ONE
        count += 1
    return count

"""Bits of 64-bit words against whole numbers of any length."""

from random import Random

import numpy as np

from solver import bits
from solver.facts import mask_of_row, mask_row

WORDS = 3
SLOTS = 64 * WORDS


def masks(count, seed=1):
    rng = Random(seed)
    return [rng.getrandbits(SLOTS) | rng.getrandbits(SLOTS) for _ in range(count)]


def by_words(function, mask, *numbers):
    rows = np.array([mask_row(0, WORDS), mask_row(mask, WORDS)])
    return mask_of_row(np.array([function(rows, 1, word, *numbers) for word in range(WORDS)], np.uint64))


def test_what_holds_some_slots_later():
    shifts = [0, 1, 7, 63, 64, 65, 127, 128, 191, 192, 300]

    found = [by_words(bits.later, mask, steps) for mask in masks(5) for steps in shifts]

    assert found == [mask >> steps for mask in masks(5) for steps in shifts]


def test_where_several_slots_in_a_row_are_in_a_mask_all_or_some():
    lengths = [1, 2, 3, 5, 70]
    runs = [[mask >> steps for steps in range(length)] for mask in masks(5) for length in lengths]

    whole = [by_words(bits.whole, mask, length) for mask in masks(5) for length in lengths]
    touched = [by_words(bits.touched, mask, length) for mask in masks(5) for length in lengths]

    assert whole == [int(np.bitwise_and.reduce(np.array(run, object))) for run in runs]
    assert touched == [int(np.bitwise_or.reduce(np.array(run, object))) for run in runs]
    assert any(whole)


def test_the_slots_between_two():
    spans = [(0, 0), (0, 64), (3, 3), (5, 70), (63, 65), (64, 128), (100, 192), (192, 250)]

    found = [mask_of_row(np.array([bits.span(*span, word) for word in range(WORDS)], np.uint64)) for span in spans]

    assert found == [sum(1 << slot for slot in range(first, min(stop, SLOTS))) for first, stop in spans]

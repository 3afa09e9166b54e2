"""Addresses: what they stand for lives as long as they do."""

import gc
from dataclasses import dataclass

import numpy as np
import pytest

from solver.refs import refs_of


@dataclass(frozen=True)
class Parts:
    numbers: np.ndarray
    table: np.ndarray
    limit: int


def test_addresses_say_where_how_long_and_how_wide():
    parts = Parts(np.arange(3), np.zeros((2, 5)), 7)

    refs = refs_of(parts)

    where = (parts.numbers.ctypes.data, parts.table.ctypes.data)
    assert refs.tolist() == [where[0], 3, 1, where[1], 2, 5, 7, 0, 0]


def test_an_array_lives_on_while_only_its_address_is_known():
    gone = []

    class Told(np.ndarray):
        def __del__(self):
            gone.append(True)

    refs = refs_of(Parts(np.arange(3).view(Told), np.zeros((1, 1)), 0))
    gc.collect()
    alive = list(gone)
    del refs
    gc.collect()

    assert (alive, gone) == ([], [True])


def test_an_array_that_does_not_lie_in_one_piece_is_refused():
    with pytest.raises(ValueError, match="table is not contiguous"):
        refs_of(Parts(np.arange(3), np.zeros((4, 4))[:, ::2], 0))

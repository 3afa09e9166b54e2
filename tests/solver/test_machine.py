"""Machine code: made once for whole numbers of every width, and kept where nobody else can write."""

from __future__ import annotations

import numpy as np
import pytest

from solver import machine as machine_module
from solver.machine import _cache, _digest, machine


def twice(number):
    return number + number


def test_one_function_serves_whole_numbers_of_every_width():
    callee = machine(twice)
    narrow = machine(lambda numbers: callee(numbers[0]))
    wide = machine(lambda numbers: callee(numbers[0] + 1))

    assert [narrow(np.array([3], kind)) for kind in ("i4", "i2", "u1", "i8")] == [6, 6, 6, 6]
    assert wide(np.array([2**31], np.int64)) == 2**32 + 2
    assert len(callee.nopython_signatures) == 1


def test_words_of_bits_and_real_numbers_are_not_widened():
    callee = machine(twice)
    given = machine(lambda numbers: callee(numbers[0]))

    assert given(np.array([2**62], np.uint64)) == 2**63
    assert given(np.array([0.25])) == 0.5
    assert len(callee.nopython_signatures) == 2


@pytest.fixture
def places(monkeypatch, tmp_path):
    """Let machine code be kept in two folders of this test."""
    both = [tmp_path / "beside", tmp_path / "own"]
    monkeypatch.setattr(machine_module, "_places", lambda: both)
    return both


def test_code_is_kept_beside_the_sources_and_that_of_other_sources_goes(places):
    old = places[0] / "machine-of-old-sources"
    old.mkdir(parents=True)

    assert _cache() == places[0] / f"machine-{_digest()}"
    assert not old.exists()


def test_code_is_kept_in_the_users_own_cache_where_the_sources_cannot_be_written_beside(places):
    places[0].write_text("a file where the folder would be")

    assert _cache() == places[1] / f"machine-{_digest()}"


def test_code_is_kept_for_this_process_alone_where_nothing_can_be_written(places):
    for place in places:
        place.write_text("a file where the folder would be")

    kept = _cache()

    assert kept.is_dir()
    assert kept.stat().st_mode & 0o077 == 0
    kept.rmdir()


def test_what_the_code_was_made_from_is_in_its_name(monkeypatch, tmp_path):
    (tmp_path / "rule.py").write_text("one")
    (tmp_path / "bench").mkdir()
    (tmp_path / "bench" / "table.py").write_text("one")
    monkeypatch.setattr(machine_module, "HERE", tmp_path)
    before = _digest()

    (tmp_path / "bench" / "table.py").write_text("another")
    assert _digest() == before
    (tmp_path / "rule.py").write_text("another")
    assert _digest() != before

"""Machine code made ahead: once, wholly, and not longer than somebody wants it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from solver import warming
from solver.machine import _SETTINGS


@pytest.fixture
def folder(monkeypatch, tmp_path):
    """Keep the sign that all is made in a folder of this test; the code itself stays where it is."""
    monkeypatch.setitem(_SETTINGS, "CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(warming.os, "nice", lambda more: more)
    return tmp_path


def test_what_was_made_is_not_made_again(folder, monkeypatch):
    events = []
    small_event = warming._small_event
    monkeypatch.setattr(warming, "_small_event", lambda: events.append("read") or small_event())

    warming.warm()
    warming.warm()
    assert events == ["read"]

    (folder / "ready").unlink()
    warming.warm()
    assert events == ["read", "read"]


def _descendants(pid):
    children = Path(f"/proc/{pid}/task/{pid}/children")
    found = [int(child) for child in children.read_text("ascii").split()] if children.exists() else []
    return found + [other for child in found for other in _descendants(child)]


def _runs(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rsplit(") ", 1)[1][0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.skipif(sys.platform != "linux", reason="reads the children of a process from /proc")
def test_who_is_killed_leaves_no_process_behind(tmp_path):
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}  # an empty one: there is enough to do
    command = [
        sys.executable,
        "-c",
        "import time; from solver import warming; warming._start_explaining(); time.sleep(300)",
    ]
    process = subprocess.Popen(command, env=environment)
    end = time.monotonic() + 60
    while not (helpers := _descendants(process.pid)) and time.monotonic() < end:
        time.sleep(0.1)
    time.sleep(3)  # into its work
    assert [pid for pid in helpers if _runs(pid)] == helpers != []

    process.send_signal(signal.SIGKILL)
    process.wait()

    while any(map(_runs, helpers)) and time.monotonic() < end + 60:
        time.sleep(0.1)
    assert [pid for pid in helpers if _runs(pid)] == []

"""A command in a process of its own, and what it cost: wall time, CPU time, memory, all its children included."""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import IO

LOOK = 0.1  # seconds between two looks at the memory of a process and its children
PROC = Path("/proc")
MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Ended:
    """What a process printed and cost. ``code`` is None if it was killed when its time was over.

    ``seconds`` is wall time, ``cpu_seconds`` that of the process and its children, start and imports included;
    ``megabytes`` is the most that they held at once.
    """

    code: int | None
    output: str
    errors: str
    seconds: float
    cpu_seconds: float
    megabytes: float


def run(command: Sequence[str], *, seconds: float) -> Ended:
    """Run a command, and kill it and its children after so many seconds of wall time."""
    started = monotonic()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as child:
        watch = _Watch(child.pid, seconds)
        readers = [_Reader(child.stdout), _Reader(child.stderr)]
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        spent = monotonic() - started
        killed = watch.end()
        output, errors = (reader.text() for reader in readers)
    return Ended(
        code=None if killed else child.returncode,
        output=output,
        errors=errors,
        seconds=spent,
        cpu_seconds=usage.ru_utime + usage.ru_stime,
        megabytes=(watch.most or usage.ru_maxrss * 1024) / MEGABYTE,
    )


class _Reader(Thread):
    def __init__(self, stream: IO[str] | None) -> None:
        super().__init__(daemon=True)
        self.stream = stream
        self.content = ""
        self.start()

    def run(self) -> None:
        self.content = self.stream.read() if self.stream is not None else ""

    def text(self) -> str:
        self.join()
        return self.content


class _Watch(Thread):
    """Looks at the memory now and then, and kills the whole session when the time is over."""

    def __init__(self, session: int, seconds: float) -> None:
        super().__init__(daemon=True)
        self.session = session
        self.deadline = monotonic() + seconds
        self.ended = Event()
        self.killed = False
        self.most = 0
        self.start()

    def run(self) -> None:
        while not self.ended.wait(LOOK):
            self.most = max(self.most, memory_of_session(self.session), most_memory_of(self.session))
            if monotonic() > self.deadline:
                self.killed = True
                with suppress(ProcessLookupError):  # it has just ended by itself
                    os.killpg(self.session, signal.SIGKILL)
                return

    def end(self) -> bool:
        self.ended.set()
        self.join()
        return self.killed


def most_memory_of(process: int) -> int:
    """Return the most bytes that a process has held since it began its program; 0 where the system does not tell.

    What the system reports at a process's end counts what its parent held when it was forked.
    """
    try:
        lines = (PROC / str(process) / "status").read_text(encoding="utf-8").splitlines()
    except OSError:  # it has ended meanwhile
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM")), 0)


def memory_of_session(session: int) -> int:
    """Return the bytes that all processes of a session hold in memory; 0 where the system does not tell."""
    total = 0
    for entry in PROC.glob("[0-9]*"):
        try:
            fields = (entry / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            if int(fields[3]) == session:
                total += int((entry / "statm").read_text(encoding="utf-8").split()[1])
        except (OSError, ValueError, IndexError):  # it has ended meanwhile
            continue
    return total * os.sysconf("SC_PAGE_SIZE")

"""The solver as a child process: its limits, its progress, and an end that is always stated.

Whatever becomes of the child (no memory, no time, a crash, a kill), ``outcome`` says so in one of a few words;
it never raises, and the child never outlives the thread that started it.
"""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self

from matchmaker.paths import PACKAGE
from matchmaker.scheduling.tasks import Outcome, Solve, Task

GRACE_SECONDS = 10.0
"""What the solver may take beyond its seconds to write its answer, before it is killed."""
OUT_OF_MEMORY = (
    *("MemoryError", "bad_alloc", "Cannot allocate memory", "cannot allocate memory", "out of memory"),
    *("failed to map segment", "libllvmlite.so", "allocation still failed"),  # of a library that is loaded
)
TAIL_LINES = 20


@dataclass(frozen=True, slots=True)
class Limits:
    seconds: int
    memory_mb: int
    workers: int
    seed: int
    grace: float = GRACE_SECONDS


@dataclass(frozen=True, slots=True)
class Progress:
    """A point of the curve; ``seconds`` counts from the child's start, value and bound come when they are known."""

    seconds: float
    phase: str
    value: float | None = None
    bound: float | None = None


class Child:
    """One command of the solver. Use it as a context: leaving ends the process and removes its files."""

    def __init__(self, problem: bytes, limits: Limits, task: Task | None = None) -> None:
        """Start on a packed problem; without a task it is to be solved."""
        self._limits, self._task = limits, task or Solve()
        self._folder = TemporaryDirectory(prefix="matchmaker-run-")
        self._answer = Path(self._folder.name, "answer.json")
        question = Path(self._folder.name, "problem.json.gz")
        question.write_bytes(problem)
        asked = [*self._task.command(Path(self._folder.name), question), *self._task.told]
        self._deadline = time.monotonic() + limits.seconds + limits.grace
        self._process = subprocess.Popen(
            _launched(asked, self._answer, limits),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=_environment(),
            process_group=0,  # a Ctrl-C in the terminal is for the worker, which stops the child itself
        )
        self._pipe = self._process.stderr
        self._rest = b""
        self._tail: deque[str] = deque(maxlen=TAIL_LINES)
        self._out_of_time = self._stopped = False

    def _given(self, schedule: bytes) -> Path:
        given = Path(self._folder.name, "given.json.gz")
        given.write_bytes(schedule)
        return given

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        if self._pipe:
            self._pipe.close()
        self._folder.cleanup()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether the child still runs; one that has used up its time, or does not stop when asked, is killed here."""
        if self._process.poll() is not None:
            return False
        if time.monotonic() > self._deadline:
            self._out_of_time = True
            self._process.kill()
            self._process.wait()
            return False
        return True

    def progress(self, patience: float) -> Sequence[Progress]:
        """Wait up to ``patience`` seconds for news and return it, in order."""
        with selectors.DefaultSelector() as selector:
            if self._pipe is None or not self._pipe.readable():
                return ()
            selector.register(self._pipe, selectors.EVENT_READ)
            if not selector.select(patience):
                return ()
        data = os.read(self._pipe.fileno(), 1 << 16)
        if not data:
            self._await_end(patience)
        return self._points(data)

    def stop(self) -> None:
        """Ask the child, once, to end now and keep the best schedule it has."""
        if not self._stopped and self._process.poll() is None:
            self._stopped = True
            self._deadline = min(self._deadline, time.monotonic() + self._limits.grace)
            self._process.terminate()

    def outcome(self) -> Outcome:
        """Wait for the end and say what it was."""
        while self.running:
            self.progress(0.5)
        while self.progress(0):
            pass
        if self._out_of_time:
            return Outcome(failure="time", detail={"seconds": self._limits.seconds})
        return self._read(self._process.wait())

    def _await_end(self, patience: float) -> None:
        """Nothing more will be said: wait for the exit itself, not in a busy loop."""
        try:
            self._process.wait(max(patience, 0.05))
        except subprocess.TimeoutExpired:
            return

    def _points(self, data: bytes) -> list[Progress]:
        *lines, self._rest = (self._rest + data).split(b"\n")
        points = []
        for line in lines:
            text = line.decode("utf-8", "replace")
            point = _point(text)
            if point is None:
                self._tail.append(text)
            else:
                points.append(point)
        return points

    def _read(self, code: int) -> Outcome:
        match code:
            case 0:
                return self._task.read(self._answer)
            case 2:
                return Outcome(failure="bad_problem", detail={"line": self._last_words()})
            case 3:
                return Outcome(failure="conflict", detail=self._conflict())
            case 4:
                return Outcome(failure="nothing_found")
            case _:
                failure = "memory" if self._ran_out_of_memory() else "crashed"
                return Outcome(failure=failure, detail={"code": code, "line": self._last_words()})

    def _conflict(self) -> dict[str, Any]:
        try:
            data = json.loads(self._answer.read_text("utf-8"))
            return {"requests": list(data["requests"]), "participants": list(data["participants"])}
        except (OSError, ValueError, KeyError, TypeError):
            return {"requests": [], "participants": []}

    def _ran_out_of_memory(self) -> bool:
        said = "\n".join((*self._tail, self._rest.decode("utf-8", "replace")))
        return any(words in said for words in OUT_OF_MEMORY)

    def _last_words(self) -> str:
        lines = [*self._tail, self._rest.decode("utf-8", "replace")]
        last = next((line.strip() for line in reversed(lines) if line.strip()), "")
        return last.replace(f"{self._folder.name}{os.sep}", "")[:500]


def prepare(memory_mb: int) -> subprocess.Popen[bytes]:
    """Start making the solver's machine code, so that the first run need not wait for it; it ends with its parent."""
    return subprocess.Popen(
        [sys.executable, "-m", "matchmaker.scheduling.launch", str(memory_mb), str(os.getpid()), "warm"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=_environment(),
        process_group=0,
    )


def _launched(asked: Sequence[str], answer: Path, limits: Limits) -> list[str]:
    launch = [sys.executable, "-m", "matchmaker.scheduling.launch", str(limits.memory_mb), str(os.getpid())]
    given = ["--seconds", str(limits.seconds), "--workers", str(limits.workers), "--seed", str(limits.seed)]
    return [*launch, *asked, *given, "-o", str(answer)]


def _environment() -> dict[str, str]:
    """Let the child find the same packages wherever the worker was started."""
    beside = str(PACKAGE.parent)
    known = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]
    return {**os.environ, "PYTHONPATH": os.pathsep.join([beside, *(path for path in known if path != beside)])}


def _point(line: str) -> Progress | None:
    if not line.startswith("{"):
        return None
    try:
        data = json.loads(line)
        return Progress(float(data["seconds"]), str(data["phase"])[:24], data.get("value"), data.get("bound"))
    except (ValueError, KeyError, TypeError):
        return None

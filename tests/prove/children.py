"""Processes of ours that are killed: each does one thing with the real code, and may die at a named point.

They are forked from a server that has loaded everything and has no threads, so that a thousand of them are cheap. What
a child does to die at its point stands here: the code that it runs knows nothing of it.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from matchmaker.app import create_app
from matchmaker.extensions import db
from matchmaker.settings import Settings
from tests.prove.rows import Offs, switched

LONGEST = 300.0
KILLED = -signal.SIGKILL


@dataclass(frozen=True)
class Point:
    """Where a child dies: at the ``count``-th time, from 1, that ``what`` happens."""

    what: str
    count: int = 1

    def __str__(self) -> str:
        return f"{self.what} {self.count}"


BEFORE_STATEMENT, AFTER_STATEMENT = "before statement", "after statement"
BEFORE_KEPT, AFTER_KEPT = "before commit", "after commit"
NOWHERE = Point("nowhere")


def start(work: Callable[..., None], settings: Settings, point: Point, offs: Offs, *args: Any) -> Any:
    """Begin ``work(*args)`` in a child, inside the application's context; return the process."""
    child = _context().Process(target=_live, args=(work, settings, point, offs, args), daemon=True)
    child.start()
    return child


def end(child: Any, longest: float = LONGEST) -> int:
    """Wait for a child's end and return its exit status; one that does not end is killed and counts as 1."""
    child.join(longest)
    if child.exitcode is None:
        child.kill()
        child.join()
        return 1
    return child.exitcode


def together(children: Sequence[Any], longest: float = 20 * LONGEST) -> list[int]:
    return [end(child, longest) for child in children]


def _context() -> Any:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.prove.nursery"])
    return context


def _live(work: Callable[..., None], settings: Settings, point: Point, offs: Offs, args: Sequence[Any]) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    with switched(offs), create_app(settings).app_context():
        _arm(db.engine, point)
        work(*args)


def _arm(engine: Engine, point: Point) -> None:
    """Let this process kill itself at the point."""
    left = [point.count]

    def happens(*_args: Any, **_kwargs: Any) -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    match point.what:
        case "before statement":
            event.listen(engine, "before_cursor_execute", happens)
        case "after statement":
            event.listen(engine, "after_cursor_execute", happens)
        case "before commit":
            event.listen(engine, "commit", happens)
        case "after commit":
            event.listen(Session, "after_commit", happens)

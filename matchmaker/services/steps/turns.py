"""What the clock does for one event after the other: one that fails keeps no other from its turn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import structlog

from matchmaker.extensions import db

T = TypeVar("T")
log = structlog.get_logger()


@contextmanager
def turn(job: str, **what: object) -> Iterator[None]:
    """Say in one line of the log what fails inside, and of ``what``, and let nothing of it stand."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 -- the others have their turn, whatever it is
        db.session.rollback()
        log.error("job failed", job=job, **what, error=type(error).__name__, cause=str(error))  # noqa: TRY400


def each(job: str, event_ids: Iterable[int], do: Callable[[int], T]) -> list[T]:
    """Do a job for each event in its own turn; return what came of those that did not fail."""
    done = []
    for event_id in event_ids:
        with turn(job, of=event_id):
            done.append(do(event_id))
    return done

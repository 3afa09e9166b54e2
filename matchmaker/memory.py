"""What the collector of garbage need not look at, in the processes that stay."""

from __future__ import annotations

import gc

from sqlalchemy.orm import configure_mappers

NEW_OBJECTS = 10_000
"""The collector looks at new objects once there are so many; a page or a mail makes more than Python's own 700."""


def set_apart() -> None:
    """Set apart what is here to stay, once all is loaded that a process needs.

    The collector stops everybody while it looks through all there is, code and pages for the greater part: 200 ms every
    fifty agendas, which is felt by whoever waits at that moment. It does so once enough is in use that was not before:
    looking seldom, it seldom meets what a page has made and will let go.
    """
    configure_mappers()
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS)

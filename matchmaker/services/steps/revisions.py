"""Two people edit one thing: the second is told the difference and overwrites nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from matchmaker.errors import ChangedMeanwhile


class Revised(Protocol):
    revision: Any


def bump(row: Revised, revision: int, fields: Mapping[str, Any]) -> None:
    """Set ``fields`` on a row that still has the ``revision`` its editor saw, and raise the revision.

    Raises
    ------
    ChangedMeanwhile
        If somebody saved since, with what differs now; the row is left as it is.
    """
    if row.revision != revision:
        theirs = {name: getattr(row, name) for name in fields}
        difference = {name: (theirs[name], yours) for name, yours in fields.items() if theirs[name] != yours}
        raise ChangedMeanwhile(type(row).__name__.lower(), difference)
    for name, value in fields.items():
        setattr(row, name, value)
    row.revision = revision + 1

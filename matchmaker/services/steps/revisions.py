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
    refuse_stale(row, revision, {name: getattr(row, name) for name in fields}, fields)
    for name, value in fields.items():
        setattr(row, name, value)
    row.revision = revision + 1


def refuse_stale(row: Revised, revision: int, theirs: Mapping[str, Any], yours: Mapping[str, Any]) -> None:
    """Refuse an edit of what has another revision by now; for things kept in more rows than one.

    Raises
    ------
    ChangedMeanwhile
        With each field of ``yours`` that differs from ``theirs``.
    """
    if row.revision != revision:
        difference = {name: (theirs.get(name), value) for name, value in yours.items() if theirs.get(name) != value}
        raise ChangedMeanwhile(type(row).__name__.lower(), difference, row.revision)

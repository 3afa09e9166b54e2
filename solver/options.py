"""Where and how one request could be held: the values that every strategy passes around."""

from __future__ import annotations

from typing import NamedTuple

from solver.masks import Mask, cover

NOWHERE = -1


class Option(NamedTuple):
    """One way to hold a request, at any of ``starts``. ``people`` are the attendees and the interpreter."""

    request: int
    attendees: tuple[int, ...]
    people: tuple[int, ...]
    site: int
    table: int | None
    interpreter: int | None
    length: int
    starts: Mask
    number: int = NOWHERE  # among the options of the facts


class Placement(NamedTuple):
    option: Option
    start: int

    @property
    def cover(self) -> Mask:
        return cover(self.start, self.option.length)

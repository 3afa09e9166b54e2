"""What a row of the proof is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from typing import NamedTuple, TypeAlias

MOST_SHOWN = 20


class Off(NamedTuple):
    """A guard that is switched off, to see that the row notices: ``target`` is ``module:name``."""

    target: str
    instead: object


Offs: TypeAlias = Sequence[Off]


class Measured(NamedTuple):
    """``said`` are the figures in one line, ``faults`` what broke the promise; none if it holds."""

    said: str
    size: str
    faults: Sequence[str]


@dataclass(frozen=True)
class Row:
    """A promise that is measured.

    ``measure`` takes a size and what is off; ``full`` is the size of the whole proof, ``smoke`` that of the tests.
    ``controls`` are the guards without which the row must fail, by name, with the size at which it does.
    """

    name: str
    asked: str
    full: int
    smoke: int
    measure: Callable[[int, Offs], Measured]
    controls: Mapping[str, Offs] = field(default_factory=dict)
    minutes: int = 20
    """What the whole takes on two cores, about."""


@contextmanager
def switched(offs: Offs) -> Iterator[None]:
    """Replace functions of ours for a while."""
    before = [(_place(off), getattr(*_place(off))) for off in offs]
    for off in offs:
        setattr(*_place(off), off.instead)
    try:
        yield
    finally:
        for place, kept in before:
            setattr(*place, kept)


def _place(off: Off) -> tuple[object, str]:
    module, _, name = off.target.partition(":")
    return import_module(module), name


def shown(faults: Sequence[str]) -> str:
    """Return the first faults as lines, and how many more there are."""
    more = [f"… and {len(faults) - MOST_SHOWN} more"] if len(faults) > MOST_SHOWN else []
    return "\n".join([*faults[:MOST_SHOWN], *more])

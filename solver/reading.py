"""Checked reading of JSON values: each reader returns what it was given, or says where and why it cannot.

A reader takes one value and raises ``Unfit``; whoever called it on a part of something larger puts the
part's place before it. So a place costs nothing until something is wrong. ``Rows`` and ``Object`` also take
their parts one by one, so that a file need never be in memory as a whole (``streaming``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

Reader = Callable[[Any], Any]
CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00", re.ASCII)
LARGEST = 1 << 53  # of a number, either way: up to here every program reads the same one
MOST_ROWS = 1_000_000  # of one list; the largest event foreseen has 500,000 requests
MOST_NAMES = 2_000_000  # that are different, in one file


class Unfit(Exception):
    """A value that is not what its place expects."""

    def __init__(self, wrong: str, expected: str, place: str = "") -> None:
        self.wrong = wrong
        self.expected = expected
        self.place = place
        super().__init__(wrong, expected, place)

    def inside(self, part: str) -> Unfit:
        return Unfit(self.wrong, self.expected, part + self.place)


class Key(NamedTuple):
    """How one key of an object is read. ``missing`` is its value where it is left out or null."""

    read: Reader
    missing: Any = None
    required: bool = False


Keys = Mapping[str, Key]


def shown(value: Any) -> str:
    """Give the start of the value as JSON, for a sentence; of a long list or text not more than is needed."""
    if isinstance(value, (str, list)):
        value = value[:60]
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else f"{text[:57]}..."


def text(value: Any) -> str:
    """Read a text that is not empty; half a surrogate pair could be written to no file."""
    if type(value) is not str or not value:
        raise Unfit(shown(value), "a text")
    if not value.isascii():
        _refuse_half_pairs(value)
    return value


def _refuse_half_pairs(value: str) -> None:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise Unfit("half a surrogate pair", "a text of whole characters") from None


def whole(value: Any) -> int:
    if type(value) is not int or not -LARGEST <= value <= LARGEST:
        raise Unfit(shown(value), "a whole number")
    return value


def natural(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= LARGEST:
        raise Unfit(shown(value), "a whole number of 0 or more")
    return value


def positive(value: Any) -> int:
    if type(value) is not int or not 1 <= value <= LARGEST:
        raise Unfit(shown(value), "a whole number of 1 or more")
    return value


def number(value: Any) -> float:
    if type(value) not in {int, float} or not -LARGEST <= value <= LARGEST:
        raise Unfit(shown(value), "a number")
    return float(value)


def flag(value: Any) -> bool:
    if type(value) is not bool:
        raise Unfit(shown(value), "true or false")
    return value


def clock(value: Any) -> int:
    """Minutes after midnight of a time such as ``09:20``."""
    if not isinstance(value, str) or not CLOCK.fullmatch(value):
        raise Unfit(shown(value), "a time such as 09:20")
    return int(value[:2]) * 60 + int(value[3:])


def anything(value: Any) -> dict[str, Any]:
    """Read an object whose keys no format names, such as the facts of a reason."""
    if not isinstance(value, dict):
        raise Unfit(shown(value), "an object")
    if value:
        _refuse_what_json_is_not(value)
    return value


def _refuse_what_json_is_not(value: dict[str, Any]) -> None:
    try:
        content = json.dumps(value, ensure_ascii=False, allow_nan=False)
    except ValueError:
        raise Unfit("a number that is not finite", "numbers that JSON knows") from None
    if not content.isascii():
        _refuse_half_pairs(content)


def one_of(*words: str) -> Reader:
    def read(value: Any) -> str:
        if value not in words:
            raise Unfit(shown(value), " or ".join(words))
        return str(value)

    return read


class Rows:
    """Reads a list. ``collect`` makes of the parts, each read already, what the list stands for."""

    def __init__(self, part: Reader, collect: Callable[[list[Any]], Any] = tuple) -> None:
        self.part = part
        self.collect = collect

    def __call__(self, value: Any) -> Any:
        if type(value) is not list:
            raise Unfit(shown(value), "a list")
        try:
            parts = list(map(self.part, value))
        except Unfit:  # which part it is, only the careful way tells
            return self.gather(map(self.part, value))
        return self.collect(parts)

    def gather(self, parts: Iterator[Any]) -> Any:
        done: list[Any] = []
        try:
            for part in islice(parts, MOST_ROWS):
                done.append(part)  # noqa: PERF402 (its length tells which part is unfit)
        except Unfit as error:
            raise error.inside(f"[{len(done)}]") from None
        if len(done) == MOST_ROWS and next(parts, None) is not None:
            raise Unfit(f"more than {MOST_ROWS} rows", f"at most {MOST_ROWS}")
        return self.collect(done)


class Object:
    """Reads an object with exactly these keys, and calls ``make`` with their values in the order of ``keys``.

    What is left out or null has its default. One that is ``long`` may have more rows than fit into a window.
    """

    def __init__(self, make: Callable[..., Any], keys: Keys, *, long: bool = False) -> None:
        self.make = make
        self.long = long
        self.missing: dict[str, Any] = {name: None if key.required else key.missing for name, key in keys.items()}
        self.required = [name for name, key in keys.items() if key.required]
        self._readers = {name: key.read for name, key in keys.items()}

    def __call__(self, value: Any) -> Any:
        if type(value) is not dict:
            raise Unfit(shown(value), "an object")
        parts, readers = self.missing.copy(), self._readers
        name = ""
        try:
            for name, part in value.items():
                read = readers.get(name) or self.reader(name)
                if part is not None:
                    parts[name] = read(part)
        except Unfit as error:
            raise error.inside(f".{name}") from None
        return self._made(parts)

    def reader(self, name: str) -> Reader:
        if name not in self._readers:
            raise Unfit("unknown key", f"one of {', '.join(self._readers)}")
        return self._readers[name]

    def made(self, given: dict[str, Any]) -> Any:
        """Make the value of parts that are read already, without those that are left out or null."""
        return self._made(self.missing | given)

    def _made(self, parts: dict[str, Any]) -> Any:
        for name in self.required:
            if parts[name] is None:
                raise Unfit("missing", "a value", f".{name}")
        return self.make(*parts.values())


class Names:
    """Reads the ids that rows refer to, and gives equal ones as one object: a large file repeats few of them.

    Lives as long as one file is read. The ids of rows themselves are all different and do not pass here.
    """

    def __init__(self) -> None:
        self._known: dict[str, str] = {}
        self._alone: dict[str, tuple[str]] = {}
        self._sets: dict[frozenset[str], frozenset[str]] = {}
        self._read_all = Rows(self.text)

    def text(self, value: Any) -> str:
        if type(value) is str and value in self._known:
            return self._known[value]
        if len(self._known) >= MOST_NAMES:
            raise Unfit("one different name more", f"at most {MOST_NAMES} in a file")
        return self._known.setdefault(text(value), value)

    def texts(self, value: Any) -> tuple[str, ...]:
        if type(value) is list and len(value) == 1:
            return self._only(value)
        return self._several(value)

    def _only(self, value: list[Any]) -> tuple[str, ...]:
        if type(value[0]) is str and value[0] in self._alone:
            return self._alone[value[0]]
        only: tuple[str] = self._read_all(value)
        return self._alone.setdefault(only[0], only)

    def _several(self, value: Any) -> tuple[str, ...]:
        if type(value) is list:
            try:
                return tuple([self._known[name] for name in value])
            except (KeyError, TypeError):  # a name that is new, or none
                pass
        several: tuple[str, ...] = self._read_all(value)
        return several

    def set(self, value: Any) -> frozenset[str]:
        names = frozenset(self._several(value))
        return self._sets.setdefault(names, names)

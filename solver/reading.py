"""Checked reading of JSON values: each reader returns what it was given, or says where and why it cannot.

A reader takes one value and raises ``Unfit``; whoever called it on a part of something larger puts the
part's place before it. So a place costs nothing until something is wrong.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from solver.errors import InvalidProblemError

if TYPE_CHECKING:
    from pathlib import Path

Value = TypeVar("Value")
Reader = Callable[[Any], Any]
LARGEST = 1 << 30  # characters of a file once unpacked
CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00")


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
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else f"{text[:57]}..."


def text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise Unfit(shown(value), "a text")
    return value


def whole(value: Any) -> int:
    if type(value) is not int:
        raise Unfit(shown(value), "a whole number")
    return value


def natural(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise Unfit(shown(value), "a whole number of 0 or more")
    return value


def positive(value: Any) -> int:
    if type(value) is not int or value < 1:
        raise Unfit(shown(value), "a whole number of 1 or more")
    return value


def number(value: Any) -> float:
    if type(value) not in {int, float}:
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


def one_of(*words: str) -> Reader:
    def read(value: Any) -> str:
        if value not in words:
            raise Unfit(shown(value), " or ".join(words))
        return str(value)

    return read


def listed(read: Callable[[Any], Value]) -> Callable[[Any], tuple[Value, ...]]:
    def read_all(value: Any) -> tuple[Value, ...]:
        if not isinstance(value, list):
            raise Unfit(shown(value), "a list")
        done: list[Value] = []
        try:
            for part in value:
                done.append(read(part))  # noqa: PERF401 (its length tells which part is unfit)
        except Unfit as error:
            raise error.inside(f"[{len(done)}]") from None
        return tuple(done)

    return read_all


texts = listed(text)


def text_set(value: Any) -> frozenset[str]:
    return frozenset(texts(value))


def fields(value: Any, keys: Keys) -> dict[str, Any]:
    """Read an object with exactly these keys; those that are left out or null get their default."""
    if not isinstance(value, dict):
        raise Unfit(shown(value), "an object")
    if not value.keys() <= keys.keys():
        stranger = next(key for key in value if key not in keys)
        raise Unfit("unknown key", f"one of {', '.join(keys)}", f".{stranger}")
    return {name: _field(value.get(name), name, key) for name, key in keys.items()}


def _field(value: Any, name: str, key: Key) -> Any:
    if value is None:
        if key.required:
            raise Unfit("missing", "a value", f".{name}")
        return key.missing
    try:
        return key.read(value)
    except Unfit as error:
        raise error.inside(f".{name}") from None


def load(path: Path) -> Any:
    """Parse a file of JSON, unpacked first where its name ends in ``.gz``."""
    try:
        return json.loads(_content(path), parse_constant=_refuse_constant)
    except OSError as error:
        raise InvalidProblemError("file", error.strerror or str(error), "a file that can be read") from None
    except UnicodeDecodeError as error:
        raise InvalidProblemError(f"byte {error.start}", "no UTF-8", "text in UTF-8") from None
    except json.JSONDecodeError as error:
        raise InvalidProblemError(f"line {error.lineno} column {error.colno}", error.msg, "JSON") from None
    except (EOFError, zlib.error) as error:
        raise InvalidProblemError("file", str(error), "a whole gzip file") from None
    except RecursionError:
        raise InvalidProblemError("file", "too many levels", "the levels of the format") from None
    except ValueError as error:
        raise InvalidProblemError("file", str(error), "JSON") from None


def _content(path: Path) -> str:
    with path.open("rb") as packed:
        content = (gzip.GzipFile(fileobj=packed) if path.suffix == ".gz" else packed).read(LARGEST + 1)
    if len(content) > LARGEST:
        raise InvalidProblemError("file", "too large", f"at most {LARGEST} bytes once unpacked")
    return content.decode("utf-8-sig")


def _refuse_constant(name: str) -> None:
    raise InvalidProblemError("file", name, "numbers that JSON knows")

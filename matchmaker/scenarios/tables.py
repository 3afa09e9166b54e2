"""Reading a scenario's files: every value is asked for by name, and what is wrong is said in one line.

A complaint names the file, the place (rows of a list count from 1), what is wrong and what was expected. A key
that nobody asked for is refused as well, so that a slip of the pen is not silently ignored.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any, TypeVar

from matchmaker.domain.states import Locale
from matchmaker.errors import ConfigurationError

T = TypeVar("T")
REQUIRED: Any = object()
CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
CODE = re.compile(r"[a-zA-Z0-9]+(-[a-zA-Z0-9]+)*")
TONGUE = re.compile(r"[a-z]{2}")


def read(file: Path, make: Callable[[Table], T]) -> T:
    """Read a TOML file and make a value of it.

    Raises
    ------
    ConfigurationError
        At the first thing that is wrong.
    """
    name = f"{file.parent.name}/{file.name}"
    try:
        data = tomllib.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(name, "file", str(error), "a readable TOML file") from error
    return Table(name, "", data).made(make)


class Table:
    """One table of a file, and which of its keys were asked for."""

    def __init__(self, file: str, place: str, data: Mapping[str, Any]) -> None:
        self.file, self._place, self._data = file, place, data
        self._asked: set[str] = set()

    def made(self, make: Callable[[Table], T]) -> T:
        """Make a value of the table; then refuse the keys that were not asked for."""
        value = make(self)
        if strangers := sorted(set(self._data) - self._asked):
            raise self.wrong(strangers[0], "unknown key", f"one of {', '.join(sorted(self._asked))}")
        return value

    def wrong(self, key: str, wrong: str, expected: str) -> ConfigurationError:
        place = f"{self._place}.{key}" if self._place else key
        return ConfigurationError(self.file, place, wrong, expected)

    def has(self, key: str) -> bool:
        """Tell whether the key is there, which then still has to be asked for."""
        return key in self._data

    def accept_the_rest(self) -> None:
        """Take every key as asked for: of this table only a part is read here."""
        self._asked |= set(self._data)

    # ── values ──────────────────────────────────────────────────────────────

    def text(self, key: str, default: Any = REQUIRED) -> str:
        return str(self._get(key, _is_text, "words", default))

    def code(self, key: str) -> str:
        def admits(value: Any) -> bool:
            return isinstance(value, str) and CODE.fullmatch(value) is not None

        return str(self._get(key, admits, "letters, digits and single hyphens"))

    def choice(self, key: str, admitted: Collection[str], default: Any = REQUIRED) -> Any:
        expected = f"one of {', '.join(admitted)}" if admitted else "nothing: none are defined"
        return self._get(key, lambda value: isinstance(value, str) and value in admitted, expected, default)

    def choices(self, key: str, admitted: Collection[str], default: Any = REQUIRED) -> tuple[str, ...]:
        """Return a list of admitted words, each at most once."""
        listed = self._get(key, _is_list_of_text, "a list of words", default)
        for word in listed:
            if word not in admitted or listed.count(word) > 1:
                raise self.wrong(key, repr(word), f"each once, of {', '.join(admitted)}")
        return tuple(listed)

    def words(self, key: str, default: Any = REQUIRED) -> tuple[str, ...]:
        return tuple(self._get(key, _is_list_of_text, "a list of words", default))

    def flag(self, key: str, default: Any = REQUIRED) -> bool:
        return bool(self._get(key, lambda value: isinstance(value, bool), "true or false", default))

    def whole(self, key: str, default: Any = REQUIRED, *, least: int = 0, most: int = 100_000) -> Any:
        def admits(value: Any) -> bool:
            return type(value) is int and least <= value <= most

        return self._get(key, admits, f"a whole number from {least} to {most}", default)

    def percent(self, key: str, default: Any = 0) -> int:
        return int(self.whole(key, default, most=100))

    def factor(self, key: str, default: Any = 1) -> float:
        """Return a number from 0 up that something is multiplied by."""
        return float(self._get(key, lambda value: type(value) in {int, float} and value >= 0, "a number", default))

    def between(self, key: str, default: Any = REQUIRED) -> tuple[int, int]:
        """Return two whole numbers: the least and the most."""
        least, most = self._get(key, _is_span, "the least and the most, such as [1, 3]", default)
        return least, most

    def date(self, key: str) -> dt.date:
        found: dt.date = self._get(key, lambda value: type(value) is dt.date, "a date such as 2024-07-03")
        return found

    def moment(self, key: str) -> dt.datetime:
        def admits(value: Any) -> bool:
            return isinstance(value, dt.datetime) and value.tzinfo is None

        found: dt.datetime = self._get(key, admits, "a date with a time such as 2024-07-01T18:00:00")
        return found

    def clock(self, key: str) -> dt.time:
        def admits(value: Any) -> bool:
            return isinstance(value, str) and CLOCK.fullmatch(value) is not None

        return dt.time.fromisoformat(self._get(key, admits, 'a time such as "09:30"'))

    def texts(self, key: str, default: Any = REQUIRED, *, whole: bool = False) -> dict[str, str]:
        """Return one text in several languages, by their codes; ``whole``: in all that the product speaks."""
        least = set(Locale) if whole else set()

        def admits(value: Any) -> bool:
            named = isinstance(value, dict) and all(TONGUE.fullmatch(name) for name in value)
            return named and least <= set(value) and bool(value) and all(map(_is_text, value.values()))

        said = f"words for each of {', '.join(sorted(least))}" if whole else 'words by language, such as { fr = "…" }'
        found: dict[str, str] = self._get(key, admits, said, default)
        return found

    def shares(self, key: str, default: Any = REQUIRED, *, of: Collection[str] = ()) -> dict[str, int]:
        """Return shares in percent by name; they add up to 100, and the names are of ``of`` if it is given."""
        given: dict[str, int] = self._get(key, _is_shares, "percentages that add up to 100", default)
        if of and (strangers := sorted(set(given) - set(of))):
            raise self.wrong(f"{key}.{strangers[0]}", "unknown name", f"one of {', '.join(of)}")
        return given

    def factors(self, key: str, of: Collection[str]) -> dict[str, float]:
        """Return numbers by name."""
        return self.part(key, lambda inner: {name: inner.factor(name, 0) for name in of})

    def counts(self, key: str, of: Collection[str]) -> dict[str, int]:
        """Return whole numbers by name; none where the key is missing."""
        found = self.part(key, lambda inner: {name: inner.whole(name, 0) for name in of}, {})
        return {name: count for name, count in found.items() if count}

    def pairs(self, key: str, default: Any = REQUIRED) -> tuple[tuple[str, str], ...]:
        """Return a list of names, each in Latin and in Arabic letters."""

        def admits(value: Any) -> bool:
            return isinstance(value, list) and bool(value) and all(map(_is_pair, value))

        listed = self._get(key, admits, 'pairs such as ["Fès", "فاس"]', default)
        return tuple((latin, arabic) for latin, arabic in listed)

    # ── tables inside ───────────────────────────────────────────────────────

    def part(self, key: str, make: Callable[[Table], T], default: Any = REQUIRED) -> T:
        inner = self._get(key, lambda value: isinstance(value, dict), "a table", default)
        return self._inside(key, inner).made(make) if key in self._data else inner

    def each(self, key: str, make: Callable[[Table], T]) -> tuple[T, ...]:
        """Return a list of tables, empty where the key is missing."""
        rows = self._get(key, _is_list_of_tables, "a list of tables", [])
        return tuple(self._inside(f"{key}[{number}]", row).made(make) for number, row in enumerate(rows, 1))

    def named(self, key: str, make: Callable[[Table], T]) -> dict[str, T]:
        """Return tables by name."""
        inner = self._get(key, lambda value: isinstance(value, dict) and bool(value), "tables by name")
        return self._inside(key, inner).made(lambda rows: {name: rows.part(name, make) for name in inner})

    def _inside(self, key: str, data: Mapping[str, Any]) -> Table:
        return Table(self.file, f"{self._place}.{key}" if self._place else key, data)

    def _get(self, key: str, admits: Callable[[Any], Any], expected: str, default: Any = REQUIRED) -> Any:
        self._asked.add(key)
        if key not in self._data:
            if default is REQUIRED:
                raise self.wrong(key, "missing", expected)
            return default
        value = self._data[key]
        if not admits(value):
            raise self.wrong(key, _shown(value), expected)
        return value


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:79]}…"


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_list_of_text(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _is_pair(value: Any) -> bool:
    return _is_list_of_text(value) and len(value) == 2


def _is_list_of_tables(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(row, dict) for row in value)


def _is_span(value: Any) -> bool:
    return isinstance(value, list) and [type(one) for one in value] == [int, int] and 0 <= value[0] <= value[1]


def _is_shares(value: Any) -> bool:
    if not isinstance(value, dict) or any(type(share) is not int or share < 0 for share in value.values()):
        return False
    return sum(value.values()) == 100

"""What organisations offer and need, in words shared by all; and how well two of them complete each other."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from matchmaker.domain.states import Locale
from matchmaker.errors import ConfigurationError

_CODE = re.compile(r"[a-z][a-z0-9-]{0,39}")  # the column of stored topics holds 40
_ISIC = re.compile(r"[0-9]{2,4}")
_GAPS = {4, 34, 40, 44, 48, 54, 57, 67, 76, 83, 89}  # numbers that revision 4 leaves free
DIVISIONS = frozenset(f"{number:02}" for number in range(1, 100) if number not in _GAPS)


@dataclass(frozen=True, slots=True)
class Topic:
    code: str
    group: str
    isic: tuple[str, ...]
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Group:
    code: str
    names: Mapping[str, str]
    topics: tuple[Topic, ...]


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """All topics by code, and the groups that show them; both in the order of the file."""

    groups: tuple[Group, ...]
    topics: Mapping[str, Topic]


@dataclass(frozen=True, slots=True)
class Complement:
    """How well two organisations complete each other, from 0 to 100, and the topics that explain it."""

    score: int
    a_gives: tuple[str, ...] = ()
    b_gives: tuple[str, ...] = ()


def complement(
    offers_a: Collection[str], needs_a: Collection[str], offers_b: Collection[str], needs_b: Collection[str]
) -> Complement:
    """Compare topic codes: how much of what each needs the other offers.

    Half of the score is for either direction, so that 100 means that both find all they look for, and to offer
    everything helps nobody who needs little. Topics are listed in alphabetical order of their codes.
    """
    a_gives, b_gives = sorted({*offers_a} & {*needs_b}), sorted({*offers_b} & {*needs_a})
    score = _half(len(a_gives), len({*needs_b})) + _half(len(b_gives), len({*needs_a}))
    return Complement(score, tuple(a_gives), tuple(b_gives))


def parse(data: Mapping[str, Any], file: str) -> Taxonomy:
    """Make a taxonomy of a parsed TOML file, whose name is only for the sentence of an error.

    Raises
    ------
    ConfigurationError
        At the first thing that is wrong, with its place.
    """
    tables = _Tables(file)
    tables.exact_keys("the file", data, {"groups", "topics"})
    group_names = {code: tables.names(f"groups.{code}", row) for code, row in tables.rows("groups", data)}
    topics = {code: _topic(tables, code, row, group_names) for code, row in tables.rows("topics", data)}
    tables.no_name_twice(topics)
    groups = tuple(
        Group(code, names, tuple(topic for topic in topics.values() if topic.group == code))
        for code, names in group_names.items()
    )
    if empty := [group.code for group in groups if not group.topics]:
        raise ConfigurationError(file, f"groups.{empty[0]}", "no topic", "at least one topic in each group")
    return Taxonomy(groups, topics)


def _half(found: int, sought: int) -> int:
    return 50 * found // sought if sought else 0


def _topic(tables: _Tables, code: str, row: Mapping[str, Any], groups: Collection[str]) -> Topic:
    place = f"topics.{code}"
    names = tables.names(place, row, others={"group", "isic"})
    if row["group"] not in groups:
        raise ConfigurationError(tables.file, f"{place}.group", repr(row["group"]), f"one of {', '.join(groups)}")
    return Topic(code, row["group"], tables.isic(f"{place}.isic", row["isic"]), names)


@dataclass(frozen=True, slots=True)
class _Tables:
    """Reads tables of one file; every complaint names the file and the place."""

    file: str

    def rows(self, place: str, data: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
        table = self._table(place, data[place])
        for code in table:
            if not _CODE.fullmatch(code):
                raise ConfigurationError(self.file, f"{place}.{code}", "this code", "small letters, digits, hyphens")
        return [(code, self._table(f"{place}.{code}", row)) for code, row in table.items()]

    def exact_keys(self, place: str, table: Mapping[str, Any], keys: Collection[str]) -> None:
        if set(table) != set(keys):
            raise ConfigurationError(self.file, place, f"keys {', '.join(sorted(table))}", ", ".join(sorted(keys)))

    def names(self, place: str, row: Mapping[str, Any], others: Collection[str] = ()) -> dict[str, str]:
        self.exact_keys(place, row, {*Locale, *others})
        names = {str(locale): row[locale] for locale in Locale}
        for locale, name in names.items():
            if not isinstance(name, str) or not name.strip():
                raise ConfigurationError(self.file, f"{place}.{locale}", repr(name), "a name")
        return names

    def isic(self, place: str, codes: Any) -> tuple[str, ...]:
        if not isinstance(codes, list) or not codes:
            raise ConfigurationError(self.file, place, repr(codes), "a list of codes")
        for code in codes:
            if not isinstance(code, str) or not _ISIC.fullmatch(code) or code[:2] not in DIVISIONS:
                raise ConfigurationError(self.file, place, repr(code), "a division, group or class of ISIC revision 4")
        return tuple(codes)

    def no_name_twice(self, topics: Mapping[str, Topic]) -> None:
        seen: dict[tuple[str, str], str] = {}
        for topic in topics.values():
            for locale, name in topic.names.items():
                other = seen.setdefault((locale, name.casefold()), topic.code)
                if other != topic.code:
                    place = f"topics.{topic.code}.{locale}"
                    raise ConfigurationError(self.file, place, f"the name of {other}", "a name of its own")

    def _table(self, place: str, value: Any) -> Mapping[str, Any]:
        if not isinstance(value, Mapping):
            raise ConfigurationError(self.file, place, type(value).__name__, "a table")
        return value

"""The named ways to weigh a schedule, read once from config/presets.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from matchmaker.domain.states import Locale
from matchmaker.errors import ConfigurationError, InvalidValue
from matchmaker.paths import shipped
from solver import Weights

KEYS = {"seconds": int, "names": dict, "about": dict}
TERMS = frozenset(field.name for field in fields(Weights))


@dataclass(frozen=True, slots=True)
class Preset:
    """``names`` and ``about`` are texts in all languages; ``seconds`` is what the form proposes."""

    code: str
    names: Mapping[str, str]
    about: Mapping[str, str]
    seconds: int
    weights: Weights


@cache
def presets() -> Mapping[str, Preset]:
    """Return the presets of this installation by code, in the order of the file."""
    return read(shipped("config") / "presets.toml")


def preset(code: str) -> Preset:
    """Return one preset.

    Raises
    ------
    InvalidValue
        If there is none of this code.
    """
    if code not in presets():
        raise InvalidValue("preset", f"no preset {code!r}")
    return presets()[code]


def read(file: Path) -> Mapping[str, Preset]:
    """Read presets from a TOML file.

    Raises
    ------
    ConfigurationError
        If the file cannot be read or a preset is not whole.
    """
    try:
        data = tomllib.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(str(file), "file", str(error), "a readable TOML file") from error
    return {code: _preset(str(file), code, table) for code, table in data.items()}


def _preset(file: str, code: str, table: Any) -> Preset:
    if not isinstance(table, dict):
        raise ConfigurationError(file, code, repr(table), "a table of a preset")
    for key, kind in KEYS.items():
        if type(table.get(key)) is not kind:
            raise ConfigurationError(file, f"{code}.{key}", repr(table.get(key)), "seconds, names and about")
    for key in ("names", "about"):
        if set(table[key]) != set(Locale):
            raise ConfigurationError(file, f"{code}.{key}", str(sorted(table[key])), "words in ar, fr and en")
    return Preset(
        code, table["names"], table["about"], table["seconds"], _weights(file, code, table.get("weights", {}))
    )


def _weights(file: str, code: str, given: Mapping[str, int]) -> Weights:
    for term, number in given.items():
        if term not in TERMS or type(number) is not int:
            raise ConfigurationError(
                file, f"{code}.weights.{term}", repr(number), f"a whole number for one of {sorted(TERMS)}"
            )
    return Weights(**given)

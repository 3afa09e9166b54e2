"""The taxonomy that ships with the product, read once a process."""

from __future__ import annotations

import tomllib
from functools import cache

from matchmaker.domain.taxonomy import Taxonomy, parse
from matchmaker.errors import ConfigurationError
from matchmaker.paths import shipped

FILE = "taxonomy.toml"


@cache
def taxonomy() -> Taxonomy:
    """Return the topics and their groups.

    Raises
    ------
    ConfigurationError
        If the file cannot be read or something in it is wrong; the application then does not start.
    """
    try:
        data = tomllib.loads((shipped("config") / FILE).read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(FILE, "file", str(error), "a readable TOML file") from error
    return parse(data, FILE)

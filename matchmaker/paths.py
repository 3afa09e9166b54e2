"""Where the project's files are: inside the installed package, or beside it in a checkout."""

from __future__ import annotations

import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def environment_alone() -> dict[str, str]:
    """Return the environment of a child that finds this package and knows nothing of the settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MATCHMAKER_")}
    return {**kept, "PYTHONPATH": str(PACKAGE.parent)}


def shipped(name: str) -> Path:
    """Return the folder ``templates``, ``migrations`` or ``config``.

    A wheel carries them inside the package; a checkout has them beside it.

    Raises
    ------
    FileNotFoundError
        If neither place has it: the installation is incomplete.
    """
    for place in (PACKAGE / name, PACKAGE.parent / name):
        if place.is_dir():
            return place
    raise FileNotFoundError(f"no folder {name!r} in {PACKAGE} nor beside it")

"""Where the project's files are: inside the installed package, or beside it in a checkout."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


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

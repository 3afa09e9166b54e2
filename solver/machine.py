"""Machine code by numba, kept on disk under a name that changes with the sources of this package.

Numba itself looks at the file of a function alone, and would go on with old code of what that function calls.
"""

from __future__ import annotations

import os
import tempfile
from hashlib import blake2b
from pathlib import Path
from shutil import rmtree
from typing import Any

import numba
from numba import types
from numba.core import config

HERE = Path(__file__).parent
APART = {"bench", "check", "generate", "warming.py"}  # without machine code, and none calls them


def _digest() -> str:
    whole = blake2b(numba.__version__.encode(), digest_size=8)
    for file in sorted(HERE.rglob("*.py")):
        if file.relative_to(HERE).parts[0] not in APART:
            whole.update(file.read_bytes())
    return whole.hexdigest()


def _places() -> list[Path]:
    """Give where machine code may be kept, best first: beside the sources, then in the user's own cache."""
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return [HERE / "__pycache__", caches / "matchmaker"]


def _cache() -> Path:
    name = f"machine-{_digest()}"
    for place in _places():
        try:
            (place / name).mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(place / name, os.W_OK):
            _forget_others(place, name)
            return place / name
    return Path(tempfile.mkdtemp(prefix=name))  # nobody else's: what lies in a cache is run


def _forget_others(place: Path, name: str) -> None:
    for other in place.glob("machine-*"):
        if other.name != name:
            rmtree(other, ignore_errors=True)


_SETTINGS = vars(config)  # which numba fills at run time
_SETTINGS["OPT"] = type(_SETTINGS["OPT"])(1)  # as fast here as code that takes half as long again to make
if not _SETTINGS["CACHE_DIR"]:
    _SETTINGS["CACHE_DIR"] = str(_cache())


njit: Any = numba.njit  # whose types know half of its settings


def machine(function: Any) -> Any:
    """Compile a function at its first call, once for all processes; it lets other threads run meanwhile.

    Whole numbers are widened to 64 bits where machine code calls it: numba would compile it again for each width.
    """
    made = njit(cache=True, nogil=True, no_cfunc_wrapper=True)(function)
    as_given = made.get_call_template

    def widened(kinds: tuple[Any, ...], named: dict[str, Any]) -> Any:
        return as_given(tuple(map(_wide, kinds)), {name: _wide(kind) for name, kind in named.items()})

    made.get_call_template = widened
    return made


def _wide(kind: Any) -> Any:
    return types.int64 if isinstance(kind, types.Integer) and kind != types.uint64 else kind

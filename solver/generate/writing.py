"""Writing a generated event row by row: the largest would double its memory as one text."""

from __future__ import annotations

import gzip
import io
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

ROWS = json.JSONEncoder(ensure_ascii=False, separators=(", ", ": "))
TABLES = ("slots", "locations", "walking", "participants", "interpreters", "requests", "pinned", "previous", "frozen")


def write_event(event: Mapping[str, Any], path: Path | None) -> None:
    """Write to a file, packed where its name ends in ``.gz``, or to stdout; a file appears whole or not at all."""
    if path is None:
        _write(event, sys.stdout)
        return
    with _whole_file(path) as file:
        _write(event, file)


def _write(event: Mapping[str, Any], file: TextIO) -> None:
    before = "{"
    for key, value in event.items():
        file.write(f'{before}"{key}": ')
        if key in TABLES:
            _write_rows(value, file)
        else:
            file.write(ROWS.encode(value))
        before = ",\n"
    file.write("}\n")


def _write_rows(rows: Iterator[Any], file: TextIO) -> None:
    before = "[\n "
    for row in rows:
        file.write(before + ROWS.encode(row))
        before = ",\n "
    file.write("]" if before.startswith(",") else "[]")


@contextmanager
def _whole_file(path: Path) -> Iterator[TextIO]:
    if path.exists() and not path.is_file():  # a device or a pipe has no neighbour to be renamed from
        with path.open("w", encoding="utf-8") as file:
            yield file
        return
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as raw, _text(raw, packed=path.suffix == ".gz") as file:
            yield file
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@contextmanager
def _text(raw: Any, *, packed: bool) -> Iterator[TextIO]:
    """Pack without name and time, so that equal events make equal files."""
    binary = gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0, compresslevel=6) if packed else raw
    text = io.TextIOWrapper(binary, encoding="utf-8")
    yield text
    text.flush()
    text.detach()
    if packed:
        binary.close()

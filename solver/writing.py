"""Values as JSON text, a line a row: a long answer is never in memory as text or as a tree of objects."""

from __future__ import annotations

import gzip
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import MISSING, fields
from itertools import islice
from pathlib import Path
from typing import IO, Any

from solver.changes import Absence, Closure
from solver.problem import Engagement, Interpreter, Location, Meeting, Participant, Request, Slot, Weights
from solver.rows import Long, clock
from solver.schedule import Remedy, Unscheduled

LINES = 1000  # that are encoded and written at once
QUICK = 3  # gzip's level: nearly as small as the default, in a third of the time
quoted = json.JSONEncoder(ensure_ascii=False).encode


def lines_of(data: Mapping[str, Any]) -> Iterator[str]:
    """Give the text of an object whose lists of rows may be long, in pieces."""
    yield from _long_object(data)
    yield "\n"


def _long_object(data: Mapping[str, Any]) -> Iterator[str]:
    before = "{\n"
    for name, value in data.items():
        yield f"{before}{quoted(name)}: "
        yield from _long(value)
        before = ",\n"
    yield "\n}"


def _long(value: Any) -> Iterator[str]:
    if isinstance(value, Long):
        return _long_object(value)
    if isinstance(value, (tuple, list)) and value:
        return _long_rows(value) if isinstance(value[0], Long) else _rows(value)
    return iter((encoded(value),))


def _long_rows(rows: Iterable[Long]) -> Iterator[str]:
    before = "[\n"
    for row in rows:
        yield before
        yield from _long_object(row)
        before = ",\n"
    yield "\n]"


def _rows(rows: Iterable[Any]) -> Iterator[str]:
    left = map(encoded, rows)
    before = "[\n"
    while some := ",\n".join(islice(left, LINES)):
        yield before + some
        before = ",\n"
    yield "\n]"


def encoded(value: Any) -> str:
    """Give any of the values of a file as JSON on one line."""
    encode = ENCODERS.get(type(value))
    return encode(value) if encode else _unusual(value)


def _unusual(value: Any) -> str:
    if isinstance(value, Mapping):
        return _object(value)
    if isinstance(value, (list, tuple)):
        return _list(value)
    return json.dumps(value, ensure_ascii=False)


def _list(values: Iterable[Any]) -> str:
    return f"[{', '.join(map(encoded, values))}]"


def _set(values: Iterable[str]) -> str:
    return _list(sorted(values))


def _object(value: Mapping[str, Any]) -> str:
    return "{" + ", ".join(f"{quoted(name)}: {encoded(part)}" for name, part in value.items()) + "}"


def _slot(slot: Slot) -> str:
    row = {"id": slot.id, "day": slot.day, "start": clock(slot.start), "end": clock(slot.end)}
    return _object(row | ({"break_before": True} if slot.break_before else {}))


def _complete(kind: type) -> Callable[[Any], str]:
    """Give what encodes a row of an answer, which has all of its keys."""
    names = [(field.name, f'"{field.name}": ') for field in fields(kind)]

    def encode(row: Any) -> str:
        return "{" + ", ".join([start + encoded(getattr(row, name)) for name, start in names]) + "}"

    return encode


def _lean(kind: type) -> Callable[[Any], str]:
    """Give what encodes a row of a problem, which has only the keys that say something."""
    names = [(field.name, f'"{field.name}": ', field.default) for field in fields(kind)]

    def encode(row: Any) -> str:
        parts = [
            start + encoded(part)
            for name, start, default in names
            if (part := getattr(row, name)) != default or default is MISSING
        ]
        return "{" + ", ".join(parts) + "}"

    return encode


ENCODERS: dict[type, Callable[[Any], str]] = {
    str: quoted,
    int: int.__repr__,
    type(None): lambda _: "null",
    tuple: _list,
    list: _list,
    frozenset: _set,
    set: _set,
    dict: _object,
    Slot: _slot,
    **{kind: _complete(kind) for kind in (Absence, Closure, Meeting, Remedy, Unscheduled, Weights)},
    **{kind: _lean(kind) for kind in (Location, Engagement, Participant, Interpreter, Request)},
}


def write_lines(lines: Iterable[str], path: Path) -> None:
    """Write a text so that a reader finds the old file or the whole new one; packed if its name ends in ``.gz``."""
    if path.exists() and not path.is_file():  # a device or a pipe has no neighbour to be renamed from
        with path.open("wb") as file:
            _write(lines, file, packed=path.suffix == ".gz")
        return
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            _write(lines, file, packed=path.suffix == ".gz")
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _write(lines: Iterable[str], file: IO[bytes], *, packed: bool) -> None:
    with _packing(file) if packed else _as_it_is(file) as sink:
        sink.writelines(line.encode() for line in lines)


def _packing(file: IO[bytes]) -> gzip.GzipFile:
    return gzip.GzipFile(filename="", mode="wb", compresslevel=QUICK, fileobj=file, mtime=0)


@contextmanager
def _as_it_is(file: IO[bytes]) -> Iterator[IO[bytes]]:
    yield file

"""JSON read piece by piece: of a long file only a window, and what was made of its rows, are in memory."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from solver.errors import InvalidProblemError
from solver.reading import Object, Rows, Unfit, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from solver.reading import Reader

WINDOW = 1 << 20  # characters that a row may have, or another value that is not read row by row
EDGE = 12  # characters before the end of the text in which a cut literal or escape may be reported
SPACE = re.compile(r"[ \t\n\r]+")


def read_stream(pieces: Iterator[str], read: Reader) -> Any:
    """Read the one value that the pieces of text hold.

    Raises
    ------
    InvalidProblemError
        With line and column where it is no JSON, else with the place inside the value.
    """
    source = _Source(pieces)
    try:
        value = _read(source, read)
    except Unfit as error:
        raise InvalidProblemError(error.place.lstrip(".") or "file", error.wrong, error.expected) from None
    except RecursionError:
        raise InvalidProblemError("file", "too many levels", "the levels of the format") from None
    if source.next():
        raise source.fault("Extra data", source.at)
    return value


def _read(source: _Source, read: Reader) -> Any:
    opens = source.next()
    if opens == "[" and isinstance(read, Rows):
        return read.gather(_rows(source, read.part))
    if opens == "{" and isinstance(read, Object):
        return _object(source, read)
    return read(source.value())


def _rows(source: _Source, part: Reader) -> Iterator[Any]:
    """Read each row as a whole, unless it may be long itself."""
    if isinstance(part, Object) and part.long:
        return (_read(source, part) for _ in source.parts("[", "]"))
    return (part(source.value()) for _ in source.parts("[", "]"))


def _object(source: _Source, read: Object) -> Any:
    parts: dict[str, Any] = {}
    for _ in source.parts("{", "}"):
        name = source.key()
        try:
            if name in parts:
                raise _twice(name)
            parts[name] = None if source.next() == "n" and source.value() is None else _read(source, read.reader(name))
        except Unfit as error:
            raise error.inside(f".{name}") from None
    return read.made({name: part for name, part in parts.items() if part is not None})


def _as_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise _twice(Counter(name for name, _ in pairs).most_common(1)[0][0])
    return made


def _twice(name: str) -> Unfit:
    return Unfit(f"the key {shown(name)} a second time", "each key once")


def _refuse_constant(name: str) -> None:
    raise Unfit(name, "numbers that JSON knows")


_scan = json.JSONDecoder(object_pairs_hook=_as_object, parse_constant=_refuse_constant).raw_decode


class _Source:
    """The text from the next character on, ``text[at]``, as far as it is in memory."""

    def __init__(self, pieces: Iterator[str]) -> None:
        self.pieces = pieces
        self.text = ""
        self.at = 0
        self.line = self.column = 1  # of text[0]
        self.ended = False

    def next(self) -> str:
        """Pass over space and show the next character, none at the end."""
        while True:
            if space := SPACE.match(self.text, self.at):
                self.at = space.end()
            if self.at < len(self.text):
                return self.text[self.at]
            if self.ended:
                return ""
            self._go_on()

    def parts(self, opens: str, closes: str) -> Iterator[None]:
        """Stop before every part of a list or an object, for the caller to read it."""
        self._pass(opens)
        if self.next() == closes:
            self.at += 1
            return
        while True:
            yield
            after = self.next()
            if after not in {",", closes}:
                raise self.fault("Expecting ',' delimiter", self.at)
            self.at += 1
            if after == closes:
                return

    def key(self) -> str:
        if self.next() != '"':
            raise self.fault("Expecting property name enclosed in double quotes", self.at)
        name = str(self.value())
        self._pass(":")
        return name

    def value(self) -> Any:
        """Read the next value as a whole."""
        self.next()
        if len(self.text) - self.at <= WINDOW and not self.ended:
            self._go_on()
        try:
            value, end = _scan(self.text, self.at)
        except json.JSONDecodeError as error:
            raise self._cut_or(error.msg, error.pos) from None
        except ValueError as error:  # more digits than Python turns into a number
            raise self.fault(str(error).partition(";")[0], self.at) from None
        if end - self.at > WINDOW:
            raise self._too_long()
        self.at = end
        return value

    def fault(self, message: str, at: int) -> InvalidProblemError:
        line, column = self._place(at)
        return InvalidProblemError(f"line {line} column {column}", message, "JSON")

    def _pass(self, character: str) -> None:
        if self.next() != character:
            raise self.fault(f"Expecting '{character}' delimiter", self.at)
        self.at += 1

    def _cut_or(self, message: str, at: int) -> InvalidProblemError:
        """Tell what is wrong in the text from what is cut because it is too long for the window."""
        cut = at > len(self.text) - EDGE or message.startswith("Unterminated")
        return self._too_long() if cut and not self.ended else self.fault(message, at)

    def _too_long(self) -> InvalidProblemError:
        line, column = self._place(self.at)
        return InvalidProblemError(f"line {line} column {column}", "a value too long", f"at most {WINDOW} characters")

    def _place(self, at: int) -> tuple[int, int]:
        newlines = self.text.count("\n", 0, at)
        column = at - self.text.rindex("\n", 0, at) if newlines else self.column + at
        return self.line + newlines, column

    def _go_on(self) -> None:
        """Let go of what was read, and take in at least a window more, as far as there is any."""
        self.line, self.column = self._place(self.at)
        fresh = [self.text[self.at :]]
        size = 0
        while size < WINDOW and not self.ended:
            piece = next(self.pieces, None)
            self.ended = piece is None
            fresh.append(piece or "")
            size += len(piece or "")
        self.text = "".join(fresh)
        self.at = 0

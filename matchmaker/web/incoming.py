"""What may come in with a request: numbers that a row can have, and text without characters that nobody types."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from flask import Flask, Request, request
from werkzeug.datastructures import Headers, ImmutableMultiDict
from werkzeug.routing import IntegerConverter, Map, UnicodeConverter, ValidationError

LARGEST_ID = 2**31 - 1
"""A larger number is no row of ours, and the database would fail instead of finding nothing."""
LONGEST_PART = 200
_UNTYPED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff]")
"""Control characters, and those that turn round the direction of all that follows them. The marks that Arabic needs
to join or part its letters stay."""


def typed(text: str) -> str:
    """Return a text without the characters that no keyboard makes; tabs and the ends of lines stay."""
    return _UNTYPED.sub("", text)


MB = 1024 * 1024
ROOMY = {"importing.start": 16 * MB, "logos.index": 3 * MB}
"""Pages that take files; everywhere else the application's own limit holds."""


class RowNumber(IntegerConverter):
    """A number in an address; one that no row can have leads nowhere."""

    def __init__(self, map: Map) -> None:  # noqa: A002 -- the library's name
        super().__init__(map, max=LARGEST_ID)


class Code(UnicodeConverter):
    """A word in an address, such as a slug, a code or a token."""

    def to_python(self, value: str) -> str:
        if len(value) > LONGEST_PART or not value.isprintable():
            raise ValidationError
        return value


class Typed(ImmutableMultiDict[str, Any]):
    """The answers of a form or the questions of an address, as somebody may have typed them."""

    def __init__(self, given: Mapping[str, Any] | Iterable[tuple[str, Any]] | None = None) -> None:
        pairs = ImmutableMultiDict(given).items(multi=True)
        super().__init__([(typed(name), typed(value) if isinstance(value, str) else value) for name, value in pairs])


class HouseRequest(Request):
    parameter_storage_class = Typed


def guard(app: Flask) -> None:
    """Let only such requests in. Called before any route is known."""
    app.request_class = HouseRequest
    app.url_map.converters.update(int=RowNumber, default=Code, string=Code)
    app.before_request(_make_room)


def _make_room() -> None:
    """Before anything of the body is read, let in more where a page takes more."""
    if most := ROOMY.get(request.endpoint or ""):
        request.max_content_length = request.max_form_memory_size = most


def number(name: str, otherwise: int, given: Mapping[str, str] | Headers | None = None) -> int:
    """Return a number that came with the request, or ``otherwise`` if it is none that we could use."""
    text = (request.args if given is None else given).get(name, "")
    return int(text) if re.fullmatch(r"[0-9]{1,10}", text) and int(text) <= LARGEST_ID else otherwise

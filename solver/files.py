"""Files as text, piece by piece: what is no whole, plain file of text of a bounded size is refused."""

from __future__ import annotations

import os
import zlib
from codecs import getincrementaldecoder
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from solver.errors import InvalidProblemError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PIECE = 1 << 20  # bytes at a time
PACKED_PIECE = 1 << 16  # the same of a packed file, whose rest is copied for every member
LARGEST = 1 << 28  # bytes of a file once unpacked; 500,000 requests take a sixth of it
MOST_VALUES = 1 << 24  # that commas part: each takes memory, however short it is written
MOST_MEMBERS = 100_000  # of a gzip file: each takes time, even if it holds nothing
GZIP = 31  # zlib's word for a stream with the header and the checksum of gzip


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """Open a plain file; a pipe or a device may never end, or never begin."""
    if path.exists() and not path.is_file():
        raise InvalidProblemError("file", "no plain file", "a file that can be read")
    try:
        with open(path, "rb", buffering=0, opener=_without_waiting) as file:
            yield file
    except OSError as error:
        raise InvalidProblemError("file", error.strerror or str(error), "a file that can be read") from None


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)


def texts_of(path: Path, *, largest: int = LARGEST) -> Iterator[str]:
    """Give the text of a file in pieces, unpacked first where its name ends in ``.gz``.

    ``largest`` is in bytes, once unpacked.
    """
    with opened(path) as file:
        if os.fstat(file.fileno()).st_size > largest:  # packed or not
            raise _too_large(largest)
        pieces = _unpacked(file) if path.suffix == ".gz" else _pieces(file)
        yield from _decoded(_bounded(pieces, largest))


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(PIECE):
        yield piece


def _unpacked(file: IO[bytes]) -> Iterator[bytes]:
    """Unpack one gzip member after the other."""
    packed = file.read(PACKED_PIECE)
    for _ in range(MOST_MEMBERS):
        member = zlib.decompressobj(GZIP)
        while not member.eof:
            packed = packed or file.read(PACKED_PIECE)
            if not packed:
                raise InvalidProblemError("file", "it ends too early", "a whole gzip file")
            yield _inflated(member, packed)
            packed = member.unconsumed_tail
        packed = member.unused_data or file.read(PACKED_PIECE)
        if not packed:
            return
    raise InvalidProblemError("file", "too many members", f"a gzip file of at most {MOST_MEMBERS}")


def _inflated(member: zlib._Decompress, packed: bytes) -> bytes:
    try:
        return member.decompress(packed, PIECE)
    except zlib.error as error:
        raise InvalidProblemError("file", str(error), "a whole gzip file") from None


def _bounded(pieces: Iterator[bytes], largest: int) -> Iterator[bytes]:
    size = values = 0
    for piece in pieces:
        size += len(piece)
        if size > largest:
            raise _too_large(largest)
        values += piece.count(b",")
        if values > MOST_VALUES:
            raise InvalidProblemError("file", "too many values", f"at most {MOST_VALUES}")
        yield piece


def _too_large(largest: int) -> InvalidProblemError:
    return InvalidProblemError("file", "too large", f"at most {largest} bytes once unpacked")


def _decoded(pieces: Iterator[bytes]) -> Iterator[str]:
    """Decode UTF-8; a byte order mark at the start is no part of the text."""
    decoder = getincrementaldecoder("utf-8-sig")()
    read = 0
    try:
        for piece in pieces:
            read += len(piece)
            yield decoder.decode(piece)
        yield decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        place = read - len(error.object) + error.start  # its object is what was left over and the last piece
        raise InvalidProblemError(f"byte {place}", "no UTF-8", "text in UTF-8") from None

"""Pictures for tests, written byte by byte."""

from __future__ import annotations

import struct
import zlib
from random import Random


def png(width=120, height=60, colour=(15, 76, 92), *, announced=None, extra=b"", grain=1):
    """Return a PNG of one colour; without ``colour`` each ``grain`` by ``grain`` pixels have one of their own.

    ``announced`` is the size that its head tells, ``extra`` further chunks.
    """
    one = bytes(colour or ()) * width
    rows = b"".join(b"\0" + (one or _grains(Random(row // grain), width, grain)) for row in range(height))
    head = struct.pack(">IIBBBBB", *(announced or (width, height)), 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", head) + extra + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def _grains(by_chance, width, grain):
    return b"".join(by_chance.randbytes(3) * grain for _ in range(width // grain))


def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

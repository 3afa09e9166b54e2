"""A picture that somebody sent, drawn anew as PNG in a capped child process: nothing of the file itself is kept.

The child judges the file by what its head says before anything is unpacked, then lets the typesetter draw it.
"""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import typst

from matchmaker import capped
from matchmaker.domain.wording import N_
from matchmaker.errors import InvalidValue

MOST_BYTES = 2 * 1024 * 1024
MOST_PIXELS = 16_000_000
LEAST_SIDE = 32
LARGE = ((960, 240), (640, 160), (480, 120))
"""The rooms that paper gives a picture, in pixels: 80 by 20 mm at 300 dots an inch, or at fewer if it is too heavy."""
HEAVY = 160_000
"""The most bytes of a picture on paper: six of them go with every agenda that leaves by mail."""
SMALL = ((256, 64), (208, 52), (160, 40), (128, 32), (96, 24))
"""The rooms that pages give one, tried in this order until it is light enough."""
LIGHT = 2_800
"""The most bytes of a picture on a page: six of them leave an agenda under 50 kB."""
PNG, JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"

NO_PICTURE = N_("This is no PNG or JPEG picture. Save the logo as PNG, then send it again.")
TOO_HEAVY = N_("This picture has more than 2 MB. Save it smaller, then send it again.")
TOO_LARGE = N_("This picture has more than 16 million pixels. Make it smaller, then send it again.")
TOO_SMALL = N_("This picture is too small: each side needs at least 32 pixels.")
TOO_BUSY = N_("This picture has too many details even for paper. Send a simpler version of the logo.")
BROKEN = N_("This picture is damaged or incomplete. Save it anew as PNG, then send it again.")


class Picture(NamedTuple):
    """A picture drawn twice, as PNG: ``large`` for paper, ``small`` for pages, which is ``width`` by ``height``.

    One with too many details to be light has no ``small``, and is shown as it is on paper where it may be heavy.
    """

    large: bytes
    small: bytes
    width: int
    height: int


class UnreadableError(Exception):
    """The file is no picture that we take; the text is a sentence of the catalogues that says why."""


def cleaned(content: bytes) -> Picture:
    """Return a picture without anything that was in the file beside it.

    Raises
    ------
    InvalidValue
        At the field ``picture``, with the sentence that says why it is not taken.
    """
    if len(content) > MOST_BYTES:
        raise InvalidValue("picture", TOO_HEAVY)
    answer = capped.run(__name__, content=content)
    told: dict[str, Any] = json.loads(answer) if answer else {"refused": BROKEN}
    if "refused" in told:
        raise InvalidValue("picture", told["refused"])
    return Picture(base64.b64decode(told["large"]), base64.b64decode(told["small"]), told["width"], told["height"])


def size(content: bytes) -> tuple[int, int]:
    """Return the width and height in pixels that the head of a file announces.

    Raises
    ------
    UnreadableError
        If it is neither PNG nor JPEG, breaks off, or is too large or too small.
    """
    if content.startswith(PNG):
        whole = content[12:16] == b"IHDR" and b"IEND" in content[-16:]
        found = (_number(content[16:20]), _number(content[20:24])) if whole else None
    elif content.startswith(JPEG):
        found = next(_frames(content), None) if b"\xff\xd9" in content[-32:] else None
    else:
        raise UnreadableError(NO_PICTURE)
    if found is None:
        raise UnreadableError(BROKEN)
    if found[0] * found[1] > MOST_PIXELS:
        raise UnreadableError(TOO_LARGE)
    if min(found) < LEAST_SIDE:
        raise UnreadableError(TOO_SMALL)
    return found


def main() -> None:
    """Read a picture, write it drawn anew, or why not, as JSON."""
    capped.limit()
    content = sys.stdin.buffer.read()
    try:
        size(content)
        told = _drawn(content)
    except UnreadableError as error:
        told = {"refused": str(error)}
    except typst.TypstError:
        told = {"refused": BROKEN}
    json.dump(told, sys.stdout)


def _drawn(content: bytes) -> dict[str, str | int]:
    with TemporaryDirectory() as folder:
        (Path(folder) / "picture").write_bytes(content)
        large = _first(Path(folder), content, LARGE, HEAVY)
        small = _first(Path(folder), content, SMALL, LIGHT)
        shown = small or _fitted(Path(folder), content, SMALL[0])
    if large is None:
        raise UnreadableError(TOO_BUSY)
    return {
        "large": base64.b64encode(large).decode(),
        "small": base64.b64encode(small or b"").decode(),
        "width": _number(shown[16:20]),
        "height": _number(shown[20:24]),
    }


def _first(folder: Path, content: bytes, rooms: Sequence[tuple[int, int]], most: int) -> bytes | None:
    """Draw the picture in the first room in which it has no more than ``most`` bytes; None if there is none."""
    drawn = (_fitted(folder, content, room) for room in rooms)
    return next((one for one in drawn if len(one) <= most), None)


def _fitted(folder: Path, content: bytes, room: tuple[int, int]) -> bytes:
    """Draw the picture as large as the room allows."""
    kind = "png" if content.startswith(PNG) else "jpg"
    file = folder / "page.typ"
    file.write_text(
        f"""#set page(width: auto, height: auto, margin: 0pt, fill: none)
        #context {{
          let drawn = measure(image("picture", format: "{kind}"))
          let scale = calc.min({room[0]}pt / drawn.width, {room[1]}pt / drawn.height)
          image("picture", format: "{kind}", width: drawn.width * scale)
        }}""",
        "utf-8",
    )
    found = typst.compile(str(file), root=str(folder), format="png", ppi=72)
    if not isinstance(found, bytes):
        raise UnreadableError(BROKEN)
    return found


def _frames(content: bytes) -> Iterator[tuple[int, int]]:
    """Yield the sizes that the frames of a JPEG announce, before its first scan."""
    at = 2
    while at + 9 < len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], _number(content[at + 2 : at + 4])
        if 0xC0 <= marker <= 0xC2:
            yield _number(content[at + 7 : at + 9]), _number(content[at + 5 : at + 7])
        if marker == 0xDA or length < 2:
            return
        at += 2 + length


def _number(part: bytes) -> int:
    return int.from_bytes(part, "big")


if __name__ == "__main__":
    main()

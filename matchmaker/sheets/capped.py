"""Reading what somebody sent in a child process that has little memory and little time, whatever the file does."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

from matchmaker import capped
from matchmaker.domain.answer_columns import TABS
from matchmaker.domain.states import ImportKind
from matchmaker.errors import InvalidValue
from matchmaker.sheets.reading import TOO_LARGE, Read, UnreadableError, read, read_text

FIELD = "file"


def read_capped(content: bytes, *, pasted: bool = False, kind: ImportKind = ImportKind.PEOPLE) -> Read:
    """Read a file, or the bytes of pasted text in UTF-8; of several sheets the one that is of this kind by its title.

    Raises
    ------
    InvalidValue
        At the field ``file`` (``pasted``: ``pasted``), with the sentence that says why it cannot be read.
    """
    field = "pasted" if pasted else FIELD
    answer = capped.run(__name__, kind, *(["pasted"] if pasted else []), content=content)
    if answer is None:
        raise InvalidValue(field, TOO_LARGE)
    told = json.loads(answer)
    if "refused" in told:
        raise InvalidValue(field, told["refused"])
    return Read([(number, cells) for number, cells in told["rows"]], told["sheet"], told["others"])


def main() -> None:
    """Read standard input, write what was found, or why not, as JSON."""
    capped.limit()
    content = sys.stdin.buffer.read()
    try:
        tabs = TABS.get(ImportKind(sys.argv[1]), frozenset())
        found = read_text(content.decode("utf-8")) if "pasted" in sys.argv[2:] else read(content, tabs)
        told = asdict(found)
    except UnreadableError as error:
        told = {"refused": str(error)}
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()

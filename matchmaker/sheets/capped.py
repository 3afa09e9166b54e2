"""Reading what somebody sent in a child process that has little memory and little time, whatever the file does."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from dataclasses import asdict

from matchmaker.errors import InvalidValue
from matchmaker.paths import PACKAGE
from matchmaker.sheets.reading import TOO_LARGE, Read, UnreadableError, read, read_text

MEMORY = 768 * 1024 * 1024
SECONDS = 15
FIELD = "file"


def read_capped(content: bytes, *, pasted: bool = False) -> Read:
    """Read a file, or the bytes of pasted text in UTF-8.

    Raises
    ------
    InvalidValue
        At the field ``file`` (``pasted``: ``pasted``), with the sentence that says why it cannot be read.
    """
    field = "pasted" if pasted else FIELD
    command = [sys.executable, "-m", __name__, *(["pasted"] if pasted else [])]
    try:
        done = subprocess.run(
            command, input=content, capture_output=True, timeout=SECONDS + 5, check=False, env=_environment()
        )
    except subprocess.TimeoutExpired as error:
        raise InvalidValue(field, TOO_LARGE) from error
    if done.returncode:
        raise InvalidValue(field, TOO_LARGE)
    told = json.loads(done.stdout)
    if "refused" in told:
        raise InvalidValue(field, told["refused"])
    return Read([(number, cells) for number, cells in told["rows"]], told["sheet"], told["others"])


def main() -> None:
    """Read standard input, write what was found, or why not, as JSON."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    content = sys.stdin.buffer.read()
    try:
        found = read_text(content.decode("utf-8")) if "pasted" in sys.argv[1:] else read(content)
        told = asdict(found)
    except UnreadableError as error:
        told = {"refused": str(error)}
    json.dump(told, sys.stdout)


def _environment() -> dict[str, str]:
    """Let the child find this package, and know nothing of the settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MATCHMAKER_")}
    return {**kept, "PYTHONPATH": str(PACKAGE.parent)}


if __name__ == "__main__":
    main()

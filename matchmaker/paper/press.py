"""Setting paper by typst, in this process or in one of its own: plain values go in, a file comes out.

The typesetter keeps what it set last. Only the end of a process gives that memory back, so long paper has a process of
its own, with a limit. It imports nothing but typst, so as to be there at once, and is as nice as whoever starts it.
"""

from __future__ import annotations

import re
import resource
import subprocess
import sys
from functools import cache
from typing import Literal

import typst

from matchmaker.paths import PACKAGE, environment_alone, shipped

FONTS = PACKAGE / "paper" / "fonts"
_PAGES = re.compile(rb"<xmpTPg:NPages>(\d+)</xmpTPg:NPages>")
MEMORY = 3072 * 1024 * 1024
"""Bytes of addresses. The lists at the doors of a thousand people take 1.3 GB, all else less."""


class UnsetError(Exception):
    """A process of its own could not set what it was given."""


def printed(template: str, content: str) -> tuple[bytes, str]:
    """Return a template of templates/paper set with this content, JSON, as a PDF, and why it promises no PDF/UA-1.

    A name may hold a character that none of our fonts has: then the same pages without the standard's promise.
    """
    compiler = _compiler(template, content)
    try:
        return _compiled(compiler, "ua-1"), ""
    except typst.TypstError as error:
        return _compiled(compiler, "1.7"), str(error)[:200]


def pages(file: bytes) -> int:
    """Return how many pages a PDF of ours has, as it says itself in its metadata, the last part of it."""
    return int(_PAGES.findall(file)[-1])


def asked(template: str, content: str, label: str) -> str:
    """Return, as JSON, the values that a template marks with a label once it is set with this content."""
    return _compiler(template, content).query(f"<{label}>", field="value")


def printed_apart(template: str, content: str) -> tuple[bytes, str]:
    """Do what ``printed`` does in a process of its own.

    Raises
    ------
    UnsetError
        If it ends otherwise, be it for want of memory.
    """
    return apart(__name__, content, template)


def apart(module: str, content: str, *arguments: str) -> tuple[bytes, str]:
    """Run a module that takes the content, and gives a file with what is to be said of it.

    Raises
    ------
    UnsetError
        As of ``printed_apart``.
    """
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, input=content.encode(), capture_output=True, check=False, env=environment_alone())
    said = done.stderr.decode(errors="replace")
    if done.returncode:
        raise UnsetError(f"{module} ended with {done.returncode}: {said[-200:]}")
    return done.stdout, said


def taken() -> str:
    """In such a process, take the limits on, and return the content."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    return sys.stdin.buffer.read().decode()


def give(file: bytes, said: str) -> None:
    sys.stdout.buffer.write(file)
    sys.stderr.write(said)


def _compiled(compiler: typst.Compiler, standard: Literal["ua-1", "1.7"]) -> bytes:
    paper = compiler.compile(format="pdf", pdf_standards=standard)
    if not isinstance(paper, bytes):
        raise TypeError("typst gave no bytes")
    return paper


def _compiler(template: str, content: str) -> typst.Compiler:
    file = shipped("templates") / "paper" / template
    return typst.Compiler(str(file), font_paths=_fonts(), sys_inputs={"content": content})


@cache
def _fonts() -> typst.Fonts:
    """Return our faces, read once, and no others: paper must not depend on what a machine has installed."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


if __name__ == "__main__":
    given = taken()
    give(*printed(sys.argv[1], given))

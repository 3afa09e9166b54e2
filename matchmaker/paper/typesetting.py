"""Setting paper by typst: tagged for screen readers, in our own typeface, from plain values alone."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from functools import cache
from typing import Any, Literal

import segno
import structlog
import typst

from matchmaker.domain.wording import in_language
from matchmaker.paths import PACKAGE, shipped
from matchmaker.queries.agenda import EventFacts, VersionFacts
from matchmaker.queries.paper import Paper

FONTS = PACKAGE / "paper" / "fonts"

log = structlog.get_logger()


def typeset(template: str, content: Mapping[str, Any]) -> bytes:
    """Return a template of templates/paper set with this content, as a PDF.

    PDF/UA-1, unless a name holds a character that none of our fonts has: then the same pages without the
    standard's promise rather than none.
    """
    compiler = _compiler(template, content)
    try:
        return _compiled(compiler, "ua-1")
    except typst.TypstError as error:
        log.warning("paper.untagged", template=template, cause=str(error)[:200])
        return _compiled(compiler, "1.7")


def asked(template: str, content: Mapping[str, Any], label: str) -> list[Any]:
    """Return the values that a template marks with a label once it is set with this content."""
    found: list[Any] = json.loads(_compiler(template, content).query(f"<{label}>", field="value"))
    return found


def publicly(paper: Paper, title: str) -> dict[str, Any]:
    """Return what a file that is not one person's says of itself: language, title, author and day."""
    return {
        "language": paper.language,
        "title": title,
        "author": in_language(paper.event.names, paper.language),
        "made": dated(paper.event, paper.version),
    }


def dated(event: EventFacts, version: VersionFacts | None) -> list[int]:
    """Return a day for the file's own record: that of the version, so that equal agendas are equal files."""
    day = version.published_at.date() if version else min(event.days, default=dt.date(2000, 1, 1))
    return [day.year, day.month, day.day]


def qr(address: str) -> str:
    """Return the QR code of an address as SVG, black on white.

    The mask is the same for all: to weigh the eight against each other takes longer than all the rest of a page.
    """
    return segno.make(address, error="m", micro=False, mask=7).svg_inline(border=2, dark="#000", light="#fff")


def _compiled(compiler: typst.Compiler, standard: Literal["ua-1", "1.7"]) -> bytes:
    paper = compiler.compile(format="pdf", pdf_standards=standard)
    if not isinstance(paper, bytes):
        raise TypeError("typst gave no bytes")
    return paper


def _compiler(template: str, content: Mapping[str, Any]) -> typst.Compiler:
    file = shipped("templates") / "paper" / template
    return typst.Compiler(str(file), font_paths=_fonts(), sys_inputs={"content": json.dumps(content)})


@cache
def _fonts() -> typst.Fonts:
    """Return our faces, read once, and no others: paper must not depend on what a machine has installed."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])

"""Setting paper by typst: tagged for screen readers, in our own typeface, from plain values alone."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any

import segno
import structlog

from matchmaker.domain.wording import in_language
from matchmaker.paper import fitting, press
from matchmaker.queries import logos
from matchmaker.queries.agenda_facts import EventFacts, VersionFacts
from matchmaker.queries.paper import Paper

log = structlog.get_logger()


def typeset(template: str, content: Mapping[str, Any], *, apart: bool = False) -> bytes:
    """Return a template of templates/paper set with this content, as a PDF; long paper in a process ``apart``.

    PDF/UA-1, unless a name holds a character that none of our fonts has: then the same pages without the
    standard's promise rather than none.

    Raises
    ------
    UnsetError
        If the process apart could not do it.
    """
    make = press.printed_apart if apart else press.printed
    return _noted(template, *make(template, json.dumps(content)))


def bound(sheets: Sequence[fitting.Content], *, title: str, logos: Sequence[Any] = (), apart: bool = False) -> bytes:
    """Return sheets as one PDF, each in the first layout in which it takes one page, or in the last.

    Raises
    ------
    UnsetError
        As of ``typeset``.
    """
    make = fitting.bound_apart if apart else fitting.bound
    return _noted(fitting.TEMPLATE, *make(sheets, {"title": title, "logos": logos}))


def _noted(template: str, paper: bytes, untagged: str) -> bytes:
    if untagged:
        log.warning("paper.untagged", template=template, cause=untagged)
    return paper


def publicly(paper: Paper, title: str) -> dict[str, Any]:
    """Return what a file that is not one person's says of itself: language, title, author and day, with the logos."""
    return {
        "language": paper.language,
        "title": title,
        "author": in_language(paper.event.names, paper.language),
        "made": dated(paper.event, paper.version),
        "logos": logos.for_paper(paper.event.logos),
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

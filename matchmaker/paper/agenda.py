"""The agenda on paper: one A4 page by typst, tagged for screen readers, in our own typeface."""

from __future__ import annotations

import datetime as dt
import json
from functools import cache
from typing import Any, Literal

import segno
import structlog
import typst
from flask_babel import gettext as _

from matchmaker.domain import zones
from matchmaker.domain.agenda import AgendaDay, Row, RowKind
from matchmaker.domain.plain import isolated
from matchmaker.paths import PACKAGE, shipped
from matchmaker.queries import agenda_words as say
from matchmaker.queries.agenda import Agenda, Meeting, SessionFacts

FONTS = PACKAGE / "paper" / "fonts"
LAYOUTS = ((1, 1.0), (1, 0.9), (2, 1.0), (2, 0.9), (2, 0.8), (2, 0.7), (3, 0.7), (3, 0.6))
"""Columns and size of type, tried in this order until one page holds all."""

log = structlog.get_logger()


def agenda_pdf(agenda: Agenda, address: str) -> bytes:
    """Return the agenda as a PDF in the language at work; its QR code opens ``address``.

    One page where that can be read at all, else more. PDF/UA-1, unless a name holds a character that none of
    our fonts has: then the same page without the standard's promise rather than none.
    """
    content = _content(agenda, address)
    for columns, size in LAYOUTS:
        inputs = {"agenda": json.dumps({**content, "columns": columns, "size": size})}
        if _pages(inputs) == 1:
            break
    try:
        return _compiled(inputs, "ua-1")
    except typst.TypstError as error:
        log.warning("paper.untagged", cause=str(error)[:200])
        return _compiled(inputs, "1.7")


def _pages(inputs: dict[str, str]) -> int:
    return int(json.loads(_compiler(inputs).query("<pages>", field="value", one=True)))


def _compiled(inputs: dict[str, str], standard: Literal["ua-1", "1.7"]) -> bytes:
    paper = _compiler(inputs).compile(format="pdf", pdf_standards=standard)
    if not isinstance(paper, bytes):
        raise TypeError("typst gave no bytes")
    return paper


def _compiler(inputs: dict[str, str]) -> typst.Compiler:
    template = shipped("templates") / "paper" / "agenda.typ"
    return typst.Compiler(str(template), font_paths=_fonts(), sys_inputs=inputs)


@cache
def _fonts() -> typst.Fonts:
    """Return our faces, read once, and no others: paper must not depend on what a machine has installed."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


def _content(agenda: Agenda, address: str) -> dict[str, Any]:
    """Return what the page says, as plain values: the template evaluates none of it."""
    return {
        "language": say.language(),
        "title": _("My agenda"),
        "event": say.named(agenda.event.names),
        "place": say.joined(say.words(agenda.event.places), say.days(agenda.event)),
        "person": say.joined(say.words(agenda.person.names), say.words(agenda.person.organisation)),
        "days": [_day(day) for day in agenda.days],
        "not_scheduled": {
            "title": _("Not scheduled"),
            "items": [{"whom": whom, "why": why} for whom, why in say.reasons(agenda.not_scheduled)],
        },
        "stamp": _stamp(agenda),
        "code": _("This code opens your agenda as it stands now."),
        "code_name": _("QR code of this agenda"),
        "notes": _("Notes"),
        "until": _("until"),
        "qr": segno.make(address, error="m", micro=False).svg_inline(border=2, dark="#000", light="#fff"),
        "made": _date_of(agenda),
    }


def _day(day: AgendaDay) -> dict[str, Any]:
    date = day.plan.day
    return {
        "number": str(date.day),
        "weekday": say.weekday(date),
        "month": say.month_and_year(date),
        "aside": say.day_count(day),
        "rows": [_row(row) for row in day.rows],
    }


def _row(row: Row) -> dict[str, Any]:
    line: dict[str, Any] = {
        "quiet": row.kind in {RowKind.FREE, RowKind.UNAVAILABLE, RowKind.BREAK},
        "leader": row.kind in {RowKind.FREE, RowKind.UNAVAILABLE},
        "start": f"{row.start:%H:%M}",
        "end": f"{row.end:%H:%M}",
        "title": isolated(say.title(row), say.language()),
        "gone": not row.takes_time,
    }
    if isinstance(row.subject, SessionFacts):
        line["under"] = say.named(row.subject.rooms)
    if isinstance(row.subject, Meeting):
        line |= _met(row.subject)
    return line


def _met(meeting: Meeting) -> dict[str, Any]:
    number = say.sign(meeting)
    return {
        "under": say.people(meeting),
        "status": say.status(meeting),
        "loud": not say.whispers(meeting),
        "was": _was(meeting),
        "facts": [fact for _icon, fact in say.facts(meeting)] if meeting.stands else [],
        "sign": {"word": number.word, "number": number.number} if meeting.stands else None,
    }


def _was(meeting: Meeting) -> dict[str, str] | None:
    """Return the words round the old time, which the template sets by itself, left to right."""
    if meeting.was is None:
        return None
    if meeting.was.date() == meeting.start.date():
        before, after = _("was at %(time)s", time="\0").split("\0")
    else:
        day = say.day_and_month(meeting.was)
        before, after = _("was on %(day)s at %(time)s", day=day, time="\0").split("\0")
    return {"before": before, "time": f"{meeting.was:%H:%M}", "after": after}


def _stamp(agenda: Agenda) -> dict[str, str] | None:
    if agenda.version is None:
        return None
    at = zones.wall(agenda.version.published_at, agenda.event.zone)
    before, after = _(
        "Version %(number)s of %(day)s at %(time)s.", number=agenda.version.number, day=say.day_and_month(at), time="\0"
    ).split("\0")
    return {"before": before, "time": f"{at:%H:%M}", "after": after}


def _date_of(agenda: Agenda) -> list[int]:
    """Return a day for the file's own record: that of the version, so that equal agendas are equal files."""
    day = agenda.version.published_at.date() if agenda.version else min(agenda.event.days, default=dt.date(2000, 1, 1))
    return [day.year, day.month, day.day]

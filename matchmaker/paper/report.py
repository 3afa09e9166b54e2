"""The report on paper: each part as a chart that is read in black and white, with its table beside it."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from matchmaker.paper.typesetting import typeset
from matchmaker.queries import agenda_words as say
from matchmaker.queries import logos
from matchmaker.queries.agenda_facts import EventFacts
from matchmaker.queries.report import Report
from matchmaker.queries.report_words import Section


def report_pdf(report: Report, sections: Sequence[Section]) -> bytes:
    """Return the report in the language at work."""
    content = {
        "language": say.language(),
        "title": _("Report"),
        "author": say.words(report.event.names),
        "event": say.named(report.event.names),
        "place": say.joined(say.words(report.event.places), say.days(report.event)),
        "version": _("Version %(number)s", number=report.version_number) if report.version_number else "",
        "made": _made(report.event),
        "logos": logos.for_paper(report.event.logos),
        "sections": [_section(section) for section in sections],
    }
    return typeset("report.typ", content)


def _section(section: Section) -> dict[str, object]:
    return {
        "title": section.title,
        "finding": section.finding,
        "of": section.of,
        "heads": section.heads,
        "drawn": section.drawn,
        "lines": [{"name": line.name, "figures": line.figures} for line in section.lines],
    }


def _made(event: EventFacts) -> list[int]:
    """Return the event's last day: the report is of what was."""
    last = max(event.days)
    return [last.year, last.month, last.day]

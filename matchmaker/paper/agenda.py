"""Agendas on paper: one A4 page each by typst, of one person or of all who take part."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from matchmaker.domain import zones
from matchmaker.domain.agenda import AgendaDay, Row, RowKind
from matchmaker.domain.plain import isolated
from matchmaker.paper.typesetting import bound, dated, qr
from matchmaker.queries import agenda_words as say
from matchmaker.queries import logos
from matchmaker.queries.agenda_facts import Agenda, EventFacts, Meeting, SessionFacts, VersionFacts

Content = dict[str, Any]


def agenda_pdf(agenda: Agenda, address: str) -> bytes:
    """Return the agenda as a PDF in the language at work; its QR code opens ``address``.

    One page where that can be read at all, else more.
    """
    content = _content(agenda, address)
    return bound([content], title=f"{content['title']} – {content['event']}", logos=logos.for_paper(agenda.event.logos))


def agendas_pdf(agendas: Iterable[tuple[Agenda, str]], title: str) -> bytes:
    """Return many agendas, each with its address, as one PDF in the order given, each in its person's language."""
    sheets = []
    given = list(agendas)
    for agenda, address in given:
        with force_locale(str(agenda.person.locale)):
            sheets.append(_content(agenda, address))
    return bound(sheets, title=title, logos=logos.for_paper(given[0][0].event.logos), apart=True)


def _content(agenda: Agenda, address: str) -> Content:
    """Return what the page says, as plain values: the template evaluates none of it."""
    return {
        "language": say.language(),
        "title": _("My agenda"),
        "event": say.named(agenda.event.names),
        "patronage": say.words(agenda.event.patronage),
        "place": say.joined(say.words(agenda.event.places), say.days(agenda.event)),
        "person": say.joined(say.words(agenda.person.names), say.words(agenda.person.organisation)),
        "days": [_day(day) for day in agenda.days],
        "not_scheduled": {
            "title": _("Not scheduled"),
            "items": [{"whom": whom, "why": why} for whom, why in say.reasons(agenda.not_scheduled)],
        },
        "stamp": stamp(agenda.event, agenda.version),
        "code_words": _("This code opens your agenda as it stands now."),
        "code_name": _("QR code of this agenda"),
        "notes": _("Notes"),
        "until": _("until"),
        "qr": qr(address),
        "made": dated(agenda.event, agenda.version),
    }


def day_head(day: dt.date, aside: str) -> Content:
    return {"number": str(day.day), "weekday": say.weekday(day), "month": say.month_and_year(day), "aside": aside}


def _day(day: AgendaDay) -> Content:
    return {**day_head(day.plan.day, say.day_count(day)), "rows": [_row(row) for row in day.rows]}


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


def stamp(event: EventFacts, version: VersionFacts | None) -> dict[str, str] | None:
    """Say of which version the paper is, in words round the time, which the template sets by itself."""
    if version is None:
        return None
    at = zones.wall(version.published_at, event.zone)
    before, after = _(
        "Version %(number)s of %(day)s at %(time)s.", number=version.number, day=say.day_and_month(at), time="\0"
    ).split("\0")
    return {"before": before, "time": f"{at:%H:%M}", "after": after}

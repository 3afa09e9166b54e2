"""The agendas of interpreters: where each is needed, when, and for which languages."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from matchmaker.paper.agenda import day_head, stamp
from matchmaker.paper.typesetting import bound, dated
from matchmaker.queries import agenda_words as say
from matchmaker.queries import logos
from matchmaker.queries.paper import Paper, Sitting


def interpreters_pdf(paper: Paper) -> bytes | None:
    """Return a page for each interpreter in the first language of the event, or None if none is needed.

    Versions hold the names of interpreters: two of one name share a page.
    """
    needed = defaultdict[tuple[tuple[str, str], ...], list[Sitting]](list)
    for sitting in paper.sittings:
        if any(sitting.interpreter.values()):
            needed[tuple(sorted(sitting.interpreter.items()))].append(sitting)
    if not needed:
        return None
    with force_locale(paper.language):
        sheets = [_sheet(paper, dict(names), sittings) for names, sittings in sorted(needed.items())]
        drawn = logos.for_paper(paper.event.logos)
        return bound(sheets, title=_("Agendas of interpreters"), logos=drawn, apart=True)


def _sheet(paper: Paper, names: dict[str, str], sittings: Sequence[Sitting]) -> dict[str, Any]:
    days = defaultdict[dt.date, list[Sitting]](list)
    for sitting in sittings:
        days[sitting.start.date()].append(sitting)
    return {
        "language": say.language(),
        "title": _("Agenda of the interpreter"),
        "event": say.named(paper.event.names),
        "patronage": say.words(paper.event.patronage),
        "place": say.joined(say.words(paper.event.places), say.days(paper.event)),
        "person": say.named(names),
        "days": [_day(day, of_day) for day, of_day in days.items()],
        "not_scheduled": {"title": "", "items": []},
        "stamp": stamp(paper.event, paper.version),
        "code_words": "",
        "code_name": "",
        "notes": _("Notes"),
        "until": _("until"),
        "qr": None,
        "made": dated(paper.event, paper.version),
    }


def _day(day: dt.date, sittings: Sequence[Sitting]) -> dict[str, Any]:
    count = ngettext("%(num)s meeting", "%(num)s meetings", len(sittings))
    return {**day_head(day, count), "rows": [_row(sitting) for sitting in sittings]}


def _row(sitting: Sitting) -> dict[str, Any]:
    one, other = (say.named(party.names) for party in sitting.parties)
    sign = say.sign_of(sitting.location, sitting.table, is_stand=sitting.is_stand)
    spoken = say.joined(*(say.language_name(code) for code in sitting.languages))
    return {
        "quiet": False,
        "leader": False,
        "start": f"{sitting.start:%H:%M}",
        "end": f"{sitting.end:%H:%M}",
        "title": _("%(one)s and %(other)s", one=one, other=other),
        "gone": False,
        "under": say.joined(say.words(sitting.location), spoken),
        "sign": {"word": sign.word, "number": sign.number},
    }

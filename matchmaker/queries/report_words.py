"""The report in the words of one language, the one at work: page, sheet and paper all say the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from babel import Locale as BabelLocale
from flask_babel import gettext as _
from flask_babel import ngettext

from matchmaker.domain.report import FEWEST
from matchmaker.queries import agenda_words as say
from matchmaker.queries.report import Report, Tally
from matchmaker.queries.taxonomy import taxonomy

MOST_MEETINGS = 12
"""People with more share a row."""


@dataclass(frozen=True, slots=True)
class Line:
    """``name`` says what is counted. A figure is None where there was nothing to count."""

    name: str
    figures: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One table with its finding as a sentence. ``heads`` are of the figures, ``of`` of the names.

    Drawn as ``bars`` the first figure is a frame that the second one fills; drawn as ``cells`` all are hundredths.
    """

    title: str
    finding: str
    of: str
    heads: tuple[str, ...]
    lines: tuple[Line, ...]
    drawn: Literal["bars", "cells"] = "bars"


def sections(report: Report) -> list[Section]:
    """Return the report part by part; what there is nothing to say of says so in its finding."""
    return [
        _meetings(report),
        *_who_met_whom(report),
        _useful(report),
        *_rooms(report),
        _per_person(report),
        _promises(report),
    ]


def _meetings(report: Report) -> Section:
    totals = report.totals
    rows = [
        (_("Asked for"), totals.asked),
        (_("Scheduled"), totals.scheduled),
        (_("Took place"), totals.held),
        (_("No-show"), totals.no_shows),
        (_("Nobody said"), totals.untold),
        (_("Cancelled"), totals.cancelled),
    ]
    finding = ngettext(
        "%(num)s meeting was scheduled; %(held)s took place as far as people said.",
        "%(num)s meetings were scheduled; %(held)s took place as far as people said.",
        totals.scheduled,
        held=totals.held,
    )
    if report.withheld:
        finding += " " + _("Not published yet, and not counted: %(days)s.", days=say.several(report.withheld))
    lines = tuple(Line(name, (figure,)) for name, figure in rows)
    return Section(_("Meetings"), finding, _("Meetings"), (_("Number"),), lines)


def _who_met_whom(report: Report) -> list[Section]:
    by_type = {_and(_type(report, one), _type(report, other)): tally for (one, other), tally in report.by_type.items()}
    by_country = {_and(_country(one), _country(other)): tally for (one, other), tally in report.by_country.items()}
    names = {group.code: group.names for group in taxonomy().groups}
    by_sector = {say.named(names[code]): tally for code, tally in report.by_sector.items()}
    return [
        _tallied(_("Who met whom, by type"), _("Types"), by_type),
        _tallied(_("Who met whom, by country"), _("Countries"), by_country),
        _tallied(_("Who met whom, by sector"), _("What one side offers"), by_sector),
    ]


def _tallied(title: str, of: str, tallies: Mapping[str, Tally]) -> Section:
    lines = tuple(Line(name, (tally.scheduled, tally.held)) for name, tally in tallies.items())
    finding = _("Most meetings: %(name)s.", name=lines[0].name) if lines else _("No meeting was scheduled.")
    return Section(title, finding, of, (_("Scheduled"), _("Took place")), lines)


def _useful(report: Report) -> Section:
    title, heads = _("Were the meetings useful?"), (_("Answers"), _("Useful"), _("People"))
    whole = report.useful.whole
    if whole is None:
        finding = _("Fewer than %(count)s people said so: nothing is shown, to protect them.", count=FEWEST)
        return Section(title, finding, _("Type"), heads, ())
    finding = _(
        "%(useful)s of %(answers)s answers say that the meeting was useful. "
        "Groups of fewer than %(count)s people are not shown.",
        useful=whole.useful,
        answers=whole.answers,
        count=FEWEST,
    )
    rows = [(_("All"), whole), *((_type(report, type_id), share) for type_id, share in report.useful.groups.items())]
    lines = tuple(Line(name, (share.answers, share.useful, share.people)) for name, share in rows)
    return Section(title, finding, _("Type"), heads, lines)


def _rooms(report: Report) -> list[Section]:
    days = sorted({day for _hall, day, _hour in report.use})
    return [_rooms_of(report, day) for day in days]


def _rooms_of(report: Report, day: dt.date) -> Section:
    hours = sorted({hour for _hall, of_day, hour in report.use if of_day == day})
    lines = []
    for hall, names in report.halls.items():
        uses = [report.use.get((hall, day, hour)) for hour in hours]
        shares = tuple(round(100 * use.used / use.places) if use and use.places else None for use in uses)
        lines.append(Line(_("Stands") if hall is None else say.named(names), shares))
    used = sum(use.used for (_hall, of_day, _hour), use in report.use.items() if of_day == day)
    places = sum(use.places for (_hall, of_day, _hour), use in report.use.items() if of_day == day)
    title = _("Use of rooms, %(day)s", day=say.long_day(day))
    finding = _(
        "%(used)s of %(places)s places at tables were used. In hundredths, hour by hour.", used=used, places=places
    )
    return Section(title, finding, _("Place"), tuple(f"{hour:02}:00" for hour in hours), tuple(lines), "cells")


def _per_person(report: Report) -> Section:
    counts = report.per_person
    most = min(max(counts, default=0), MOST_MEETINGS)
    figures = [counts.get(number, 0) for number in range(most + 1)]
    more = sum(people for number, people in counts.items() if number > most)
    lines = [
        Line(ngettext("%(num)s meeting", "%(num)s meetings", number), (people,))
        for number, people in enumerate(figures)
    ]
    if more:
        lines.append(Line(_("more"), (more,)))
    finding = ngettext(
        "%(num)s person has no meeting, of %(all)s who could have one.",
        "%(num)s people have no meeting, of %(all)s who could have one.",
        figures[0],
        all=sum(counts.values()),
    )
    return Section(_("Meetings of each person"), finding, _("Meetings"), (_("People"),), tuple(lines))


def _promises(report: Report) -> Section:
    lines = tuple(
        Line(_type(report, type_id), (promise.people, promise.scheduled, promise.held))
        for type_id, promise in report.promises.items()
    )
    people = sum(promise.people for promise in report.promises.values())
    kept = sum(promise.scheduled for promise in report.promises.values())
    finding = _("Nobody was promised a minimum of meetings.")
    if people:
        finding = _("The schedule keeps %(kept)s of %(people)s promised minimums.", kept=kept, people=people)
    heads = (_("Promised to"), _("Kept by the schedule"), _("Kept by meetings that took place"))
    return Section(_("Promised minimums"), finding, _("Type"), heads, lines)


def _type(report: Report, type_id: int | None) -> str:
    return say.named(report.types[type_id]) if type_id in report.types else _("Without a type")


def _country(code: str) -> str:
    return str(BabelLocale.parse(say.language()).territories.get(code, code))


def _and(one: str, other: str) -> str:
    return _("%(one)s and %(other)s", one=one, other=other)

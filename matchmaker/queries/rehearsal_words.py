"""A rehearsal in the words of one language, the one at work: page and command line say the same.

Its figures name organisations and places by their codes; ``names`` are what to call them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from matchmaker.domain import dates
from matchmaker.domain.happening import Happening
from matchmaker.domain.scoring import CLASS_LABELS, PairClass
from matchmaker.models import Texts
from matchmaker.queries import agenda_words as say
from matchmaker.queries import rehearsal_remedies
from matchmaker.queries.report_words import Line, Section

Facts = Mapping[str, Any]
Names = Mapping[str, Texts]


@dataclass(frozen=True, slots=True)
class Told:
    """``opening`` says what was played, ``mend`` what is to be mended, the most pressing first."""

    opening: tuple[str, ...]
    mend: tuple[str, ...]
    sections: tuple[Section, ...]


def told(facts: Facts, names: Names) -> Told:
    """Return what a rehearsal has to tell."""
    parts: Sequence[Callable[[Facts, Names], Section]] = (
        *(_requests, _people, _minimums, _day, _repairs, _mails, _tables),
    )
    return Told(
        _opening(facts), rehearsal_remedies.sentences(facts, names), tuple(part(facts, names) for part in parts)
    )


def as_text(words: Told) -> str:
    """Write it for a terminal: sentences, then tables whose columns stand under each other."""
    mend = [_("What to mend"), *(f"- {sentence}" for sentence in words.mend)]
    blocks = [list(words.opening), mend, *([part.title, part.finding, *_table(part)] for part in words.sections)]
    return "\n\n".join("\n".join(lines) for lines in blocks)


def _opening(facts: Facts) -> tuple[str, ...]:
    size, plan = facts["size"], facts["plan"]
    lines = [
        _(
            "Played with %(people)s people of %(organisations)s organisations and %(wanted)s requests, in %(seconds)s "
            "seconds; nobody was told anything.",
            people=size["people"],
            organisations=size["organisations"],
            wanted=size["wanted"],
            seconds=round(facts["seconds"]),
        ),
        _(
            "To %(no_shows)s of 100 meetings one side does not come, %(late)s of 100 people are late; the lot is "
            "number %(seed)s.",
            no_shows=plan["no_shows"],
            late=plan["late"],
            seed=plan["seed"],
        ),
    ]
    if facts["run"]["proven"]:
        lines.append(_("The schedule is the best there is: the same number plays the same day again."))
    else:
        lines.append(
            _(
                "The schedule is worth %(value)s, and none can exceed %(bound)s; the run was cut off by its time, so "
                "that the same number may play a slightly different day.",
                value=round(facts["run"]["value"]),
                bound=int(facts["run"]["bound"]),
            )
        )
    if facts["invented"]:
        lines.append(_("Nobody has given wishes yet: these are invented, by what people offer and need."))
    return tuple(lines)


def _requests(facts: Facts, _names: Names) -> Section:
    lines = tuple(Line(_(CLASS_LABELS[PairClass(klass)]), tuple(row)) for klass, row in facts["classes"].items())
    wanted, scheduled, held = (sum(column) for column in zip(*facts["classes"].values(), strict=True))
    finding = _(
        "%(scheduled)s of %(wanted)s requests were scheduled, %(held)s took place.",
        scheduled=scheduled,
        wanted=wanted,
        held=held,
    )
    heads = (_("Wanted"), _("Scheduled"), _("Took place"))
    return Section(_("Requests by class"), finding, _("What the two sides want"), heads, lines)


def _people(facts: Facts, _names: Names) -> Section:
    scheduled, held = facts["people"]["scheduled"], facts["people"]["held"]
    counts = (_("no meeting"), _("one"), _("two"), _("three or more"))
    lines = tuple(Line(*row) for row in zip(counts, zip(scheduled, held, strict=True), strict=True))
    finding = ngettext(
        "%(num)s person has no meeting, of %(all)s who could have one.",
        "%(num)s people have no meeting, of %(all)s who could have one.",
        scheduled[0],
        all=sum(scheduled),
    )
    return Section(_("Meetings of each person"), finding, _("Meetings"), (_("Scheduled"), _("Took place")), lines)


def _minimums(facts: Facts, _names: Names) -> Section:
    found = facts["minimums"]
    finding = _("Nobody was promised a minimum of meetings.")
    if found["people"]:
        finding = _(
            "Of %(people)s promised minimums the schedule misses %(before)s; missed after the last day: %(after)s.",
            **found,
        )
    rows = ((_("Promised"), found["people"]), (_("Missed on the eve"), found["before"]))
    lines = [Line(name, (count,)) for name, count in (*rows, (_("Missed after the last day"), found["after"]))]
    return Section(
        _("Promised minimums"), finding, _("Minimums"), (_("People"),), tuple(lines if found["people"] else ())
    )


def _day(facts: Facts, _names: Names) -> Section:
    found, said = facts["meetings"], facts["feedback"]
    rows = (
        (_("Scheduled on the eve"), found["planned"]),
        (_("Took place"), found["held"]),
        (_("No-show"), found["no_shows"]),
        (_("Cancelled"), found["cancelled"]),
        (_("Answers that call it useful"), said["useful"]),
    )
    finding = _("%(held)s of %(planned)s meetings took place.", held=found["held"], planned=found["planned"])
    lines = tuple(Line(name, (count,)) for name, count in rows)
    return Section(_("On the day"), finding, _("Meetings"), (_("Number"),), lines)


def _repairs(facts: Facts, names: Names) -> Section:
    columns = ("moved", "cancelled", "by_mail", "otherwise", "seconds")
    lines = tuple(
        Line(_befell(repair, names), tuple(_whole(repair.get(column)) for column in columns))
        for repair in facts["repairs"]
    )
    finding = _("Nothing had to be repaired.")
    if done := [one for one in facts["repairs"] if one["came"] == "published"]:
        finding = _(
            "The repairs moved %(moved)s meetings and cancelled %(cancelled)s.",
            moved=sum(one["moved"] for one in done),
            cancelled=sum(one["cancelled"] for one in done),
        )
    heads = (_("Moved"), _("Cancelled"), _("Told by mail"), _("Told otherwise"), _("Seconds"))
    return Section(_("Repairs"), finding, _("What happened"), heads, lines)


def _befell(repair: Facts, names: Names) -> str:
    day = say.long_day(dt.date.fromisoformat(repair["day"]))
    if repair["kind"] == Happening.CLOSED:
        start, until = (_clock(repair[name]) for name in ("start", "until"))
        place = place_name(repair["place"], names)
        return _(
            "%(name)s closes on %(day)s from %(start)s to %(until)s", name=place, day=day, start=start, until=until
        )
    return _("Somebody comes late on %(day)s, at %(until)s", day=day, until=_clock(repair["until"]))


def _mails(facts: Facts, _names: Names) -> Section:
    found = facts["mails"]
    rows = (
        (_("Provisional agenda"), found["provisional"]),
        (_("Final agenda"), found["final"]),
        (_("Changes on the day"), found["changes"]),
    )
    finding = _("%(total)s messages would have gone out; none did.", total=sum(found.values()))
    lines = tuple(Line(name, (count,)) for name, count in rows)
    return Section(_("Mail"), finding, _("Message"), (_("Number"),), lines)


def _tables(facts: Facts, names: Names) -> Section:
    lines = tuple(
        Line(
            place_name(row["place"], names),
            (row["used"], row["places"], round(100 * row["peak"]["used"] / row["peak"]["places"])),
        )
        for row in facts["tables"]
    )
    finding = _(
        "%(used)s of %(places)s places at tables were used. The busiest hour is in hundredths.",
        used=sum(row["used"] for row in facts["tables"]),
        places=sum(row["places"] for row in facts["tables"]),
    )
    heads = (_("Used"), _("Places at tables"), _("Busiest hour"))
    return Section(_("Use of tables"), finding, _("Place"), heads, lines)


def place_name(code: str | None, names: Names) -> str:
    """Return what to call a place; stands go together, under no code."""
    return say.named(names.get(code, {"en": code})) if code else _("Stands")


def _clock(text: str) -> str:
    return dates.clock(dt.time.fromisoformat(text))


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)


def _table(part: Section) -> list[str]:
    if not part.lines:
        return []
    rows = [(part.of, *part.heads), *((line.name, *map(_figure, line.figures)) for line in part.lines)]
    widths = [max(map(len, column)) for column in zip_longest(*rows, fillvalue="")]
    return [
        "  ".join(cell.rjust(width) if number else cell.ljust(width) for number, (cell, width) in enumerate(pairs))
        for pairs in (zip(row, widths, strict=True) for row in rows)
    ]


def _figure(value: int | None) -> str:
    return "–" if value is None else str(value)

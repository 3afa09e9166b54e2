"""The banner of a participant's pages: where the event stands, and what to do now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from flask_babel import gettext as _

from matchmaker import clock
from matchmaker.domain import dates, zones
from matchmaker.domain import days_out as days
from matchmaker.domain.states import Phase
from matchmaker.domain.wording import N_
from matchmaker.models import Event
from matchmaker.queries import days_out
from matchmaker.web import languages
from matchmaker.web.isolation import isolated

WORDS: Mapping[Phase, tuple[str, str, str]] = {
    Phase.REGISTRATION: (
        N_("Now: registration and profile."),
        N_("You can change your times until wishes close, on %(day)s at %(time)s."),
        N_("Say what you offer and look for, and when you are not free."),
    ),
    Phase.WISHES: (
        N_("Now: choose."),
        N_(
            "Wishes close on %(day)s at %(time)s. Nothing is reserved: "
            "the schedule is made from everybody’s wishes together."
        ),
        N_("Nothing is reserved: the schedule is made from everybody’s wishes together."),
    ),
    Phase.SCHEDULING: (
        N_("Now: the schedule is being made."),
        N_("Wishes closed on %(day)s at %(time)s. You will be told as soon as the agendas are published."),
        N_("Wishes are closed. You will be told as soon as the agendas are published."),
    ),
    Phase.PROVISIONAL: (
        N_("Now: read your provisional agenda."),
        N_("Tell the organiser by %(day)s at %(time)s what cannot stay; meetings may still move."),
        N_("Tell the organiser what cannot stay; meetings may still move."),
    ),
    Phase.FINAL: (
        N_("The agenda is final."),
        "",
        N_("Keep it on your phone or print it. The desk helps with changes."),
    ),
    Phase.ON_THE_DAY: (
        N_("Today: your meetings."),
        "",
        N_("Be at the table when the slot begins. The desk helps if somebody is missing."),
    ),
    Phase.AFTER: (N_("The event is over."), "", N_("Thank you. Personal data will be deleted on the announced day.")),
}
"""The lead, what to do with the deadline in it, and what to do where there is no deadline to name."""


class Banner(NamedTuple):
    step: int
    steps: int
    lead: str
    sentence: str


def banner(event: Event) -> Banner:
    lead, with_deadline, without = WORDS[event.phase]
    phases = list(Phase)
    if words := _told_so_far(event):
        return Banner(phases.index(event.phase), len(phases), _("The agenda comes out day by day."), words)
    closes = event.comments_close_at if event.phase is Phase.PROVISIONAL else event.wishes_close_at
    if event.phase is Phase.PROVISIONAL and _is_past(closes, event):
        sentence = window(event)
    elif with_deadline and closes:
        sentence = isolated(_(with_deadline, **deadline(closes)))
    else:
        sentence = isolated(_(without))
    return Banner(phases.index(event.phase), len(phases), _(lead), sentence)


def _told_so_far(event: Event) -> str:
    """Name the days that are out where an agenda called final is so in part, and when the rest comes; else nothing."""
    if event.phase is not Phase.FINAL or len(event.days) == 1:
        return ""
    found, today = days_out.of(event), zones.wall(clock.now(), event.zone).date()
    if not (left := found.to_come(today)):
        return ""
    told, rest = dates.several(found.told, languages.current()), days.state(left[0], found.rest_on, today)
    if rest.on:
        on = dates.day_and_month(rest.on, languages.current())
        return _("Published so far: %(days)s. The other days are announced on %(on)s.", days=told, on=on)
    return _("Published so far: %(days)s. You will be told of the other days.", days=told)


def window(event: Event) -> str:
    """Say until when the organiser takes changes into the agenda, and who hears of them afterwards."""
    closes = event.comments_close_at
    if event.phase is not Phase.PROVISIONAL:
        return isolated(_("The agenda is final. What you ask for now goes to the welcome desk, which helps as it can."))
    if closes is None:
        return isolated(_("The agenda is provisional: the organiser sees what you ask for before it becomes final."))
    if _is_past(closes, event):
        words = _(
            "Comments closed on %(day)s at %(time)s. What you ask for now goes to the welcome desk.", **deadline(closes)
        )
        return isolated(words)
    words = _("The organiser takes changes into the final agenda until %(day)s at %(time)s.", **deadline(closes))
    return isolated(words)


def _is_past(closes: datetime | None, event: Event) -> bool:
    return closes is not None and clock.now() >= zones.instant(closes, event.zone)


def deadline(at: datetime) -> dict[str, str]:
    """Return the day and the time of a deadline, in wall time, as the words of a sentence."""
    locale = languages.current()
    day = f"{dates.weekday(at.date(), locale)} {dates.day_and_month(at.date(), locale)}"
    return {"day": day, "time": dates.clock(at)}

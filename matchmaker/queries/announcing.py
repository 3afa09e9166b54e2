"""How an event is made known: where people register, in which words it is announced, and what comes next."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import gettext as _

from matchmaker.domain import dates, zones
from matchmaker.domain.states import Locale, Phase
from matchmaker.models import Event
from matchmaker.queries import agenda_words as say
from matchmaker.queries import invitations, links, reminders
from matchmaker.queries.agenda import event_facts
from matchmaker.queries.agenda_facts import EventFacts

BEFORE = dt.timedelta(days=4)
"""So long before the wishes close those without any are reminded, a week-end between apart."""
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Announcement:
    """An event as it is announced; ``address`` is that of its registration, ``until`` when the wishes close."""

    event: EventFacts
    languages: tuple[str, ...]
    address: str
    until: dt.datetime | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class Texts:
    """An announcement in the words of one language: a mail, and a message for a phone."""

    language: str
    subject: str
    mail: str
    message: str


class Next(StrEnum):
    """What an organiser does next; ``phase``: what the phase of the event asks for."""

    BRING = "bring"
    INVITE = "invite"
    REMIND = "remind"
    PHASE = "phase"


@dataclass(frozen=True, slots=True)
class Step:
    """What is next, how many people it is about, and on which day."""

    kind: Next
    count: int = 0
    day: dt.date | None = None


def announcement(event: Event) -> Announcement:
    """Return how an event is announced, in its own languages."""
    known = tuple(code for code in event.languages if code in set(Locale)) or tuple(map(str, Locale))
    address = f"{links.origin(event)}/e/{event.slug}/register"
    return Announcement(event_facts(event), known, address, event.wishes_close_at, event.phase in reminders.OPEN)


def texts(one: Announcement) -> Texts:
    """Return the texts in the language at work."""
    event, when = one.event, say.days(one.event)
    name, place = say.named(event.names), say.named(event.places)
    until = _("Registration and wishes close on %(day)s.", day=say.long_day(one.until)) if one.until else ""
    call = _("Register, and say whom you want to meet: %(address)s", address=one.address)
    held = _("%(event)s: %(days)s, %(place)s.", event=name, days=when, place=place)
    lines = [
        _("Dear Sir or Madam,"),
        say.words(event.patronage),
        held,
        _(
            "Business meetings are scheduled there for everybody who registers: you say whom you want to meet and when"
            " you are not free, and receive a personal agenda."
        ),
        f"{call}\n{until}".strip(),
        _("Nothing is reserved before the schedule is made: there is no hurry, but there is a last day.")
        if until
        else "",
    ]
    message = [say.words(event.patronage), held, call, until]
    return Texts(
        say.language(),
        _("Invitation: %(event)s, %(days)s", event=name, days=when),
        "\n\n".join(line for line in lines if line),
        "\n".join(line for line in message if line),
    )


def next_step(event: Event, people: int, now: dt.datetime) -> Step:
    """Return what is truly next: to bring people in, to invite, to remind on a working day, or what the phase asks."""
    if event.phase not in reminders.OPEN:
        return Step(Next.PHASE)
    if not people:
        return Step(Next.BRING)
    if waiting := len(invitations.uninvited(event.id)):
        return Step(Next.INVITE, waiting)
    silent = len(reminders.silent(event, now).by_mail)
    if event.phase is Phase.WISHES and silent and reminders.are_open(event, now):
        return Step(Next.REMIND, silent, day_to_remind(event.wishes_close_at, zones.wall(now, event.zone).date()))
    return Step(Next.PHASE)


def day_to_remind(closes_at: dt.datetime | None, today: dt.date) -> dt.date:
    """Return a working day in time before the wishes close, today at the earliest."""
    wanted = max(closes_at.date() - BEFORE, today) if closes_at else today
    working = next(day for n in range(3) if (day := wanted + dt.timedelta(days=n)).weekday() < SATURDAY)
    return working if closes_at is None or working <= closes_at.date() else today


def said_day(day: dt.date) -> str:
    """Return a day as an organiser speaks of it: with its weekday, without its year."""
    return f"{say.weekday(day)} {dates.day_and_month(day, say.language())}"

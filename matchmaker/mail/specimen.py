"""A letter of any kind to somebody invented, who meets others that are: how a text will look before anybody gets it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from flask_babel import force_locale

from matchmaker.domain import zones
from matchmaker.domain.agenda import AgendaDay, Row, RowKind
from matchmaker.domain.states import Locale, MeetingState, VersionKind
from matchmaker.domain.statuses import Status
from matchmaker.domain.texts import Words
from matchmaker.domain.timetable import DayPlan
from matchmaker.domain.versions import Placed
from matchmaker.mail.letters import Context, Reader, Written, written
from matchmaker.models import Event, Texts
from matchmaker.queries import links
from matchmaker.queries.agenda import event_facts
from matchmaker.queries.agenda_changes import Change, ChangeKind
from matchmaker.queries.agenda_facts import Agenda, Meeting, Other, PersonFacts, VersionFacts
from matchmaker.queries.sending import UNASKED

READER: Texts = {"ar": "سلمى بنجلون", "fr": "Salma Benjelloun", "en": "Salma Benjelloun"}
PARTY: Texts = {"ar": "أطلس للتبريد", "fr": "Atlas Froid", "en": "Atlas Cold Stores"}
OTHERS: tuple[Texts, ...] = (
    {"ar": "تعاونية أركان سوس", "fr": "Coopérative Argane Souss", "en": "Souss Argan Cooperative"},
    {"fr": "Kraft & Söhne GmbH"},
)
OTHER_NAMES: tuple[Texts, ...] = ({"ar": "يوسف العلوي", "fr": "Youssef Alaoui"}, {"fr": "Anna Kraft"})
HALL: Texts = {"ar": "القاعة الكبرى", "fr": "Grande salle", "en": "Great hall"}
NOWHERE = "0-0"
"""Stands where the token of an address would: it opens nothing."""
LINK_LASTS = timedelta(days=14)


def specimen(event: Event, kind: str, words: Words, locale: Locale, *, now: datetime) -> Written:
    """Return what the kind says in a language, in these words."""
    with force_locale(str(locale)):
        return written(event, kind, Reader(READER, lambda: PARTY), _context(event, kind, locale, now), words)


def _context(event: Event, kind: str, locale: Locale, now: datetime) -> Context:
    origin, until = links.origin(event), zones.wall(now + LINK_LASTS, event.zone)
    agenda = _agenda(event, locale, now)
    meetings = agenda.meetings
    first = event.days[0].day if event.days else until.date()
    return {
        "stop": f"{origin}/u/{NOWHERE}" if kind in UNASKED else "",
        "address": f"{origin}/a/{NOWHERE}",
        "expires": until,
        "agenda": agenda,
        "days": [(day, day.rows) for day in agenda.days],
        "changes": (Change(ChangeKind.MOVED, meetings[0], meetings[1]), Change(ChangeKind.ADDED, meetings[1])),
        "meeting": meetings[0],
        "lines": [_asking(names) for names in OTHERS],
        "most": len(OTHERS),
        "by_invitation": False,
        "day": _day_told(event, kind, first),
    }


def _day_told(event: Event, kind: str, first: date) -> date:
    return event.delete_after or first if kind == "deletion" else first


def _asking(names: Texts) -> Any:
    listing = SimpleNamespace(names=names, city="")
    return SimpleNamespace(entry=SimpleNamespace(names=names, listing=listing), until=None)


def _agenda(event: Event, locale: Locale, now: datetime) -> Agenda:
    wall = zones.wall(now, event.zone)
    begins = datetime.combine(event.days[0].day, event.days[0].start) if event.days else wall.replace(hour=9, minute=0)
    lasts = timedelta(minutes=event.slot_minutes)
    starts = begins, begins + lasts + timedelta(minutes=event.changeover_minutes)
    meetings = [_meeting(number, start, start + lasts) for number, start in enumerate(starts)]
    plan = DayPlan(begins.date(), begins.time(), meetings[-1].end.time())
    rows = tuple(Row(RowKind.MEETING, one.start, one.end, one) for one in meetings)
    person = PersonFacts(0, READER, PARTY, locale)
    return Agenda(event_facts(event), person, VersionFacts(2, VersionKind.FINAL, now), (AgendaDay(1, plan, rows),))


def _meeting(number: int, start: datetime, end: datetime) -> Meeting:
    placed = Placed(number, start.date(), start.time(), end.time(), "", number + 7, frozenset())
    return Meeting(
        code="",
        sequence=0,
        state=MeetingState.CONFIRMED,
        status=Status.CONFIRMED,
        start=start,
        end=end,
        organisation=OTHERS[number],
        people=(Other(OTHER_NAMES[number], {}),),
        location=HALL,
        is_stand=False,
        table=number + 7,
        languages=("fr",),
        interpreter={},
        placed=placed,
    )

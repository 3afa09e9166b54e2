"""An agenda in the words of one language, the one at work: page, mail, calendar and paper all say the same.

Names that run against the language stand isolated in what is joined here. Times stay times: each way out isolates
them in its own manner.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from babel import Locale as BabelLocale
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from matchmaker.domain import dates
from matchmaker.domain.agenda import AgendaDay, Row, RowKind
from matchmaker.domain.disclosure import FOR_PEOPLE, PUBLISHED_SENTENCE, PUBLISHED_SENTENCE_FOR_SEVERAL, REMEDIES
from matchmaker.domain.plain import isolated, one_line
from matchmaker.domain.statuses import LABELS, Status
from matchmaker.domain.timetable import BreakKind
from matchmaker.domain.wording import N_, in_language
from matchmaker.queries.agenda_changes import ChangeKind
from matchmaker.queries.agenda_facts import Agenda, EventFacts, Meeting, Other, Pause, SessionFacts
from matchmaker.queries.not_scheduled import NotScheduled

PAUSES: Mapping[str, str] = {
    BreakKind.COFFEE: N_("Coffee break"),
    BreakKind.LUNCH: N_("Lunch"),
    BreakKind.PRAYER: N_("Prayer"),
    BreakKind.FRIDAY: N_("Friday prayer and lunch"),
    BreakKind.OTHER: N_("Break"),
}
CHANGES: Mapping[ChangeKind, str] = {
    ChangeKind.MOVED: N_("Moved"),
    ChangeKind.CANCELLED: N_("Cancelled"),
    ChangeKind.ADDED: N_("New meeting"),
    ChangeKind.HANDED_OVER: N_("Handed to a colleague"),
}
MOST_LANGUAGES = 2
NORMAL = frozenset({Status.CONFIRMED, Status.HELD})
_STAND_NUMBER = re.compile(r"\b[^\W_]{0,3}\d{1,4}[^\W_]?\b")


@dataclass(frozen=True, slots=True)
class Sign:
    """What stands on the table or over the stand: a word and a number."""

    word: str
    number: str


def language() -> str:
    """Return the locale in which words are being made."""
    locale = get_locale()
    return locale.language if locale else "en"


def words(texts: Mapping[str, str]) -> str:
    """Return what somebody wrote as one line, free of marks that would turn the text round it."""
    return one_line(in_language(texts, language()))


def named(texts: Mapping[str, str]) -> str:
    """Return the words isolated if they run against the language: to stand in a line without markup."""
    return isolated(words(texts), language())


def weekday(day: dt.date) -> str:
    return dates.weekday(day, language())


def month_and_year(day: dt.date) -> str:
    return f"{dates.month(day, language())} {day.year}"


def day_and_month(day: dt.date) -> str:
    return dates.day_and_month(day, language())


def long_day(day: dt.date) -> str:
    return dates.long_day(day, language())


def days(event: EventFacts) -> str:
    return dates.span(min(event.days), max(event.days), language()) if event.days else ""


def several(some: Iterable[dt.date]) -> str:
    return dates.several(some, language())


def later(day: AgendaDay) -> str:
    """Say of a day that its programme is withheld, and when it comes out; or that it never did."""
    withheld, name = day.withheld, day_and_month(day.plan.day)
    if withheld and withheld.is_over:
        return _("The programme of %(day)s was not published.", day=name)
    if withheld and withheld.on:
        return _("The meetings of %(day)s are announced on %(on)s.", day=name, on=day_and_month(withheld.on))
    return _("The programme of %(day)s is published later.", day=name)


def joined(*parts: str) -> str:
    """Join what is there with the comma of the language; what runs against the language stays apart."""
    return _(", ").join(isolated(part, language()) for part in parts if part)


def entitled(title: Mapping[str, str], names: Mapping[str, str]) -> str:
    """Return a name after its title of protocol, if it has one."""
    return f"{words(title)} {words(names)}".strip()


def person(other: Other) -> str:
    return joined(entitled(other.title, other.names), words(other.job))


def people(meeting: Meeting) -> str:
    """Say who comes for the other side, or nothing if nobody is named yet."""
    return _("; ").join(person(other) for other in meeting.people)


def sign(meeting: Meeting) -> Sign:
    return sign_of(meeting.location, meeting.table, is_stand=meeting.is_stand)


def sign_of(location: Mapping[str, str], table: int, *, is_stand: bool) -> Sign:
    if not is_stand:
        return Sign(_("Table"), str(table))
    found = _STAND_NUMBER.findall(words(location))
    return Sign(_("Stand"), found[-1] if found else str(table))


def place(meeting: Meeting) -> str:
    """Say the whole place in one line: "Table 7, Atlas hall"."""
    return place_of(meeting.location, meeting.table, is_stand=meeting.is_stand)


def place_of(location: Mapping[str, str], table: int, *, is_stand: bool) -> str:
    if is_stand:
        return named(location)
    return joined(_("Table %(number)s", number=table), words(location))


def tongues(meeting: Meeting) -> str:
    """Say in what language they will speak, and whether an interpreter helps."""
    spoken = joined(*(language_name(code) for code in meeting.languages[:MOST_LANGUAGES]))
    if not meeting.interpreter:
        return spoken
    name = named(meeting.interpreter)
    return joined(spoken, _("interpreter: %(name)s", name=name) if name else _("with an interpreter"))


def language_name(code: str) -> str:
    name = str(BabelLocale.parse(language()).languages.get(code, code))
    return name[:1].upper() + name[1:]


def walk(meeting: Meeting) -> str:
    if meeting.walk_minutes is None:
        return ""
    return ngettext("%(num)s minute on foot", "%(num)s minutes on foot", meeting.walk_minutes)


def status(meeting: Meeting) -> str:
    return _(LABELS[meeting.status])


def whispers(meeting: Meeting) -> bool:
    """Tell whether the status is the normal one, which is set in plain ink."""
    return meeting.status in NORMAL


def title(row: Row) -> str:
    """Say what a row is about: the organisation, the session, the break, how long one is free."""
    match row.subject:
        case Meeting() as meeting:
            return words(meeting.organisation)
        case SessionFacts() as session:
            return words(session.titles)
        case Pause() as pause:
            return words(dict(pause.titles)) or _(PAUSES.get(pause.kind, PAUSES[BreakKind.OTHER]))
    if row.kind is RowKind.UNAVAILABLE:
        return _("Not free, as you asked")
    return _("Free for %(duration)s", duration=duration(row.minutes))


def duration(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    parts = [ngettext("%(num)s hour", "%(num)s hours", hours)] if hours else []
    if rest or not hours:
        parts.append(ngettext("%(num)s minute", "%(num)s minutes", rest))
    return parts[0] if len(parts) == 1 else _("%(one)s and %(other)s", one=parts[0], other=parts[1])


def countdown(now: dt.datetime, then: dt.datetime) -> str:
    """Say how long it is until ``then``: minutes, hours, else the day."""
    minutes = -(-int((then - now).total_seconds()) // 60)
    if minutes < 60:
        return ngettext("in %(num)s minute", "in %(num)s minutes", minutes)
    if then.date() == now.date():
        return _("in %(duration)s", duration=duration(minutes))
    if (then.date() - now.date()).days == 1:
        return _("tomorrow")
    return dates.day_and_month(then.date(), language())


def day_count(day: AgendaDay) -> str:
    """Say how much there is on a day: "4 meetings, 1 session"; of a day withheld, that it comes later."""
    meetings = sum(isinstance(row.subject, Meeting) and row.subject.stands for row in day.rows)
    sessions = sum(row.kind is RowKind.SESSION for row in day.rows)
    parts = [ngettext("%(num)s meeting", "%(num)s meetings", meetings)] if meetings else []
    if sessions:
        parts.append(ngettext("%(num)s session", "%(num)s sessions", sessions))
    if day.withheld:
        return later(day)
    return joined(*parts) or _("Nothing on this day")


def reasons(items: Sequence[NotScheduled]) -> list[tuple[str, str]]:
    """Say why requests are not held, as far as their reader may know: whom each is about, and the sentences.

    Those of which the published sentence is all that may be said share it, and it names them itself.
    """
    told = [
        (named(item.organisation), f"{_(FOR_PEOPLE[item.reason])} {_(REMEDIES[item.reason])}")
        for item in items
        if item.reason
    ]
    untold = [item for item in items if item.reason is None]
    return [*told, ("", _published(untold))] if untold else told


def _published(items: Sequence[NotScheduled]) -> str:
    names = joined(*(words(item.organisation) for item in items))
    count = items[0].meetings
    if len(items) == 1:
        return _(PUBLISHED_SENTENCE, organisation=names, count=count)
    return _(PUBLISHED_SENTENCE_FOR_SEVERAL, organisations=names, count=count)


def facts(meeting: Meeting) -> list[tuple[str, str]]:
    """Return the small facts under a meeting, each with the name of its icon; times are not among them."""
    found = [("speech", tongues(meeting)), ("pin", named(meeting.location)), ("walk", walk(meeting))]
    return [(icon, fact) for icon, fact in found if fact]


def under(row: Row) -> list[str]:
    """Return the lines under a row's title in a mail: who comes, in what language, or the session's room."""
    if isinstance(row.subject, SessionFacts):
        return [line for line in (named(row.subject.rooms),) if line]
    if isinstance(row.subject, Meeting):
        return [line for line in (people(row.subject), tongues(row.subject)) if line]
    return []


def announcement(agenda: Agenda) -> str:
    """Say what the first mail with an agenda is about, and how firm it is."""
    count = sum(meeting.stands for meeting in agenda.meetings)
    if not count and any(day.withheld and not day.withheld.is_over for day in agenda.days):
        return _("No meeting is planned for you on the days that are published so far.")
    if not count:
        return _("No meeting could be placed for you in this version. The desk can still help you on the day.")
    if agenda.may_move:
        return ngettext(
            "%(num)s meeting is planned for you. It may still move: you will be told.",
            "%(num)s meetings are planned for you. They may still move: you will be told.",
            count,
        )
    return ngettext("%(num)s meeting is arranged for you.", "%(num)s meetings are arranged for you.", count)


def news(count: int) -> str:
    """Say how many changes there are: the head of the mail that tells of them."""
    if not count:
        return _("Your agenda is as it was")
    return ngettext("%(num)s change in your agenda", "%(num)s changes in your agenda", count)


def change_kind(kind: ChangeKind) -> str:
    return _(CHANGES[kind])

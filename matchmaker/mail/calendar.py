"""The one place that builds calendar files (RFC 5545): all meetings of one person as published, or one of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from flask_babel import gettext as _
from icalendar import Calendar, Event, vCalAddress, vText

from matchmaker.domain import zones
from matchmaker.domain.calendar_uid import uid
from matchmaker.domain.feedback import HAPPENED
from matchmaker.domain.states import MeetingState, VersionKind
from matchmaker.domain.statuses import LABELS, Status
from matchmaker.extensions import current_settings
from matchmaker.queries import agenda_words as say
from matchmaker.queries.agenda_facts import Agenda, EventFacts, Meeting

REFRESH = timedelta(hours=1)


class TakenBack(NamedTuple):
    """All that a calendar needs in order to let go of an entry: the code of its name, its sequence, its instant."""

    code: str
    sequence: int
    begins: datetime


def build_calendar(agenda: Agenda) -> bytes:
    """Return the PUBLISH file of a person's meetings, in the language at work; the feed is the same.

    Times are UTC, so no zone of anybody's matters. Cancelled meetings are in it as such, also those that the
    person was told of once and has no more: a calendar that is not told keeps them. What somebody else has now who
    reads the same mailbox is not: the calendar is one, and the entry theirs.
    """
    calendar = _calendar("PUBLISH")
    name = say.words(agenda.event.names)
    calendar.add("x-wr-calname", name)
    calendar.add("name", name)
    if later := " ".join(say.later(day) for day in agenda.days if day.withheld):
        calendar.add("x-wr-caldesc", later)
        calendar.add("description", later)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    gone = (meeting for meeting in agenda.gone if meeting.placed.request_id not in agenda.beside)
    for meeting in sorted((*_told(agenda), *gone), key=lambda meeting: (meeting.start, meeting.code)):
        calendar.add_component(_entry(agenda, meeting))
    return bytes(calendar.to_ical())


def build_invitation(agenda: Agenda, meeting: Meeting, recipient: str) -> bytes:
    """Return the invitation (RFC 5546) to one meeting, or its withdrawal if it stands no more.

    It says what the file and the feed say. Its only attendee is the ``recipient``: who else comes stands in the
    description, without addresses.
    """
    calendar = _calendar("REQUEST" if meeting.stands else "CANCEL")
    entry = _entry(agenda, meeting)
    attendee = vCalAddress(f"mailto:{recipient}")
    attendee.params["CN"] = vText(_in_quotes(say.words(agenda.person.names)))
    attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
    attendee.params["PARTSTAT"] = vText("NEEDS-ACTION")
    attendee.params["RSVP"] = vText("FALSE")
    entry.add("attendee", attendee)
    calendar.add_component(entry)
    return bytes(calendar.to_ical())


def build_withdrawal(event: EventFacts, entries: Sequence[TakenBack], stamp: datetime, *, attendee: str = "") -> bytes:
    """Return what takes entries back that a mailbox was told: one by CANCEL from its ``attendee``, or all as a file.

    It says what a calendar must know and nothing else: whoever reads the mailbox now may be a stranger.
    """
    calendar = _calendar("CANCEL" if attendee else "PUBLISH")
    for one in entries:
        entry = Event()
        entry.add("uid", uid(event.slug, one.code, current_settings().host))
        entry.add("sequence", one.sequence)
        entry.add("dtstamp", stamp)
        entry.add("dtstart", one.begins)
        entry.add("status", "CANCELLED")
        entry.add("transp", "TRANSPARENT")
        entry.add("summary", _("Cancelled"))
        entry.add("organizer", _organiser(event))
        if attendee:
            entry.add("attendee", vCalAddress(f"mailto:{attendee}"))
        calendar.add_component(entry)
    return bytes(calendar.to_ical())


def _calendar(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Matchmaker//Agenda//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    return calendar


def _in_quotes(name: str) -> str:
    return name.replace('"', "”")


def _told(agenda: Agenda) -> list[Meeting]:
    gone = {meeting.code for meeting in agenda.gone}
    return [meeting for meeting in agenda.meetings if meeting.code not in gone]


def _entry(agenda: Agenda, meeting: Meeting) -> Event:
    zone = agenda.event.zone
    entry = Event()
    entry.add("uid", uid(agenda.event.slug, meeting.code, current_settings().host))
    entry.add("sequence", meeting.sequence)
    if agenda.version:
        entry.add("dtstamp", agenda.version.published_at)
        entry.add("last-modified", agenda.version.published_at)
    entry.add("dtstart", zones.instant(meeting.start, zone))
    entry.add("dtend", zones.instant(meeting.end, zone))
    entry.add("status", _status(agenda, meeting))
    entry.add("transp", "OPAQUE" if meeting.stands else "TRANSPARENT")
    entry.add("summary", _summary(meeting))
    entry.add("location", say.joined(say.place(meeting), say.words(agenda.event.places)))
    entry.add("description", "\n".join(_lines(meeting)))
    entry.add("organizer", _organiser(agenda.event))
    return entry


def _organiser(event: EventFacts) -> vCalAddress:
    organiser = vCalAddress(f"mailto:{current_settings().mail_sender}")
    organiser.params["CN"] = vText(_in_quotes(say.words(event.names)))
    return organiser


def _summary(meeting: Meeting) -> str:
    name = say.named(meeting.organisation)
    return name if meeting.stands else _("Cancelled: %(name)s", name=name)


def _lines(meeting: Meeting) -> list[str]:
    lines = [say.people(meeting), say.tongues(meeting), _told_status(meeting)]
    return [line for line in lines if line]


def _told_status(meeting: Meeting) -> str:
    """Say the status that was told. How the meeting went is nothing that changes an entry: it has no new sequence."""
    if meeting.state not in HAPPENED:
        return say.status(meeting)
    return _(LABELS[Status.MOVED if meeting.was else Status.CONFIRMED])


def _status(agenda: Agenda, meeting: Meeting) -> str:
    if not meeting.stands:
        return "CANCELLED"
    if meeting.state in HAPPENED:  # what it was before is told by the version alone
        is_unsure = agenda.version is not None and agenda.version.kind is VersionKind.PROVISIONAL
    else:
        is_unsure = meeting.state is MeetingState.PROVISIONAL
    return "TENTATIVE" if is_unsure else "CONFIRMED"

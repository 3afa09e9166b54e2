"""A draft is frozen into a numbered version, in one transaction with the mails that tell of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.domain import zones
from matchmaker.domain.days_out import Days, to_come, withheld
from matchmaker.domain.phases import after_publishing
from matchmaker.domain.states import Locale, Phase, VersionKind
from matchmaker.domain.versions import Placed
from matchmaker.domain.wording import N_
from matchmaker.errors import (
    ChangedMeanwhile,
    DaysBelongTogether,
    DraftChanged,
    InvalidValue,
    NotFound,
    PhaseForbids,
)
from matchmaker.mail.letters import letter
from matchmaker.mail.messages import Letter
from matchmaker.models import (
    Attendance,
    Event,
    Mail,
    Participation,
    PublishedMeeting,
    PublishedUnscheduled,
    Version,
)
from matchmaker.queries import telling, versions
from matchmaker.queries.agenda_facts import Agenda
from matchmaker.queries.agenda_rows import last_version
from matchmaker.queries.meeting_rows import Drafted, Told
from matchmaker.queries.versions import Candidate
from matchmaker.services.steps import entries, happened, outbox, requests
from matchmaker.services.steps.journal import record
from matchmaker.services.steps.published import shared_languages
from matchmaker.unit_of_work import unit_of_work

IN_ORDER = Participation.organisation_id, Participation.id
"""The order in which pages list the people who are told."""


def publish(
    event_id: int,
    draft_number: int,
    kind: VersionKind,
    *,
    days: Collection[date] | None = None,
    rest_on: date | None = None,
    expected_version: int | None,
    draft_revision: int | None = None,
    actor_id: int | None,
    now: datetime,
) -> int:
    """Make a draft the version that everybody sees, and return its number.

    Only its meetings on these ``days`` go out, None for all: those of other days stay as they were told, or are
    withheld, and said to come out on the day ``rest_on``. A repair goes out on the days that are out.
    ``expected_version`` is the one the publisher saw, None before the first, ``draft_revision`` that of the draft they
    read, None if they read none. Each person concerned gets one mail:
    their agenda the first time and when it becomes final, otherwise what changed for them. With a repair, what went
    wrong is noted in the frame.

    Raises
    ------
    ChangedMeanwhile
        If another version came out since.
    DaysBelongTogether
        If a meeting told on one of the days is on another one in the draft.
    DraftChanged
        If somebody changed the draft since.
    InvalidValue
        If no day is chosen, or one that is not of the event; if ``rest_on`` is past or after the first day withheld.
    NotFound
        If there is no such event or draft.
    PhaseForbids
        If the event is over.
    RepairOutOfDate
        If the draft is a repair and what it goes out from is no longer so.
    """
    with unit_of_work() as session:
        event = _event_to_publish(session, event_id, expected_version)
        going = Going(draft_number, kind, days, rest_on)
        version, found, told = _publish(session, event, going, actor_id=actor_id, now=now)
        if draft_revision not in {None, found.draft.revision}:
            raise DraftChanged
        verb = "repair.published" if found.repair else "publish"
        facts = {
            "draft": draft_number,
            "kind": str(kind),
            "told": told,
            **({"days": version.days} if version.days else {}),
        }
        record(
            session,
            event_id=event_id,
            actor_id=actor_id,
            verb=verb,
            now=now,
            subject=str(version.number),
            detail=facts,
        )
        return version.number


def rehearse(
    event_id: int,
    draft_number: int,
    kind: VersionKind,
    person: str,
    *,
    days: Collection[date] | None = None,
    rest_on: date | None = None,
    now: datetime,
) -> Rehearsed | None:
    """Return the message that publishing a draft would send to ``person`` (a code), or to the first if it sends none.

    Everything is done as ``publish`` does it, and all of it undone: what is shown is what would be sent. None if
    nobody would be written to.

    Raises
    ------
    DaysBelongTogether, InvalidValue
        As for ``publish``.
    NotFound
        If there is no such event or draft.
    PhaseForbids
        If the event is over.
    """
    found: list[Rehearsed] = []
    with suppress(_Undone), unit_of_work() as session:
        event = _event_to_publish(session, event_id, versions.latest_number(event_id))
        going = Going(draft_number, kind, days, rest_on)
        version, *_ = _publish(session, event, going, actor_id=None, now=now)
        session.flush()
        rows = select(Mail, Participation.code).join(Participation, Participation.id == Mail.participation_id)
        mails = session.execute(rows.where(Mail.version_id == version.id).order_by(*IN_ORDER)).all()
        if mails:
            mail, code = next((row for row in mails if row[1] == person), mails[0])
            found.append(Rehearsed(code, mail.locale, letter(mail, _no_paper, now=now)))
        raise _Undone
    return next(iter(found), None)


class Going(NamedTuple):
    """What goes out: a draft as a kind of version, on some days, None all; and when the others are to follow."""

    draft_number: int
    kind: VersionKind
    days: Collection[date] | None
    rest_on: date | None


class Rehearsed(NamedTuple):
    """A message that would go to the person with this ``code``, in the language they read."""

    code: str
    locale: Locale
    letter: Letter


class _Undone(Exception):
    pass


def _no_paper(_agenda: Agenda, _address: str) -> bytes:
    return b""


def _publish(
    session: Session,
    event: Event,
    going: Going,
    *,
    actor_id: int | None,
    now: datetime,
) -> tuple[Version, Candidate, int]:
    """Add the next version with its mails; return it, what it was made of, and how many are told by mail."""
    if going.days is not None and not set() < set(going.days) <= {row.day for row in event.days}:
        raise InvalidValue("days", N_("Choose at least one day of the event."))
    requests.refresh(session, event.id, now=now)
    session.flush()
    found = versions.candidate(event.id, going.draft_number, going.kind, going.days)
    if found.torn:
        raise DaysBelongTogether
    if found.repair:
        happened.refuse_out_of_date(found, found.repair, zones.wall(now, event.zone))
        happened.keep(session, event.id, found.repair)
    told, not_held = telling.audience(found), versions.unscheduled(found)
    version = Version(
        event_id=event.id,
        number=(versions.latest_number(event.id) or 0) + 1,
        kind=going.kind,
        draft_id=found.draft.id,
        published_at=now,
        published_by_id=actor_id,
        zone_edition=zones.edition(),
        days=_written(found.plan.chosen),
        days_out=_written(found.plan.after),
        rest_on=_rest_on(event, found, going.rest_on, zones.wall(now, event.zone).date()),
    )
    session.add(version)
    session.flush()
    session.add_all(_meetings(found, version))
    session.add_all(
        PublishedUnscheduled(event_id=event.id, version_id=version.id, request_id=id_, reason=reason)
        for id_, reason in not_held.items()
    )
    _tell(session, event, version, found, told)
    entries.refresh(session, event, now=now)
    event.phase = after_publishing(event.phase, going.kind)
    return version, found, len(told.by_mail)


def _rest_on(event: Event, found: Candidate, asked: date | None, today: date) -> date | None:
    """Return when the days withheld come out; a repair keeps what was said, where all are out nothing is."""
    left = to_come(withheld(found.plan.days, found.plan.after), today)
    if found.repair:
        version = last_version(event.id)
        return version.rest_on if version else None
    if asked is None or not left:
        return None
    if not today <= asked <= left[0]:
        raise InvalidValue("rest_on", N_("Name a day from today on, and no later than the first day that is left."))
    return asked


def _written(days: Days) -> list[str]:
    return sorted(day.isoformat() for day in days or ())


def _event_to_publish(session: Session, event_id: int, expected: int | None) -> Event:
    """Lock the event's row: of two publishers the second waits, and then finds another version out."""
    event = session.get(Event, event_id, with_for_update=True, populate_existing=True)
    if event is None:
        raise NotFound("event", event_id)
    if event.phase is Phase.AFTER:
        raise PhaseForbids(event.phase)
    if (latest := versions.latest_number(event_id)) != expected:
        raise ChangedMeanwhile("version", {"revision": (latest or 0, expected or 0)}, latest or 0)
    return event


def _meetings(found: Candidate, version: Version) -> Iterator[PublishedMeeting]:
    difference = found.difference
    moved = {move.new.request_id: move.old for move in difference.moved if move.another_time or move.another_place}
    handed_on = [move.new for move in difference.moved]
    for placed in (*difference.added, *handed_on, *difference.kept):
        drafted = found.meetings.get(placed.request_id)
        row = _frozen(drafted, placed, found) if drafted else _again(version, found.told[placed.request_id])
        _date(row, version, placed)
        if (old := moved.get(placed.request_id)) is not None:
            row.moved, row.was_day, row.was_start = True, old.day, old.start
        yield row
    for placed in difference.cancelled:
        row = _again(version, found.told[placed.request_id])
        _date(row, version, placed)
        yield row


def _date(row: PublishedMeeting, version: Version, placed: Placed) -> None:
    row.version_id, row.state, row.sequence = version.id, placed.state, placed.sequence


def _frozen(drafted: Drafted, placed: Placed, found: Candidate) -> PublishedMeeting:
    """Copy a meeting of the draft in its own words and times: later edits of the frame do not reach it."""
    seats, event_id = found.seats[drafted.request_id], found.draft.event_id
    return PublishedMeeting(
        event_id=event_id,
        request_id=drafted.request_id,
        day=placed.day,
        start=placed.start,
        end=found.ends[drafted.request_id],
        begins_at=placed.begins,
        location_id=drafted.location.id,
        location_names=dict(drafted.location.names),
        is_stand=drafted.location.is_stand,
        table_number=drafted.table_number,
        languages=shared_languages(seat.participation for seat in seats),
        interpreter_names=dict(drafted.interpreter.names) if drafted.interpreter else {},
        attendances=[
            Attendance(event_id=event_id, participation_id=seat.participation.id, side=seat.side) for seat in seats
        ],
    )


def _again(version: Version, told: Told) -> PublishedMeeting:
    """Copy what was told before, for a meeting that is cancelled or that took place."""
    return PublishedMeeting(
        event_id=version.event_id,
        request_id=told.request_id,
        day=told.day,
        start=told.start,
        end=told.end,
        begins_at=told.begins_at,
        location_id=told.location_id,
        location_names=dict(told.location_names),
        is_stand=told.is_stand,
        table_number=told.table_number,
        languages=list(told.languages),
        interpreter_names=dict(told.interpreter_names),
        attendances=[
            Attendance(event_id=version.event_id, participation_id=one.participation_id, side=one.side)
            for one in told.attendances
        ],
    )


def _tell(session: Session, event: Event, version: Version, found: Candidate, told: telling.Audience) -> None:
    people = session.scalars(select(Participation).where(Participation.event_id == event.id).order_by(Participation.id))
    by_mail = told.by_mail
    for person in people.all():
        if person.id in by_mail:
            outbox.enqueue(
                session,
                event=event,
                participation=person,
                kind="changes" if person.id in told.changed else "agenda",
                occasion=f"v{version.number}",
                facts={"version": version.number, **_news(found, person.id)},
                version_id=version.id,
                now=version.published_at,
            )


def _news(found: Candidate, person_id: int) -> Mapping[str, Any]:
    """Return the requests that are new, moved or cancelled for one person; to whoever is replaced, one is cancelled."""
    own = found.difference.per_person.get(person_id)
    if own is None:
        return {"added": [], "moved": [], "cancelled": []}
    return {
        "added": [row.request_id for row in own.added],
        "moved": [move.new.request_id for move in own.moved],
        "cancelled": [row.request_id for row in own.cancelled],
    }

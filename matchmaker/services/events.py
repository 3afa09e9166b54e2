"""An event's frame: what it is called, when it is held, and the rules printed in its invitation."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.domain import colour, zones
from matchmaker.domain.phases import lies_ahead_again
from matchmaker.domain.scoring import LIKE_QUOTA, MUST_QUOTA
from matchmaker.domain.states import Asking, Locale, Phase, Role
from matchmaker.domain.timetable import (
    CHANGEOVER_MINUTES,
    SLOT_MINUTES,
    Break,
    BreakKind,
    DayPlan,
    PlannedSlot,
    make_slots,
)
from matchmaker.domain.wording import N_
from matchmaker.errors import InvalidValue
from matchmaker.models import Break as BreakRow
from matchmaker.models import Event, EventDay, EventSession, Location, Membership
from matchmaker.services.steps import phases, rows, slots
from matchmaker.services.steps.journal import record
from matchmaker.services.steps.revisions import bump, refuse_stale
from matchmaker.unit_of_work import unit_of_work

HALL = {"ar": "قاعة اللقاءات", "fr": "Salle des rendez-vous", "en": "Meeting hall"}
MOST_TABLES = 1_000
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Pause:
    """A break as an organiser writes it; without ``titles`` its kind names it. ``day`` None: on every day."""

    start: dt.time
    end: dt.time
    day: dt.date | None = None
    kind: BreakKind = BreakKind.OTHER
    titles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EventFrame:
    """All that the form of an event holds. Times are wall time in ``zone``; what closes is naive."""

    slug: str
    names: Mapping[str, str]
    zone: str
    days: tuple[DayPlan, ...]
    breaks: tuple[Pause, ...] = ()
    places: Mapping[str, str] = field(default_factory=dict)
    patronage: Mapping[str, str] = field(default_factory=dict)
    languages: tuple[str, ...] = (Locale.ARABIC, Locale.FRENCH, Locale.ENGLISH)
    accent: str = "petrol"
    public_address: bool = True
    controller: str = ""
    cndp_number: str = ""
    asking: Asking = Asking.WISHES
    wishes_close_at: dt.datetime | None = None
    answer_days: int | None = None
    agendas_on: dt.date | None = None
    comments_close_at: dt.datetime | None = None
    delete_after: dt.date | None = None
    slot_minutes: int = SLOT_MINUTES
    changeover_minutes: int = CHANGEOVER_MINUTES
    must_quota: int = MUST_QUOTA
    like_quota: int = LIKE_QUOTA
    max_consecutive: int | None = None


PLAIN = (
    "zone",
    "accent",
    "public_address",
    "controller",
    "cndp_number",
    "asking",
    "wishes_close_at",
    "answer_days",
    "agendas_on",
    "comments_close_at",
    "delete_after",
    "slot_minutes",
    "changeover_minutes",
    "must_quota",
    "like_quota",
    "max_consecutive",
)
"""The fields of a frame that the event keeps as they are written."""


def create(frame: EventFrame, *, tables: int = 0, actor_id: int, now: dt.datetime) -> int:
    """Make an event with its slots, owned by the actor, open for registration; return its id.

    With ``tables`` it has a hall of so many from the start.

    Raises
    ------
    InvalidValue
        If the address is taken or malformed, the zone unknown, a break backwards, a day comes twice, or personal
        data would be deleted before the event is over, or at once, or there are more than 1,000 tables.
    """
    with unit_of_work() as session:
        _check_slug(session, frame.slug)
        if not 0 <= tables <= MOST_TABLES:
            raise InvalidValue("tables", N_("A hall has at most 1,000 tables."))
        planned = planned_slots(frame)
        _check_deletion(frame, None, now)
        event = Event(slug=frame.slug, phase=Phase.REGISTRATION, created_at=now, **_columns(frame))
        session.add(event)
        session.flush()
        session.add(Membership(event_id=event.id, account_id=actor_id, role=Role.OWNER))
        _lay_out(event, frame)
        slots.refit(session, event, planned)
        if tables:
            session.add(Location(event_id=event.id, code="hall", names=dict(HALL), capacity=tables))
        record(session, event_id=event.id, actor_id=actor_id, verb="event.created", now=now, subject=frame.slug)
        return event.id


def change(event_id: int, frame: EventFrame, *, revision: int, actor_id: int | None, now: dt.datetime) -> None:
    """Give the event another frame; slots that stay keep what hangs on them, and so does the address.

    Where it had begun by itself and lies ahead by its new days, it is final again.

    Raises
    ------
    ChangedMeanwhile
        If somebody saved the frame since ``revision`` was read.
    InUse
        If a slot that should go is in use: nothing is changed then.
    InvalidValue
        As for ``create``; also if a session stands on a day that should go.
    """
    with unit_of_work() as session:
        event = rows.the_event(session, event_id)
        yours = _columns(frame)
        whole = yours | {"days": list(frame.days), "breaks": _sorted(frame.breaks)}
        refuse_stale(event, revision, {name: _theirs(event, name) for name in whole}, whole)
        planned = planned_slots(frame)
        _check_deletion(frame, event.delete_after, now)
        _refuse_days_of_sessions(session, event, frame)
        changed = sorted(name for name in whole if _theirs(event, name) != whole[name])
        bump(event, revision, yours)
        _lay_out(event, frame)
        slots.refit(session, event, planned)
        record(session, event_id=event_id, actor_id=actor_id, verb="event.changed", now=now, detail={"fields": changed})
        _take_back(session, event, now)


def set_phase(event_id: int, phase: Phase, *, actor_id: int | None, now: dt.datetime) -> None:
    """Move the event to another phase; any may follow any, as the organiser chooses."""
    with unit_of_work() as session:
        event = rows.the_event(session, event_id)
        phases.move(session, event, phase, actor_id=actor_id, now=now)


def _take_back(session: Session, event: Event, now: dt.datetime) -> None:
    """Undo what the clock made of the days that the event had; what an organiser set stands."""
    today = zones.wall(now, event.zone).date()
    if lies_ahead_again(event.phase, [row.day for row in event.days], today):
        said = phases.last_lines(session, [event.id]).get(event.id)
        if said is not None and said.actor_id is None:
            phases.move(session, event, Phase.FINAL, actor_id=None, now=now)


def planned_slots(frame: EventFrame) -> tuple[PlannedSlot, ...]:
    """Return the slots that a frame gives, after checking what its fields mean together.

    Raises
    ------
    InvalidValue
        At the first field that the rest of the frame does not admit.
    """
    rows.refuse_nameless(frame.names)
    _check_words(frame)
    _check_days(frame)
    try:
        breaks = [Break(pause.day, pause.start, pause.end, pause.kind) for pause in frame.breaks]
    except ValueError as error:
        raise InvalidValue("breaks", N_("A break must end after it starts.")) from error
    found = make_slots(frame.days, breaks, frame.slot_minutes, frame.changeover_minutes)
    if not found:
        raise InvalidValue("days", N_("No meeting fits into these hours. Make the days longer or the slots shorter."))
    return found


def _check_slug(session: Session, slug: str) -> None:
    if len(slug) > 64 or not SLUG.fullmatch(slug):
        raise InvalidValue("slug", N_("Use small letters, digits and single hyphens only, such as jorf-2026."))
    if session.scalar(select(Event.id).where(Event.slug == slug)):
        raise InvalidValue("slug", N_("Another event has this address. Choose another."))


def _check_words(frame: EventFrame) -> None:
    if frame.zone not in zones.names():
        raise InvalidValue("zone", N_("There is no such time zone. Choose one such as Africa/Casablanca."))
    if not frame.languages or not set(frame.languages) <= set(Locale):
        raise InvalidValue("languages", N_("Choose at least one of Arabic, French and English."))
    try:
        colour.ink(frame.accent)
    except (colour.NotAColourError, KeyError) as error:
        raise InvalidValue("accent", N_("Choose one of the inks, or write a colour such as #0f4c5c.")) from error


def _check_days(frame: EventFrame) -> None:
    if not frame.days:
        raise InvalidValue("days", N_("An event needs at least one day."))
    dates = {plan.day for plan in frame.days}
    if len(dates) < len(frame.days):
        raise InvalidValue("days", N_("The same date is written twice."))
    if any(pause.day is not None and pause.day not in dates for pause in frame.breaks):
        raise InvalidValue("breaks", N_("A break is on a date that is no day of the event."))
    if frame.answer_days is not None and not 1 <= frame.answer_days <= 60:
        raise InvalidValue("answer_days", N_("A request waits 1 to 60 days for its answer."))
    if not (5 <= frame.slot_minutes <= 240 and 0 <= frame.changeover_minutes <= 60):
        raise InvalidValue("slot_minutes", N_("A slot takes 5 to 240 minutes, a change-over 0 to 60."))


def _check_deletion(frame: EventFrame, before: dt.date | None, now: dt.datetime) -> None:
    """Refuse a day of deletion that is a slip: what it deletes comes back from nowhere."""
    if frame.delete_after is None:
        return
    earliest = max(plan.day for plan in frame.days)
    if frame.delete_after != before:
        earliest = max(earliest, zones.wall(now, frame.zone).date())
    if frame.delete_after < earliest:
        raise InvalidValue("delete_after", N_("Choose a day that is not over, and not before the last of the event."))


def _refuse_days_of_sessions(session: Session, event: Event, frame: EventFrame) -> None:
    kept = [plan.day for plan in frame.days]
    stranded = EventSession.event_id == event.id, EventSession.day.not_in(kept)
    if session.scalar(select(EventSession.id).where(*stranded).limit(1)):
        raise InvalidValue("days", N_("A session stands on a day that you take away. Move it or remove it first."))


def _columns(frame: EventFrame) -> dict[str, Any]:
    texts = {name: dict(getattr(frame, name)) for name in ("names", "places", "patronage")}
    return {name: getattr(frame, name) for name in PLAIN} | texts | {"languages": [str(one) for one in frame.languages]}


def _theirs(event: Event, name: str) -> Any:
    if name == "days":
        return [DayPlan(plan.day, plan.start, plan.end) for plan in event.days]
    if name == "breaks":
        return _sorted(
            tuple(Pause(row.start, row.end, row.day, BreakKind(row.kind), row.titles) for row in event.breaks)
        )
    return getattr(event, name)


def _sorted(breaks: tuple[Pause, ...]) -> list[Pause]:
    return sorted(breaks, key=lambda pause: (pause.day or dt.date.min, pause.start, pause.end, pause.kind))


def _lay_out(event: Event, frame: EventFrame) -> None:
    """Make the rows of days and breaks those of the frame; a date that stays keeps its row."""
    rows_of = {row.day: row for row in event.days}
    event.days = [rows_of.get(plan.day) or EventDay(event_id=event.id, day=plan.day) for plan in frame.days]
    for row, plan in zip(event.days, frame.days, strict=True):
        row.start, row.end = plan.start, plan.end
    event.breaks = [
        BreakRow(
            event_id=event.id,
            day=pause.day,
            start=pause.start,
            end=pause.end,
            kind=pause.kind.value,
            titles=dict(pause.titles),
        )
        for pause in frame.breaks
    ]

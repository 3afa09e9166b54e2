"""event.toml: the frame of a scenario's event, its places, sessions, delegations and interpreters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from pathlib import Path

from matchmaker.domain.scoring import LIKE_QUOTA, MUST_QUOTA
from matchmaker.domain.states import Locale, Phase, Silence
from matchmaker.domain.timetable import CHANGEOVER_MINUTES, SLOT_MINUTES, BreakKind, DayPlan, PlannedSlot
from matchmaker.errors import InvalidValue
from matchmaker.queries.taxonomy import taxonomy
from matchmaker.scenarios.plans import (
    DelegationPlan,
    EventPlan,
    HallPlan,
    InterpreterPlan,
    OrganiserPlan,
    Stretch,
    TalkPlan,
    WalkPlan,
    ZonePlan,
)
from matchmaker.scenarios.tables import Table, read
from matchmaker.services.events import EventFrame, Pause, planned_slots
from matchmaker.services.types import TypeRules

PHASES = (Phase.REGISTRATION, Phase.WISHES)
MOST_DAYS_AHEAD = 366


def read_event(file: Path) -> EventPlan:
    """Read event.toml.

    Raises
    ------
    ConfigurationError
        At the first thing that is wrong, or that the rest of the frame does not admit.
    """
    return read(file, _event)


def stretch(table: Table, days: int) -> Stretch:
    """Read ``day``, ``from`` and ``to``."""
    start, end = hours(table)
    return Stretch(table.whole("day", least=1, most=days), start, end)


def hours(table: Table) -> tuple[dt.time, dt.time]:
    start, end = table.clock("from"), table.clock("to")
    if start >= end:
        raise table.wrong("to", f"{end:%H:%M}", f"a time after {start:%H:%M}")
    return start, end


def refuse_twice(table: Table, key: str, codes: Collection[str]) -> None:
    listed = list(codes)
    if again := [code for code in listed if listed.count(code) > 1]:
        raise table.wrong(key, f"the code {again[0]!r} twice", "a code of its own for each")


def _event(table: Table) -> EventPlan:
    frame = _frame(table)
    days = len(frame.days)
    zones = table.each("zones", lambda row: ZonePlan(row.code("code"), row.texts("names", whole=True)))
    known = [zone.code for zone in zones]
    event = EventPlan(
        seed=table.whole("seed", most=2**31),
        first_day_in=_first_day_in(table, frame),
        phase=Phase(table.choice("phase", PHASES)),
        organiser=table.part("organiser", _organiser),
        frame=frame,
        slots=_slots(table, frame),
        types=table.each("types", _type),
        zones=zones,
        walks=table.each("walks", lambda row: _walk(row, known)),
        halls=table.each("halls", lambda row: _hall(row, known, days)),
        talks=table.each("sessions", lambda row: _talk(row, known, days)),
        delegations=table.each("delegations", lambda row: _delegation(row, days)),
        interpreters=table.each("interpreters", lambda row: _interpreter(row, days)),
    )
    _refuse_repeats(table, event)
    return event


def _refuse_repeats(table: Table, event: EventPlan) -> None:
    refuse_twice(table, "types", [row.code for row in event.types])
    refuse_twice(table, "zones", [row.code for row in event.zones])
    refuse_twice(table, "halls", [row.code for row in event.halls])
    refuse_twice(table, "sessions", [row.code for row in event.talks])
    refuse_twice(table, "delegations", [row.code for row in event.delegations])


def _slots(table: Table, frame: EventFrame) -> tuple[PlannedSlot, ...]:
    try:
        return planned_slots(frame)
    except InvalidValue as refusal:
        raise table.wrong(refusal.field, "refused", refusal.sentence) from refusal


def _first_day_in(table: Table, frame: EventFrame) -> int:
    """Return how many days lie before the first day; the deadline must lie among them, or nobody could wish."""
    days: int = table.whole("first_day_in", least=2, most=MOST_DAYS_AHEAD)
    first, closes = frame.days[0].day, frame.wishes_close_at
    if closes and not 1 <= (first - closes.date()).days < days:
        raise table.wrong("wishes_close_at", f"{closes}", f"1 to {days - 1} days before the first day, {first}")
    return days


def _frame(table: Table) -> EventFrame:
    days = table.each("days", _day)
    dates = [plan.day for plan in days]
    if not dates or dates != sorted(set(dates)):
        raise table.wrong("days", f"{[str(day) for day in dates]}", "at least one day, each once, in order")
    return EventFrame(
        slug=table.code("slug"),
        names=table.texts("names", whole=True),
        zone=table.text("zone"),
        days=days,
        breaks=table.each("breaks", lambda row: _pause(row, days)),
        places=table.texts("places", whole=True),
        patronage=table.texts("patronage", whole=True),
        languages=table.choices("languages", tuple(Locale)),
        accent=table.text("accent", "petrol"),
        public_address=table.flag("public_address", True),
        controller=table.text("controller"),
        cndp_number=table.text("cndp_number"),
        wishes_close_at=table.moment("wishes_close_at"),
        slot_minutes=table.whole("slot_minutes", SLOT_MINUTES),
        changeover_minutes=table.whole("changeover_minutes", CHANGEOVER_MINUTES),
        must_quota=table.whole("must_quota", MUST_QUOTA),
        like_quota=table.whole("like_quota", LIKE_QUOTA),
        max_consecutive=table.whole("max_consecutive", None, least=1),
    )


def _organiser(table: Table) -> OrganiserPlan:
    locale = Locale(table.choice("locale", tuple(Locale)))
    return OrganiserPlan(table.texts("names"), table.text("login"), locale)


def _day(table: Table) -> DayPlan:
    return DayPlan(table.date("day"), *hours(table))


def _pause(table: Table, days: tuple[DayPlan, ...]) -> Pause:
    start, end = hours(table)
    number = table.whole("day", None, least=1, most=len(days))
    return Pause(
        start,
        end,
        day=None if number is None else days[number - 1].day,
        kind=BreakKind(table.choice("kind", tuple(BreakKind))),
        titles=table.texts("titles", {}, whole=True),
    )


def _type(table: Table) -> TypeRules:
    rules = TypeRules(
        code=table.code("code"),
        names=table.texts("names", whole=True),
        max_meetings=table.whole("max_meetings", None, least=1),
        max_per_day=table.whole("max_per_day", None, least=1),
        max_consecutive=table.whole("max_consecutive", None, least=1),
        min_meetings=table.whole("min_meetings", 0),
        silence=Silence(table.choice("silence", tuple(Silence), Silence.CONSENTS)),
    )
    if rules.max_meetings is not None and rules.min_meetings > rules.max_meetings:
        raise table.wrong("min_meetings", str(rules.min_meetings), f"at most max_meetings, {rules.max_meetings}")
    return rules


def _walk(table: Table, zones: Collection[str]) -> WalkPlan:
    between = table.choices("between", zones)
    if len(between) != 2:
        raise table.wrong("between", str(list(between)), "two zones")
    return WalkPlan((between[0], between[1]), table.whole("minutes", least=1, most=120))


def _hall(table: Table, zones: Collection[str], days: int) -> HallPlan:
    return HallPlan(
        code=table.code("code"),
        names=table.texts("names", whole=True),
        tables=table.whole("tables", least=1, most=1000),
        zone=table.choice("zone", zones, None),
        closed=table.each("closed", lambda row: stretch(row, days)),
    )


def _talk(table: Table, zones: Collection[str], days: int) -> TalkPlan:
    return TalkPlan(
        code=table.code("code"),
        titles=table.texts("titles", whole=True),
        rooms=table.texts("rooms", {}, whole=True),
        when=stretch(table, days),
        zone=table.choice("zone", zones, None),
        for_everybody=table.flag("everybody", False),
        closed=table.flag("closed", False),
        seats=table.whole("seats", None, least=1),
        topics=table.choices("topics", tuple(taxonomy().topics), ()),
    )


def _delegation(table: Table, days: int) -> DelegationPlan:
    def at(inner: Table) -> tuple[int, dt.time]:
        return inner.whole("day", least=1, most=days), inner.clock("at")

    return DelegationPlan(
        code=table.code("code"),
        names=table.texts("names", whole=True),
        arrives=table.part("arrives", at, None),
        leaves=table.part("leaves", at, None),
    )


def _interpreter(table: Table, days: int) -> InterpreterPlan:
    languages = table.words("languages")
    if len(set(languages)) < 2:
        raise table.wrong("languages", str(list(languages)), "at least two languages, by their codes")
    return InterpreterPlan(
        names=table.texts("names"),
        languages=languages,
        max_per_day=table.whole("max_per_day", None, least=1),
        max_consecutive=table.whole("max_consecutive", None, least=1),
        absent=table.each("absent", lambda row: stretch(row, days)),
    )

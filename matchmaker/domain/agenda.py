"""A person's days as the rows of an agenda: what is booked, what is free, and where one stands now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from matchmaker.domain.days_out import Withheld
from matchmaker.domain.timetable import CHANGEOVER_MINUTES, DayPlan, Span, span, subtract


class RowKind(StrEnum):
    MEETING = "meeting"
    SESSION = "session"
    UNAVAILABLE = "unavailable"
    BREAK = "break"
    FREE = "free"


class Moment(StrEnum):
    """Where a row stands against the clock. Of all rows at most one is next: the first engagement to come."""

    PAST = "past"
    NOW = "now"
    NEXT = "next"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Item:
    """What goes into an agenda: wall time within one day, and as ``subject`` whatever the page shows of it.

    A cancelled meeting stands in the list and takes no time (``takes_time`` False).
    """

    kind: RowKind
    span: Span
    subject: object = None
    takes_time: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    kind: RowKind
    start: datetime
    end: datetime
    subject: object = None
    takes_time: bool = True
    moment: Moment = Moment.LATER

    @property
    def minutes(self) -> int:
        return int((self.end - self.start).total_seconds()) // 60


@dataclass(frozen=True, slots=True)
class AgendaDay:
    """A day; of one ``withheld`` no meeting is told, nor what will be free."""

    number: int
    plan: DayPlan
    rows: tuple[Row, ...]
    withheld: Withheld | None = None


ENGAGEMENTS = frozenset({RowKind.MEETING, RowKind.SESSION})


def agenda(
    days: Iterable[DayPlan],
    items: Sequence[Item],
    now: datetime | None = None,
    *,
    shortest_free: int = CHANGEOVER_MINUTES,
) -> tuple[AgendaDay, ...]:
    """Return a person's whole agenda, days numbered from 1 by date, marked by the wall time ``now``.

    Without ``now`` (paper, mail) every row is later. Gaps of at most ``shortest_free`` minutes are no free time.
    """
    plans = sorted(days, key=lambda plan: plan.day)
    timelines = [timeline(plan, items, shortest_free=shortest_free) for plan in plans]
    coming = _first_to_come([row for rows in timelines for row in rows], now)
    return tuple(
        AgendaDay(number, plan, tuple(replace(row, moment=_moment(row, now, coming)) for row in rows))
        for number, (plan, rows) in enumerate(zip(plans, timelines, strict=True), 1)
    )


def timeline(plan: DayPlan, items: Iterable[Item], *, shortest_free: int = CHANGEOVER_MINUTES) -> tuple[Row, ...]:
    """Return one day's rows in time order, unmarked.

    Engagements are shown whole, even outside the day's hours and where they overlap, which is for the eye to
    catch. Of a time marked not free one sees what no engagement takes, neighbouring slots as one; of a break,
    what neither takes; and free is what is left of the day's hours.
    """
    shortest = timedelta(minutes=shortest_free)
    today = sorted((item for item in items if item.span.start.date() == plan.day), key=lambda item: item.span.start)
    engagements = [item for item in today if item.kind in ENGAGEMENTS]
    rows = [_row(item, item.span) for item in engagements]
    taken = [item.span for item in engagements if item.takes_time]
    for kind in (RowKind.UNAVAILABLE, RowKind.BREAK):
        for item in _joined([item for item in today if item.kind is kind], shortest):
            rows += [_row(item, part) for part in subtract(item.span, taken)]
            taken.append(item.span)
    gaps = subtract(span(plan.day, plan.start, plan.end), taken)
    rows += [Row(RowKind.FREE, gap.start, gap.end) for gap in gaps if gap.end - gap.start > shortest]
    order = list(RowKind)
    return tuple(sorted(rows, key=lambda row: (row.start, row.end, order.index(row.kind))))


def _joined(items: Iterable[Item], gap: timedelta) -> list[Item]:
    joined: list[Item] = []
    for item in items:
        last = joined[-1] if joined else None
        if last and last.subject == item.subject and item.span.start <= last.span.end + gap:
            joined[-1] = replace(last, span=Span(last.span.start, max(last.span.end, item.span.end)))
        else:
            joined.append(item)
    return joined


def _row(item: Item, part: Span) -> Row:
    return Row(item.kind, part.start, part.end, item.subject, item.takes_time)


def _first_to_come(rows: Sequence[Row], now: datetime | None) -> Row | None:
    if now is None:
        return None
    return next((row for row in rows if row.kind in ENGAGEMENTS and row.takes_time and row.start > now), None)


def _moment(row: Row, now: datetime | None, coming: Row | None) -> Moment:
    if now is None:
        return Moment.LATER
    if row.end <= now:
        return Moment.PAST
    if row.start <= now:
        return Moment.NOW
    return Moment.NEXT if row is coming else Moment.LATER

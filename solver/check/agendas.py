"""Rules about all that one person, one interpreter or one location does in a day."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise, product

from solver.check.layout import Agenda, Finding, Index, Layout, any_free, request_ids
from solver.check.score import breaks_of
from solver.problem import Engagement, Interpreter, Participant

Stop = tuple[str, bool]  # a zone, and whether a meeting that is not frozen is held there


def one_place(layout: Layout) -> Iterator[Finding]:
    for person, agenda in layout.people():
        for index, rows in agenda.at.items():
            if any_free(rows) and len(places := {row.location.id for row in rows}) > 1:
                at = layout.time.ids([index])
                yield (person.id, *request_ids(rows)), f"{person.id} is in {len(places)} locations at {at}"


def parallel(layout: Layout) -> Iterator[Finding]:
    for person, agenda in layout.people():
        yield from _crowded(layout, person.id, agenda, person.parallel)


def interpreter_one_place(layout: Layout) -> Iterator[Finding]:
    """An interpreter sits in one meeting at a time, also where several meetings are one audience."""
    for interpreter, agenda in layout.interpreters():
        yield from _crowded(layout, interpreter.id, agenda, 1)


def _crowded(layout: Layout, id_: str, agenda: Agenda, most: int) -> Iterator[Finding]:
    for index, rows in agenda.at.items():
        if len(rows) > most and any_free(rows):
            at = layout.time.ids([index])
            yield (id_, *request_ids(rows)), f"{id_} has {len(rows)} meetings at {at}, at most {most} may be"


def max_meetings(layout: Layout) -> Iterator[Finding]:
    for person, agenda in layout.people():
        if person.max_meetings is not None and len(agenda.rows) > person.max_meetings and any_free(agenda.rows):
            yield (person.id,), f"{person.id} has {len(agenda.rows)} meetings, at most {person.max_meetings} may be"


def max_per_day(layout: Layout) -> Iterator[Finding]:
    for person, agenda in layout.people():
        yield from _full_days(layout, person, agenda)


def interpreter_max_per_day(layout: Layout) -> Iterator[Finding]:
    for interpreter, agenda in layout.interpreters():
        yield from _full_days(layout, interpreter, agenda)


def _full_days(layout: Layout, who: Participant | Interpreter, agenda: Agenda) -> Iterator[Finding]:
    if who.max_per_day is None:
        return
    meetings = Counter(layout.time.slots[row.slots[0]].day for row in agenda.rows)
    free_days = {layout.time.slots[row.slots[0]].day for row in agenda.rows if row.free}
    for day, count in meetings.items():
        if count > who.max_per_day and day in free_days:
            yield (who.id, day), f"{who.id} has {count} meetings on {day}, at most {who.max_per_day} may be"


def max_consecutive(layout: Layout) -> Iterator[Finding]:
    for person, agenda in layout.people():
        yield from _long_runs(layout, person, agenda)


def interpreter_max_consecutive(layout: Layout) -> Iterator[Finding]:
    for interpreter, agenda in layout.interpreters():
        yield from _long_runs(layout, interpreter, agenda)


def _long_runs(layout: Layout, who: Participant | Interpreter, agenda: Agenda) -> Iterator[Finding]:
    """Report a run unless it is as long with the frozen meetings alone."""
    if who.max_consecutive is None:
        return
    for run in layout.time.runs(agenda.at):
        if len(run) > who.max_consecutive and any(all(row.free for row in agenda.at[index]) for index in run):
            where = f"from {layout.time.ids(run[:1])}"
            yield (who.id,), f"{who.id} has {len(run)} slots in a run {where}, at most {who.max_consecutive} may be"


def walking(layout: Layout) -> Iterator[Finding]:
    for person, agenda in layout.people():
        yield from _hurries(layout, person.id, _stops(layout, agenda, person.engagements))


def interpreter_walking(layout: Layout) -> Iterator[Finding]:
    for interpreter, agenda in layout.interpreters():
        yield from _hurries(layout, interpreter.id, _stops(layout, agenda, ()))


def _stops(layout: Layout, agenda: Agenda, engagements: Iterable[Engagement]) -> dict[Index, set[Stop]]:
    """Return where somebody is in each slot; an empty set where the place has no zone."""
    stops = {
        index: {(row.location.zone, row.free) for row in rows if row.location.zone is not None}
        for index, rows in agenda.at.items()
    }
    for engagement in engagements:
        for slot in engagement.slots & layout.time.index.keys():
            zones = stops.setdefault(layout.time.index[slot], set())
            if engagement.zone is not None:
                zones.add((engagement.zone, False))
    return stops


def _hurries(layout: Layout, id_: str, stops: dict[Index, set[Stop]]) -> Iterator[Finding]:
    for day in layout.time.by_day(stops):
        for earlier, later in pairwise(day):
            pause = layout.time.slots[later].start - layout.time.slots[earlier].end
            for (here, free_here), (there, free_there) in product(sorted(stops[earlier]), sorted(stops[later])):
                needed = layout.problem.walking.get(frozenset((here, there)), 0) if here != there else 0
                if pause < needed and (free_here or free_there):
                    between = f"{layout.time.ids([earlier])} in {here} and {layout.time.ids([later])} in {there}"
                    yield (id_,), f"{id_} has {pause} minutes between {between}, {needed} are needed"


def capacity(layout: Layout) -> Iterator[Finding]:
    for id_, agenda in layout.of_location.items():
        most = layout.problem.locations[id_].capacity
        for index, rows in agenda.at.items():
            if len(rows) > most and any_free(rows):
                yield (id_,), f"{id_} holds {len(rows)} meetings at {layout.time.ids([index])}, {most} may be"


def tables(layout: Layout) -> Iterator[Finding]:
    """A meeting has a table of its location to itself, the same one in all of its slots."""
    for row in layout.free_rows:
        if not 1 <= (row.meeting.table or 0) <= row.location.capacity:
            yield (row.id, row.location.id), f"{row.id} has table {row.meeting.table} of {row.location.capacity}"
    for id_, agenda in layout.of_location.items():
        for index, rows in agenda.at.items():
            for table, count in Counter(row.meeting.table for row in rows).items():
                if count > 1 and any_free(sharing := [row for row in rows if row.meeting.table == table]):
                    at = f"table {table} of {id_} at {layout.time.ids([index])}"
                    yield (id_, *request_ids(sharing)), f"{count} meetings share {at}"


def max_breaks(layout: Layout) -> Iterator[Finding]:
    most = layout.problem.max_breaks
    if most is None or layout.objective != "breaks":
        return
    for person, agenda in layout.people():
        if (count := breaks_of(layout, agenda)) > most and any_free(agenda.rows):
            yield (person.id,), f"{person.id} has {count} breaks, at most {most} may be"

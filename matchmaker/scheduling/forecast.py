"""What could be added to an event, said in plain values, and the problem as each addition makes it.

Whom the additions are for is decided by what was asked, vetoes counting as silence, and never by the problem.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from solver import Location, Problem, Slot, one_more_hour, one_more_representative, one_more_slot, one_more_table

Addition = Mapping[str, Any]
HOUR = 60
MIDNIGHT = 24 * 60
COLLEAGUE, ADDED = "one-more-colleague", "one-more-slot"
"""Ids of what is added; codes of ours have no words in them."""


def additions(problem: Problem, most_asked: Sequence[str]) -> list[dict[str, Any]]:
    """Return what is worth asking about: a table, a slot, and for each of these organisations a colleague and an hour.

    ``most_asked`` are codes of organisations; one without anybody there is passed over.
    """
    found = [*_tables(problem), *_slots(problem)]
    for code in most_asked:
        people = [person for person in problem.participants.values() if person.organisation == code]
        found.extend({"kind": "representative", "organisation": code, "participant": one.id} for one in people[:1])
        found.extend(_hours(problem, code, [one.id for one in people]))
    return found


def added(problem: Problem, addition: Addition) -> Problem:
    """Return the problem with one of the additions."""
    match addition["kind"]:
        case "table":
            return one_more_table(problem, addition["location"])
        case "slot":
            return one_more_slot(problem, Slot(ADDED, addition["day"], addition["start"], addition["end"]))
        case "representative":
            return one_more_representative(problem, addition["participant"], COLLEAGUE)
        case _:
            return one_more_hour(problem, addition["participant"], addition["slots"])


def _tables(problem: Problem) -> Iterator[dict[str, Any]]:
    """Yield a table more where most meetings can be held that anybody may hold."""
    shared = [place for place in problem.locations.values() if place.owners is None]
    if shared:
        largest = max(shared, key=_seats(problem))
        yield {"kind": "table", "location": largest.id}


def _seats(problem: Problem) -> Any:
    def count(place: Location) -> int:
        return place.capacity * len(set(problem.slots) - place.closed_slots)

    return count


def _slots(problem: Problem) -> Iterator[dict[str, Any]]:
    """Yield a slot more at the end of the first day, as long as the others and after the same pause."""
    first = next(iter(problem.slots.values())).day
    of_day = [slot for slot in problem.slots.values() if slot.day == first]
    last = of_day[-1]
    pause = min((after.start - before.end for before, after in pairwise(of_day)), default=0)
    start = last.end + pause
    end = start + last.end - last.start
    if end < MIDNIGHT:
        yield {"kind": "slot", "day": first, "start": start, "end": end}


def _hours(problem: Problem, code: str, people: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Yield an hour more of the first of these people who is away at all: the first hour of it."""
    for id_ in people:
        away = [slot for slot in problem.slots.values() if slot.id in problem.participants[id_].unavailable_slots]
        if not away:
            continue
        first = away[0]
        hour = [slot.id for slot in away if slot.day == first.day and slot.start < first.start + HOUR]
        yield {
            "kind": "hour", "organisation": code, "participant": id_, "slots": hour, "day": first.day,
            "start": first.start, "end": problem.slots[hour[-1]].end,
        }  # fmt: skip
        return

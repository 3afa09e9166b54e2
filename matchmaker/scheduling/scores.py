"""The score card of a schedule: what organisers compare, in figures that can be said in a sentence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

from matchmaker.domain.scoring import PairClass
from solver import Meeting, Participant, Problem, Schedule

MUST = frozenset({PairClass.MUST_MUST, PairClass.MUST_LIKE, PairClass.MUST_ALONE})


def score_card(
    problem: Problem, schedule: Schedule, classes: Mapping[str, str], asking: frozenset[str]
) -> dict[str, Any]:
    """Return the figures of a schedule as plain values, ready to be stored.

    ``classes`` has every live request's class by code, offered to the solver or not; ``asking`` the organisations
    (by code) that asked or accepted anybody. People are counted who may attend for one of those.
    """
    held = {meeting.request for meeting in schedule.meetings}
    count = _meetings_of(schedule.meetings)
    asked = [person for person in problem.participants.values() if person.organisation in asking]
    counts = [count[person.id] for person in asked]
    walks = list(_walks(problem, schedule.meetings))
    return {
        "wanted": len(classes),
        "placed": len(held),
        "classes": _by_class(classes, held),
        "musts_wanted": sum(klass in MUST for klass in classes.values()),
        "musts_placed": sum(classes.get(code) in MUST for code in held),
        "people": len(asked),
        "with_0": counts.count(0),
        "with_1": counts.count(1),
        "with_2": counts.count(2),
        "fewest": min(counts, default=0),
        "minimums_missed": sum(_missing(person, count[person.id]) > 0 for person in problem.participants.values()),
        "idle_slots": schedule.terms["idle_slots"],
        "location_changes": schedule.terms["location_changes"],
        "walking_minutes": sum(walks),
        "longest_walk": max(walks, default=0),
        "table_slots": sum(problem.requests[meeting.request].length for meeting in schedule.meetings),
        "table_slots_open": sum(
            location.capacity * (len(problem.slots) - len(location.closed_slots))
            for location in problem.locations.values()
        ),
    }


def _by_class(classes: Mapping[str, str], held: set[str]) -> dict[str, list[int]]:
    """Return [met, wanted] of each class, strongest first."""
    return {
        str(klass): [
            sum(code in held for code, found in classes.items() if found == klass),
            sum(found == klass for found in classes.values()),
        ]
        for klass in PairClass
    }


def _meetings_of(meetings: Iterable[Meeting]) -> dict[str, int]:
    count: dict[str, int] = defaultdict(int)
    for meeting in meetings:
        for person in meeting.attendees or ():
            count[person] += 1
    return count


def _missing(person: Participant, meetings: int) -> int:
    return max(0, person.min_meetings - meetings)


def _walks(problem: Problem, meetings: Iterable[Meeting]) -> Iterable[int]:
    """Yield the minutes of each walk between two places that a person visits in turn within a day."""
    order = {code: number for number, code in enumerate(problem.slots)}
    visits: dict[tuple[str, str], list[tuple[int, str | None]]] = defaultdict(list)
    for meeting in meetings:
        zone = problem.locations[meeting.location].zone if meeting.location else None
        for person in meeting.attendees or ():
            visits[person, problem.slots[meeting.slot].day].append((order[meeting.slot], zone))
    for participant in problem.participants.values():
        for engagement in participant.engagements:
            for slot in engagement.slots:
                visits[participant.id, problem.slots[slot].day].append((order[slot], engagement.zone))
    for stops in visits.values():
        for (_, here), (_, there) in pairwise(sorted(stops, key=lambda stop: stop[0])):
            yield from _minutes(problem, here, there)


def _minutes(problem: Problem, here: str | None, there: str | None) -> Iterable[int]:
    if here is not None and there is not None and here != there:
        yield problem.walking.get(frozenset({here, there}), 0)

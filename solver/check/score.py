"""The eight terms of the objective and the value, computed from the meetings alone."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from itertools import pairwise

from solver.check.layout import Agenda, Index, Layout, Row
from solver.problem import Meeting, ObjectiveName, Participant, Problem


def terms_of(layout: Layout) -> dict[str, int]:
    agendas = list(layout.people())
    return {
        "weight": sum(row.request.weight for row in layout.rows),
        "bonus": sum(_bonus(layout.problem, person, agenda) for person, agenda in agendas),
        "shortfall": _shortfall(layout),
        "idle_slots": sum(_idle_slots(layout, person, agenda) for person, agenda in agendas),
        "location_changes": sum(_location_changes(layout, agenda) for _, agenda in agendas),
        "late_slots": sum(layout.time.within_day[row.slots[0]] for row in layout.rows),
        "kept": sum(_is_kept(previous, layout) for previous in layout.problem.previous),
        "breaks": sum(breaks_of(layout, agenda) for _, agenda in agendas),
    }


def value_of(problem: Problem, objective: ObjectiveName, terms: Mapping[str, int]) -> int:
    if objective == "total":
        return terms["weight"]
    if objective == "breaks":
        return terms["breaks"]
    return sum(coefficient * terms[name] for name, coefficient in asdict(problem.weights).items())


def _bonus(problem: Problem, person: Participant, agenda: Agenda) -> int:
    ladder = problem.bonuses if person.bonuses is None else person.bonuses
    return sum(ladder[: len(agenda.rows)])


def _shortfall(layout: Layout) -> int:
    people = [person for person in layout.problem.participants.values() if person.min_meetings]
    if not people:
        return 0
    named = Counter(
        id_ for request in layout.problem.requests.values() for id_ in {id_ for side in request.sides for id_ in side}
    )
    return sum(_missing(layout, person, named[person.id]) for person in people)


def _missing(layout: Layout, person: Participant, named: int) -> int:
    """Return how many meetings somebody lacks of the minimum that he could have had."""
    present = sum(_is_present(person, index, layout) for index in range(len(layout.time.slots)))
    reachable = min(person.min_meetings, named, present * person.parallel)
    if person.max_meetings is not None:
        reachable = min(reachable, person.max_meetings)
    held = len(layout.of_person[person.id].rows) if person.id in layout.of_person else 0
    return max(0, reachable - held)


def _is_present(person: Participant, index: Index, layout: Layout) -> bool:
    slot = layout.time.slots[index].id
    return slot not in person.unavailable_slots and not any(slot in elsewhere.slots for elsewhere in person.engagements)


def _idle_slots(layout: Layout, person: Participant, agenda: Agenda) -> int:
    return sum(
        _is_present(person, index, layout)
        for earlier, later in _pauses(layout, agenda)
        for index in range(earlier + 1, later)
    )


def breaks_of(layout: Layout, agenda: Agenda) -> int:
    return len(_pauses(layout, agenda))


def _pauses(layout: Layout, agenda: Agenda) -> list[tuple[Index, Index]]:
    """Return the slots with a meeting on either side of each pause within a day."""
    return [
        (earlier, later)
        for day in layout.time.by_day(agenda.at)
        for earlier, later in pairwise(day)
        if later > earlier + 1
    ]


def _location_changes(layout: Layout, agenda: Agenda) -> int:
    in_turn = sorted(agenda.rows, key=lambda row: row.slots[0])
    return sum(_is_change(layout, earlier, later) for earlier, later in pairwise(in_turn))


def _is_change(layout: Layout, earlier: Row, later: Row) -> bool:
    same_day = layout.time.slots[earlier.slots[0]].day == layout.time.slots[later.slots[0]].day
    return same_day and earlier.location.id != later.location.id


def _is_kept(previous: Meeting, layout: Layout) -> bool:
    """Whether a previous meeting is held where it was; what its row leaves open may be anything."""
    return any(
        all(getattr(previous, name) in {None, getattr(row.meeting, name)} for name in ("slot", "location", "attendees"))
        for row in layout.of_request.get(previous.request, [])
    )

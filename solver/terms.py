"""The terms of the objective, reckoned from a schedule: what each counts, and what it is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from solver.masks import Mask, bits, cover

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from solver.compiled import Compiled, Person
    from solver.options import Placement
    from solver.problem import Meeting, Problem
    from solver.timetable import Timetable


class PersonTerms(NamedTuple):
    """What one participant's agenda adds to the terms."""

    bonus: int
    shortfall: int
    idle_slots: int
    location_changes: int
    breaks: int


class Coefficients(NamedTuple):
    """What one unit of each term adds to the score, which every objective maximises."""

    weight: int
    bonus: int
    shortfall: int
    idle_slots: int
    location_changes: int
    late_slots: int
    kept: int
    breaks: int


def coefficients(problem: Problem) -> Coefficients:
    if problem.objective == "total":
        return Coefficients(1, 0, 0, 0, 0, 0, 0, 0)
    if problem.objective == "breaks":
        return Coefficients(0, 0, 0, 0, 0, 0, 0, -1)
    weights = problem.weights
    return Coefficients(
        weights.weight,
        weights.bonus,
        weights.shortfall,
        weights.idle_slots,
        weights.location_changes,
        weights.late_slots,
        weights.kept,
        0,
    )


def score_of(terms: Mapping[str, int], worth: Coefficients) -> int:
    return sum(coefficient * terms[term] for term, coefficient in worth._asdict().items())


def person_terms(person: Person, time: Timetable, busy: Mask, where: Sequence[int], meetings: int) -> PersonTerms:
    """Reckon the terms of a participant who meets in the slots ``busy``, at the places ``where``."""
    idle = changes = breaks = 0
    for day in time.days:
        today = busy & day
        if today & (today - 1):  # fewer than two slots leave nothing between
            empty = cover(0, today.bit_length()) & ~((today & -today) - 1) & ~today
            idle += (empty & person.free).bit_count()
            breaks += (empty & ~(empty << 1)).bit_count()
            changes += _changes(today, where)
    return PersonTerms(sum(person.bonuses[:meetings]), max(0, person.target - meetings), idle, changes, breaks)


def _changes(busy: Mask, where: Sequence[int]) -> int:
    changes, last = 0, None
    for slot in bits(busy):
        place = where[slot]
        changes += last is not None and last != place
        last = place
    return changes


def meeting_score(compiled: Compiled, worth: Coefficients, placement: Placement) -> int:
    """What a meeting adds to the score by itself, whatever else its people do."""
    weight = worth.weight * compiled.requests[placement.option.request].weight
    late = worth.late_slots * compiled.time.within_day[placement.start]
    return weight + late + (worth.kept if worth.kept and is_kept(compiled, placement) else 0)


def is_kept(compiled: Compiled, placement: Placement) -> bool:
    row = compiled.previous.get(placement.option.request)
    if row is None or row.slot != compiled.time.ids[placement.start]:
        return False
    if row.location is not None and compiled.site_of[row.location] != placement.option.site:
        return False
    names = tuple(compiled.people[person].id for person in placement.option.attendees)
    return row.attendees is None or row.attendees == names


def terms_of(compiled: Compiled, rows: Iterable[Meeting]) -> dict[str, int]:
    """Reckon all eight terms of complete rows, by locations and not by sites."""
    rows = tuple(rows)
    agendas = _agendas(compiled, rows)
    own = [
        person_terms(who, compiled.time, *agendas[index])
        for index, who in enumerate(compiled.people[: compiled.participant_count])
    ]
    return {
        "weight": sum(compiled.problem.requests[row.request].weight for row in rows),
        "bonus": sum(terms.bonus for terms in own),
        "shortfall": sum(terms.shortfall for terms in own),
        "idle_slots": sum(terms.idle_slots for terms in own),
        "location_changes": sum(terms.location_changes for terms in own),
        "late_slots": sum(compiled.time.within_day[compiled.time.index[row.slot]] for row in rows),
        "kept": sum(is_same(row, compiled.previous.get(compiled.request_index[row.request])) for row in rows),
        "breaks": sum(terms.breaks for terms in own),
    }


def is_same(row: Meeting, before: Meeting | None) -> bool:
    return (
        before is not None
        and row.slot == before.slot
        and before.location in {None, row.location}
        and before.attendees in {None, row.attendees}
    )


def agenda_of(compiled: Compiled, rows: Iterable[Meeting]) -> tuple[Mask, list[int], int]:
    """Give the busy slots, the places and the number of the meetings of one participant."""
    places = compiled.place_numbers
    busy, where, count = 0, [0] * compiled.time.count, 0
    for row in rows:
        count += 1
        start = compiled.time.index[row.slot]
        length = min(compiled.problem.requests[row.request].length, compiled.time.slots_left(start))
        for slot in range(start, start + length):
            busy |= 1 << slot
            where[slot] = places[str(row.location)]
    return busy, where, count


def _agendas(compiled: Compiled, rows: Iterable[Meeting]) -> list[tuple[Mask, list[int], int]]:
    own: list[list[Meeting]] = [[] for _ in range(compiled.participant_count)]
    for row in rows:
        for id_ in row.attendees or ():
            own[compiled.person_index[id_]].append(row)
    return [agenda_of(compiled, meetings) for meetings in own]

"""What a problem must satisfy before anybody trusts it; called once, when it is made."""

from __future__ import annotations

from datetime import date
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import TYPE_CHECKING

from solver.errors import InvalidProblemError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from solver.problem import Location, Meeting, Participant, Problem, Request, Slot, Weights

DAY_MINUTES = 24 * 60
MOST = 1_000_000_000  # of any one number of a problem
MOST_WORTH = 1 << 53  # of all terms together: what a float and JSON hold exactly
SHOWN = 6  # of a long list, in a sentence
OBJECTIVES = ("balanced", "total", "breaks")
REWARDS = ("weight", "bonus", "kept")
PRICES = ("shortfall", "idle_slots", "location_changes", "late_slots")


def check_problem(problem: Problem) -> None:
    """Raise ``InvalidProblemError`` at the first thing that cannot be right."""
    _check_keys(problem)
    _check_slots(tuple(problem.slots.values()))
    _check_locations(problem)
    _check_walking(problem)
    _check_participants(problem)
    _check_interpreters(problem)
    _check_requests(problem)
    _check_rows(problem)
    _check_bonuses("bonuses", problem.bonuses)
    _check_number("max_breaks", problem.max_breaks)
    _check_objective(problem.objective, problem.weights)
    _check_worth(problem)


def _check_keys(problem: Problem) -> None:
    for kind in ("slots", "locations", "participants", "requests", "interpreters"):
        for key, value in getattr(problem, kind).items():
            if key != value.id:
                raise InvalidProblemError(f"{kind} {key}", f"its id is {value.id}", "the key of the mapping")


def _check_slots(slots: Sequence[Slot]) -> None:
    if not slots:
        raise InvalidProblemError("slots", "none", "at least one slot")
    for slot in slots:
        _check_slot(slot)
    for earlier, later in pairwise(slots):
        if (earlier.day, earlier.end) > (later.day, later.start):
            raise InvalidProblemError(
                f"slots {later.id}", f"it starts before {earlier.id} ends", "slots in time order that do not overlap"
            )


def _check_slot(slot: Slot) -> None:
    if not is_date(slot.day):
        raise InvalidProblemError(f"slots {slot.id} day", repr(slot.day), "a date such as 2026-03-26")
    if not 0 <= slot.start < slot.end <= DAY_MINUTES:
        raise InvalidProblemError(
            f"slots {slot.id}", f"from minute {slot.start} to minute {slot.end}", "a start before the end, on one day"
        )


def is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _check_locations(problem: Problem) -> None:
    if not problem.locations:
        raise InvalidProblemError("locations", "none", "at least one location")
    for location in problem.locations.values():
        place = f"locations {location.id}"
        _check_number(f"{place} capacity", location.capacity)
        _check_known(f"{place} closed_slots", location.closed_slots, problem.slots, "slot")
        _check_owners(place, location, problem.participants)


def _check_owners(place: str, location: Location, participants: Mapping[str, Participant]) -> None:
    if location.owners is None:
        return
    if not location.owners:
        raise InvalidProblemError(f"{place} owners", "an empty list", "participants, or null where everybody may meet")
    _check_known(f"{place} owners", location.owners, participants, "participant")


def _check_walking(problem: Problem) -> None:
    for zones, minutes in problem.walking.items():
        place = f"walking {'-'.join(sorted(zones))}"
        if len(zones) != 2:
            raise InvalidProblemError(place, f"{len(zones)} zones", "two different zones")
        _check_number(place, minutes)


def _check_participants(problem: Problem) -> None:
    for person in problem.participants.values():
        place = f"participants {person.id}"
        _check_known(f"{place} unavailable_slots", person.unavailable_slots, problem.slots, "slot")
        for engagement in person.engagements:
            _check_known(f"{place} engagements", engagement.slots, problem.slots, "slot")
        for limit in ("max_meetings", "max_per_day", "max_consecutive", "min_meetings"):
            _check_number(f"{place} {limit}", getattr(person, limit))
        _check_number(f"{place} parallel", person.parallel, least=1)
        _check_bonuses(f"{place} bonuses", person.bonuses or ())
        if person.location is not None:
            _check_known(f"{place} location", (person.location,), problem.locations, "location")


def _check_interpreters(problem: Problem) -> None:
    for interpreter in problem.interpreters.values():
        place = f"interpreters {interpreter.id}"
        _check_known(f"{place} unavailable_slots", interpreter.unavailable_slots, problem.slots, "slot")
        _check_number(f"{place} max_per_day", interpreter.max_per_day)
        _check_number(f"{place} max_consecutive", interpreter.max_consecutive)


def _check_requests(problem: Problem) -> None:
    strange = _sides_with_strangers(problem)
    for request in problem.requests.values():
        if len(request.sides) < 2 or not strange.isdisjoint(request.sides):
            _check_sides(request, problem.participants)
        if not (0 <= request.weight <= MOST and 1 <= request.length <= MOST):
            _check_number(f"requests {request.id} weight", request.weight)
            _check_number(f"requests {request.id} length", request.length, least=1)
        if request.slots is not None:
            _check_list(f"requests {request.id} slots", request.slots, problem.slots, "slot")
        if request.locations is not None:
            _check_list(f"requests {request.id} locations", request.locations, problem.locations, "location")
    _check_order(problem.requests)


def _sides_with_strangers(problem: Problem) -> set[tuple[str, ...]]:
    """Give the sides that name somebody unknown; most sides are the same few, so each is looked at once."""
    sides = {side for request in problem.requests.values() for side in request.sides}
    return {side for side in sides if not problem.participants.keys() >= set(side)}


def _check_sides(request: Request, participants: Mapping[str, Participant]) -> None:
    if len(request.sides) < 2:
        raise InvalidProblemError(f"requests {request.id} sides", f"{len(request.sides)}", "two or more")
    for side in request.sides:
        _check_known(f"requests {request.id} sides", side, participants, "participant")


def _check_list(place: str, ids: Iterable[str], known: Mapping[str, object], kind: str) -> None:
    if not ids:
        raise InvalidProblemError(place, "an empty list", f"at least one {kind}, or null for all")
    _check_known(place, ids, known, kind)


def _check_order(requests: Mapping[str, Request]) -> None:
    before = {request.id: request.after for request in requests.values() if request.after}
    for id_, earlier in before.items():
        _check_known(f"requests {id_} after", earlier, requests, "request")
    try:
        TopologicalSorter(before).prepare()
    except CycleError as error:
        names = error.args[1]
        circle = " after ".join(names if len(names) <= SHOWN else (*names[:SHOWN], "..."))
        raise InvalidProblemError(f"requests {error.args[1][0]} after", circle, "no circles") from None


def _check_rows(problem: Problem) -> None:
    for kind in ("pinned", "previous", "frozen"):
        seen: set[str] = set()
        for row in getattr(problem, kind):
            place = f"{kind} {row.request}"
            if row.request in seen:
                raise InvalidProblemError(place, "a second row", "at most one row of a request")
            seen.add(row.request)
            _check_row(place, row, problem)
    for row in problem.frozen:
        if row.location is None or row.table is None or row.attendees is None:
            raise InvalidProblemError(f"frozen {row.request}", "an incomplete row", "location, table and attendees")


def _check_row(place: str, row: Meeting, problem: Problem) -> None:
    _check_known(place, (row.request,), problem.requests, "request")
    _check_known(f"{place} slot", (row.slot,), problem.slots, "slot")
    _check_known(f"{place} attendees", row.attendees or (), problem.participants, "participant")
    _check_number(f"{place} table", row.table, least=1)
    if row.location is not None:
        _check_known(f"{place} location", (row.location,), problem.locations, "location")
    if row.interpreter is not None:
        _check_known(f"{place} interpreter", (row.interpreter,), problem.interpreters, "interpreter")


def _check_bonuses(place: str, bonuses: Sequence[int]) -> None:
    if any(bonus < 0 for bonus in bonuses) or any(later > earlier for earlier, later in pairwise(bonuses)):
        raise InvalidProblemError(place, str(list(bonuses[:SHOWN])), "numbers of 0 or more that never rise")
    if bonuses and bonuses[0] > MOST:
        raise InvalidProblemError(place, str(bonuses[0]), f"at most {MOST}")


def _check_objective(objective: str, weights: Weights) -> None:
    if objective not in OBJECTIVES:
        raise InvalidProblemError("objective", repr(objective), "balanced, total or breaks")
    for name in REWARDS:
        _check_number(f"weights {name}", getattr(weights, name))
    for name in PRICES:
        if getattr(weights, name) > 0:
            raise InvalidProblemError(f"weights {name}", str(getattr(weights, name)), "a price of 0 or less")
        _check_number(f"weights {name}", -getattr(weights, name))


def _check_worth(problem: Problem) -> None:
    """Keep every value and bound a number that integers of 64 bits and floats hold exactly."""
    if (worth := _greatest_worth(problem)) > MOST_WORTH:
        raise InvalidProblemError("weights", f"terms that may add up to {worth}", f"at most {MOST_WORTH}")


def _greatest_worth(problem: Problem) -> int:
    """Give what the terms cannot exceed, all of their coefficients taken as rewards."""
    weights, people, slots = problem.weights, problem.participants.values(), len(problem.slots)
    ladders = (problem.bonuses if person.bonuses is None else person.bonuses for person in people)
    terms = {
        "weight": sum(request.weight for request in problem.requests.values()),
        "bonus": sum(sum(ladder) for ladder in ladders),
        "shortfall": sum(person.min_meetings for person in people),
        "idle_slots": len(people) * slots,
        "location_changes": len(people) * slots,
        "late_slots": len(problem.requests) * slots,
        "kept": len(problem.previous),
    }
    return sum(abs(getattr(weights, name)) * term for name, term in terms.items())


def _check_number(place: str, number: int | None, *, least: int = 0) -> None:
    if number is not None and number < least:
        raise InvalidProblemError(place, str(number), f"{least} or more")
    if number is not None and number > MOST:
        raise InvalidProblemError(place, str(number), f"at most {MOST}")


def _check_known(place: str, ids: Iterable[str], known: Mapping[str, object], kind: str) -> None:
    for id_ in ids:
        if id_ not in known:
            raise InvalidProblemError(place, f"unknown {kind} {id_!r}", f"the id of a {kind}")

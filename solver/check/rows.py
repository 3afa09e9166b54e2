"""Rules that one meeting breaks alone, whatever else is held."""

from collections.abc import Collection, Iterator

from solver.check.layout import Finding, Layout, Row
from solver.problem import Participant


def sides(layout: Layout) -> Iterator[Finding]:
    """Exactly one of each side attends, in the order of the sides."""
    for row in layout.free_rows:
        attendees = row.meeting.attendees or ()
        if len(attendees) != len(row.request.sides):
            yield (row.id,), f"{row.id} has {len(row.request.sides)} sides and {len(attendees)} attendees"
        for attendee, side in zip(attendees, row.request.sides, strict=False):
            if attendee not in side:
                yield (row.id, attendee), f"{attendee} attends {row.id} for a side that does not list them"


def nobody_twice(layout: Layout) -> Iterator[Finding]:
    for row in layout.free_rows:
        if len(row.people) < len(row.meeting.attendees or ()):
            yield (row.id,), f"somebody represents two sides of {row.id}"


def length(layout: Layout) -> Iterator[Finding]:
    for row in layout.free_rows:
        if len(row.slots) < row.request.length or not layout.time.are_neighbours(row.slots):
            wanted = f"{row.request.length} neighbouring slots"
            yield (row.id, row.meeting.slot), f"{row.id} takes {wanted}, which do not follow from {row.meeting.slot}"


def request_slots(layout: Layout) -> Iterator[Finding]:
    """``slots`` of a request lists where it may start."""
    for row in layout.free_rows:
        if row.request.slots is not None and row.meeting.slot not in row.request.slots:
            yield (row.id, row.meeting.slot), f"{row.id} may not start at {row.meeting.slot}"


def request_locations(layout: Layout) -> Iterator[Finding]:
    for row in layout.free_rows:
        if row.request.locations is not None and row.location.id not in row.request.locations:
            yield (row.id, row.location.id), f"{row.id} may not be held at {row.location.id}"


def features(layout: Layout) -> Iterator[Finding]:
    for row in layout.free_rows:
        if lacking := row.request.features - row.location.features:
            yield (
                (row.id, row.location.id),
                f"{row.id} needs {', '.join(sorted(lacking))}, which {row.location.id} lacks",
            )


def closed(layout: Layout) -> Iterator[Finding]:
    for row in layout.free_rows:
        if shut := _overlap(layout, row, row.location.closed_slots):
            yield (row.id, row.location.id), f"{row.id} is held at {row.location.id}, closed at {shut}"


def owners(layout: Layout) -> Iterator[Finding]:
    for row in layout.free_rows:
        stand = row.location
        if stand.owners is not None and stand.owners.isdisjoint(person.id for person in row.people):
            yield (row.id, stand.id), f"{row.id} is held at {stand.id} and none of its owners attends"


def tied(layout: Layout) -> Iterator[Finding]:
    for row in layout.free_rows:
        for person in row.people:
            if person.location not in {None, row.location.id}:
                yield (
                    (row.id, person.id),
                    f"{person.id} meets only at {person.location}, and {row.id} is at {row.location.id}",
                )


def availability(layout: Layout) -> Iterator[Finding]:
    for row in layout.free_rows:
        for person in row.people:
            if away := _overlap(layout, row, person.unavailable_slots):
                yield (row.id, person.id), f"{person.id} attends {row.id} and is unavailable at {away}"


def engagements(layout: Layout) -> Iterator[Finding]:
    for row in layout.free_rows:
        for person in row.people:
            for engagement in person.engagements:
                if busy := _overlap(layout, row, engagement.slots):
                    yield (row.id, person.id), f"{person.id} attends {row.id} and is engaged elsewhere at {busy}"


def interpreter_availability(layout: Layout) -> Iterator[Finding]:
    for row in layout.free_rows:
        if row.interpreter is not None and (away := _overlap(layout, row, row.interpreter.unavailable_slots)):
            yield (row.id, row.interpreter.id), f"{row.interpreter.id} interprets {row.id} and is unavailable at {away}"


def _overlap(layout: Layout, row: Row, slot_ids: Collection[str]) -> str:
    """Return the ids of the slots of a row that are among ``slot_ids``, as a sentence names them."""
    if not slot_ids:
        return ""
    return layout.time.ids(index for index in row.slots if layout.time.slots[index].id in slot_ids)


def languages(layout: Layout) -> Iterator[Finding]:
    """The attendees share a language, or an interpreter shares one with each of them."""
    for row in layout.free_rows:
        if _share_a_language(row.people):
            continue
        if row.interpreter is None:
            yield (row.id,), f"the attendees of {row.id} share no language and have no interpreter"
            continue
        for person in row.people:
            if not _understand(row.interpreter.languages, person.languages):
                yield (
                    (row.id, row.interpreter.id, person.id),
                    f"{row.interpreter.id} interprets {row.id} and shares no language with {person.id}",
                )


def interpreter_needed(layout: Layout) -> Iterator[Finding]:
    for row in layout.free_rows:
        if row.interpreter is not None and _share_a_language(row.people):
            yield (row.id, row.interpreter.id), f"{row.id} has an interpreter, and its attendees share a language"


def _share_a_language(people: Collection[Participant]) -> bool:
    """Whether there is one language for all; who names none understands everybody."""
    spoken = [person.languages for person in people if person.languages]
    return not spoken or bool(frozenset.intersection(*spoken))


def _understand(some: frozenset[str], others: frozenset[str]) -> bool:
    return not some or not others or not some.isdisjoint(others)

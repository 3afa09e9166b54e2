"""Rules about whether a request is held, how often, and in which order; and whether a row can be read at all."""

from collections import Counter
from collections.abc import Iterator

from solver.check.layout import Finding, Layout, any_free, missing_fields, unknown_ids
from solver.problem import Meeting

PINNABLE = ("slot", "location", "table", "attendees", "interpreter")


def known_ids(layout: Layout) -> Iterator[Finding]:
    for meeting in layout.unreadable:
        if strangers := unknown_ids(layout.problem, meeting):
            yield (meeting.request, *strangers), f"{meeting.request} names unknown ids: {', '.join(strangers)}"


def complete_rows(layout: Layout) -> Iterator[Finding]:
    for meeting in layout.unreadable:
        if missing := missing_fields(meeting):
            yield (meeting.request,), f"{meeting.request} has no {', no '.join(missing)}"


def at_most_once(layout: Layout) -> Iterator[Finding]:
    for id_, rows in layout.of_request.items():
        if len(rows) > 1 and any_free(rows):
            starts = ", ".join(row.meeting.slot for row in rows)
            yield (id_,), f"{id_} is held {len(rows)} times, at {starts}"


def mandatory(layout: Layout) -> Iterator[Finding]:
    """Every request is mandatory under ``breaks``."""
    held = {meeting.request for meeting in layout.meetings}
    for request in layout.problem.requests.values():
        if (request.mandatory or layout.objective == "breaks") and request.id not in held:
            yield (request.id,), f"{request.id} is mandatory and not held"


def pinned(layout: Layout) -> Iterator[Finding]:
    for pin in layout.problem.pinned:
        rows = layout.of_request.get(pin.request, [])
        if not rows:
            yield (pin.request,), f"{pin.request} is pinned to {pin.slot} and not held"
        for row in rows:
            if row.free and (moved := _differences(pin, row.meeting)):
                yield (pin.request,), f"{pin.request} does not keep its pinned {', '.join(moved)}"


def _differences(pin: Meeting, meeting: Meeting) -> list[str]:
    return [name for name in PINNABLE if getattr(pin, name) not in {None, getattr(meeting, name)}]


def frozen(layout: Layout) -> Iterator[Finding]:
    """What is past or running is listed among the meetings as it stands."""
    begun = {meeting.request for meeting in layout.problem.frozen}
    listed = Counter(meeting for meeting in layout.meetings if meeting.request in begun)
    for meeting in Counter(layout.problem.frozen) - listed:
        yield (meeting.request,), f"{meeting.request} at {meeting.slot} is frozen and not listed as it stands"


def order(layout: Layout) -> Iterator[Finding]:
    for row in layout.rows:
        for earlier in (held for id_ in row.request.after for held in layout.of_request.get(id_, [])):
            if any_free((row, earlier)) and earlier.slots[-1] >= row.slots[0]:
                yield (row.id, earlier.id), f"{row.id} starts at {row.meeting.slot}, before {earlier.id} has ended"

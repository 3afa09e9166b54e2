"""The schedule laid out over slots, people, interpreters and places: what every rule of the check reads."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from solver.problem import Interpreter, Location, Meeting, ObjectiveName, Participant, Problem, Request, Slot

Finding = tuple[tuple[str, ...], str]  # the ids concerned, and a sentence
Index = int  # of a slot in the problem's list


class Timetable:
    """The slots in time order, addressed by their index."""

    def __init__(self, slots: Iterable[Slot]) -> None:
        self.slots = tuple(slots)
        self.index = {slot.id: index for index, slot in enumerate(self.slots)}
        self.in_day = Counter(slot.day for slot in self.slots)
        days = groupby(self.slots, key=lambda slot: slot.day)
        self.within_day = tuple(position for _, of_day in days for position, _ in enumerate(of_day))

    def follows_without_break(self, index: Index) -> bool:
        """Whether the slot and the one before it are neighbours."""
        return self.within_day[index] > 0 and not self.slots[index].break_before

    def taken(self, start: str, length: int) -> range:
        """Return the slots that a meeting takes, cut short where the day ends."""
        first = self.index[start]
        night = first - self.within_day[first] + self.in_day[self.slots[first].day]
        return range(first, min(first + length, night))

    def are_neighbours(self, indices: Sequence[Index]) -> bool:
        return all(map(self.follows_without_break, indices[1:]))

    def by_day(self, indices: Iterable[Index]) -> list[list[Index]]:
        """Return the indices in order, one list for each day that has any."""
        return [list(of_day) for _, of_day in groupby(sorted(indices), key=lambda index: self.slots[index].day)]

    def runs(self, indices: Iterable[Index]) -> Iterator[list[Index]]:
        """Yield the maximal runs of neighbours among the indices."""
        run: list[Index] = []
        for index in sorted(indices):
            if run and not (index == run[-1] + 1 and self.follows_without_break(index)):
                yield run
                run = []
            run.append(index)
        if run:
            yield run

    def ids(self, indices: Iterable[Index]) -> str:
        return ", ".join(self.slots[index].id for index in indices)


@dataclass(frozen=True, slots=True)
class Row:
    """One complete meeting whose ids are all known, with what they stand for.

    ``free`` is false for a frozen meeting, which occupies and counts but is not judged.
    """

    meeting: Meeting
    request: Request
    location: Location
    people: tuple[Participant, ...]  # nobody twice, even where the meeting names somebody twice
    interpreter: Interpreter | None
    slots: range
    free: bool

    @property
    def id(self) -> str:
        return self.request.id


@dataclass(slots=True)
class Agenda:
    """The meetings of one person or interpreter, in the order of the schedule and by slot."""

    rows: list[Row] = field(default_factory=list)
    at: defaultdict[Index, list[Row]] = field(default_factory=lambda: defaultdict(list))

    def add(self, row: Row) -> None:
        self.rows.append(row)
        for index in row.slots:
            self.at[index].append(row)


class Layout:
    """A problem and the meetings of a schedule, each seen from every side that a rule may ask about.

    Rows with unknown ids or missing places are left out; ``meetings`` still has them, and ``unreadable`` alone.
    """

    def __init__(self, problem: Problem, meetings: Iterable[Meeting], objective: ObjectiveName) -> None:
        self.problem = problem
        self.objective = objective
        self.meetings = tuple(meetings)
        self.time = Timetable(problem.slots.values())
        self.unreadable = [meeting for meeting in self.meetings if not self._is_readable(meeting)]
        self.rows = list(self._rows())
        self.free_rows = [row for row in self.rows if row.free]
        self.of_person: defaultdict[str, Agenda] = defaultdict(Agenda)
        self.of_interpreter: defaultdict[str, Agenda] = defaultdict(Agenda)
        self.of_location: defaultdict[str, Agenda] = defaultdict(Agenda)
        self.of_request: defaultdict[str, list[Row]] = defaultdict(list)
        for row in self.rows:
            self._enter(row)

    def _rows(self) -> Iterator[Row]:
        frozen = Counter(self.problem.frozen)
        begun = {meeting.request for meeting in self.problem.frozen}
        for meeting in self.meetings:
            if self.unreadable and not self._is_readable(meeting):
                continue
            free = meeting.request not in begun or not frozen[meeting]
            yield self._row(meeting, free=free)
            if not free:
                frozen[meeting] -= 1  # a second copy of a frozen meeting is not frozen

    def _is_readable(self, meeting: Meeting) -> bool:
        problem = self.problem
        return (
            meeting.request in problem.requests
            and meeting.slot in problem.slots
            and meeting.location in problem.locations
            and meeting.table is not None
            and meeting.attendees is not None
            and problem.participants.keys() >= set(meeting.attendees)
            and (meeting.interpreter is None or meeting.interpreter in problem.interpreters)
        )

    def _row(self, meeting: Meeting, *, free: bool) -> Row:
        problem = self.problem
        request = problem.requests[meeting.request]
        return Row(
            meeting=meeting,
            request=request,
            location=problem.locations[meeting.location or ""],
            people=tuple(problem.participants[id_] for id_ in dict.fromkeys(meeting.attendees or ())),
            interpreter=None if meeting.interpreter is None else problem.interpreters[meeting.interpreter],
            slots=self.time.taken(meeting.slot, request.length),
            free=free,
        )

    def _enter(self, row: Row) -> None:
        for person in row.people:
            self.of_person[person.id].add(row)
        if row.interpreter is not None:
            self.of_interpreter[row.interpreter.id].add(row)
        self.of_location[row.location.id].add(row)
        self.of_request[row.id].append(row)

    def people(self) -> Iterator[tuple[Participant, Agenda]]:
        """Yield everybody who has a meeting."""
        for id_, agenda in self.of_person.items():
            yield self.problem.participants[id_], agenda

    def interpreters(self) -> Iterator[tuple[Interpreter, Agenda]]:
        """Yield every interpreter who has a meeting."""
        for id_, agenda in self.of_interpreter.items():
            yield self.problem.interpreters[id_], agenda


def missing_fields(meeting: Meeting) -> list[str]:
    return [name for name in ("location", "table", "attendees") if getattr(meeting, name) is None]


def unknown_ids(problem: Problem, meeting: Meeting) -> list[str]:
    """Return the ids of a meeting that the problem does not have; what is missing is not unknown."""
    looked_up = [
        (meeting.request, problem.requests),
        (meeting.slot, problem.slots),
        (meeting.location, problem.locations),
        (meeting.interpreter, problem.interpreters),
        *((attendee, problem.participants) for attendee in meeting.attendees or ()),
    ]
    return [id_ for id_, known in looked_up if id_ is not None and id_ not in known]


def any_free(rows: Iterable[Row]) -> bool:
    """Whether a rule that all these rows break together is to be reported: not if all are frozen."""
    return any(row.free for row in rows)


def request_ids(rows: Sequence[Row]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row.id for row in rows))

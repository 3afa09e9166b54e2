"""What the solver is asked about the drafts of an event, with the ways between its ids and the numbers of rows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import select

from matchmaker.errors import NothingToSchedule
from matchmaker.extensions import db
from matchmaker.models import Draft, Run
from matchmaker.queries import meeting_rows
from matchmaker.scheduling import problem as problems
from matchmaker.scheduling import rows as event_rows
from matchmaker.scheduling.draft import asking_codes
from matchmaker.scheduling.people import codes_of_people
from matchmaker.scheduling.presets import presets
from matchmaker.scheduling.rows import Rows
from solver import Meeting, Problem


@dataclass(frozen=True, slots=True)
class Place:
    """Where and with whom a request stands, in numbers of rows; ``people`` are in the order of the sides."""

    slot_id: int
    location_id: int
    table: int
    people: tuple[int, ...]
    interpreter_id: int | None = None


class Question:
    """What the solver is asked about an event, with the ways between its ids and rows."""

    def __init__(self, rows: Rows, problem: Problem, preset: str) -> None:
        self.problem, self.preset, self.event_id = problem, preset, rows.event.id
        self.requests = {row.id: row.code for row in rows.requests if row.code in problem.requests}
        self.request_ids = {row.code: row.id for row in rows.requests}
        self.slots = {row.id: row.code for row in rows.slots}
        self.slot_ids = {row.code: row.id for row in rows.slots}
        self.slot_order = [row.id for row in rows.slots]
        self.locations = {row.id: row.code for row in rows.locations}
        self.location_ids = {row.code: row.id for row in rows.locations}
        self.interpreters = {row.id: row.code for row in rows.interpreters}
        self.interpreter_ids = {row.code: row.id for row in rows.interpreters}
        self.sides = {row.code: (row.first_id, row.second_id) for row in rows.requests}
        self.people = codes_of_people(rows.people)
        self.people_ids = {(self.people[row.id], row.organisation_id): row.id for row in rows.people}
        self.classes = {row.code: row.klass for row in rows.requests}
        self.asking = asking_codes(rows)

    @cached_property
    def packed(self) -> bytes:
        return problems.packed(self.problem)

    def meeting(self, request_id: int, place: Place) -> Meeting | None:
        """Return where a request stands in the solver's ids; None where the question does not have it so any more."""
        code = self.requests.get(request_id, "")
        asked = self.problem.requests.get(code)
        people = tuple(self.people.get(id_, "") for id_ in place.people)
        if asked is None or len(people) != len(asked.sides):
            return None
        if any(one not in side for one, side in zip(people, asked.sides, strict=True)):
            return None
        if place.slot_id not in self.slots or place.location_id not in self.locations:
            return None
        interpreter = self.interpreters.get(place.interpreter_id or 0)
        slot, location = self.slots[place.slot_id], self.locations[place.location_id]
        return Meeting(code, slot, location, place.table, people, interpreter)

    def place(self, meeting: Meeting) -> Place:
        """Return the same in numbers of rows."""
        sides = self.sides[meeting.request]
        return Place(
            self.slot_ids[meeting.slot],
            self.location_ids[str(meeting.location)],
            meeting.table or 0,
            tuple(self.people_ids[pair] for pair in zip(meeting.attendees or (), sides, strict=True)),
            self.interpreter_ids[meeting.interpreter] if meeting.interpreter else None,
        )

    def participation(self, person: str, request_id: int) -> int:
        """Return the participation in which a person of the solver's would come to a meeting, or helps it."""
        sides = self.sides[self.requests[request_id]]
        return next((id_ for side in sides if (id_ := self.people_ids.get((person, side)))), 0)

    def taken(self, slot_id: int, request_id: int) -> list[int]:
        """Return the slots that a request takes from a start on."""
        start = self.slot_order.index(slot_id)
        return self.slot_order[start : start + self.length(request_id)]

    def parallel(self, participation_id: int) -> int:
        """Return how many meetings somebody may have at once."""
        return self.problem.participants[self.people[participation_id]].parallel

    def length(self, request_id: int) -> int:
        return self.problem.requests[self.requests[request_id]].length


def ask(event_id: int, preset: str) -> Question:
    """Return what the solver is asked now, read from the database.

    Raises
    ------
    NothingToSchedule
        If there is no request any more that may be scheduled, no slot, or no table.
    """
    rows = event_rows.read(db.session(), event_id)
    told = meeting_rows.told_last(event_id)
    problem = problems.build(rows, presets()[preset], (), told.values())
    if problem is None:
        raise NothingToSchedule
    return Question(rows, problem, preset)


def root(draft: Draft) -> Draft:
    """Return the draft of a run from which a draft was made by hand, over as many steps as there were."""
    while draft.run_id is None and draft.from_number is not None:
        where = (Draft.event_id == draft.event_id, Draft.number == draft.from_number)
        draft = db.session.scalars(select(Draft).where(*where)).one()
    return draft


def preset_of(draft: Draft) -> str:
    """Return what a draft weighs: as the run that it comes from, or as the first preset there is."""
    code = db.session.scalar(select(Run.preset).where(Run.id == root(draft).run_id)) or ""
    return code if code in presets() else next(iter(presets()))


def bound_of(question: Question, draft: Draft, most: int) -> float:
    """Return what no schedule can exceed: what the run proved if the solver is still asked the same, else ``most``."""
    origin = root(draft)
    asked_then = db.session.scalar(select(Run.problem).where(Run.id == origin.run_id))
    return origin.bound if asked_then == question.packed else float(most)

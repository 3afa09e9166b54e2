"""The academic benchmark format: B2BSOP instances of MiniZinc (``.dzn``) read as problems.

After Bofill et al., "Constraint Solving Approaches to the Business-to-Business Meeting Scheduling
Problem", JAIR 74 (2022), https://jair.org/index.php/jair/article/view/12670.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from solver.errors import InvalidProblemError
from solver.files import texts_of
from solver.problem import Location, Meeting, Participant, Problem, Request, Slot

if TYPE_CHECKING:
    from pathlib import Path

DAY = "2000-01-01"
DAY_MINUTES = 24 * 60
KEYS = (
    *("nBusiness", "nMeetings", "nTables", "nTotalSlots", "nMorningSlots", "requested", "forbidden", "fixed"),
    *("precedences", "nMeetingsBusiness", "meetingsxBusiness"),  # the last two repeat what requested says
)
LARGEST = 1 << 24  # bytes; a published instance has ten thousand
MOST = 1_000_000  # people, or meetings
COMMENT = re.compile(r"%.*")
VALUE = re.compile(r"-?\d+|\[[-\d\s,|{}]*\]", re.ASCII)
LONG_NUMBER = re.compile(r"\d{10}", re.ASCII)
SETS = re.compile(r"\{([^{}]*)\}")
NUMBER = re.compile(r"-?\d+", re.ASCII)
MORNING, AFTERNOON, ANY = 1, 2, 3


def problem_from_dzn(path: Path) -> Problem:
    """Read an instance: requests ``m1`` …, slots ``t1`` … of one day, participants ``p1`` …, ``tables``."""
    return _Instance(_statements(path)).problem()


def _statements(path: Path) -> dict[str, str]:
    content = "".join(texts_of(path, largest=LARGEST))
    statements: dict[str, str] = {}
    for statement in COMMENT.sub("", content).split(";"):
        key, equals, value = (part.strip() for part in statement.partition("="))
        if not equals:
            if key:
                raise InvalidProblemError("file", repr(key[:40]), "statements such as nTables = 21;")
            continue
        _check_statement(key, value, statements)
        statements[key] = value
    return statements


def _check_statement(key: str, value: str, earlier: dict[str, str]) -> None:
    if key not in KEYS:
        raise InvalidProblemError(key[:40], "unknown key", f"one of {', '.join(KEYS)}")
    if key in earlier:
        raise InvalidProblemError(key, "a second time", "each key once")
    if not VALUE.fullmatch(value):
        raise InvalidProblemError(key, repr(value[:40]), "a number, a list of numbers or a list of sets of numbers")
    if LONG_NUMBER.search(value):
        raise InvalidProblemError(key, "a number of more than nine digits", f"at most {MOST}")


class _Instance:
    def __init__(self, statements: dict[str, str]) -> None:
        self.statements = statements
        self.people = self.number("nBusiness")
        self.meetings = self.number("nMeetings")
        self.slots = self.number("nTotalSlots")
        self.morning = self.number("nMorningSlots")

    def problem(self) -> Problem:
        if not 1 <= self.slots <= DAY_MINUTES or not 0 <= self.morning <= self.slots:
            raise InvalidProblemError("nTotalSlots", str(self.slots), "1 to 1440, of which some are in the morning")
        return Problem(
            slots={slot.id: slot for slot in map(self.slot, range(1, self.slots + 1))},
            locations={"tables": Location("tables", capacity=self.number("nTables"))},
            participants={person.id: person for person in self.participants()},
            requests={request.id: request for request in self.requests()},
            pinned=self.pinned(),
        )

    def slot(self, number: int) -> Slot:
        length = min(20, DAY_MINUTES // self.slots)
        return Slot(f"t{number}", DAY, (number - 1) * length, number * length)

    def participants(self) -> list[Participant]:
        forbidden = self.sets("forbidden", self.people)
        return [
            Participant(f"p{number}", unavailable_slots=self.slot_ids("forbidden", away))
            for number, away in enumerate(forbidden, start=1)
        ]

    def requests(self) -> list[Request]:
        rows = self.numbers("requested")
        if len(rows) != 3 * self.meetings:
            raise InvalidProblemError("requested", f"{len(rows)} numbers", f"{3 * self.meetings}, three a meeting")
        earlier = self.sets("precedences", self.meetings)
        return [
            self.request(number, rows[3 * number - 3 : 3 * number], before)
            for number, before in enumerate(earlier, start=1)
        ]

    def request(self, number: int, row: list[int], before: list[int]) -> Request:
        first, second, session = row
        return Request(
            f"m{number}",
            sides=((f"p{first}",), (f"p{second}",)),
            slots=self.session(number, session),
            after=tuple(f"m{meeting}" for meeting in before),
        )

    def session(self, number: int, session: int) -> frozenset[str] | None:
        if session == ANY:
            return None
        if session not in {MORNING, AFTERNOON}:
            raise InvalidProblemError(f"requested m{number}", f"session {session}", "1, 2 or 3")
        numbers = range(1, self.morning + 1) if session == MORNING else range(self.morning + 1, self.slots + 1)
        return frozenset(f"t{slot}" for slot in numbers)

    def pinned(self) -> tuple[Meeting, ...]:
        fixed = self.numbers("fixed") if "fixed" in self.statements else [0] * self.meetings
        if len(fixed) != self.meetings:
            raise InvalidProblemError("fixed", f"{len(fixed)} numbers", f"{self.meetings}, one a meeting")
        return tuple(Meeting(f"m{number}", f"t{slot}") for number, slot in enumerate(fixed, start=1) if slot)

    def number(self, key: str) -> int:
        numbers = self.numbers(key)
        if len(numbers) != 1 or numbers[0] < 0:
            raise InvalidProblemError(key, str(numbers[:6]), "one number of 0 or more")
        if numbers[0] > MOST:
            raise InvalidProblemError(key, str(numbers[0]), f"at most {MOST}")
        return numbers[0]

    def numbers(self, key: str) -> list[int]:
        return [int(text) for text in NUMBER.findall(self.statement(key))]

    def sets(self, key: str, count: int) -> list[list[int]]:
        """Give ``count`` sets without the filler 0; a key that is left out has empty ones."""
        if key not in self.statements:
            return [[] for _ in range(count)]
        found = [[int(text) for text in NUMBER.findall(part)] for part in SETS.findall(self.statement(key))]
        if len(found) != count:
            raise InvalidProblemError(key, f"{len(found)} sets", f"{count} sets")
        return [[number for number in numbers if number] for numbers in found]

    def slot_ids(self, key: str, numbers: list[int]) -> frozenset[str]:
        for number in numbers:
            if not 1 <= number <= self.slots:
                raise InvalidProblemError(key, f"slot {number}", f"0 to {self.slots}")
        return frozenset(f"t{number}" for number in numbers)

    def statement(self, key: str) -> str:
        if key not in self.statements:
            raise InvalidProblemError(key, "missing", "a statement that gives it")
        return self.statements[key]

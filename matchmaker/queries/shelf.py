"""What a process keeps in memory as long as it is true, the last asked for at the end; safe among threads.

What is kept is true of something: the number of an edition, a revision. Whoever asks reads that first, so that what
they get is never older.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from threading import RLock
from typing import Generic, TypeVar

from flask import current_app
from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import QuestionEdition

MOST_EVENTS = 8
Truth = TypeVar("Truth")
T = TypeVar("T")


class Shelf(Generic[Truth, T]):
    """Keeps ``most`` things by number. Whoever holds ``lock`` is alone with them, however long they take."""

    def __init__(self, most: int) -> None:
        self._most, self._kept = most, OrderedDict[int, tuple[Truth, T]]()
        self.lock = RLock()

    def get(self, number: int, true_of: Truth, make: Callable[[], T]) -> T:
        """Return what is kept under a number, made anew if it is true of something else; others wait meanwhile."""
        with self.lock:
            kept = self._kept.get(number)
            found = kept[1] if kept is not None and kept[0] == true_of else make()
            self.put(number, true_of, found)
            return found

    def has(self, number: int, true_of: Truth) -> bool:
        """Tell, without waiting, whether something is kept under a number and true of that."""
        kept = self._kept.get(number)
        return kept is not None and kept[0] == true_of

    def put(self, number: int, true_of: Truth, thing: T) -> None:
        """Keep something; what was not asked for longest goes where there is no room."""
        with self.lock:
            self._kept[number] = true_of, thing
            self._kept.move_to_end(number)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def __iter__(self) -> Iterator[tuple[Truth, T]]:
        """Yield all that is kept, each after what it is true of; for whoever holds the lock."""
        return iter(list(self._kept.values()))


def question_edition(event_id: int) -> int:
    """Return the number that grows with whatever the solver is asked about an event."""
    return db.session.scalar(select(QuestionEdition.number).where(QuestionEdition.event_id == event_id)) or 0


def of_question(name: str, event_id: int, make: Callable[[], T]) -> T:
    """Return what depends on nothing but the tables of that edition: made anew after any change of them."""
    number = question_edition(event_id)
    shelf: Shelf[int, T] = current_app.extensions.setdefault(f"matchmaker.{name}", Shelf(MOST_EVENTS))
    return shelf.get(event_id, number, make)

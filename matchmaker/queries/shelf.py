"""What a process keeps in memory as long as it is true, the last asked for at the end; safe among threads.

What is kept is true of something: the number of an edition, a revision. Whoever asks reads that first, so that what
they get is never older.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Sequence
from threading import RLock
from typing import Generic, TypeVar

from flask import current_app
from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import Draft, Edition, QuestionEdition

MOST_EVENTS = 8
MOST_LOOKS = 4
"""Of what is found out about drafts: at an event of a thousand people each takes about 10 MB."""
Truth = TypeVar("Truth")
T = TypeVar("T")


class Shelf(Generic[Truth, T]):
    """Keeps ``most`` things by key. Whoever holds ``lock`` is alone with them, however long they take."""

    def __init__(self, most: int) -> None:
        self._most, self._kept = most, OrderedDict[Hashable, tuple[Truth, T]]()
        self.lock = RLock()

    def get(self, key: Hashable, true_of: Truth, make: Callable[[], T]) -> T:
        """Return what is kept under a key, made anew if it is true of something else; others wait meanwhile."""
        with self.lock:
            kept = self._kept.get(key)
            found = kept[1] if kept is not None and kept[0] == true_of else make()
            self.put(key, true_of, found)
            return found

    def has(self, key: Hashable, true_of: Truth) -> bool:
        """Tell, without waiting, whether something is kept under a key and true of that."""
        kept = self._kept.get(key)
        return kept is not None and kept[0] == true_of

    def put(self, key: Hashable, true_of: Truth, thing: T) -> None:
        """Keep something; what was not asked for longest goes where there is no room."""
        with self.lock:
            self._kept[key] = true_of, thing
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def __iter__(self) -> Iterator[tuple[Truth, T]]:
        """Yield all that is kept, each after what it is true of; for whoever holds the lock."""
        return iter(list(self._kept.values()))


def question_edition(event_id: int) -> int:
    """Return the number that grows with whatever the solver is asked about an event."""
    return db.session.scalar(select(QuestionEdition.number).where(QuestionEdition.event_id == event_id)) or 0


def editions(event_id: int) -> tuple[int, int]:
    """Return the numbers that grow with whatever is kept of an event: of its directory, and of what is asked."""
    shown = select(Edition.number).where(Edition.event_id == event_id).scalar_subquery()
    asked = select(QuestionEdition.number).where(QuestionEdition.event_id == event_id).scalar_subquery()
    row = db.session.execute(select(shown, asked)).one()
    return row[0] or 0, row[1] or 0


def of_question(name: str, event_id: int, make: Callable[[], T]) -> T:
    """Return what depends on nothing but the tables of that edition: made anew after any change of them."""
    number = question_edition(event_id)
    shelf: Shelf[int, T] = current_app.extensions.setdefault(f"matchmaker.{name}", Shelf(MOST_EVENTS))
    return shelf.get(event_id, number, make)


def of_drafts(name: str, drafts: Sequence[Draft], also: Hashable, make: Callable[[], T]) -> T:
    """Return what depends on nothing but those tables, these drafts, and ``also``: made anew after any change of them.

    It outlives the request: it may hold no rows of the session.
    """
    true_of = question_edition(drafts[0].event_id), tuple(draft.revision for draft in drafts)
    shelf: Shelf[tuple[int, tuple[int, ...]], T] = current_app.extensions.setdefault(
        f"matchmaker.{name}", Shelf(MOST_LOOKS)
    )
    return shelf.get((tuple(draft.id for draft in drafts), also), true_of, make)

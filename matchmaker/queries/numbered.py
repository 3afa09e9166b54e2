"""The numbered queues of hosts: which are open, and who has which number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from matchmaker.errors import NotFound
from matchmaker.extensions import db
from matchmaker.models import NumberedQueue, Organisation, QueueNumber, Texts


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody's number in a queue; ``ahead`` are those before them, the one who is being served among them."""

    organisation: Texts
    number: int
    serving: int
    minutes_each: int

    @property
    def ahead(self) -> int:
        return self.number - max(self.serving, 1)

    @property
    def minutes(self) -> int:
        """Return about how long it still takes."""
        return self.ahead * self.minutes_each

    @property
    def is_called(self) -> bool:
        return self.number == self.serving


def queues(event_id: int) -> Sequence[NumberedQueue]:
    """Return the queues of an event, open ones first."""
    rows = (
        select(NumberedQueue).where(NumberedQueue.event_id == event_id).options(joinedload(NumberedQueue.organisation))
    )
    return db.session.scalars(rows.order_by(NumberedQueue.is_open.desc(), NumberedQueue.id)).all()


def hosts(event_id: int) -> set[int]:
    """Return the organisations that have an open queue."""
    rows = select(NumberedQueue.organisation_id).where(NumberedQueue.event_id == event_id, NumberedQueue.is_open)
    return set(db.session.scalars(rows))


def queue(event_id: int, organisation_code: str) -> NumberedQueue:
    """Return the queue of a host.

    Raises
    ------
    NotFound
        If it has none.
    """
    ways = joinedload(NumberedQueue.organisation)
    rows = select(NumberedQueue).join(Organisation, Organisation.id == NumberedQueue.organisation_id).options(ways)
    found = db.session.scalar(rows.where(NumberedQueue.event_id == event_id, Organisation.code == organisation_code))
    if found is None:
        raise NotFound("queue", organisation_code)
    return found


def of_organisation(organisation_id: int) -> NumberedQueue | None:
    """Return the open queue of an organisation."""
    open_ = NumberedQueue.organisation_id == organisation_id, NumberedQueue.is_open
    return db.session.scalar(select(NumberedQueue).where(*open_).options(joinedload(NumberedQueue.organisation)))


def places(participation_id: int) -> list[Place]:
    """Return the numbers that somebody has and that are still to come, or just called, in one query."""
    columns = Organisation.names, QueueNumber.number, NumberedQueue.serving, NumberedQueue.minutes
    rows = (
        select(*columns)
        .join(NumberedQueue, NumberedQueue.id == QueueNumber.queue_id)
        .join(Organisation, Organisation.id == NumberedQueue.organisation_id)
        .where(QueueNumber.participation_id == participation_id, NumberedQueue.is_open)
        .where(QueueNumber.number >= NumberedQueue.serving)
        .order_by(QueueNumber.id)
    )
    return [Place(*row) for row in db.session.execute(rows)]


def candidates(event_id: int) -> Sequence[Organisation]:
    """Return the organisations that take part and have no open queue, hosts of audiences first."""
    has_one = select(NumberedQueue.organisation_id).where(NumberedQueue.event_id == event_id, NumberedQueue.is_open)
    rows = select(Organisation).where(
        Organisation.event_id == event_id, Organisation.listed, Organisation.id.not_in(has_one)
    )
    return db.session.scalars(rows.order_by(Organisation.is_host.desc(), Organisation.id)).all()

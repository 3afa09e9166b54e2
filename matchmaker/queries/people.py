"""The people of an event as organisers look for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from matchmaker.domain.searching import holds, searchable
from matchmaker.errors import NotFound
from matchmaker.extensions import db
from matchmaker.models import (
    Account,
    AudienceWindow,
    Delegation,
    Organisation,
    Participation,
    SessionSeat,
    Unavailability,
)
from matchmaker.queries.demand import silent_organisations

PAGE = 40


class Only(StrEnum):
    """What a list of people can be narrowed to."""

    ALL = "all"
    SILENT = "silent"
    NO_MAIL = "no_mail"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Found:
    """One page of people; ``total`` counts all that were found, ``first`` is the number of the first here."""

    people: Sequence[Participation]
    silent: frozenset[int]
    total: int
    first: int


def found(event_id: int, words: str = "", only: Only = Only.ALL, page: int = 1) -> Found:
    """Return a page of the people whose names, organisation or address hold all the ``words``."""
    silent = silent_organisations(event_id)
    matching = [row[0] for row in _all(event_id) if _wanted(row, only, silent) and _holds(row, words)]
    first = (max(page, 1) - 1) * PAGE
    shown = matching[first : first + PAGE]
    ways = (
        joinedload(Participation.account),
        joinedload(Participation.organisation).joinedload(Organisation.type),
    )
    people = db.session.scalars(select(Participation).where(Participation.id.in_(shown)).options(*ways))
    order = {id_: number for number, id_ in enumerate(shown)}
    return Found(sorted(people, key=lambda one: order[one.id]), frozenset(silent), len(matching), first + 1)


def person(event_id: int, code: str) -> Participation:
    """Return one person of the event with what their page shows.

    Raises
    ------
    NotFound
        If nobody of the event has this code.
    """
    where = Participation.event_id == event_id, Participation.code == code
    ways = (
        joinedload(Participation.account),
        joinedload(Participation.location),
        joinedload(Participation.organisation).joinedload(Organisation.type),
        joinedload(Participation.organisation).selectinload(Organisation.participations),
        selectinload(Participation.unavailabilities).joinedload(Unavailability.slot),
    )
    one = db.session.scalar(select(Participation).where(*where).options(*ways))
    if one is None:
        raise NotFound("participation", code)
    return one


def sessions_of(participation_id: int) -> list[SessionSeat]:
    where = SessionSeat.participation_id == participation_id
    return list(db.session.scalars(select(SessionSeat).where(where).options(joinedload(SessionSeat.session))))


def windows_of(organisation_id: int) -> list[AudienceWindow]:
    return list(db.session.scalars(select(AudienceWindow).where(AudienceWindow.organisation_id == organisation_id)))


def delegations(event_id: int) -> list[Delegation]:
    where = Delegation.event_id == event_id
    return list(db.session.scalars(select(Delegation).where(where).order_by(Delegation.code)))


Row = tuple[int, int, bool, dict[str, str], str | None, dict[str, str], str]


def _all(event_id: int) -> Iterable[Row]:
    columns = (
        Participation.id,
        Participation.organisation_id,
        Participation.withdrawn,
        Account.names,
        Account.email,
        Organisation.names,
        Organisation.city,
    )
    joined = select(*columns).join(Account, Account.id == Participation.account_id)
    joined = joined.join(Organisation, Organisation.id == Participation.organisation_id)
    where = joined.where(Participation.event_id == event_id).order_by(Participation.organisation_id, Participation.id)
    return db.session.execute(where)


def _wanted(row: Row, only: Only, silent: set[int]) -> bool:
    _, organisation_id, withdrawn, _, email, _, _ = row
    match only:
        case Only.WITHDRAWN:
            return withdrawn
        case Only.SILENT:
            return not withdrawn and organisation_id in silent
        case Only.NO_MAIL:
            return not withdrawn and not email
        case _:
            return True


def _holds(row: Row, words: str) -> bool:
    *_, names, email, organisation_names, city = row
    return holds(searchable([*names.values(), email or "", *organisation_names.values(), city]), words)

"""What the rows of a table of wishes or times are compared with: everybody of the event, and what they said."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from sqlalchemy import select

from matchmaker.domain import answers
from matchmaker.domain.answer_columns import Told
from matchmaker.domain.answers import Answer, Known, Pair, Said, Somebody, Span
from matchmaker.domain.asking import IN_VAIN, request_state
from matchmaker.domain.states import Asking, ImportKind, WishLevel
from matchmaker.extensions import db
from matchmaker.models import Account, Event, Organisation, Participation, PeopleImport, Slot, Unavailability, Wish
from matchmaker.queries import importing


def judged(one: PeopleImport, *, sees_vetoes: bool, now: datetime) -> list[Answer]:
    """Return each row of a table of wishes or times, read and compared with what the event holds.

    Who does not see vetoes sees a pair with one as a pair that said nothing.
    """
    rows, at = importing.rows_below(one), told_of(one)
    if one.kind == ImportKind.WISHES:
        return answers.wishes(rows, at, of_wishes(one.event_id, sees_vetoes=sees_vetoes, now=now))
    return answers.times(rows, at, of_times(one.event_id))


def told_of(one: PeopleImport) -> dict[int, Told]:
    return {int(number): Told(name) for number, name in one.columns.items()}


def of_wishes(event_id: int, *, sees_vetoes: bool, now: datetime) -> Known:
    """Return what rows of wishes are compared with."""
    event = db.session.get_one(Event, event_id)
    stored = select(Wish.organisation_id, Wish.wanted_id, Wish.level, Wish.rank, Wish.made_at)
    found = {(row[0], row[1]): row for row in db.session.execute(stored.where(Wish.event_id == event_id))}
    terms = event.terms

    def in_vain(pair: Pair) -> bool:
        other = found.get((pair[1], pair[0]))
        mine = found[pair]
        return request_state(mine[2], other[2] if other else None, expired=terms.expired(mine[4], now)) in IN_VAIN

    said = {
        pair: Said(row[2], row[3], in_vain(pair))
        for pair, row in found.items()
        if sees_vetoes or row[2] is not WishLevel.VETO
    }
    quotas = {WishLevel.MUST: event.must_quota, WishLevel.LIKE: event.like_quota}
    no = WishLevel.NO if event.asking is Asking.REQUESTS else WishLevel.VETO
    return Known(_people(event_id), wishes=said, quotas=quotas, no=no)


def of_times(event_id: int) -> Known:
    """Return what rows of times are compared with."""
    columns = select(Slot.id, Slot.day, Slot.start, Slot.end).where(Slot.event_id == event_id)
    slots = [Span(*row) for row in db.session.execute(columns.order_by(Slot.day, Slot.start))]
    marks = defaultdict[int, set[int]](set)
    away = select(Unavailability.participation_id, Unavailability.slot_id).where(Unavailability.event_id == event_id)
    for person, slot in db.session.execute(away):
        marks[person].add(slot)
    return Known(_people(event_id), slots, marks={person: frozenset(slots) for person, slots in marks.items()})


def _people(event_id: int) -> list[Somebody]:
    person = Participation.id, Participation.code, Account.names, Account.email, Participation.organisation_id
    columns = (*person, Organisation.code, Organisation.names, Participation.times_said_at)
    joined = select(*columns).join(Account, Account.id == Participation.account_id)
    joined = joined.join(Organisation, Organisation.id == Participation.organisation_id)
    takes_part = Participation.withdrawn.is_(False), Participation.deleted_at.is_(None)
    where = joined.where(Participation.event_id == event_id, *takes_part).order_by(Participation.id)
    return [Somebody(*row[:7], row[7] is not None) for row in db.session.execute(where)]

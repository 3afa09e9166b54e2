"""Who was not told yet that they take part: by mail where they have an address, by a link on paper else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import joinedload

from matchmaker.domain.states import Channel
from matchmaker.extensions import db
from matchmaker.models import Account, Mail, Participation

FIRST = ("welcome", "invitation")
"""Kinds of mail that bring the first way in."""
PAGE = 200


@dataclass(frozen=True, slots=True)
class Unmailed:
    """A page of people to whom no mail goes; ``first`` is the number of the first here."""

    people: Sequence[Participation]
    total: int
    first: int


def uninvited(event_id: int, most: int | None = None) -> Sequence[int]:
    """Return the participations that have an address, are told things by mail, and got no first mail yet."""
    told = exists().where(Mail.participation_id == Participation.id, Mail.kind.in_(FIRST))
    mailed = Participation.channel == Channel.MAIL, Account.email.is_not(None), ~told
    chosen = select(Participation.id).join(Account, Account.id == Participation.account_id)
    chosen = chosen.where(*_there(event_id), *mailed).order_by(Participation.id)
    return db.session.scalars(chosen.limit(most)).all()


def unmailed(event_id: int, page: int | None = None) -> Unmailed:
    """Return those to whom no mail goes, by organisation: a page of them, or all."""
    where = *_there(event_id), or_(Account.email.is_(None), Participation.channel != Channel.MAIL)
    joined = select(Participation).join(Account, Account.id == Participation.account_id).where(*where)
    total = db.session.scalar(select(func.count()).select_from(joined.subquery())) or 0
    first = 0 if page is None else (max(page, 1) - 1) * PAGE
    ways = joinedload(Participation.account), joinedload(Participation.organisation)
    ordered = joined.options(*ways).order_by(Participation.organisation_id, Participation.id).offset(first)
    people = db.session.scalars(ordered.limit(PAGE if page is not None else None))
    return Unmailed(people.all(), total, first + 1)


def _there(event_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        Participation.event_id == event_id,
        Participation.withdrawn.is_(False),
        Participation.deleted_at.is_(None),
    )

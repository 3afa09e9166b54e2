"""Wishes grow into requests: one row for each pair of organisations of which at least one asks for the meeting."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.domain import scoring
from matchmaker.domain.asking import Terms, request_state
from matchmaker.domain.states import ASKS, REQUEST, RequestState, WishLevel, moved
from matchmaker.models import Event, Request, Wish
from matchmaker.services.steps.codes import new_code

Pair = tuple[int, int]

LIVE = frozenset({RequestState.ASKED, RequestState.ACCEPTED})


@dataclass(frozen=True, slots=True)
class Wants:
    """What the two sides of a pair want of each other, and whether the time to answer is over."""

    first: scoring.Wish | None = None
    second: scoring.Wish | None = None
    expired: bool = False

    @property
    def state(self) -> RequestState | None:
        levels = (wish.level if wish else None for wish in (self.first, self.second))
        return request_state(*levels, expired=self.expired)


def refresh(session: Session, event_id: int, *, now: datetime) -> None:
    """Bring the requests of an event up to its wishes.

    A veto counts as silence here, so that no stored row tells of it; the rows keep their code, their age and the
    organiser's priority for life. A pair for which nobody asks any more is withdrawn.
    """
    wanted = _wants(session, session.get_one(Event, event_id), now)
    there = {
        (row.first_id, row.second_id): row
        for row in session.scalars(select(Request).where(Request.event_id == event_id))
    }
    for pair, row in there.items():
        _bring_up(row, wanted.get(pair, Wants()))
    for pair in sorted(wanted.keys() - there.keys()):
        if wanted[pair].state is not None:
            session.add(_born(event_id, pair, wanted[pair], now))


def take_back(session: Session, organisation_id: int, wanted_id: int) -> None:
    """Take an organisation's wish for another back, and close the gap in the order of its musts; a veto stays."""
    wishes = session.scalars(select(Wish).where(Wish.organisation_id == organisation_id)).all()
    for wish in wishes:
        if wish.wanted_id == wanted_id and wish.level is not WishLevel.VETO:
            session.delete(wish)
    musts = [wish for wish in wishes if wish.level is WishLevel.MUST and wish.wanted_id != wanted_id]
    for number, wish in enumerate(sorted(musts, key=lambda wish: (wish.rank or 0, wish.id)), 1):
        wish.rank = number


def _wants(session: Session, event: Event, now: datetime) -> Mapping[Pair, Wants]:
    without_vetoes = select(Wish).where(Wish.event_id == event.id, Wish.level != WishLevel.VETO)
    sides: dict[Pair, dict[int, Wish]] = defaultdict(dict)
    for wish in session.scalars(without_vetoes):
        pair = min(wish.organisation_id, wish.wanted_id), max(wish.organisation_id, wish.wanted_id)
        sides[pair][wish.organisation_id] = wish
    return {pair: _pair(event.terms, [by.get(id_) for id_ in pair], now) for pair, by in sides.items()}


def _pair(terms: Terms, wishes: Sequence[Wish | None], now: datetime) -> Wants:
    first, second = (scoring.Wish(wish.level, wish.rank) if wish else None for wish in wishes)
    asked = [wish.made_at for wish in wishes if wish and wish.level in ASKS]
    return Wants(first, second, expired=bool(asked) and terms.expired(max(asked), now))


def _born(event_id: int, pair: Pair, wants: Wants, now: datetime) -> Request:
    row = Request(
        event_id=event_id,
        code=new_code(),
        first_id=pair[0],
        second_id=pair[1],
        state=RequestState.ASKED,
        weight=0,
        klass="",
        priority=False,
        priority_reason="",
        created_at=now,
    )
    _bring_up(row, wants)
    return row


def _bring_up(row: Request, wants: Wants) -> None:
    state = wants.state
    if state is None:
        state = RequestState.WITHDRAWN if row.state in LIVE else row.state
    row.state = moved(REQUEST, row.state, state)
    score = scoring.score(wants.first, wants.second, priority=row.priority)
    if score is not None and score.klass is not None:
        row.weight, row.klass = score.weight, score.klass

"""Wishes grow into requests: one row for each pair of organisations of which at least one wants the meeting."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.domain import scoring
from matchmaker.domain.states import REQUEST, RequestState, WishLevel, moved
from matchmaker.models import Request, Wish
from matchmaker.services.steps.codes import new_code

Pair = tuple[int, int]
Wants = tuple[scoring.Wish | None, scoring.Wish | None]

LIVE = frozenset({RequestState.ASKED, RequestState.ACCEPTED})


def refresh(session: Session, event_id: int, *, now: datetime) -> None:
    """Bring the requests of an event up to its wishes.

    A veto counts as silence here, so that no stored row tells of it; the rows keep their code, their age and the
    organiser's priority for life. A pair that nobody wants any more is withdrawn.
    """
    wanted = _wants(session, event_id)
    there = {
        (row.first_id, row.second_id): row
        for row in session.scalars(select(Request).where(Request.event_id == event_id))
    }
    for pair, row in there.items():
        _bring_up(row, wanted.get(pair, (None, None)))
    for pair in sorted(wanted.keys() - there.keys()):
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


def _wants(session: Session, event_id: int) -> Mapping[Pair, Wants]:
    positive = select(Wish).where(Wish.event_id == event_id, Wish.level != WishLevel.VETO)
    sides: dict[Pair, dict[int, scoring.Wish]] = {}
    for wish in session.scalars(positive):
        pair = min(wish.organisation_id, wish.wanted_id), max(wish.organisation_id, wish.wanted_id)
        sides.setdefault(pair, {})[wish.organisation_id] = scoring.Wish(wish.level, wish.rank)
    return {pair: (by.get(pair[0]), by.get(pair[1])) for pair, by in sides.items()}


def _born(event_id: int, pair: Pair, wants: Wants, now: datetime) -> Request:
    row = Request(
        event_id=event_id,
        code=new_code(),
        first_id=pair[0],
        second_id=pair[1],
        state=RequestState.ASKED,
        priority=False,
        priority_reason="",
        created_at=now,
    )
    _bring_up(row, wants)
    return row


def _bring_up(row: Request, wants: Wants) -> None:
    row.state = moved(REQUEST, row.state, _state(row.state, wants))
    score = scoring.score(*wants, priority=row.priority)
    if score is not None and score.klass is not None:
        row.weight, row.klass = score.weight, score.klass


def _state(state: RequestState, wants: Wants) -> RequestState:
    wanting = sum(wish is not None for wish in wants)
    if wanting == 0:
        return RequestState.WITHDRAWN if state in LIVE else state
    if wanting == 2:
        return state if state is RequestState.EXPIRED else RequestState.ACCEPTED
    return state if state in {RequestState.DECLINED, RequestState.EXPIRED} else RequestState.ASKED

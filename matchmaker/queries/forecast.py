"""What an organisation may hope for while wishes arrive: its own times, and whom too many ask for.

A veto counts as silence here as everywhere: a number that it changed would tell who vetoed whom.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import func, select

from matchmaker.domain.states import POSITIVE
from matchmaker.extensions import db
from matchmaker.models import Organisation, Wish
from matchmaker.queries import capacity
from matchmaker.queries.directory import Own


class Rush(NamedTuple):
    """So many organisations ask for one that has room for fewer meetings."""

    asked_by: int
    slots: int


class Forecast(NamedTuple):
    """``asked`` wishes, of which the organisation's own times and limits allow ``allowed``; ``rushes`` by code."""

    asked: int
    allowed: int
    rushes: Mapping[str, Rush]


def forecast(organisation: Organisation, own: list[Own]) -> Forecast:
    """Return what the wishes of an organisation may hope for; six queries, whatever the event's size."""
    asked_by = _asked_by([wish.code for wish in own], organisation.event_id)
    ids = {organisation.id, *(id_ for id_, _ in asked_by.values())}
    slots = capacity.free_slots(organisation.event_id, ids)
    rushes = {code: Rush(count, slots.get(id_, 0)) for code, (id_, count) in asked_by.items()}
    return Forecast(
        asked=len(own),
        allowed=slots.get(organisation.id, 0),
        rushes={code: rush for code, rush in rushes.items() if rush.asked_by > rush.slots},
    )


def _asked_by(codes: list[str], event_id: int) -> dict[str, tuple[int, int]]:
    """Return, by code, the id of each organisation and how many ask for it."""
    rows = (
        select(Organisation.code, Organisation.id, func.count())
        .join(Wish, Wish.wanted_id == Organisation.id)
        .where(Organisation.event_id == event_id, Organisation.code.in_(codes), Wish.level.in_(POSITIVE))
        .group_by(Organisation.code, Organisation.id)
    )
    return {code: (id_, count) for code, id_, count in db.session.execute(rows)}

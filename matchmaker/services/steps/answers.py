"""Entering what a table says for people of the event, as they would by their own pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.domain.answers import Answer
from matchmaker.domain.states import WishLevel
from matchmaker.models import Participation, Unavailability
from matchmaker.services.steps import wish_list
from matchmaker.services.steps.journal import record

LAST = 1_000
"""Behind every rank that a sheet may name."""


def write_wishes(session: Session, taken: Iterable[Answer], *, actor_id: int | None, now: datetime) -> None:
    """Say these wishes: musts that are there stay before the new ones, which come by their rank.

    Raises
    ------
    QuotaUsed, WishesClosed, PhaseForbids
        If an organisation may not say so much, or the actor may not say it for them.
    """
    by_organisation = defaultdict[int, list[Answer]](list)
    for one in taken:
        if one.who and one.whom and one.said:
            by_organisation[one.who.organisation_id].append(one)
    for organisation_id, rows in sorted(by_organisation.items()):
        ranked = sorted(rows, key=lambda one: ((one.said and one.said.rank) or LAST, one.number))
        levels = {one.whom.organisation_id: one.said.level for one in ranked if one.whom and one.said}
        opened = wish_list.opened(session, organisation_id, actor_id, now)
        order = [*(id_ for id_ in opened.musts() if id_ not in levels), *levels]
        opened.answer(levels)
        opened.number(order)
        if WishLevel.MUST in levels.values():
            opened.record("ranked_wishes")


def write_times(session: Session, taken: Iterable[Answer], *, actor_id: int | None, now: datetime) -> None:
    """Mark these times as not free, beside those that are marked; who has no time among them is always free."""
    by_person = defaultdict[int, set[int]](set)
    for one in taken:
        if one.who:
            by_person[one.who.id] |= one.slots
    marked = select(Participation).where(Participation.id.in_(by_person)).order_by(Participation.id)
    for person in session.scalars(marked.with_for_update()):
        there = {mark.slot_id for mark in person.unavailabilities}
        new = sorted(by_person[person.id] - there)
        person.unavailabilities += [Unavailability(event_id=person.event_id, slot_id=slot_id) for slot_id in new]
        person.times_said_at = person.times_said_at or now
        record(
            session,
            event_id=person.event_id,
            actor_id=actor_id,
            verb="changed_times",
            now=now,
            subject=str(len(person.unavailabilities)),
            for_participation_id=person.id,
        )

"""Everything that an event knows of its people and of what they answered, as a spreadsheet takes it away and back."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from matchmaker.domain.importing import Candidate
from matchmaker.domain.states import WishLevel
from matchmaker.extensions import db
from matchmaker.models import Delegation, Organisation, ParticipantType, Participation, Slot, Unavailability, Wish


class Side(NamedTuple):
    """Who speaks, or is spoken of: an organisation, and one of its people by whom it is found again elsewhere."""

    code: str
    organisation: Mapping[str, str]
    email: str | None
    name: Mapping[str, str]


class Wanted(NamedTuple):
    """What one organisation said of another."""

    giver: Side
    wanted: Side
    level: WishLevel
    rank: int | None


class Away(NamedTuple):
    """When a person is not free; one who is always free has no day."""

    who: Side
    day: dt.date | None = None
    start: dt.time | None = None
    end: dt.time | None = None


def everybody(event_id: int) -> list[Candidate]:
    """Return all who take part, in the order of their organisations."""
    chosen = select(Participation).where(
        Participation.event_id == event_id, Participation.withdrawn.is_(False), Participation.deleted_at.is_(None)
    )
    together = {one.id: one for one in _delegations(event_id)}
    organisation = joinedload(Participation.organisation)
    ways = (
        joinedload(Participation.account),
        organisation.selectinload(Organisation.topics),
        organisation.joinedload(Organisation.type),
    )
    ordered = chosen.options(*ways).order_by(Participation.organisation_id, Participation.id)
    return [_candidate(one, together.get(one.organisation.delegation_id or 0)) for one in db.session.scalars(ordered)]


def types(event_id: int) -> dict[str, dict[str, str]]:
    """Return the names of the event's types by code."""
    chosen = select(ParticipantType).where(ParticipantType.event_id == event_id).order_by(ParticipantType.id)
    return {one.code: one.names for one in db.session.scalars(chosen)}


def delegations(event_id: int) -> dict[str, dict[str, str]]:
    """Return the names of the event's delegations by code."""
    return {one.code: one.names for one in _delegations(event_id)}


def _delegations(event_id: int) -> Sequence[Delegation]:
    chosen = select(Delegation).where(Delegation.event_id == event_id)
    return db.session.scalars(chosen.order_by(Delegation.id)).all()


def wishes(event_id: int) -> list[Wanted]:
    """Return who asked for whom, of those who take part, each must by its rank.

    A veto is private, also to those who run the event: it stays here.
    """
    sides = dict[int, Side]()
    for one in _takes_part(event_id):
        known = sides.get(one.organisation_id)
        if known is None or (known.email is None and one.account.email):
            sides[one.organisation_id] = _side(one)
    chosen = select(Wish).where(Wish.event_id == event_id, Wish.level != WishLevel.VETO)
    found = db.session.scalars(chosen.order_by(Wish.organisation_id, Wish.rank, Wish.id))
    return [
        Wanted(sides[one.organisation_id], sides[one.wanted_id], one.level, one.rank)
        for one in found
        if one.organisation_id in sides and one.wanted_id in sides
    ]


def times(event_id: int) -> list[Away]:
    """Return when people are not free, slots that follow each other as one, and who said that they always are."""
    slots = db.session.scalars(select(Slot).where(Slot.event_id == event_id).order_by(Slot.day, Slot.start)).all()
    marks = defaultdict[int, set[int]](set)
    away = select(Unavailability.participation_id, Unavailability.slot_id).where(Unavailability.event_id == event_id)
    for person, slot in db.session.execute(away):
        marks[person].add(slot)
    found = list[Away]()
    for one in _takes_part(event_id):
        spans = [Away(_side(one), *span) for span in _spans(slots, marks[one.id])]
        found += spans or ([Away(_side(one))] if one.times_said_at else [])
    return found


def _takes_part(event_id: int) -> Sequence[Participation]:
    chosen = select(Participation).where(
        Participation.event_id == event_id, Participation.withdrawn.is_(False), Participation.deleted_at.is_(None)
    )
    ways = joinedload(Participation.account), joinedload(Participation.organisation)
    return db.session.scalars(chosen.options(*ways).order_by(Participation.organisation_id, Participation.id)).all()


def _side(one: Participation) -> Side:
    return Side(one.organisation.code, one.organisation.names, one.account.email, one.account.names)


def _spans(slots: Sequence[Slot], marked: set[int]) -> list[tuple[dt.date, dt.time, dt.time]]:
    """Return the runs of marked slots of each day, each from its first start to its last end."""
    runs = groupby(slots, key=lambda slot: (slot.day, slot.id in marked))
    found = [(day, list(run)) for (day, away), run in runs if away]
    return [(day, run[0].start, max(slot.end for slot in run)) for day, run in found]


def _candidate(one: Participation, delegation: Delegation | None) -> Candidate:
    account, party = one.account, one.organisation
    return Candidate(
        names=account.names,
        organisation_names=party.names,
        email=account.email,
        phone=account.phone,
        job=one.job,
        languages=tuple(one.languages),
        locale=account.locale,
        channel=one.channel,
        city=party.city,
        country=party.country,
        type_code=party.type.code if party.type else None,
        offers=_topics(party, "offer"),
        needs=_topics(party, "need"),
        offers_text=party.offers_text,
        needs_text=party.needs_text,
        website=party.website,
        about=party.about,
        group=party.code,
        delegation=delegation.code if delegation else "",
        heads=delegation is not None and delegation.head_id == one.id,
    )


def _topics(party: Organisation, kind: str) -> tuple[str, ...]:
    return tuple(sorted(topic.topic for topic in party.topics if topic.kind == kind))

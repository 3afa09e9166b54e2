"""Everything that an event knows of its people and organisations, as a spreadsheet takes it away and brings it back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import aliased, joinedload

from matchmaker.domain.importing import Candidate
from matchmaker.domain.states import WishLevel
from matchmaker.extensions import db
from matchmaker.models import Organisation, ParticipantType, Participation, Wish


class Wanted(NamedTuple):
    """What one organisation said of another; both by code and names."""

    code: str
    names: Mapping[str, str]
    wanted_code: str
    wanted_names: Mapping[str, str]
    level: WishLevel
    rank: int | None


def everybody(event_id: int) -> list[Candidate]:
    """Return all who take part, in the order of their organisations."""
    chosen = select(Participation).where(
        Participation.event_id == event_id, Participation.withdrawn.is_(False), Participation.deleted_at.is_(None)
    )
    organisation = joinedload(Participation.organisation)
    ways = (
        joinedload(Participation.account),
        organisation.selectinload(Organisation.topics),
        organisation.joinedload(Organisation.type),
    )
    ordered = chosen.options(*ways).order_by(Participation.organisation_id, Participation.id)
    return [_candidate(one) for one in db.session.scalars(ordered)]


def types(event_id: int) -> dict[str, dict[str, str]]:
    """Return the names of the event's types by code."""
    chosen = select(ParticipantType).where(ParticipantType.event_id == event_id).order_by(ParticipantType.id)
    return {one.code: one.names for one in db.session.scalars(chosen)}


def wishes(event_id: int) -> list[Wanted]:
    """Return who asked for whom. A veto is private, also to those who run the event: it stays here."""
    asker, wanted = aliased(Organisation), aliased(Organisation)
    columns = (asker.code, asker.names, wanted.code, wanted.names, Wish.level, Wish.rank)
    chosen = select(*columns).join(asker, asker.id == Wish.organisation_id).join(wanted, wanted.id == Wish.wanted_id)
    where = Wish.event_id == event_id, Wish.level != WishLevel.VETO
    return [Wanted(*row) for row in db.session.execute(chosen.where(*where).order_by(asker.id, Wish.rank, Wish.id))]


def _candidate(one: Participation) -> Candidate:
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
    )


def _topics(party: Organisation, kind: str) -> tuple[str, ...]:
    return tuple(sorted(topic.topic for topic in party.topics if topic.kind == kind))

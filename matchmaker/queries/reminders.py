"""Whose organisation wants nobody yet: who can be reminded by mail, who was today, who is reached otherwise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from matchmaker.domain import zones
from matchmaker.domain.states import Channel, Phase
from matchmaker.extensions import db
from matchmaker.models import Event, Mail, Participation
from matchmaker.queries.demand import silent_organisations

KIND = "reminder"
OPEN = (Phase.REGISTRATION, Phase.WISHES)


@dataclass(frozen=True, slots=True)
class Silent:
    """Representatives of silent organisations: ``by_mail`` may be reminded now, ``reminded`` were today."""

    by_mail: Sequence[Participation]
    reminded: Sequence[Participation]
    otherwise: Sequence[Participation]

    @property
    def total(self) -> int:
        return len(self.by_mail) + len(self.reminded) + len(self.otherwise)


def silent(event: Event, now: dt.datetime) -> Silent:
    """Return who has given no wishes yet, by the way in which they can be reached; five queries."""
    where = Participation.represents.is_(True), Participation.withdrawn.is_(False)
    ways = joinedload(Participation.account), joinedload(Participation.organisation)
    parties = silent_organisations(event.id)
    rows = select(Participation).where(Participation.organisation_id.in_(parties), *where).options(*ways)
    people = db.session.scalars(rows.order_by(Participation.organisation_id, Participation.id)).all()
    mailed = _mailed(event, now)
    with_mail = [one for one in people if one.channel is Channel.MAIL and one.account.email and one.wants_reminders]
    return Silent(
        by_mail=[one for one in with_mail if one.id not in mailed],
        reminded=[one for one in with_mail if one.id in mailed],
        otherwise=[one for one in people if one not in with_mail],
    )


def occasion(event: Event, now: dt.datetime) -> str:
    """Return what tells the reminders of one day, on the event's clock, from those of another."""
    return f"{KIND}-{zones.wall(now, event.zone).date()}"


def are_open(event: Event, now: dt.datetime) -> bool:
    """Tell whether wishes can be given now."""
    closes_at = event.terms.closes_at
    return event.phase in OPEN and (closes_at is None or now < closes_at)


def _mailed(event: Event, now: dt.datetime) -> set[int | None]:
    today = Mail.key.endswith(f"/{occasion(event, now)}/{KIND}")
    return set(db.session.scalars(select(Mail.participation_id).where(Mail.event_id == event.id, today)))

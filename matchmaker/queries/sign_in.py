"""Whom a sign-in link would sign in, before it does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from matchmaker.domain import links
from matchmaker.errors import LinkUsedUp
from matchmaker.extensions import db
from matchmaker.models import Event, Participation, SignInLink, Texts


@dataclass(frozen=True, slots=True)
class Holder:
    """The person a link is for; organisation and event are None where the link is for neither."""

    names: Texts
    locale: str
    organisation_names: Texts | None
    event: Event | None


def holder(token: str, *, now: datetime) -> Holder:
    """Return whom a link signs in; reading it does not use it up.

    Raises
    ------
    LinkUsedUp
        If the link was used, has expired, or never was.
    """
    where = (
        SignInLink.token_digest == links.digest(token),
        SignInLink.used_at.is_(None),
        SignInLink.expires_at > now,
    )
    link = db.session.scalar(select(SignInLink).where(*where).options(joinedload(SignInLink.account)))
    if link is None:
        raise LinkUsedUp
    event = db.session.get(Event, link.event_id) if link.event_id else None
    part = participation_of(link.account_id, link.event_id)
    return Holder(link.account.names, link.account.locale, part.organisation.names if part else None, event)


def participation_of(account_id: int, event_id: int | None) -> Participation | None:
    """Return the account's oldest part in the event, with its organisation, or None."""
    where = (
        Participation.account_id == account_id,
        Participation.event_id == event_id,
        Participation.withdrawn.is_(False),
    )
    oldest = select(Participation).where(*where).order_by(Participation.id).limit(1)
    return db.session.scalar(oldest.options(joinedload(Participation.organisation)))

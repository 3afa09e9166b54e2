"""Personal links: how they are written from a configured origin, and whom one that was sent opens."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from matchmaker.domain import links
from matchmaker.domain.links import Purpose
from matchmaker.errors import NotFound
from matchmaker.extensions import current_settings, db
from matchmaker.models import Event, Participation


def agenda_url(participation: Participation) -> str:
    """Return the personal link, which opens the agenda without an account."""
    return f"{_origin(participation)}/a/{token(participation, Purpose.AGENDA)}"


def read_only_url(participation: Participation) -> str:
    """Return the link to forward: it shows the agenda, leads nowhere and can do nothing."""
    return f"{_origin(participation)}/r/{token(participation, Purpose.READ_ONLY)}"


def feed_url(participation: Participation) -> str:
    """Return the address that a calendar may subscribe to."""
    return f"{_origin(participation)}/f/{token(participation, Purpose.FEED)}.ics"


def reminders_url(participation: Participation) -> str:
    """Return the address at which somebody, or their mail program for them, ends what they can do without."""
    return f"{_origin(participation)}/u/{token(participation, Purpose.REMINDERS)}"


def token(participation: Participation, purpose: Purpose) -> str:
    secret = current_settings().secret_key.encode()
    return links.token(secret, purpose, participation.id, participation.link_generation)


def access_by_link(text: str, purpose: Purpose) -> Participation:
    """Return the participation that a link opens.

    Raises
    ------
    NotFound
        If it never was one, was revoked, is for another purpose, its person has withdrawn or its event is archived.
    """
    parts = links.read(text)
    if parts is None:
        raise NotFound("link")
    ways = (joinedload(Participation.account), joinedload(Participation.organisation))
    rows = select(Participation).join(Event, Event.id == Participation.event_id).options(*ways)
    open_ = Participation.withdrawn.is_(False), Event.archived_at.is_(None)
    found = db.session.scalar(rows.where(Participation.id == parts.id, *open_))
    secret = current_settings().secret_key.encode()
    if found is None or not links.matches(parts, secret, purpose, found.link_generation):
        raise NotFound("link")
    return found


def origin(event: Event) -> str:
    """Return the origin at which people reach this event: the public one, or that of the hall's own network."""
    settings = current_settings()
    return settings.public_origin if event.public_address else settings.local_origin or settings.public_origin


def _origin(participation: Participation) -> str:
    return origin(db.session.get_one(Event, participation.event_id))

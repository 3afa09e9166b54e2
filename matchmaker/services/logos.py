"""The logos of an event, in the order of protocol."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from matchmaker.domain.wording import N_
from matchmaker.errors import InvalidValue, NotFound
from matchmaker.models import Event, Logo
from matchmaker.paper import pictures
from matchmaker.services.steps import rows
from matchmaker.services.steps.journal import record
from matchmaker.unit_of_work import unit_of_work

MOST = 6


def add(event_id: int, content: bytes, alt: Mapping[str, str], *, actor_id: int | None, now: datetime) -> bool:
    """Add a picture behind those that are there; ``alt`` says in words, by language, what it shows.

    Tell whether it stands on pages too: one with many details stands on paper only.

    Raises
    ------
    InvalidValue
        If the file is no picture that we take, there are no words, or there are six logos already.
    """
    _refuse_wordless(alt)
    drawn = pictures.cleaned(content)  # slow, so before the database is locked
    with unit_of_work() as session:
        event = _locked(session, event_id)
        if len(event.logos) >= MOST:
            raise InvalidValue("picture", N_("There are six logos already. Remove one first."))
        logo = Logo(event_id=event_id, small=drawn.small, large=drawn.large)
        session.add(logo)
        session.flush()
        size = {"width": drawn.width, "height": drawn.height}
        event.logos = [*event.logos, {"id": logo.id, "alt": dict(alt), **size, "on_pages": bool(drawn.small)}]
        record(session, event_id=event_id, actor_id=actor_id, verb="logo.added", now=now)
        return bool(drawn.small)


def reword(event_id: int, logo_id: int, alt: Mapping[str, str], *, actor_id: int | None, now: datetime) -> None:
    """Say in other words what a logo shows.

    Raises
    ------
    InvalidValue
        If there are no words.
    NotFound
        If the event has no such logo.
    """
    _refuse_wordless(alt)
    with unit_of_work() as session:
        event = _locked(session, event_id)
        place = _place(event, logo_id)
        event.logos = [*event.logos[:place], {**event.logos[place], "alt": dict(alt)}, *event.logos[place + 1 :]]
        record(session, event_id=event_id, actor_id=actor_id, verb="logo.changed", now=now)


def move(event_id: int, logo_id: int, steps: int, *, actor_id: int | None, now: datetime) -> None:
    """Move a logo up (negative) or down in the order, as far as it goes.

    Raises
    ------
    NotFound
        If the event has no such logo.
    """
    with unit_of_work() as session:
        event = _locked(session, event_id)
        place = _place(event, logo_id)
        others = [*event.logos[:place], *event.logos[place + 1 :]]
        new = max(0, min(len(others), place + steps))
        event.logos = [*others[:new], event.logos[place], *others[new:]]
        record(session, event_id=event_id, actor_id=actor_id, verb="logo.moved", now=now)


def remove(event_id: int, logo_id: int, *, actor_id: int | None, now: datetime) -> None:
    """Take a logo away.

    Raises
    ------
    NotFound
        If the event has no such logo.
    """
    with unit_of_work() as session:
        event = _locked(session, event_id)
        place = _place(event, logo_id)
        event.logos = [*event.logos[:place], *event.logos[place + 1 :]]
        session.delete(rows.of_event(session, Logo, event_id, logo_id))
        record(session, event_id=event_id, actor_id=actor_id, verb="logo.removed", now=now)


def _locked(session: Session, event_id: int) -> Event:
    # The row is locked, so that of two who move logos the second sees what the first did.
    event = session.get(Event, event_id, with_for_update=True, populate_existing=True)
    if event is None:
        raise NotFound("event", event_id)
    return event


def _place(event: Event, logo_id: int) -> int:
    found = (place for place, one in enumerate(event.logos) if one["id"] == logo_id)
    place = next(found, None)
    if place is None:
        raise NotFound("logo", logo_id)
    return place


def _refuse_wordless(alt: Mapping[str, Any]) -> None:
    if not any(words.strip() for words in alt.values()):
        raise InvalidValue("alt", N_("Say in words what the logo shows, in one language at least."))

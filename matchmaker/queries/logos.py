"""The pictures of an event's logos; what stands beside them is said by the event itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import case, func, select

from matchmaker.errors import NotFound
from matchmaker.extensions import db
from matchmaker.models import Logo


def access_small(event_id: int, logo_id: int) -> bytes:
    """Return a logo of the event as pages show it, or as paper does if it is too heavy for them.

    Raises
    ------
    NotFound
        If the event has no such logo.
    """
    chosen = case((func.length(Logo.small) > 0, Logo.small), else_=Logo.large)
    found: bytes | None = db.session.scalar(select(chosen).where(Logo.id == logo_id, Logo.event_id == event_id))
    if found is None:
        raise NotFound("logo", logo_id)
    return found


def for_paper(logos: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the logos of an event as paper shows them, in their order, each with its words."""
    if not logos:
        return []
    chosen = select(Logo.id, Logo.large).where(Logo.id.in_([one["id"] for one in logos]))
    pictures = dict(db.session.execute(chosen).all())
    return [{"data": list(pictures[one["id"]]), "alt": one["alt"]} for one in logos if one["id"] in pictures]

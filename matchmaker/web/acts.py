"""Who acts, and when: what every service asks of a view."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from matchmaker import clock
from matchmaker.web.signing import account_id


class Acted(TypedDict):
    actor_id: int
    now: datetime


def acted() -> Acted:
    """Return the signed-in account and the present moment, as the last arguments of a service."""
    return {"actor_id": account_id(), "now": clock.now()}

"""Whether the house stands: what a monitor asks every minute."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from matchmaker.domain import zones
from matchmaker.domain.states import MailState
from matchmaker.extensions import db
from matchmaker.models import Mail

WAITING = (MailState.QUEUED, MailState.CLAIMED, MailState.DATA)


def health(*, now: datetime) -> dict[str, Any]:
    """Return ``ok`` and its reasons; the age of the oldest unsent mail is in seconds, None if none waits."""
    found: dict[str, Any] = {
        "ok": True,
        "database": True,
        "time_zones": zones.edition(),
        "time_zones_from": zones.SOURCE,
        "oldest_unsent_mail": None,
    }
    try:
        db.session.execute(text("SELECT 1"))
        oldest = db.session.scalar(select(func.min(Mail.created_at)).where(Mail.state.in_(WAITING)))
    except SQLAlchemyError:
        return found | {"ok": False, "database": False}
    return found | {"oldest_unsent_mail": int((now - oldest).total_seconds()) if oldest else None}

"""Limits that hold across processes: the tries of the last hour, counted in the database."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from matchmaker.errors import TooManyTries
from matchmaker.models import Attempt

WINDOW = timedelta(hours=1)


def key_of(kind: str, who: str) -> str:
    """Return the key of a limit; what a person typed is kept as a digest only."""
    return f"{kind}/{sha256(who.encode()).hexdigest()[:40]}"


def spend(session: Session, key: str, limit: int, now: datetime) -> None:
    """Count one more try.

    Raises
    ------
    TooManyTries
        If the limit of the last hour is reached; this try is then not counted.
    """
    session.execute(delete(Attempt).where(Attempt.at <= now - WINDOW))
    count, oldest = session.execute(
        select(func.count(Attempt.id), func.min(Attempt.at)).where(Attempt.key == key)
    ).one()
    if count >= limit:
        raise TooManyTries(max(1, int((oldest + WINDOW - now).total_seconds())))
    session.add(Attempt(key=key, at=now))


def forget(session: Session, key: str) -> None:
    """Give back all tries, after one that was right."""
    session.execute(delete(Attempt).where(Attempt.key == key))

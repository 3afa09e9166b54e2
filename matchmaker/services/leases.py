"""Tasks that only one process may do at a time, whoever else is running."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from matchmaker.extensions import db
from matchmaker.models import Lease
from matchmaker.unit_of_work import unit_of_work

MARGIN = timedelta(seconds=10)
"""By so much the clocks of two machines may differ. A lease that ends later was stamped by a clock that was ahead."""


def hold(name: str, holder: str, *, seconds: int, now: datetime) -> int | None:
    """Take or renew a lease and return its fence, or None if another holds it.

    The fence is one more with every new holder: whoever was asleep while the lease went on is told so by ``is_held``.
    A lease that ends later than any given now was left by a clock that was ahead, and is nobody's.
    """
    until = now + timedelta(seconds=seconds)
    with unit_of_work() as session:
        insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
        first = insert(Lease).values(name=name, holder=holder, fence=0, expires_at=now).on_conflict_do_nothing()
        session.execute(first)
        lease = session.scalars(select(Lease).where(Lease.name == name).with_for_update()).one()
        is_held = now < lease.expires_at <= until + MARGIN
        if is_held and lease.holder != holder:
            return None
        if not is_held:
            lease.fence += 1
        lease.holder, lease.expires_at = holder, until
        return lease.fence


def is_held(name: str, holder: str, fence: int, *, now: datetime) -> bool:
    """Tell whether a lease is still the holder's that got this fence, and not over."""
    theirs = Lease.name == name, Lease.holder == holder, Lease.fence == fence, Lease.expires_at > now
    try:
        return db.session.scalar(select(Lease.id).where(*theirs)) is not None
    finally:
        db.session.rollback()


def release(name: str, holder: str, *, now: datetime) -> None:
    """Let a lease go at once, so that the next holder need not wait for its end."""
    with unit_of_work() as session:
        session.execute(update(Lease).where(Lease.name == name, Lease.holder == holder).values(expires_at=now))

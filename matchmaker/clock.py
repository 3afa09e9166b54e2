"""The one place that asks what time it is; everything else takes ``now`` as an argument."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """Return the present instant, aware, in UTC, to the microsecond."""
    return datetime.now(UTC)

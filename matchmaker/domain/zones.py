"""The one place where wall time at an event and instants meet.

Stored is wall time with an IANA zone: "09:00 in Agadir" stays nine o'clock when a government moves the clocks,
and Morocco did: on UTC+0 all year since 20 September 2026. A system's own zone files are often years old, so
importing this module makes the process read the tzdata package only. It is done here, and not at start, because
nobody can convert without importing it: not the worker, the command line, nor a test.
"""

from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime
from importlib import import_module
from zoneinfo import ZoneInfo

from matchmaker.errors import ConfigurationError

OLDEST_RIGHT_EDITION = "2026c"  # the first that knows of Morocco's return to UTC+0
SOURCE = "tzdata"  # the package from PyPI, on every machine; never the system's files

_RETURNED = datetime(2026, 10, 1, 9), "Africa/Casablanca"  # noqa: DTZ001 -- wall time

zoneinfo.reset_tzpath(())
ZoneInfo.clear_cache()  # zones read from the system before this import


def instant(wall_time: datetime, zone: str) -> datetime:
    """Return the UTC instant at which a clock in ``zone`` shows ``wall_time`` (naive).

    A time that comes twice when clocks go back is its first coming, whatever ``fold`` says. A time that clocks
    skip is read with the offset before the change: 02:30 skipped to 03:30 is the instant called 03:30.

    Raises
    ------
    ValueError
        If ``wall_time`` is aware, and so no wall time.
    zoneinfo.ZoneInfoNotFoundError
        If there is no such zone.
    """
    if wall_time.tzinfo is not None:
        raise ValueError(f"{wall_time!r} is no wall time: it has a zone already")
    return wall_time.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)


def wall(moment: datetime, zone: str) -> datetime:
    """Return what a clock in ``zone`` shows at an instant (aware): a naive time, exact to the microsecond.

    Raises
    ------
    ValueError
        If ``moment`` is naive, and so no instant.
    zoneinfo.ZoneInfoNotFoundError
        If there is no such zone.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} is no instant: it has no zone")
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


def names() -> tuple[str, ...]:
    """Return all IANA zones that can be chosen, sorted."""
    return tuple(sorted(zoneinfo.available_timezones()))


def edition() -> str:
    """Return the edition of the zone data in use, such as "2026c"; the health page shows it."""
    return str(import_module("tzdata").IANA_VERSION)


def refuse_old_edition(found: str | None = None) -> None:
    """Check at start that the zone data is young enough to be right about Morocco, and is what its label says.

    Raises
    ------
    ConfigurationError
        If it is not: every time after September 2026 would be one hour wrong.
    """
    found = edition() if found is None else found
    if found < OLDEST_RIGHT_EDITION:
        raise ConfigurationError("tzdata", "IANA_VERSION", f"edition {found}", f"{OLDEST_RIGHT_EDITION} or later")
    if (moment := instant(*_RETURNED)).hour != _RETURNED[0].hour:
        raise ConfigurationError(
            "tzdata", "zone files", f"{moment:%H:%M} UTC", "UTC+0 in Morocco from 20 September 2026"
        )

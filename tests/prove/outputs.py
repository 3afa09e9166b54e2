"""Calendars that stay right in three kinds of client, and times that agree wherever they are told.

Their smokes, each with a guard off as well, are tests/services/test_entries.py and tests/mail/test_times.py.
"""

from __future__ import annotations

from tests.calendars import CLIENTS, calendar_clients
from tests.clocks import ZONES, times_agree
from tests.prove import house
from tests.prove.rows import Measured, Offs, Row


def clients(size: int, _offs: Offs) -> Measured:
    """Change a published event ``size`` times, and compare each calendar with the agenda at the end."""
    with house.a_house():
        told = calendar_clients(size)
    said = f"{len(told.duplicates)} duplicates, {len(told.ghosts)} ghosts, {len(told.missing)} missing"
    return Measured(said, f"{told.edits} edits x {len(CLIENTS)} clients, {told.messages} messages", told.faults)


def times(size: int, _offs: Offs) -> Measured:
    """Read the times of ``size`` meetings in every zone, from all that tells them."""
    with house.a_house():
        found = times_agree(size, ZONES)
    said = f"{len(found.faults)} outputs say another time"
    return Measured(
        said, f"{size} meetings x {len(ZONES)} zones x page, mail, ics, invitation, xlsx, pdf", found.faults
    )


CALENDARS = Row(
    "calendar-clients",
    "calendar, 300 edits x 3 model clients, reordered and repeated: 0 duplicates, 0 ghosts",
    full=300,
    smoke=0,
    measure=clients,
)
TIMES = Row(
    "times",
    "times, 2,000 events x 12 zones x 6 outputs (page, mail, ics, xlsx, pdf, API): 100 % agree",
    full=2000,
    smoke=0,
    measure=times,
)

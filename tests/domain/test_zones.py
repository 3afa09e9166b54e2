import subprocess
import sys
import zoneinfo
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.domain import zones
from matchmaker.errors import ConfigurationError

CASABLANCA = "Africa/Casablanca"


def wall(text):
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("shown", "utc_hour"),
    [
        (wall("2025-02-20 09:00"), 8),  # UTC+1 before Ramadan
        (wall("2025-03-15 09:00"), 9),  # Ramadan, by the old rules
        (wall("2025-04-20 09:00"), 8),
        (wall("2026-03-01 09:00"), 9),
        (wall("2026-07-01 09:00"), 8),
        (wall("2026-09-21 09:00"), 9),  # the day after the return to UTC+0
        (wall("2026-11-01 09:00"), 9),
        (wall("2031-07-01 09:00"), 9),
    ],
)
def test_instant_follows_moroccos_clocks(shown, utc_hour):
    instant = zones.instant(shown, CASABLANCA)

    assert instant == shown.replace(hour=utc_hour, tzinfo=UTC)
    assert zones.wall(instant, CASABLANCA) == shown


def test_a_wall_time_that_comes_twice_is_its_first_coming():
    twice = wall("2026-10-25 02:30")

    assert zones.instant(twice, "Europe/Paris") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert zones.instant(twice.replace(fold=1), "Europe/Paris") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert zones.wall(datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "Europe/Paris") == twice


def test_a_wall_time_that_clocks_skip_is_read_with_the_offset_before():
    skipped = wall("2026-03-29 02:30")

    instant = zones.instant(skipped, "Europe/Paris")

    assert instant == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert zones.wall(instant, "Europe/Paris") == wall("2026-03-29 03:30")


@given(
    st.datetimes(min_value=wall("2020-01-01 00:00"), max_value=wall("2035-01-01 00:00")),
    st.sampled_from(zones.names()),
)
def test_an_instant_survives_the_way_to_wall_time_unless_its_hour_comes_twice(moment, zone):
    moment = moment.replace(tzinfo=UTC)

    back = zones.instant(zones.wall(moment, zone), zone)

    assert back == moment or timedelta() < moment - back <= timedelta(hours=3)


def test_instant_refuses_a_time_that_has_a_zone():
    with pytest.raises(ValueError, match="no wall time"):
        zones.instant(datetime(2026, 7, 1, 9, tzinfo=UTC), CASABLANCA)


def test_wall_refuses_a_time_without_zone():
    with pytest.raises(ValueError, match="no instant"):
        zones.wall(wall("2026-07-01 09:00"), CASABLANCA)


def test_an_unknown_zone_is_refused():
    with pytest.raises(zoneinfo.ZoneInfoNotFoundError):
        zones.instant(wall("2026-07-01 09:00"), "Africa/Jorf")


def test_names_offer_the_zones_of_guests():
    assert {CASABLANCA, "Europe/Paris", "Europe/Istanbul", "Asia/Riyadh"} <= set(zones.names())


def test_edition_in_use_is_right_about_morocco():
    zones.refuse_old_edition()

    assert zones.edition() >= "2026c"


def test_an_old_edition_is_refused_at_start():
    with pytest.raises(ConfigurationError, match="edition 2026b; expected 2026c or later"):
        zones.refuse_old_edition("2026b")


def test_the_packages_zones_win_over_the_systems_even_if_read_before(tmp_path):
    """A system whose Casablanca is UTC all summer: with the guard off it is believed, with it never."""
    (tmp_path / "Africa").mkdir()
    wrong = b"TZif2" + bytes(15) + b"".join(n.to_bytes(4) for n in (0, 0, 0, 0, 1, 4)) + bytes(6) + b"UTC\0"
    (tmp_path / "Africa" / "Casablanca").write_bytes(wrong + wrong + b"\nUTC0\n")
    program = """
import zoneinfo, datetime
summer = datetime.datetime(2026, 7, 1, 9)
before = summer.replace(tzinfo=zoneinfo.ZoneInfo("Africa/Casablanca")).utcoffset()
from matchmaker.domain import zones
print(before, zones.instant(summer, "Africa/Casablanca"))
"""

    printed = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONTZPATH": str(tmp_path)},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )

    assert printed.stdout == "0:00:00 2026-07-01 08:00:00+00:00\n"

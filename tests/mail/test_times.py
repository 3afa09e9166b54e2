"""Page, mail, calendar, invitations, paper and sheet say the same times in every zone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from matchmaker.domain import zones
from tests.clocks import OUTPUTS, times_agree

pytestmark = pytest.mark.usefixtures("app")


def test_all_outputs_agree_around_changes_of_the_clocks():
    found = times_agree(24, ["Africa/Casablanca", "America/St_Johns", "Pacific/Chatham"], seed=4)

    assert found.faults == []
    assert found.compared == 72


def test_an_output_that_converts_by_itself_is_found():
    def by_a_rule_of_its_own(reader):
        """Take Morocco to be on UTC+1 all year, as it was until 2026."""
        hour = {"Africa/Casablanca": 1}
        moments = [datetime.combine(on, clock) for on, *both in reader.times.values() for clock in both]
        instants = [zones.instant(one, reader.zone) for one in moments]
        return {f"{(one.hour + hour[reader.zone]) % 24:02}:{one:%M}" for one in instants}

    outputs = {"calendar": OUTPUTS["calendar"], "a stranger": by_a_rule_of_its_own}
    found = times_agree(24, ["Africa/Casablanca"], seed=4, outputs=outputs)

    assert {fault.partition(" in ")[0] for fault in found.faults} == {"a stranger"}
    assert zones.instant(datetime(2026, 10, 1, 9), "Africa/Casablanca") == datetime(2026, 10, 1, 9, tzinfo=UTC)  # noqa: DTZ001 -- wall time

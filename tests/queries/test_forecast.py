"""What an organisation may hope for: its own times, whom too many ask for, and nothing that a veto would change."""

import pytest

from matchmaker.domain.states import WishLevel
from matchmaker.queries.directory import own_wishes
from matchmaker.queries.forecast import Forecast, Rush, forecast
from tests import factories
from tests.web.desks import queries


@pytest.fixture
def event(app):
    """Six slots."""
    return factories.EventFactory()


def comes(event, **said):
    """Let somebody of a new organisation come."""
    return factories.ParticipationFactory(event=event, **said).organisation


def wish(giver, wanted, level=WishLevel.LIKE):
    factories.WishFactory(organisation=giver, wanted_organisation=wanted, level=level)


def hopes(organisation):
    return forecast(organisation, own_wishes(organisation))


def test_wishes_stand_beside_what_ones_own_times_allow(event):
    mine = comes(event, max_meetings=2)
    for _ in range(3):
        wish(mine, comes(event))

    assert hopes(mine) == Forecast(asked=3, allowed=2, rushes={})


def test_who_is_asked_by_more_than_there_is_room_for_is_told(event):
    mine, ministry, calm = comes(event), comes(event, max_meetings=2), comes(event)
    wish(mine, calm)
    for giver in (mine, comes(event), comes(event)):
        wish(giver, ministry)

    assert hopes(mine).rushes == {ministry.code: Rush(asked_by=3, slots=2)}


@pytest.mark.parametrize("level", WishLevel)
def test_what_the_asked_one_says_of_the_asker_changes_nothing(event, level):
    mine, ministry = comes(event), comes(event, max_meetings=1)
    for giver in (mine, comes(event)):
        wish(giver, ministry)
    before = hopes(mine)

    wish(ministry, mine, level)

    assert hopes(mine) == before == Forecast(1, 6, {ministry.code: Rush(2, 1)})


def test_own_vetoes_are_no_wishes(event):
    mine, ministry = comes(event), comes(event, max_meetings=0)
    wish(mine, ministry, WishLevel.VETO)

    assert hopes(mine) == Forecast(asked=0, allowed=6, rushes={})


def test_a_larger_event_asks_no_more_queries(event):
    mine = comes(event)
    counts = []
    for wished in (1, 8):
        for _ in range(wished):
            wish(mine, comes(event))
        own = own_wishes(mine)
        with queries() as asked:
            forecast(mine, own)
        counts.append(len(asked))

    assert counts[0] == counts[1] <= 6

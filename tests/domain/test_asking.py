from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from matchmaker.domain.asking import Terms, request_state
from matchmaker.domain.states import Asking, RequestState, WishLevel

ASKED_AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LATER, LATEST = ASKED_AT + timedelta(days=3), ASKED_AT + timedelta(days=10)
MUST, LIKE, YES, NO, VETO = WishLevel
ASKED, ACCEPTED, DECLINED, _, EXPIRED = RequestState

# What one side says down, what the other says across: nothing, must, like, yes, no, veto.
TABLE = {
    None: (None, ASKED, ASKED, None, None, None),
    MUST: (ASKED, ACCEPTED, ACCEPTED, ACCEPTED, DECLINED, ASKED),
    LIKE: (ASKED, ACCEPTED, ACCEPTED, ACCEPTED, DECLINED, ASKED),
    YES: (None, ACCEPTED, ACCEPTED, None, None, None),
    NO: (None, DECLINED, DECLINED, None, None, None),
    VETO: (None, ASKED, ASKED, None, None, None),
}
SAID = (None, MUST, LIKE, YES, NO, VETO)


@pytest.mark.parametrize(("a", "b"), [*product(SAID, repeat=2)])
def test_what_both_sides_say_makes_the_state(a, b):
    assert request_state(a, b) is TABLE[a][SAID.index(b)]


@pytest.mark.parametrize(("a", "b"), [*product(SAID, repeat=2)])
def test_only_what_waits_expires(a, b):
    expected = TABLE[a][SAID.index(b)]

    assert request_state(a, b, expired=True) is (EXPIRED if expected is ASKED else expected)


@pytest.mark.parametrize("expired", [False, True])
@pytest.mark.parametrize("asks", [MUST, LIKE])
def test_a_veto_is_silence(asks, expired):
    assert request_state(asks, VETO, expired=expired) is request_state(asks, None, expired=expired)


@pytest.mark.parametrize(
    ("days", "closes_at", "until"),
    [
        (3, LATEST, LATER),
        (30, LATEST, LATEST),
        (None, LATEST, LATEST),
        (3, None, LATER),
        (None, None, None),
    ],
)
def test_requests_wait_some_days_and_at_the_latest_until_the_end(days, closes_at, until):
    assert Terms(Asking.REQUESTS, days, closes_at).until(ASKED_AT) == until


def test_wishes_do_not_expire():
    assert Terms(Asking.WISHES, 3, LATER).until(ASKED_AT) is None


def test_a_request_expires_at_its_moment_and_not_before():
    terms = Terms(Asking.REQUESTS, 3)

    assert not terms.expired(ASKED_AT, LATER - timedelta(seconds=1))
    assert terms.expired(ASKED_AT, LATER)

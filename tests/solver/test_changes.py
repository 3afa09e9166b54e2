"""Changes that fit a problem, and what is refused of them."""

import pytest

from solver import InvalidProblemError, Request
from solver.changes import Absence, Changes, Closure, check_changes
from solver.records import changes_from
from tests.solver.days import a_day, ask, slots
from tests.solver.test_records import validator

DAY = a_day(slots(3), ask("r1", "ann", "bob"), ask("r2", "ann", "cy"))
NOWHERE = frozenset({"9-9"})
FORMAT = {"format": "matchmaker-changes-1"}


def late(**given):
    return {"added_requests": {"late": Request("late", **({"sides": (("bob",), ("cy",))} | given))}}


def test_a_request_may_be_added_after_old_and_new_ones():
    added = {"r3": ask("r3", "bob", "cy", after=("r1",)), "r4": ask("r4", "bob", "cy", after=("r3",))}

    check_changes(Changes("1-2", added_requests=added), DAY)


def test_nothing_need_change():
    assert changes_from(FORMAT, DAY) == Changes()


def test_an_empty_list_of_slots_is_kept_as_from_now_on():
    given = {
        "now": "1-2",
        "closed": [{"location": "hall", "slots": []}],
        "unavailable": [{"participant": "ann"}],
    }

    assert changes_from(FORMAT | given, DAY) == Changes("1-2", (Absence("ann"),), (Closure("hall"),))


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"now": "9-9"}, "now"),
        ({"unavailable": (Absence("dee"),)}, "unavailable"),
        ({"unavailable": (Absence("ann", NOWHERE),)}, "unavailable ann slots"),
        ({"closed": (Closure("salon"),)}, "closed"),
        ({"closed": (Closure("hall", NOWHERE),)}, "closed hall slots"),
        ({"removed_slots": NOWHERE}, "removed_slots"),
        ({"removed_slots": frozenset(DAY.slots)}, "removed_slots"),
        ({"cancelled": frozenset({"r9"})}, "cancelled"),
        ({"added_requests": {"r1": ask("r1", "ann", "bob")}}, "added_requests r1"),
        (late(sides=(("ann",),)), "added_requests late sides"),
        (late(sides=(("ann",), ("dee",))), "added_requests late sides"),
        (late(weight=-1), "added_requests late weight"),
        (late(slots=NOWHERE), "added_requests late slots"),
        (late(locations=frozenset()), "added_requests late locations"),
        (late(after=("r9",)), "added_requests late after"),
        (late(after=("late",)), "added_requests late after"),
    ],
)
def test_changes_that_do_not_fit_say_where(changes, place):
    with pytest.raises(InvalidProblemError) as refused:
        check_changes(Changes(**changes), DAY)

    assert refused.value.place == place


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"format": "matchmaker-problem-1"}, "format"),
        ({"colour": "red"}, "colour"),
        ({"now": 7}, "now"),
        ({"unavailable": ["ann"]}, "unavailable[0]"),
        ({"unavailable": [{"slots": ["1-1"]}]}, "unavailable[0].participant"),
        ({"closed": [{"location": "hall", "slots": "1-1"}]}, "closed[0].slots"),
        ({"removed_slots": [1]}, "removed_slots[0]"),
        ({"cancelled": "r1"}, "cancelled"),
        ({"added_requests": [{"id": "late"}]}, "added_requests[0].sides"),
    ],
)
def test_reader_and_schema_refuse_the_same_changes(given, place):
    with pytest.raises(InvalidProblemError) as refused:
        changes_from(FORMAT | given, DAY)

    assert refused.value.place == place
    assert not validator("changes-1").is_valid(FORMAT | given)

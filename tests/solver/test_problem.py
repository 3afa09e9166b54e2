"""What a problem refuses when it is made."""

from dataclasses import replace

import pytest

from solver import InvalidProblemError, Location, Meeting, Participant, Weights
from tests.solver.days import HALL, a_day, ask, slots

DAY = a_day(slots(2), ask("r1", "ann", "bob"), ask("r2", "ann", "cy"))
NOON = replace(DAY.slots["1-1"], id="noon")


def people(**given):
    return {"participants": DAY.participants | {"ann": Participant("ann", **given)}}


def request(**given):
    return {"requests": DAY.requests | {"r1": replace(DAY.requests["r1"], **given)}}


def hall(**given):
    return {"locations": {"hall": Location("hall", **given)}}


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"slots": {}}, "slots"),
        ({"slots": {"1-2": DAY.slots["1-2"], "1-1": DAY.slots["1-1"]}}, "slots 1-1"),
        ({"slots": DAY.slots | {"noon": NOON}}, "slots noon"),
        ({"slots": {"1-1": replace(DAY.slots["1-1"], end=0), "1-2": DAY.slots["1-2"]}}, "slots 1-1"),
        ({"slots": {"1-1": replace(DAY.slots["1-1"], day="tomorrow"), "1-2": DAY.slots["1-2"]}}, "slots 1-1 day"),
        ({"slots": {"other": DAY.slots["1-1"]}}, "slots other"),
        ({"locations": {}}, "locations"),
        (hall(capacity=-1), "locations hall capacity"),
        (hall(owners=frozenset()), "locations hall owners"),
        (hall(owners=frozenset({"dee"})), "locations hall owners"),
        (hall(closed_slots=frozenset({"9-9"})), "locations hall closed_slots"),
        ({"walking": {frozenset({"E"}): 5}}, "walking E"),
        ({"walking": {frozenset({"E", "W"}): -5}}, "walking E-W"),
        (people(max_meetings=-1), "participants ann max_meetings"),
        (people(max_per_day=-1), "participants ann max_per_day"),
        (people(max_consecutive=-1), "participants ann max_consecutive"),
        (people(min_meetings=-1), "participants ann min_meetings"),
        (people(parallel=0), "participants ann parallel"),
        (people(bonuses=(1, 2)), "participants ann bonuses"),
        (people(location="stand"), "participants ann location"),
        (people(unavailable_slots=frozenset({"9-9"})), "participants ann unavailable_slots"),
        (request(sides=(("ann",),)), "requests r1 sides"),
        (request(sides=(("ann",), ("dee",))), "requests r1 sides"),
        (request(weight=-1), "requests r1 weight"),
        (request(length=0), "requests r1 length"),
        (request(slots=frozenset()), "requests r1 slots"),
        (request(slots=frozenset({"9-9"})), "requests r1 slots"),
        (request(locations=frozenset()), "requests r1 locations"),
        (request(locations=frozenset({"salon"})), "requests r1 locations"),
        (request(after=("r9",)), "requests r1 after"),
        (request(after=("r1",)), "requests r1 after"),
        ({"pinned": (Meeting("r1", "1-1"), Meeting("r1", "1-2"))}, "pinned r1"),
        ({"pinned": (Meeting("r9", "1-1"),)}, "pinned r9"),
        ({"pinned": (Meeting("r1", "9-9"),)}, "pinned r1 slot"),
        ({"pinned": (Meeting("r1", "1-1", "salon"),)}, "pinned r1 location"),
        ({"pinned": (Meeting("r1", "1-1", "hall", 0),)}, "pinned r1 table"),
        ({"pinned": (Meeting("r1", "1-1", attendees=("ann", "dee")),)}, "pinned r1 attendees"),
        ({"pinned": (Meeting("r1", "1-1", interpreter="ina"),)}, "pinned r1 interpreter"),
        ({"frozen": (Meeting("r1", "1-1"),)}, "frozen r1"),
        ({"bonuses": (1, 2)}, "bonuses"),
        ({"bonuses": (-1,)}, "bonuses"),
        ({"max_breaks": -1}, "max_breaks"),
        ({"objective": "best"}, "objective"),
        ({"weights": Weights(weight=-1)}, "weights weight"),
        ({"weights": Weights(idle_slots=1)}, "weights idle_slots"),
    ],
)
def test_a_wrong_problem_says_where_it_is_wrong(changes, place):
    with pytest.raises(InvalidProblemError) as refused:
        replace(DAY, **changes)

    assert refused.value.place == place
    assert str(refused.value) == f"{place}: {refused.value.wrong}; expected {refused.value.expected}"


def test_a_circle_of_requests_is_shown():
    with pytest.raises(InvalidProblemError) as refused:
        a_day(slots(2), ask("r1", "ann", "bob", after=("r2",)), ask("r2", "ann", "bob", after=("r1",)))

    assert sorted(refused.value.wrong.split(" after ")[:2]) == ["r1", "r2"]


def test_a_side_may_have_nobody_and_a_location_no_table():
    day = replace(DAY, **request(sides=(("ann",), ()))) and replace(DAY, **hall(capacity=0))

    assert day.locations["hall"].capacity == 0
    assert HALL.capacity == 4

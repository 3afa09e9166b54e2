"""Generated events: what the sizes promise, what each tight variant changes, and every key of the format in use."""

import gzip
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import jsonschema
import pytest

import solver.schemas
from solver import SearchLimits, problem_from, solve, violations
from solver.generate import SIZES, generate
from solver.generate.writing import write_event

SCHEMA = json.loads((Path(solver.schemas.__path__[0]) / "problem-1.json").read_text(encoding="utf-8"))
SMALL = ("S", "M")
# What stands where a key is left out; a key that is required has no default, so that any value counts.
DEFAULTS = {
    "break_before": False,
    "capacity": 1,
    "closed_slots": [],
    "features": [],
    "engagements": [],
    "unavailable_slots": [],
    "languages": [],
    "parallel": 1,
    "min_meetings": 0,
    "mandatory": False,
    "length": 1,
    "after": [],
    "walking": [],
    "interpreters": [],
    "pinned": [],
    "previous": [],
    "frozen": [],
    "shortfall": -150,
    "idle_slots": -1,
    "location_changes": -1,
    "late_slots": 0,
    "kept": 0,
}
OTHER_DEFAULTS = {("request", "weight"): 1, ("weights", "weight"): 1, ("weights", "bonus"): 1, ("", "bonuses"): []}


def an_event(size="S", **asked):
    event = generate(size, **asked)
    return event | {"requests": list(event["requests"])}


def ends(event):
    return Counter(person for request in event["requests"] for side in request["sides"] for person in side)


@pytest.mark.parametrize("size", ["S", "M", "L"])
def test_a_size_is_as_large_as_it_says(size):
    event = an_event(size)

    assert [len(event[key]) for key in ("participants", "requests", "slots")] == [
        {"S": 50, "M": 300, "L": 1_000}[size],
        {"S": 200, "M": 3_000, "L": 15_000}[size],
        {"S": 16, "M": 24, "L": 32}[size],
    ]
    assert [location["capacity"] for location in event["locations"]] == [{"S": 15, "M": 80, "L": 250}[size]]


def test_the_largest_sizes_are_as_specified():
    figures = [(size.people, size.requests, size.slots, size.tables) for size in SIZES.values()]

    assert figures[3:] == [(5_000, 100_000, 48, 1_200), (20_000, 500_000, 60, 4_000)]


@pytest.mark.parametrize("size", ["S", "M", "L"])
@pytest.mark.parametrize("seed", range(3))
def test_a_few_are_wanted_by_many(size, seed):
    counts = ends(an_event(size, seed=seed))
    most_wanted = counts.most_common(round(0.05 * SIZES[size].people))

    share = sum(count for _, count in most_wanted) / counts.total()

    assert 0.1 <= share <= 0.25


@pytest.mark.parametrize("size", SMALL)
def test_two_people_ask_for_each_other_in_one_request_at_most(size):
    event = an_event(size)
    organisation = {person["id"]: person["organisation"] for person in event["participants"]}

    pairs = [frozenset(person for side in request["sides"] for person in side) for request in event["requests"]]

    assert len(set(pairs)) == len(pairs)
    assert {len({organisation[person] for person in pair}) for pair in pairs} == {2}


@pytest.mark.parametrize("size", SMALL)
def test_weights_are_those_of_the_published_table(size):
    weights = Counter(request["weight"] for request in an_event(size)["requests"])
    mutual = sum(count for weight, count in weights.items() if weight >= 60)

    assert set(weights) <= {10, *range(26, 31), 60, *range(76, 81), *range(92, 101)}
    assert mutual == round(0.29 * SIZES[size].requests)


def test_nobody_gives_one_rank_twice():
    requests = an_event("M")["requests"]
    points = {10: (10, 0), 60: (10, 10)} | {30 - rank: (30 - rank, 0) for rank in range(5)}
    alone = [(request["sides"][0][0], points[request["weight"]][0]) for request in requests if request["weight"] < 60]

    ranks = Counter(end for end in alone if end[1] > 10)

    assert set(ranks.values()) == {1}


@pytest.mark.parametrize("size", SMALL)
def test_under_half_of_the_people_are_partly_away(size):
    event = an_event(size)
    away = [len(person.get("unavailable_slots", ())) for person in event["participants"]]

    assert sum(map(bool, away)) == round(0.45 * len(away))
    assert max(away) <= 0.5 * len(event["slots"])


def test_each_day_has_a_lunch_and_slots_that_leave_time_to_change_over():
    slots = an_event("M")["slots"]

    assert [slot["id"] for slot in slots if slot.get("break_before")] == ["1-1245", "2-1245"]
    assert [(slot["start"], slot["end"]) for slot in slots[4:8]] == [
        ("10:40", "11:00"),
        ("11:05", "11:25"),
        ("12:45", "13:05"),
        ("13:10", "13:30"),
    ]


def test_tight_tables_change_the_tables_alone():
    plain, tight = an_event("M"), an_event("M", tight=["tables"])

    assert tight == plain | {"locations": [{"id": "hall", "capacity": 28}]}


def test_tight_weights_change_the_weights_alone():
    plain, tight = an_event("M"), an_event("M", tight=["weights"])

    assert tight == plain | {"requests": [request | {"weight": 10} for request in plain["requests"]]}


def test_tight_availability_leaves_everybody_half_of_their_slots():
    plain, tight = an_event("M"), an_event("M", tight=["availability"])
    before, after = (
        [set(person.get("unavailable_slots", ())) for person in event["participants"]] for event in (plain, tight)
    )

    assert all(earlier < later for earlier, later in zip(before, after, strict=True))
    assert [24 - len(away) for away in after] == [(24 - len(away) + 1) // 2 for away in before]
    assert tight["requests"] == plain["requests"]


def test_a_seed_decides_everything():
    assert an_event("S", seed=1, features=True) == an_event("S", seed=1, features=True)
    assert an_event("S", seed=1)["requests"] != an_event("S", seed=2)["requests"]
    assert an_event("S", seed=1)["participants"] != an_event("S", seed=2)["participants"]


@pytest.mark.parametrize("size", SMALL)
@pytest.mark.parametrize("seed", range(5))
def test_with_all_features_each_key_of_the_format_has_a_value_of_its_own(size, seed):
    event = an_event(size, features=True, seed=seed)
    jsonschema.validate(event, SCHEMA)

    assert sorted(keys_of(SCHEMA, "") - keys_in_use(event, SCHEMA, "")) == [
        ("", "objective"),  # one file has one, and the terms are in play under the default alone
    ]


def keys_of(schema, name):
    """Give (part, key) for every key that the schema knows."""
    keys = {(name, key) for key in schema.get("properties", ()) if key != "format"}
    for key, part in schema.get("properties", {}).items():
        keys |= keys_of(part, key) if "properties" in part else set()
    for part, rest in schema.get("$defs", {}).items():
        keys |= keys_of(rest, part)
    return keys


def keys_in_use(value, schema, name):
    if isinstance(value, list):
        inner = schema.get("items", {})
        reference = inner.get("$ref", "").removeprefix("#/$defs/")
        inner = SCHEMA["$defs"].get(reference, inner)
        return set().union(*(keys_in_use(part, inner, reference or name) for part in value))
    if not isinstance(value, dict):
        return set()
    used = {(name, key) for key, part in value.items() if part not in (None, default_of(name, key))}
    for key, part in value.items():
        used |= keys_in_use(part, schema["properties"][key], key)
    return used


def default_of(name, key):
    if (name, key) == ("", "objective"):
        return "balanced"
    return OTHER_DEFAULTS.get((name, key), DEFAULTS.get(key))


def test_with_all_features_every_kind_of_request_occurs():
    event = an_event("M", features=True)
    people = {person["id"]: person for person in event["participants"]}
    languages = [[set(people[side[0]]["languages"]) for side in request["sides"]] for request in event["requests"]]

    assert {len(request["sides"]) for request in event["requests"]} == {2, 3}
    assert {len(side) for request in event["requests"] for side in request["sides"]} == {1, 2, 3}
    assert {request.get("length", 1) for request in event["requests"]} == {1, 2, 3}
    assert {bool(set.intersection(*spoken)) for spoken in languages} == {True, False}
    assert {tuple(sorted(row.keys() - {"request", "slot"})) for row in event["pinned"]} >= {
        ("attendees",),
        ("attendees", "location"),
        ("location",),
        ("attendees", "interpreter", "location", "table"),
    }


@pytest.mark.parametrize("seed", range(3))
def test_an_event_with_all_features_can_be_solved(seed):
    problem = problem_from(an_event("S", features=True, seed=seed))
    schedule = solve(problem, SearchLimits(seconds=8, workers=1, seed=0))

    assert [str(violation) for violation in violations(problem, schedule)] == []


@pytest.mark.parametrize("name", ["event.json", "event.json.gz"])
def test_a_file_holds_the_event_and_is_the_same_again(tmp_path, name):
    write_event(generate("S", features=True), tmp_path / name)
    first = (tmp_path / name).read_bytes()
    write_event(generate("S", features=True), tmp_path / name)

    text = gzip.decompress(first) if name.endswith(".gz") else first
    assert json.loads(text) == an_event("S", features=True)
    assert (tmp_path / name).read_bytes() == first
    assert [path.name for path in tmp_path.iterdir()] == [name]


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "solver", "generate", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_the_command_writes_what_was_asked(tmp_path):
    ended = run("--size", "S", "--tight", "tables,weights", "--seed", 3, "-o", tmp_path / "event.json")

    assert (ended.returncode, ended.stdout) == (0, "")
    assert ended.stderr == (
        "S, seed 3: 50 people, 200 requests, 16 slots, 15 tables, tight tables and weights, features none\n"
    )
    assert json.loads((tmp_path / "event.json").read_text()) == an_event("S", tight=["tables", "weights"], seed=3)


def test_the_command_prints_the_event_without_a_file():
    assert json.loads(run("--size", "S").stdout) == an_event("S")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--size", "Q"], "python -m solver generate: argument --size: invalid choice: 'Q'"),
        (["--size", "S", "--tight", "time"], "python -m solver generate: argument --tight: invalid list of tables, "),
        (["--size", "S", "-o", "{tmp}/no/event.json"], "{tmp}/no/event.json: No such file or directory; expected a "),
        ([], "python -m solver generate: the following arguments are required: --size"),
    ],
)
def test_bad_arguments_are_one_line_and_exit_2(tmp_path, arguments, said):
    ended = run(*(argument.format(tmp=tmp_path) for argument in arguments))

    assert (ended.returncode, ended.stdout, len(ended.stderr.splitlines())) == (2, "", 1)
    assert ended.stderr.startswith(said.format(tmp=tmp_path))

"""Files made to do harm: each is refused in one line, soon, and with little memory, by the command as it is run.

The command runs in a child process whose memory is bounded, so that a file that takes more ends it with a traceback.
"""

import gzip
import json
import os
import resource
import subprocess
import sys

import pytest

from solver import problem_from, read_problem
from tests.solver.test_records import SMALLEST, changed

LITTLE = 256 << 20  # bytes of address space that a child has
MORE = 640 << 20  # bytes that it has to read a million rows
COMMAND = "import sys; from solver.command import main; main(sys.argv[1:])"
TEXT = json.dumps(SMALLEST)
ROW = b'{"id": "r1", "sides": [["ann"], ["bob"]]}'
HEAD, TAIL = TEXT.encode().split(ROW)
DIGITS = "Exceeds the limit (4300 digits) for integer string conversion: value has 5000 digits"
TOO_LONG = "a value too long; expected at most 1048576 characters"
DZN = (
    "nBusiness = 2; nMeetings = 1; nTables = 1; nTotalSlots = 2; nMorningSlots = 1; "
    "requested = [|1, 2, 3, |]; forbidden = [{}, {}]; fixed = [0]; precedences = [{}];"
)


def refused(path, *, memory=LITTLE, patience=20):
    """Return the one line that the command says of the file; it must end with bad input, in time."""
    ended = subprocess.run(
        [sys.executable, "-c", COMMAND, "check", path, path],
        capture_output=True,
        text=True,
        check=False,
        timeout=patience * max(1, os.getloadavg()[0]),  # a busy machine is not the reader's fault
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (memory, memory)),
    )
    assert (ended.returncode, ended.stdout, len(ended.stderr.splitlines())) == (2, "", 1), ended.stderr[-2000:]
    assert len(ended.stderr) < 1500
    return ended.stderr.removeprefix(f"{path}: ").rstrip("\n")


def with_request(**given):
    return changed(["requests", 0], SMALLEST["requests"][0] | given)


BAD_TEXT = {
    "empty": (b"", "line 1 column 1: Expecting value; expected JSON"),
    "cut off": (TEXT[:-40].encode(), "line 1 column 209: Unterminated string starting at; expected JSON"),
    "cut in a word": (TEXT[:60].encode(), "line 1 column 59: Unterminated string starting at; expected JSON"),
    "more after it": (b"{} {}", "format: missing; expected a value"),
    "no UTF-8": (TEXT.replace("ann", "änn").encode("latin-1"), "byte 171: no UTF-8; expected text in UTF-8"),
    "UTF-16": (TEXT.encode("utf-16"), "byte 0: no UTF-8; expected text in UTF-8"),
    "half a pair": (
        TEXT.replace('"ann"', '"\\ud800"').encode(),
        "participants[0].id: half a surrogate pair; expected a text of whole characters",
    ),
    "nested lists": (b"[" * 1_000_000, "file: too many levels; expected the levels of the format"),
    "nested objects": (b'{"format":' * 100_000, "file: too many levels; expected the levels of the format"),
    "nested just so": (
        b'{"slots":' + b"[" * 960 + b"]" * 960 + b"}",
        "slots[0]: " + "[" * 57 + "...; expected an object",
    ),
    "a huge number": (
        json.dumps(with_request(weight=7)).replace("7}", "7" * 5000 + "}").encode(),
        f"line 1 column 208: {DIGITS}; expected JSON",
    ),
    "no finite number": (
        json.dumps(with_request(weight=float("nan"))).encode(),
        "requests[0]: NaN; expected numbers that JSON knows",
    ),
    "an endless number": (
        json.dumps(with_request(weight=float("-inf"))).encode(),
        "requests[0]: -Infinity; expected numbers that JSON knows",
    ),
    "a number beyond floats": (
        TEXT.replace("}]}", ', "weight": 1e999}]}').encode(),
        "requests[0].weight: Infinity; expected a whole number of 0 or more",
    ),
    "a key twice": (
        TEXT.replace('"id": "hall"', '"id": "hall", "id": "room"').encode(),
        'locations[0]: the key "id" a second time; expected each key once',
    ),
    "a kind twice": (
        TEXT.replace('"locations"', '"slots": [], "locations"').encode(),
        'slots: the key "slots" a second time; expected each key once',
    ),
    "a long row": (
        json.dumps(with_request(sides=[["ann"] * 200_000, ["bob"]])).encode(),
        f"line 1 column 208: {TOO_LONG}",
    ),
    "a long name": (
        json.dumps(with_request(sides=[["a" * 100_000], ["bob"]])).encode(),
        f"requests r1 sides: unknown participant '{'a' * 276}...; expected the id of a participant",
    ),
    "a name that speaks to terminals": (
        json.dumps(with_request(id="\x1b[2J\u202e", weight=-1)).encode(),
        "requests[0].weight: -1; expected a whole number of 0 or more",
    ),
}


@pytest.mark.parametrize("name", BAD_TEXT)
def test_what_is_no_text_of_json_is_refused(tmp_path, name):
    content, said = BAD_TEXT[name]
    (tmp_path / "bad.json").write_bytes(content)

    assert refused(tmp_path / "bad.json") == said


BAD_PROBLEMS = {
    "a wrong type": (with_request(sides="ann"), 'requests[0].sides: "ann"; expected a list'),
    "a negative number": (with_request(weight=-1), "requests[0].weight: -1; expected a whole number of 0 or more"),
    "a huge weight": (with_request(weight=10**10), "requests r1 weight: 10000000000; expected at most 1000000000"),
    "a weight beyond all": (
        with_request(weight=10**40),
        f"requests[0].weight: 1{'0' * 40}; expected a whole number of 0 or more",
    ),
    "weights that add up": (
        SMALLEST | {"bonuses": [10**9], "weights": {"bonus": 10**9}},
        "weights: terms that may add up to 2000000000000000005; expected at most 9007199254740992",
    ),
    "an unknown name": (
        with_request(sides=[["ann"], ["dee"]]),
        "requests r1 sides: unknown participant 'dee'; expected the id of a participant",
    ),
    "an id twice": (
        SMALLEST | {"participants": [{"id": "ann"}] * 2},
        "participants[1].id: 'ann' a second time; expected ids that are unique",
    ),
    "a circle": (with_request(after=["r1"]), "requests r1 after: r1 after r1; expected no circles"),
    "a pin against a rule": (
        SMALLEST | {"pinned": [{"request": "r1", "slot": "t1", "attendees": ["bob", "ann"]}]},
        "pinned r1: a meeting at t1 that breaks a rule by itself; expected a row that is legal alone",
    ),
    "slots out of order": (
        SMALLEST | {"slots": [SMALLEST["slots"][0], SMALLEST["slots"][0] | {"id": "t0", "start": "08:00"}]},
        "slots t0: it starts before t1 ends; expected slots in time order that do not overlap",
    ),
    "no slots": (SMALLEST | {"slots": []}, "slots: none; expected at least one slot"),
    "no locations": (SMALLEST | {"locations": []}, "locations: none; expected at least one location"),
    "no slot allowed": (
        with_request(slots=[]),
        "requests r1 slots: an empty list; expected at least one slot, or null for all",
    ),
    "another format": (
        {"format": "matchmaker-schedule-1"},
        'format: "matchmaker-schedule-1"; expected matchmaker-problem-1',
    ),
}


@pytest.mark.parametrize("name", BAD_PROBLEMS)
def test_what_is_no_problem_is_refused(tmp_path, name):
    data, said = BAD_PROBLEMS[name]
    (tmp_path / "bad.json").write_text(json.dumps(data))

    assert refused(tmp_path / "bad.json", memory=4 * MORE if "pin" in name else LITTLE) == said


def test_a_long_circle_is_shown_by_its_start(tmp_path):
    count = 100_000
    rows = [SMALLEST["requests"][0] | {"id": f"r{n}", "after": [f"r{(n + 1) % count}"]} for n in range(count)]
    (tmp_path / "bad.json").write_text(json.dumps(SMALLEST | {"requests": rows}))

    assert refused(tmp_path / "bad.json").endswith(" after ...; expected no circles")


def test_ten_million_requests_are_refused_unread(tmp_path):
    with (tmp_path / "many.json").open("wb") as file:
        file.write(HEAD)
        file.writelines([(ROW + b",") * 10_000] * 1000)
        file.write(ROW + TAIL)

    assert refused(tmp_path / "many.json") == "file: too large; expected at most 268435456 bytes once unpacked"


def test_ten_million_requests_in_a_small_file_are_refused_at_the_limit(tmp_path):
    with gzip.open(tmp_path / "many.json.gz", "wb", compresslevel=1) as file:
        file.write(HEAD)
        file.writelines([(ROW + b",") * 10_000] * 1000)
        file.write(ROW + TAIL)

    said = refused(tmp_path / "many.json.gz", memory=MORE)

    assert said == "requests: more than 1000000 rows; expected at most 1000000"


def test_a_list_of_very_many_values_is_refused(tmp_path):
    (tmp_path / "many.json").write_bytes(b'{"bonuses": [' + b"0," * (1 << 25) + b"0]}")

    assert refused(tmp_path / "many.json", memory=MORE) == "bonuses: more than 1000000 rows; expected at most 1000000"


def zipped(content):
    return gzip.compress(content, 9, mtime=0)


SMALL = zipped(TEXT.encode())
BAD_GZIP = {
    "plain text": (TEXT.encode(), "file: Error -3 while decompressing data: incorrect header check; "),
    "empty": (b"", "file: it ends too early; "),
    "cut off": (SMALL[:-9], "file: it ends too early; "),
    "wrong checksum": (
        SMALL[:-8] + bytes(4) + SMALL[-4:],
        "file: Error -3 while decompressing data: incorrect data check; ",
    ),
    "garbage after it": (SMALL + b"garbage", "file: Error -3 while decompressing data: incorrect header check; "),
    "garbage within": (SMALL[:40] + b"garbage" + SMALL[47:], "file: Error -3 while decompressing data: invalid "),
    "a bomb of space": (zipped(b" " * (1 << 29)), "file: too large; expected at most 268435456 bytes once unpacked"),
    "a bomb of lists": (
        zipped(b"[" + b"[]," * (1 << 25)),
        f"line 1 column 1: {TOO_LONG}",
    ),
    "a bomb in a text": (
        zipped(b'{"format": "' + b"a" * (1 << 29)),
        f"line 1 column 12: {TOO_LONG}",
    ),
    "a million members": (
        zipped(b"") * 1_000_000,
        "file: too many members; expected a gzip file of at most 100000",
    ),
}


@pytest.mark.parametrize("name", BAD_GZIP)
def test_a_hostile_gzip_file_is_refused(tmp_path, name):
    content, said = BAD_GZIP[name]
    (tmp_path / "bad.json.gz").write_bytes(content)

    assert refused(tmp_path / "bad.json.gz").startswith(said)


@pytest.mark.parametrize("suffix", [".json", ".json.gz", ".dzn"])
def test_what_is_no_plain_file_is_refused(tmp_path, suffix):
    (tmp_path / f"folder{suffix}").mkdir()
    os.mkfifo(tmp_path / f"pipe{suffix}")
    (tmp_path / f"device{suffix}").symlink_to("/dev/zero")

    for name in ("folder", "pipe", "device"):
        assert refused(tmp_path / f"{name}{suffix}") == "file: no plain file; expected a file that can be read"


BAD_DZN = {
    "empty": ("", "nBusiness: missing; "),
    "no statements": ("a" * 4_000_000, f"file: '{'a' * 40}'; expected statements such as "),
    "unknown key": (DZN + "nChairs = 3;", "nChairs: unknown key; expected one of nBusiness, "),
    "a key twice": (DZN + "nTables = 3;", "nTables: a second time; expected each key once"),
    "words": (DZN.replace("nTables = 1", "nTables = many"), "nTables: 'many'; expected a number, "),
    "wrong size": (DZN.replace("fixed = [0]", "fixed = [0, 0]"), "fixed: 2 numbers; expected 1, one a meeting"),
    "huge count of people": (
        DZN.replace("nBusiness = 2", "nBusiness = 999999999").replace("forbidden = [{}, {}];", ""),
        "nBusiness: 999999999; expected at most 1000000",
    ),
    "huge count of meetings": (
        DZN.replace("nMeetings = 1", "nMeetings = 999999999"),
        "nMeetings: 999999999; expected at most 1000000",
    ),
    "huge count of slots": (
        DZN.replace("nTotalSlots = 2", "nTotalSlots = 1000000"),
        "nTotalSlots: 1000000; expected 1 to 1440",
    ),
    "a huge number": (
        DZN.replace("nTables = 1", f"nTables = {'9' * 5000}"),
        "nTables: a number of more than nine digits; expected at most 1000000",
    ),
    "a negative number": (DZN.replace("nTables = 1", "nTables = -1"), "nTables: [-1]; expected one number of 0 or "),
    "too large": ("%" * (1 << 24) + "\n" + DZN, "file: too large; expected at most 16777216 bytes"),
    "no UTF-8": ("\udcff" + DZN, "byte 0: no UTF-8; expected text in UTF-8"),
}


@pytest.mark.parametrize("name", BAD_DZN)
def test_a_hostile_instance_is_refused(tmp_path, name):
    content, said = BAD_DZN[name]
    (tmp_path / "bad.dzn").write_bytes(content.encode(errors="surrogateescape"))

    assert refused(tmp_path / "bad.dzn").startswith(said)


def test_a_byte_order_mark_does_no_harm(tmp_path):
    (tmp_path / "marked.json").write_bytes(b"\xef\xbb\xbf" + TEXT.encode())
    (tmp_path / "marked.dzn").write_bytes(b"\xef\xbb\xbf" + DZN.encode())

    assert read_problem(tmp_path / "marked.json") == problem_from(SMALLEST)
    assert list(read_problem(tmp_path / "marked.dzn").requests) == ["m1"]

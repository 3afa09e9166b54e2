"""A scenario's files: what is wrong in them is one line with file, place, what is wrong and what was expected."""

import re
import shutil
from datetime import UTC, date, datetime

import pytest

from matchmaker import scenarios
from matchmaker.errors import ConfigurationError
from matchmaker.extensions import db
from matchmaker.models import Account, Event
from matchmaker.paths import shipped

MONDAY = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
WRONG = {
    # file, what stands there, what is put in its place, and the complaint
    "not TOML": ("event.toml", 'slug = "jim"', "slug = jim", "jim/event.toml: file: Invalid value"),
    "missing": ("event.toml", 'slug = "jim"\n', "", "jim/event.toml: slug: missing; expected letters"),
    "unknown key": (
        "event.toml",
        'zone = "Africa',
        'zones_ = 1\nzone = "Africa',
        "jim/event.toml: zones_: unknown key; expected one of accent",
    ),
    "no such zone": ("event.toml", "Africa/Casablanca", "Africa/Casa", "jim/event.toml: zone: refused; expected There"),
    "no time": ("event.toml", 'from = "11:30"', 'from = "11h30"', "breaks[1].from: '11h30'; expected a time such as"),
    "backwards": ("event.toml", 'to = "11:45"', 'to = "11:15"', "breaks[1].to: 11:15; expected a time after 11:30"),
    "no such kind": ("event.toml", 'kind = "prayer"', 'kind = "nap"', "breaks[3].kind: 'nap'; expected one of coffee"),
    "a word short": ("event.toml", ', en = "Sponsor" }', " }", "types[3].names: {'fr': 'Partenaire', 'ar': 'شريك'}"),
    "no such day": ("event.toml", "day = 1", "day = 2", "sessions[1].day: 2; expected a whole number from 1 to 1"),
    "the same code": (
        "event.toml",
        'code = "atelier"',
        'code = "grande-salle"',
        "halls: the code 'grande-salle' twice",
    ),
    "too late": ("event.toml", "wishes_close_at = 2024-06-28", "wishes_close_at = 2024-07-03", "expected 1 to 20 days"),
    "above the limit": (
        "event.toml",
        "min_meetings = 5 ",
        "min_meetings = 50",
        "types[3].min_meetings: 50; expected at",
    ),
    "no such type": (
        "people.toml",
        'type = "institution"',
        'type = "embassy"',
        "jim/people.toml: hosts[1].type: 'embassy'; expected one of institution, company, sponsor",
    ),
    "no such topic": ("people.toml", '"public-orders"]\npop', '"gold"]\npop', "hosts[1].offers: 'gold'; expected each"),
    "not a hundred": ("people.toml", "3 = 10 }", "3 = 20 }", "groups[1].people: {'1': 45, '2': 45, '3': 20}; expected"),
    "too few names": ("people.toml", "count = 20", "count = 50", "groups[1].count: 50; expected at most 24: forms x"),
    "above the quota": (
        "people.toml",
        "likes = [3, 8]",
        "likes = [3, 80]",
        "groups[1].wishes.likes: [3, 80]; expected",
    ),
    "no such group": ("people.toml", "wants = { metal", "wants = { medal", "host_wishes.wants.medal: unknown key"),
    "nobody": ("people.toml", "vetoes = 5", "vetoes = 500", "jim/people.toml: vetoes: 500; expected a whole number"),
}


@pytest.fixture
def folder(tmp_path):
    """The shipped scenarios, to be spoilt."""
    shutil.copytree(shipped("config") / "scenarios", tmp_path / "scenarios")
    return tmp_path / "scenarios"


def spoil(file, there, instead):
    text = file.read_text("utf-8")
    assert there in text
    file.write_text(text.replace(there, instead, 1), "utf-8")


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_file_is_one_line_and_nothing_is_loaded(case, app, folder):
    file, there, instead, complaint = WRONG[case]
    spoil(folder / "jim" / file, there, instead)

    with pytest.raises(ConfigurationError, match=re.escape(complaint)) as error:
        scenarios.load("jim", now=MONDAY, folder=folder)

    assert "\n" not in str(error.value)
    assert [db.session.scalar(db.select(db.func.count()).select_from(kind)) for kind in (Event, Account)] == [0, 0]


def test_a_missing_scenario_names_those_that_there_are():
    with pytest.raises(ConfigurationError) as error:
        scenarios.read("agadir", now=MONDAY)

    assert str(error.value) == (
        "config/scenarios: agadir: no such scenario; expected one of arab-smes, fes-meknes, jim, oujda, souss-massa"
    )


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("jim", date(2026, 3, 25), date(2026, 3, 25)),  # a Wednesday, as 3 July 2024 was
        ("souss-massa", date(2026, 3, 30), date(2026, 3, 31)),  # ends on a Tuesday
        ("arab-smes", date(2026, 4, 1), date(2026, 4, 3)),  # begins on a Wednesday, so that a Friday is in it
        ("oujda", date(2026, 4, 7), date(2026, 4, 12)),
    ],
)
def test_the_dates_move_ahead_and_keep_their_weekdays(name, first, last):
    frame = scenarios.read(name, now=MONDAY).event.frame

    assert (frame.days[0].day, frame.days[-1].day) == (first, last)
    assert MONDAY.date() < frame.wishes_close_at.date() < first


def test_a_break_of_one_day_moves_with_it():
    frame = scenarios.read("arab-smes", now=MONDAY).event.frame

    assert [(pause.day, pause.day.isoweekday()) for pause in frame.breaks if pause.kind == "friday"] == [
        (date(2026, 4, 3), 5)
    ]

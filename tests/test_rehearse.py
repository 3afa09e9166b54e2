"""Rehearsals from the command line: figures for people and machines, and one line for what does not exist."""

import json

import pytest

from matchmaker.cli import main
from matchmaker.extensions import db
from matchmaker.models import Mail, Version
from tests.forum import a_forum

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def here(settings, monkeypatch):
    """The house of the tests, as the environment of an operator names it."""
    monkeypatch.setenv("MATCHMAKER_DATA_FOLDER", str(settings.data_folder))
    monkeypatch.setenv("MATCHMAKER_SECRET_KEY", settings.secret_key)


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        (["--event", "nowhere"], "no event 'nowhere'"),
        (["--scenario", "nowhere"], "no such scenario"),
        (["--event", "here", "--place", "cellar"], "no place 'cellar'"),
        (["--event", "here", "--closed", "9/09:00-10:00"], "day 9"),
    ],
)
def test_what_does_not_exist_is_one_line(here, capfd, asked, wrong):
    a_forum(slug="here")

    code = main(["rehearse", *asked])

    said = capfd.readouterr()
    assert (code, said.out, len(said.err.splitlines())) == (2, "", 1), said.err
    assert wrong in said.err


@pytest.mark.full
def test_an_event_of_the_house_is_played_and_only_read(here, capfd):
    forum = a_forum("a!b b!a a+c c+b d+a", slug="here")
    hours = ["--place", forum.hall.code, "--closed", "1/09:00-10:30"]

    assert main(["rehearse", "--event", "here", "--seconds", "5", "--json", *hours]) == 0

    told = json.loads(capfd.readouterr().out)
    assert {one["place"] for one in told["repairs"] if one["kind"] == "closed"} == {forum.hall.code}
    assert told["names"][forum.hall.code] == forum.hall.names
    assert [db.session.query(kind).count() for kind in (Version, Mail)] == [0, 0]

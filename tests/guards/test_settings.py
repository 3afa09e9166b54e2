"""Every setting is explained to operators, and nothing is explained that does not exist."""

import re
from pathlib import Path

import pytest

from matchmaker.errors import ConfigurationError
from matchmaker.settings import NAMES, read_settings

PAGE = Path(__file__).resolve().parents[2] / "docs" / "settings.md"


def explained():
    return re.findall(r"^\| `([a-z_]+)` \|", PAGE.read_text("utf-8"), re.MULTILINE)


def test_every_setting_is_documented_once():
    assert explained() == list(NAMES)


def test_environment_wins_over_file(tmp_path):
    file = tmp_path / "house.toml"
    file.write_text('mail_sender = "a@example.org"\nsmtp_port = 2525\n')
    environment = {"MATCHMAKER_CONFIG": str(file), "MATCHMAKER_SMTP_PORT": "26", "MATCHMAKER_SECRET_KEY": "s" * 16}

    settings = read_settings(environment)

    assert (settings.mail_sender, settings.smtp_port) == ("a@example.org", 26)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("smtp_prot = 25\n", r"house.toml: smtp_prot: no such setting; expected one of data_folder"),
        ('smtp_port = "many"\n', r"house.toml: smtp_port: 'many'; expected a whole number"),
        ("smtp_port = true\n", r"house.toml: smtp_port: True; expected a whole number"),
        ('public_origin = "meet.example.org"\n', r"settings: public_origin: 'meet.example.org'; expected an origin"),
        ("mail_sender = [\n", r"house.toml: file: .*; expected a readable TOML file"),
    ],
)
def test_a_wrong_setting_is_one_line(tmp_path, text, sentence):
    file = tmp_path / "house.toml"
    file.write_text(text)

    with pytest.raises(ConfigurationError, match=sentence):
        read_settings({"MATCHMAKER_CONFIG": str(file), "MATCHMAKER_SECRET_KEY": "s" * 16})


def test_a_secret_is_made_once_and_kept_to_its_owner(tmp_path):
    environment = {"MATCHMAKER_DATA_FOLDER": str(tmp_path)}

    first, second = read_settings(environment), read_settings(environment)

    assert first.secret_key == second.secret_key
    assert len(first.secret_key) >= 48
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600
    assert first.secret_key not in repr(first)


def test_a_stranger_in_the_environment_is_one_line(tmp_path):
    environment = {"MATCHMAKER_DATA_FOLDER": str(tmp_path), "MATCHMAKER_SMTP_HOTS": "relay.example.org"}

    with pytest.raises(ConfigurationError, match=r"^environment: smtp_hots: no such setting; expected one of "):
        read_settings(environment)

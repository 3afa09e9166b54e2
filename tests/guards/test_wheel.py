"""An installed wheel has everything that a checkout has: templates, migrations, configuration, words, fonts."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BESIDE = ("templates", "migrations", "config")


@pytest.fixture(scope="module")
def held(tmp_path_factory):
    """Build the wheel as it is released, and return the names in it."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        return set(wheel.namelist())


def files(folder):
    return {file for file in folder.rglob("*") if file.is_file() and "__pycache__" not in file.parts}


def missing(held, folder, prefix):
    return {f"{prefix}/{file.relative_to(folder).as_posix()}" for file in files(folder)} - held


@pytest.mark.parametrize("name", BESIDE)
def test_the_wheel_holds_what_stands_beside_the_package(held, name):
    assert missing(held, ROOT / name, f"matchmaker/{name}") == set()


@pytest.mark.parametrize("name", ["matchmaker", "solver"])
def test_the_wheel_holds_the_packages_whole(held, name):
    assert missing(held, ROOT / name, name) == set()


def test_the_wheel_speaks_arabic_and_french(held):
    assert {f"matchmaker/translations/{locale}/LC_MESSAGES/messages.mo" for locale in ("ar", "fr")} <= held


def test_a_file_left_behind_is_noticed(held):
    assert missing(held - {"matchmaker/templates/base.html"}, ROOT / "templates", "matchmaker/templates") == {
        "matchmaker/templates/base.html"
    }


def test_the_wheel_brings_no_tests(held):
    assert [name for name in held if name.startswith("tests/")] == []

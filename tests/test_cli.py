"""The command line: what is wrong in a file is one line and exit 2, before anything is started."""

import os
import shutil
import subprocess
import sys

import pytest

from matchmaker.paths import PACKAGE

ROOT = PACKAGE.parent


@pytest.fixture
def installed(tmp_path):
    """An installation of its own, whose files can be spoilt."""
    shutil.copytree(PACKAGE, tmp_path / "matchmaker", ignore=shutil.ignore_patterns("static", "__pycache__"))
    shutil.copytree(ROOT / "config", tmp_path / "config")
    return tmp_path


@pytest.mark.parametrize("command", ["web", "worker", "demo"])
@pytest.mark.parametrize("file", ["presets.toml", "taxonomy.toml"])
def test_nothing_starts_with_a_file_that_cannot_be_read(installed, command, file):
    with (installed / "config" / file).open("a", encoding="utf-8") as spoilt:
        spoilt.write("\n[one = \n")

    ended = subprocess.run(
        [sys.executable, "-m", "matchmaker", command],
        cwd=installed,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": f"{installed}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (ended.returncode, len(ended.stderr.splitlines())) == (2, 1), ended.stderr
    assert f"{file}: file: " in ended.stderr
    assert not (installed / ".data").exists()

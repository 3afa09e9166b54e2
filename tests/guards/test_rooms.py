"""Who may call whom: the contracts of pyproject.toml, and proof that they notice a breach."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BREACHES = {
    "domain is pure": ("matchmaker/domain/breach.py", "import sqlalchemy\n"),
    "solver stands alone": ("solver/breach.py", "import matchmaker.clock\n"),
    "room of its own": ("matchmaker/breach.py", "WORDS = 1\n"),
    "lower room": ("matchmaker/queries/breach.py", "import matchmaker.services\n"),
}


def lint(folder):
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()", "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_every_room_calls_only_what_stands_lower():
    result = lint(ROOT)

    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("breach", BREACHES)
def test_a_breach_is_noticed(breach, tmp_path):
    for name in ("matchmaker", "solver", "pyproject.toml"):
        copy(ROOT / name, tmp_path / name)
    file, text = BREACHES[breach]
    (tmp_path / file).write_text(text)

    result = lint(tmp_path)

    assert (result.returncode, "breach" in result.stdout) == (1, True)


def copy(source, target):
    if source.is_file():
        target.write_text(source.read_text("utf-8"), "utf-8")
        return
    for file in source.rglob("*.py"):
        place = target / file.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(file.read_text("utf-8"), "utf-8")

"""The specimen sheet shows every part, in every language; the client itself reads each page it fetches."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
MACRO = re.compile(r"{#- (\w+)\(")  # a macro that pages may use says so in a comment that begins with its name


SHEET = (TEMPLATES / "dev/specimen.html").read_text() + (TEMPLATES / "base.html").read_text()


def documented_macros() -> set[str]:
    files = set(re.findall(r'{% from "(components/\w+\.html)"', SHEET))
    return {name for file in files for name in MACRO.findall((TEMPLATES / file).read_text())}


@pytest.mark.parametrize(
    ("language", "word"), [("ar", "ورقة العينات"), ("fr", "Planche d’essai"), ("en", "Specimen sheet")]
)
def test_specimen_speaks_the_language_asked_for(client, language, word):
    page = client.get(f"/dev/specimen?lang={language}")

    assert f"<h1>{word}</h1>" in page.text


def test_specimen_shows_every_part_of_the_files_it_takes_from():
    used_by_parts = {"time_stack"}

    missing = {name for name in documented_macros() - used_by_parts if f"{name}(" not in SHEET}

    assert missing == set()
    assert len(documented_macros()) > 30


def test_samples_have_the_same_words_in_every_language():
    samples = tomllib.loads((ROOT / "config/specimen.toml").read_text())

    assert set(samples) == {"ar", "fr", "en"}
    assert set(samples["ar"]) == set(samples["fr"]) == set(samples["en"])


def test_inks_of_the_sheet_are_a_stylesheet(client):
    answer = client.get("/dev/inks.css")

    assert answer.mimetype == "text/css"
    assert answer.text.count("[data-ink=") == 12

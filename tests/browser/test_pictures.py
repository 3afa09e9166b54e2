"""The pictures of the documentation: each is there, is shown, and can be taken again."""

import re
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api")

from tests.browser import pictures

ROOT = Path(__file__).parents[2]
SHOWN = re.compile(r"!\[[^\]]+\]\(([^)]+\.png)\)")


def shown_in(page):
    return {(page.parent / name).resolve() for name in SHOWN.findall(page.read_text("utf-8"))}


def test_each_picture_is_taken_kept_and_shown():
    taken = {picture.file for picture in (*pictures.BEFORE, *pictures.SOLVED, *pictures.ON_THE_DAY)}

    assert shown_in(ROOT / "docs/pictures.md") == taken == set(pictures.FOLDER.glob("*.png"))
    assert shown_in(ROOT / "README.md") - taken == set()


def test_pictures_are_light_and_speak_all_languages():
    files = list(pictures.FOLDER.glob("*.png"))

    assert sum(file.stat().st_size for file in files) < pictures.MOST_BYTES
    assert {file.stem.split("-")[-2] for file in files} == {"ar", "fr", "en"}

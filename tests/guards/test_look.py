"""The house rules of the stylesheets: both directions, both themes, nothing from outside, readable inks."""

import re
from pathlib import Path

import pytest

from matchmaker.domain.colour import contrast

STYLES = sorted((Path(__file__).resolve().parents[2] / "matchmaker/static/css").glob("*.css"))
LOOK = next(path for path in STYLES if path.name == "look.css").read_text()
PHYSICAL = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border)-(?:left|right|top|bottom)|(?:left|right|top|bottom)\s*:|(?:min-|max-)?(?:width|height)\s*:"
    r"|text-align:\s*(?:left|right)|float:\s*(?:left|right))(?![\w-])"
)
OUTSIDE = re.compile(r"url\(\s*[\"']?(?:data:|https?:|//)")
ON = {  # ink: the grounds on which it is set as text
    "ink": ("paper", "ground", "accent-tint", "mute-tint"),
    "ink-2": ("paper", "ground", "accent-tint"),
    "accent": ("paper", "accent-tint"),
    "accent-deep": ("accent-tint",),
    "on-accent": ("accent",),
    **{name: (f"{name}-tint", "paper") for name in ("good", "wait", "stop", "news", "mute")},
}


def rules(css: str) -> str:
    """Return the declarations only: media queries may speak of width, since that is their word."""
    return re.sub(r"/\*.*?\*/|@media[^{]*", "", css, flags=re.DOTALL)


def tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{3,6});", block))


def night_blocks() -> list[dict[str, str]]:
    return [tokens(block) for block in re.findall(r":root(?:\[data-theme|:not)[^{]*{([^}]*)}", LOOK)]


def long_form(colour: str) -> str:
    return "#" + "".join(digit * 2 for digit in colour[1:]) if len(colour) == 4 else colour


def unreadable(theme: dict[str, str]) -> list[str]:
    return [
        f"{ink} on {ground}"
        for ink, grounds in ON.items()
        for ground in grounds
        if contrast(long_form(theme[ink]), long_form(theme[ground])) < 4.5
    ]


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_a_stylesheet_serves_both_directions_and_fetches_nothing_from_outside(path):
    css = rules(path.read_text())

    assert PHYSICAL.findall(css) == []
    assert OUTSIDE.findall(css) == []
    assert "!important" not in css
    assert len(path.read_text().splitlines()) <= 400


def test_the_rule_about_sides_notices_a_side():
    assert PHYSICAL.findall("a { margin-left: 0; width: 1px; text-align: right; left: 0; max-inline-size: 2px }") != []
    assert PHYSICAL.findall("a { border-inline-start-width: 1px; outline-width: 3px; text-align: end }") == []


def test_both_ways_to_the_night_are_equal():
    by_system, by_choice = night_blocks()

    assert by_system == by_choice
    assert set(by_system) == set(tokens(LOOK.split("@media screen")[0]))


def test_inks_can_be_read_by_day_and_by_night():
    day = tokens(LOOK.split("@media screen")[0])

    assert unreadable(day) == []
    assert unreadable(night_blocks()[0]) == []
    assert unreadable({**day, "ink-2": "#999999"}) == ["ink-2 on paper", "ink-2 on ground", "ink-2 on accent-tint"]

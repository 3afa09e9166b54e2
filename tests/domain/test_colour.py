from colorsys import rgb_to_hls
from itertools import product

import pytest

from matchmaker.domain import colour

STEPS = ("00", "40", "80", "c0", "ff")
COLOURS = [f"#{red}{green}{blue}" for red, green, blue in product(STEPS, repeat=3)]


def hue(written: str) -> float:
    return rgb_to_hls(*(int(written[place : place + 2], 16) / 255 for place in (1, 3, 5)))[0] * 360


def pairs(ink: colour.Ink) -> dict[str, float]:
    return {
        "accent on paper": colour.contrast(ink.accent, colour.PAPER),
        "accent on tint": colour.contrast(ink.accent, ink.tint),
        "deep on tint": colour.contrast(ink.deep, ink.tint),
        "words on accent": colour.contrast(ink.on_accent, ink.accent),
        "night accent on paper": colour.contrast(ink.night_accent, colour.NIGHT_PAPER),
        "night accent on tint": colour.contrast(ink.night_accent, ink.night_tint),
        "night deep on tint": colour.contrast(ink.night_deep, ink.night_tint),
        "night words on accent": colour.contrast(ink.night_on_accent, ink.night_accent),
    }


def unreadable(ink: colour.Ink) -> dict[str, float]:
    return {name: value for name, value in pairs(ink).items() if value < colour.READABLE}


def test_contrast_of_black_and_white_is_twenty_one():
    assert colour.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert colour.contrast("#ffffff", "#000000") == pytest.approx(21)
    assert colour.contrast("#777777", "#777777") == 1


def test_contrast_agrees_with_a_published_value():
    assert colour.contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("given", COLOURS)
def test_any_colour_gives_inks_that_can_be_read(given):
    assert unreadable(colour.derive(given)) == {}


@pytest.mark.parametrize("name", colour.READY)
def test_ready_inks_can_be_read(name):
    assert unreadable(colour.READY[name]) == {}


def test_unreadable_notices_a_pale_ink():
    pale = colour.Ink(*["#ffdd00"] * 8)

    assert set(pairs(pale)) - set(unreadable(pale)) == {"night accent on paper"}


def test_a_pale_colour_is_darkened_and_keeps_its_hue():
    given = "#ffb000"

    ink = colour.derive(given)

    assert ink.accent != given
    assert hue(ink.accent) == pytest.approx(hue(given), abs=3)
    assert colour.was_darkened(given)


def test_a_pale_colour_is_darkened_no_more_than_needed():
    ink = colour.derive("#ffb000")

    assert pairs(ink)["accent on tint"] < colour.READABLE + 0.2


def test_a_dark_colour_stays_as_it_is():
    assert colour.derive("0F4C5C").accent == "#0f4c5c"
    assert not colour.was_darkened("#0f4c5c")


def test_ink_knows_the_ready_ones_by_name():
    assert colour.ink("garnet") is colour.READY["garnet"]
    assert colour.ink("#7a1f3d").accent == "#7a1f3d"


@pytest.mark.parametrize("given", ["", "red", "#12", "#1234567", "#12345g", "url(//x)", "#123456;}"])
def test_anything_else_is_no_colour(given):
    with pytest.raises(colour.NotAColourError):
        colour.ink(given)

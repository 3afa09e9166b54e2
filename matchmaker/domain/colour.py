"""The organiser's colour: darkened, hue kept, until text in it can be read; and its counterpart by night.

Contrast is that of WCAG 2: (L1 + 0.05) / (L2 + 0.05), L being the relative luminance of sRGB.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from colorsys import hls_to_rgb, rgb_to_hls
from dataclasses import dataclass

READABLE = 4.5
"""The least contrast of text, on paper and on its own tint."""

PAPER = "#ffffff"
NIGHT_PAPER = "#141b21"
NIGHT_INK = "#0a1c22"

_HEX = re.compile(r"#?([0-9a-fA-F]{6})")
_STEP = 0.005
_GREY = 0.02  # below this saturation a tint has no hue to speak of


class NotAColourError(ValueError):
    """``given`` is neither six hexadecimal digits nor the name of a ready ink."""

    def __init__(self, given: str) -> None:
        self.given = given
        super().__init__(f"{given!r} is not a colour: write six hexadecimal digits, such as #0f4c5c")


@dataclass(frozen=True, slots=True)
class Ink:
    """The four colours of an event by day, and the four by night; all written #rrggbb."""

    accent: str
    deep: str
    tint: str
    on_accent: str
    night_accent: str
    night_deep: str
    night_tint: str
    night_on_accent: str


def _ink(accent: str, deep: str, tint: str) -> Ink:
    return Ink(accent, deep, tint, PAPER, *_by_night(accent))


def derive(given: str) -> Ink:
    """Return the inks of a colour: the colour itself, or darker where it could not be read.

    Raises
    ------
    NotAColourError
        If ``given`` is not #rrggbb.
    """
    accent = _until(_readable_by_day, normal(given), -_STEP)
    return _ink(accent, _with_lightness(accent, _lightness(accent) * 0.72), _tint(accent, 0.93))


def ink(name: str) -> Ink:
    """Return the ready ink of that name, or the inks of a colour of the organiser's own."""
    return READY.get(name) or derive(name)


def was_darkened(given: str) -> bool:
    """Tell whether the organiser must be told that their colour was too pale to read."""
    return derive(given).accent != normal(given)


def normal(given: str) -> str:
    found = _HEX.fullmatch(given.strip())
    if found is None:
        raise NotAColourError(given)
    return f"#{found[1].lower()}"


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 (the same) to 21 (black on white)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _by_night(accent: str) -> tuple[str, str, str, str]:
    night = _until(_readable_by_night, _with_lightness(accent, 0.70, saturation=0.46), _STEP)
    return night, _with_lightness(night, min(0.94, _lightness(night) + 0.11)), _tint(accent, 0.16, 0.42), NIGHT_INK


def _readable_by_day(colour: str) -> bool:
    return contrast(colour, PAPER) >= READABLE and contrast(colour, _tint(colour, 0.93)) >= READABLE


def _readable_by_night(colour: str) -> bool:
    grounds = (NIGHT_PAPER, NIGHT_INK, _tint(colour, 0.16, 0.42))
    return all(contrast(colour, ground) >= READABLE for ground in grounds)


def _until(readable: Callable[[str], bool], colour: str, step: float) -> str:
    lightness = _lightness(colour)
    while not readable(colour):  # black by day and white by night always are
        lightness += step
        colour = _with_lightness(colour, lightness)
    return colour


def _tint(colour: str, lightness: float, saturation: float = 0.30) -> str:
    return _with_lightness(colour, lightness, saturation=saturation)


def _with_lightness(colour: str, lightness: float, *, saturation: float | None = None) -> str:
    hue, _, own = rgb_to_hls(*_channels(colour))
    wanted = own if saturation is None or own < _GREY else saturation
    return _written(hls_to_rgb(hue, min(1.0, max(0.0, lightness)), wanted))


def _lightness(colour: str) -> float:
    return rgb_to_hls(*_channels(colour))[1]


def _channels(colour: str) -> tuple[float, float, float]:
    return int(colour[1:3], 16) / 255, int(colour[3:5], 16) / 255, int(colour[5:7], 16) / 255


def _written(channels: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in channels)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


READY = {
    "petrol": Ink("#0f4c5c", "#0a3642", "#e6eff1", PAPER, "#8fc8d6", "#b7dfe8", "#17323a", NIGHT_INK),
    "majorelle": _ink("#2b3f8c", "#1e2d66", "#e8ebf5"),
    "garnet": _ink("#7a1f3d", "#59152c", "#f6e8ec"),
    "olive": _ink("#4a5a1c", "#354113", "#eef1e3"),
    "brick": _ink("#8a3b12", "#642a0c", "#f8ebe3"),
    "aubergine": _ink("#54306e", "#3d2251", "#efe9f4"),
}
"""Six inks that are known to hold; petrol is the house's own."""

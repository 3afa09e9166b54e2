"""The gap over time as a picture: two inks, labels at the line ends, hairline grid.

Plain events are drawn in the accent, the tightest ones dashed in ink, and other variants not at all: more lines
would hide each other. matplotlib comes with the extra ``bench``.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import matplotlib as mpl
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from matplotlib.axes import Axes

    from solver.bench.measuring import Measured, Result

INK, SECOND_INK, HAIR, ACCENT = "#15212b", "#4a5762", "#ccd3d6", "#0f4c5c"
LEAST_GAP = 0.001  # percent; what is better stands on the lowest line
FONTS = ["IBM Plex Sans", "DejaVu Sans"]
SETTINGS = {"svg.fonttype": "none", "svg.hashsalt": "gap", "font.family": FONTS, "font.size": 9}
DRAWN = ("", "tight all three")  # variants
logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)  # the reader's browser has the font, or not
Curve = list[tuple[float, float]]


def plot_gaps(measured: Sequence[Measured], path: Path) -> None:
    """Draw each instance's gap to its best bound, in percent, by the seconds since its process began."""
    shown = [one for one in measured if one.case.variant in DRAWN and one.case.objective != "breaks"]
    drawn = [(one.case.name, curve, one.case.variant) for one in shown if (curve := curve_of(one.own))]
    with mpl.rc_context(SETTINGS):
        figure = Figure(figsize=(8, 5), layout="constrained")
        axes = figure.add_subplot()
        _rule(axes)
        for _, curve, variant in drawn:
            _draw(axes, curve, plain=not variant)
        _label(axes, [(name, curve[-1], not variant) for name, curve, variant in drawn])
        figure.savefig(path, format="svg", bbox_inches="tight", metadata={"Date": None})


def curve_of(result: Result) -> Curve:
    """Give (seconds, percent) at each better schedule, and at the end."""
    times = [event.seconds for event in result.events if event.value is not None]
    gaps = [(seconds, result.gap_after(seconds)) for seconds in (*times, result.seconds)]
    return [(max(seconds, 0.01), max(100 * gap, LEAST_GAP)) for seconds, gap in gaps if gap is not None]


def _rule(axes: Axes) -> None:
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.xaxis.set_major_formatter(lambda seconds, _: f"{seconds:g} s")
    axes.yaxis.set_major_formatter(lambda percent, _: f"{percent:g} %")
    axes.grid(visible=True, axis="y", color=HAIR, linewidth=0.8)
    axes.tick_params(which="both", colors=SECOND_INK, length=0)
    for side, spine in axes.spines.items():
        spine.set_visible(side == "bottom")
        spine.set_color(INK)


def _draw(axes: Axes, curve: Curve, *, plain: bool) -> None:
    seconds, percents = zip(*curve, strict=True)
    colour, style = (ACCENT, "solid") if plain else (INK, (0, (6, 3)))
    axes.step(seconds, percents, where="post", color=colour, linestyle=style, linewidth=2 if plain else 1.2)


def _words(percent: float) -> str:
    return f"≤ {LEAST_GAP:g} %" if percent <= LEAST_GAP else f"{percent:.2g} %"


def _label(axes: Axes, ends: Sequence[tuple[str, tuple[float, float], bool]]) -> None:
    """Set each name beside the end of its line, moved up where it would cover the one below."""
    if not ends:
        return
    right = max(seconds for _, (seconds, _), _ in ends)
    heights: list[float] = []
    for name, (_, percent), plain in sorted(ends, key=lambda end: end[1][1]):
        height = max([percent, *(heights[-1:] and [heights[-1] * 1.25])])
        heights.append(height)
        axes.annotate(
            f"{name}  {_words(percent)}",
            (right, height),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            color=ACCENT if plain else INK,
            fontweight="bold" if plain else "normal",
            annotation_clip=False,
        )

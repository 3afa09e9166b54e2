"""Fairness against total: what the one costs the other, as a picture to choose from."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

from flask import Blueprint, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.domain.states import StudyKind
from matchmaker.models import Study
from matchmaker.permissions import Caller, open_to
from matchmaker.queries import studies as queries
from matchmaker.scheduling.presets import presets
from matchmaker.services import studies as service
from matchmaker.web import frontier_chart, languages, run_words, study_words
from matchmaker.web.acts import acted
from matchmaker.web.conflicts import told
from matchmaker.web.forms.parts import ConfirmForm

bp = Blueprint("frontier", __name__, url_prefix="/o/<slug>/runs/frontier")


class Line(NamedTuple):
    """A point as the table tells it; ``gap`` is what its value may fall short of the best possible."""

    percent: int
    weight: int
    people: tuple[int, int, int, int]
    value: int
    bound: int
    gap: float


@bp.get("")
@open_to(Caller.VIEWER)
def index(slug: str) -> str:  # noqa: ARG001 -- the gate reads it
    """Show what fairness costs, and let somebody choose."""
    shown = queries.shown(g.event.id, StudyKind.FRONTIER)
    points = shown.answered.result["answers"] if shown.answered else []
    return render_template(
        "frontier/index.html",
        shown=shown,
        lines=lines(shown.answered) if shown.answered else [],
        columns=frontier_chart.columns(points, mirrored=languages.direction(languages.current()) == "rtl"),
        chart=frontier_chart,
        preset=next(iter(presets().values())),
        say=study_words,
        runs=run_words,
    )


@bp.post("/ask")
@open_to(Caller.ORGANISER)
def ask(slug: str) -> ResponseReturnValue:
    """Have the frontier worked out with the wishes of this moment."""
    told(
        ConfirmForm(),
        partial(service.ask, g.event.id, StudyKind.FRONTIER, **acted()),
        _("It is being worked out; the figures come to this page."),
    )
    return redirect(url_for("frontier.index", slug=slug), code=303)


def lines(study: Study) -> list[Line]:
    """Return the points of a study, the one without bonuses first."""
    return [_line(point) for point in study.result["answers"]]


def _line(point: dict[str, Any]) -> Line:
    value, bound = point["value"], run_words.whole(point["bound"])
    gap = (bound - value) / max(1, abs(bound))
    none, one, two, more = point["people"]
    return Line(round(point["times"] * 100), point["weight"], (none, one, two, more), value, bound, gap)

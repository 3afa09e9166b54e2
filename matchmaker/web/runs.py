"""Runs: start one, follow it, stop it, and the drafts they left."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, cast

from flask import Blueprint, Flask, Response, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.domain import zones
from matchmaker.domain.states import UNDER_WAY
from matchmaker.models import RunProgress
from matchmaker.permissions import Caller, open_to
from matchmaker.queries import runs as queries
from matchmaker.scheduling.presets import presets
from matchmaker.services import runs as service
from matchmaker.web import incoming, run_words, study_words
from matchmaker.web.acts import acted
from matchmaker.web.conflicts import kept, status, told, troubles
from matchmaker.web.context import words
from matchmaker.web.forms.parts import ConfirmForm, options
from matchmaker.web.forms.runs import StartForm

bp = Blueprint("runs", __name__, url_prefix="/o/<slug>/runs")

STREAM_SECONDS = 25.0
"""A stream ends then and the browser comes back, so that no thread of the server is held for long."""
BEAT_SECONDS = 1.0
PERCENTS = (0, 50, 100, 200, 500, 1000)
"""What fairness may weigh against the rules: the points of the frontier."""


@bp.get("")
@open_to(Caller.VIEWER)
def index(slug: str) -> str:  # noqa: ARG001 -- the gate reads it
    """List runs and drafts, with the form that starts another run."""
    return _page(_form(formdata=None))


@bp.post("")
@open_to(Caller.ORGANISER)
def start(slug: str) -> ResponseReturnValue:
    """Queue a run, and go to see it."""
    form = _form()
    number = 0

    def save() -> None:
        nonlocal number
        number = service.start(
            g.event.id,
            form.preset.data,
            form.seconds.data or 0,
            draft_number=int(form.draft.data) if form.draft.data else None,
            bonus_percent=form.bonus_percent.data,
            **acted(),
        )

    if form.validate_on_submit() and kept(form, save):
        return redirect(url_for("runs.show", slug=slug, number=number), code=303)
    return _page(form), status(form)


@bp.get("/<int:number>")
@open_to(Caller.VIEWER)
def show(slug: str, number: int) -> str:  # noqa: ARG001 -- the gate reads it
    """Show a run: its curve while it goes on, then its draft or what went wrong."""
    run = queries.run(g.event.id, number)
    points = queries.points(run.id)
    return render_template(
        "runs/show.html",
        run=run,
        live=run.state in UNDER_WAY,
        points=points,
        curve=json.dumps([_point(point) for point in points]),
        last=points[-1].id if points else 0,
        finding=run_words.finding(points),
        draft=queries.draft_of(run.id),
        blocked=queries.pairs(g.event.id, run.failure_detail.get("requests", [])),
        say=run_words,
    )


@bp.get("/<int:number>/progress")
@open_to(Caller.VIEWER)
def progress(slug: str, number: int) -> Response:  # noqa: ARG001 -- the gate reads it
    """Stream what is new of a run as server-sent events; the browser names the last it has, and the state it shows."""
    run_id = queries.run(g.event.id, number).id
    after = incoming.number("Last-Event-ID", incoming.number("after", 0), request.headers)
    app = cast("Any", current_app)._get_current_object()  # noqa: SLF001 -- the stream outlives the request
    shown = _State(run_id, request.args.get("state", ""), after)
    news = _news(app, shown, time.monotonic() + STREAM_SECONDS)
    answer = Response(news, mimetype="text/event-stream")
    answer.headers["X-Accel-Buffering"] = "no"
    return answer


@bp.post("/<int:number>/stop")
@open_to(Caller.ORGANISER)
def stop(slug: str, number: int) -> ResponseReturnValue:
    """Ask a run to end and keep its best schedule."""
    told(
        ConfirmForm(),
        lambda: service.ask_stop(g.event.id, number, **acted()),
        _("The run stops and keeps the best it has."),
    )
    return redirect(url_for("runs.show", slug=slug, number=number), code=303)


@bp.post("/<int:number>/cancel")
@open_to(Caller.ORGANISER)
def cancel(slug: str, number: int) -> ResponseReturnValue:
    """End a run and keep nothing of it."""
    told(
        ConfirmForm(),
        lambda: service.cancel(g.event.id, number, **acted()),
        _("The run is cancelled; nothing of it is kept."),
    )
    return redirect(url_for("runs.show", slug=slug, number=number), code=303)


def _page(form: StartForm) -> str:
    return render_template(
        "runs/index.html",
        form=form,
        troubles=troubles(form),
        presets=presets(),
        runs=queries.of_event(g.event.id),
        drafts=queries.drafts(g.event.id),
        versions=queries.versions(g.event.id),
        wall=lambda instant: zones.wall(instant, g.event.zone),
        under_way=queries.under_way(g.event.id),
        say=run_words,
    )


def _form(**kwargs: None) -> StartForm:
    form = StartForm(**kwargs)
    form.preset.choices = options([(preset.code, words(preset.names)) for preset in presets().values()])
    form.bonus_percent.choices = options((percent, study_words.times(percent)) for percent in PERCENTS)
    numbers = [str(row.draft.number) for row in queries.drafts(g.event.id)]
    keep = [(number, _("Keep those of draft %(number)s", number=number)) for number in numbers]
    form.draft.choices = options([("", _("Keep none")), *keep])
    if not form.is_submitted():
        _propose(form, numbers)
    return form


def _propose(form: StartForm, numbers: Sequence[str]) -> None:
    """Fill in what an organiser most likely wants; a draft and the weight of fairness may be named by the address."""
    first = next(iter(presets().values()))
    form.preset.data, form.seconds.data = first.code, first.seconds
    if (asked := request.args.get("draft", "")) in numbers:
        form.draft.data = asked
    if (percent := incoming.number("fairness", 100)) in PERCENTS:
        form.bonus_percent.data = percent


class _State(NamedTuple):
    """What the browser shows already."""

    run_id: int
    state: str
    after: int


def _news(app: Flask, shown: _State, until: float) -> Iterator[str]:
    """Yield events until the run is in another state than the page shows, or the time is up.

    Each look has a context of its own, so that no connection is held between two.
    """
    run_id, state, after = shown
    yield f"retry: {int(BEAT_SECONDS * 1000)}\n\n"
    while True:
        with app.app_context():
            found = queries.state(run_id)
            over = found != state or found not in UNDER_WAY
            points = [(point.id, _point(point)) for point in queries.points(run_id, after)]
        if points:
            after = points[-1][0]
            yield f"id: {after}\ndata: {json.dumps({'points': [point for _, point in points]})}\n\n"
        if over:
            yield "event: over\ndata: {}\n\n"
        if over or time.monotonic() > until:
            return
        time.sleep(BEAT_SECONDS)


def _point(point: RunProgress) -> list[Any]:
    bound = None if point.bound is None else run_words.whole(point.bound)
    return [round(point.seconds, 1), point.value, bound]

"""A participant's page of an event: what to do next."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request
from flask.typing import ResponseReturnValue

from matchmaker import clock
from matchmaker.domain.states import Phase
from matchmaker.permissions import Caller, open_to
from matchmaker.queries import days_out, home
from matchmaker.web import path, pens
from matchmaker.web.agenda import to_own_whatsapp
from matchmaker.web.context import wall

bp = Blueprint("events", __name__)

PUBLISHED = frozenset({Phase.PROVISIONAL, Phase.FINAL, Phase.ON_THE_DAY, Phase.AFTER})


@bp.get("/e/<slug>/")
@open_to(Caller.PARTICIPANT)
def show(slug: str) -> str:  # noqa: ARG001 -- the gate has read it
    pen = pens.own()
    progress = home.progress(g.event, pen.participation, now=clock.now())
    preparing = g.event.phase in path.PREPARING
    return render_template(
        "events/show.html",
        pen=pen,
        steps=path.steps(progress) if preparing else [],
        to_own_whatsapp=to_own_whatsapp(pen.participation) if preparing and g.event.public_address else "",
        published=g.event.phase in PUBLISHED and progress.version is not None,
        is_whole=len(g.event.days) == 1 or not days_out.of(g.event).to_come(wall().date()),
        colleagues=home.colleagues(pen.participation.organisation_id),
    )


@bp.get("/e/<slug>/next")
@open_to(Caller.PARTICIPANT)
def onward(slug: str) -> ResponseReturnValue:  # noqa: ARG001
    """Lead to what is left to do after a page that keeps each choice at once and so is not sent."""
    return redirect(path.onward(pens.own(), request.args.get("after", "")), code=303)

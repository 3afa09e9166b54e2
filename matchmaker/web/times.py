"""When a person is not free, and the sessions they attend."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flask import Blueprint, flash, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from matchmaker import clock
from matchmaker.permissions import Caller, open_to
from matchmaker.queries.times import Times
from matchmaker.queries.times import times as times_of
from matchmaker.services import times as service
from matchmaker.web import grids, path, pens
from matchmaker.web.conflicts import kept, status
from matchmaker.web.pens import Pen
from matchmaker.web.registration import is_open

bp = Blueprint("times", __name__)


@bp.route("/e/<slug>/times", methods=["GET", "POST"])
@open_to(Caller.PARTICIPANT)
def edit(slug: str) -> ResponseReturnValue:  # noqa: ARG001 -- the gate has read it
    return times_page(pens.own())


@bp.post("/e/<slug>/times/<int:session_id>")
@open_to(Caller.PARTICIPANT)
def attend(slug: str, session_id: int) -> ResponseReturnValue:  # noqa: ARG001
    return attend_page(pens.own(), session_id)


def times_page(pen: Pen) -> ResponseReturnValue:
    """Show the grid, or keep what was ticked; a half day's button changes its half and keeps the rest."""
    form = FlaskForm()
    times = times_of(pen.participation)
    away = _ticked(times) if request.method == "POST" else set(times.away)
    if form.validate_on_submit() and kept(form, lambda: _replace(pen, away)):
        flash(_("Your times are saved."), "good")
        return redirect(pen.url("times") if "half" in request.form else path.onward(pen, "times"), code=303)
    return _page(pen, form, times, away)


def attend_page(pen: Pen, session_id: int) -> ResponseReturnValue:
    """Sign up for a session, or leave it, by the button that was pressed."""
    form = FlaskForm()
    act: Callable[..., bool | None] = service.unseat if request.form.get("act") == "leave" else service.seat
    answers: list[bool | None] = []
    act = partial(act, session_id, pen.participation.id, actor_id=pen.actor_id, now=clock.now())
    if form.validate_on_submit() and kept(form, lambda: answers.append(act())):
        waits = answers == [False]
        flash(_("All seats are taken. You are in the queue.") if waits else _("Your times are saved."), "good")
        return redirect(pen.url("times"), code=303)
    times = times_of(pen.participation)
    return _page(pen, form, times, set(times.away))


def _page(pen: Pen, form: FlaskForm, times: Times, away: set[int]) -> ResponseReturnValue:
    page = render_template(
        "times/edit.html",
        pen=pen,
        form=form,
        days=grids.days(times),
        halves=grids.halves(times, away),
        talks=[talk for talk in times.talks if not talk.session.for_everybody],
        free=sum(slot.id not in away for slot in times.open_slots),
        slots=len(times.open_slots),
        may_change=pen.by_staff or is_open(g.event),
    )
    return page, status(form)


def _ticked(times: Times) -> set[int]:
    """Return the slots marked on the page; what a session blocks keeps the mark it had."""
    sent = set(request.form.getlist("away"))
    open_slots = {slot.id for slot in times.open_slots}
    away = {slot_id for slot_id in open_slots if str(slot_id) in sent} | (times.away - open_slots)
    half = request.form.get("half")
    return grids.toggled(times, away, half) if half else away


def _replace(pen: Pen, away: set[int]) -> None:
    service.replace(pen.participation.id, away, actor_id=pen.actor_id, now=clock.now())

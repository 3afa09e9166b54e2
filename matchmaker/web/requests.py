"""Who asks for the organisation, with a yes and a no at each; whom it asks, and how each request stands."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from flask import Blueprint, flash, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from matchmaker import clock
from matchmaker.domain import zones
from matchmaker.domain.statuses import LABELS, Status
from matchmaker.errors import NotFound
from matchmaker.permissions import Caller, open_to
from matchmaker.queries import capacity
from matchmaker.queries import requests as query
from matchmaker.queries.requests import Line
from matchmaker.services import wishes as service
from matchmaker.web import naming, pens
from matchmaker.web.conflicts import kept, status, told
from matchmaker.web.pens import Pen
from matchmaker.web.wishes import entry_of, is_open, reason, written_by

bp = Blueprint("requests", __name__)

ANSWERS = {"yes": True, "no": False}


@bp.get("/e/<slug>/requests")
@open_to(Caller.PARTICIPANT)
def show(slug: str) -> ResponseReturnValue:  # noqa: ARG001 -- the gate has read it
    return requests_page(pens.own())


@bp.post("/e/<slug>/requests/<asking>")
@open_to(Caller.PARTICIPANT)
def reply(slug: str, asking: str) -> ResponseReturnValue:  # noqa: ARG001
    return reply_piece(pens.own(), asking)


@bp.post("/e/<slug>/requests/<wanted>/withdraw")
@open_to(Caller.PARTICIPANT)
def withdraw(slug: str, wanted: str) -> ResponseReturnValue:  # noqa: ARG001
    return withdraw_page(pens.own(), wanted)


def requests_page(pen: Pen) -> ResponseReturnValue:
    return _page(pen)


def reply_piece(pen: Pen, asking: str) -> ResponseReturnValue:
    """Keep an answer; htmx gets the row as it now stands, everybody else the page."""
    form = FlaskForm()
    line = _line(_found(pen).received, asking)
    yes = ANSWERS.get(request.form.get("answer", ""))
    organisation_id = pen.participation.organisation_id
    save = partial(service.reply, organisation_id, line.entry.id, yes=yes, **written_by(pen))
    fine = form.validate_on_submit() and kept(form, save)
    if "HX-Request" in request.headers:
        found = _found(pen)
        shown = _line(found.received, asking)
        if fine and yes is False:  # also a veto that is hidden from now on: who gave it sees that it was taken
            shown = replace(shown, status=Status.DECLINED)
        given = {"line": shown, "waiting": len(found.to_answer), "form": form, "swapped": True}
        piece = render_template("requests/_answered.html", pen=pen, **given, **_words(pen))
        return piece, 200 if fine else 422
    if fine:
        flash(_("Your answer is saved."), "good")
        return redirect(pen.url("requests") + f"#request-{asking}", code=303)
    return _page(pen, form=form), status(form)


def withdraw_page(pen: Pen, wanted: str) -> ResponseReturnValue:
    """Withdraw a request; its place in the quota is free again."""
    sent = next((line.entry for line in _found(pen).sent if line.entry.code == wanted), None)
    entry = sent or entry_of(pen, wanted)  # withdrawn already, perhaps by a colleague: that is as well
    organisation_id = pen.participation.organisation_id
    save = partial(service.give, organisation_id, entry.id, None, **written_by(pen))
    told(FlaskForm(), save, _("The request is withdrawn."))
    return redirect(pen.url("requests"), code=303)


def _page(pen: Pen, **given: FlaskForm) -> str:
    party = pen.participation.organisation_id
    slots = capacity.free_slots(g.event.id, {party}).get(party, 0)
    return render_template("requests/show.html", pen=pen, found=_found(pen), slots=slots, **given, **_words(pen))


def _found(pen: Pen) -> query.Requests:
    return query.requests(g.event, pen.participation.organisation, now=clock.now(), vetoes=pen.sees_vetoes)


def _line(lines: query.Lines, code: str) -> Line:
    found = next((line for line in lines if line.entry.code == code), None)
    if found is None:
        raise NotFound("request", code)
    return found


def _words(pen: Pen) -> dict[str, object]:
    return {
        "labels": LABELS,
        "may_answer": pen.by_staff or is_open(g.event),
        "reason": reason,
        "speak": naming.listed,
        "country": naming.country,
        "wall": lambda instant: zones.wall(instant, g.event.zone),
    }

"""Numbered queues of hosts who take people without appointment: at the desk, and on the host's own page."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.errors import NotFound
from matchmaker.permissions import Caller, open_to
from matchmaker.queries import numbered as queries
from matchmaker.queries import people
from matchmaker.services import numbered as service
from matchmaker.web import pens
from matchmaker.web.acts import acted
from matchmaker.web.conflicts import kept, status, told, troubles
from matchmaker.web.context import words
from matchmaker.web.forms.numbered import OpenForm
from matchmaker.web.forms.parts import ConfirmForm, options

bp = Blueprint("numbered", __name__)


@bp.route("/o/<slug>/day/queues", methods=["GET", "POST"])
@open_to(Caller.DESK)
def index(slug: str) -> ResponseReturnValue:
    """Show the queues of the event, or open one more."""
    form = OpenForm()
    form.host.choices = options((one.code, words(one.names)) for one in queries.candidates(g.event.id))
    if form.validate_on_submit() and kept(form, lambda: _open(form)):
        return redirect(url_for("numbered.index", slug=slug), code=303)
    found = queries.queues(g.event.id)
    return render_template("day/queues.html", queues=found, form=form, found=troubles(form)), status(form)


@bp.post("/o/<slug>/day/queues/<host>")
@open_to(Caller.DESK)
def act(slug: str, host: str) -> ResponseReturnValue:
    """Give the next number, on paper or to a person who is named, call the next, or close."""
    person = request.form.get("person", "")
    if request.form.get("act") == "close":
        told(ConfirmForm(), partial(service.close, g.event.id, host, **acted()), _("The queue is closed."))
    else:
        _served(host, people.person(g.event.id, person).id if person else None)
    if person:
        return redirect(url_for("day.index", slug=slug, person=person), code=303)
    return redirect(url_for("numbered.index", slug=slug), code=303)


@bp.route("/e/<slug>/queue", methods=["GET", "POST"])
@open_to(Caller.PARTICIPANT)
def own(slug: str) -> ResponseReturnValue:
    """Let those of the host give and call numbers themselves."""
    pen = pens.own()
    queue = queries.of_organisation(pen.participation.organisation_id)
    if queue is None:
        raise NotFound("queue", slug)
    if request.method == "POST":
        _served(queue.organisation.code, None)
        return redirect(url_for("numbered.own", slug=slug), code=303)
    return render_template("agenda/queue.html", pen=pen, queue=queue)


def _open(form: OpenForm) -> None:
    service.open_for(g.event.id, form.host.data, form.minutes.data or 1, **acted())


def _served(host: str, person_id: int | None) -> None:
    """Do what one of the two buttons says, and say the number."""
    calls = request.form.get("act") == "next"
    numbers: list[int] = []

    def act_() -> None:
        number = (
            service.call_next(g.event.id, host, **acted())
            if calls
            else service.give(g.event.id, host, person_id, **acted())
        )
        numbers.append(number)

    form = ConfirmForm()
    if form.validate_on_submit() and kept(form, act_):
        called = _("It is the turn of number %(number)s.", number=numbers[0])
        flash(called if calls else _("The number is %(number)s.", number=numbers[0]), "good")
    else:
        flash(getattr(form, "refusal", _("This could not be saved")), "stop")

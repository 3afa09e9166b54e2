"""Talks, workshops and seminars."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.permissions import Caller, open_to
from matchmaker.queries import frame
from matchmaker.services import sessions
from matchmaker.web.acts import acted
from matchmaker.web.conflicts import kept, status, told, troubles
from matchmaker.web.context import long_day, words
from matchmaker.web.forms.parts import ConfirmForm, options
from matchmaker.web.forms.sessions import SeatsForm, SessionForm

bp = Blueprint("sessions", __name__, url_prefix="/o/<slug>/sessions")


@bp.get("")
@open_to(Caller.VIEWER)
def index(slug: str) -> str:  # noqa: ARG001 -- the gate reads it
    """List the sessions in the order of time."""
    return render_template("organiser/sessions.html", sessions_by_time=frame.sessions(g.event.id))


@bp.route("/new", methods=["GET", "POST"])
@open_to(Caller.ORGANISER)
def add(slug: str) -> ResponseReturnValue:
    """Add a session."""
    form = _form()
    if form.validate_on_submit():
        save = partial(sessions.add, g.event.id, form.plan(), **acted())
        if kept(form, save):
            flash(_("The session is added."), "good")
            return redirect(url_for("sessions.index", slug=slug), code=303)
    return render_template("organiser/session.html", form=form, troubles=troubles(form), row=None), status(form)


@bp.route("/<int:session_id>", methods=["GET", "POST"])
@open_to(Caller.ORGANISER)
def edit(slug: str, session_id: int) -> ResponseReturnValue:
    """Change a session."""
    row = frame.session(g.event.id, session_id)
    form = _form()
    if not form.is_submitted():
        form.show(row)
    elif form.validate() and kept(
        form, lambda: sessions.change(g.event.id, session_id, form.plan(), revision=form.seen, **acted())
    ):
        flash(_("The session is saved."), "good")
        return redirect(url_for("sessions.index", slug=slug), code=303)
    return render_template("organiser/session.html", form=form, troubles=troubles(form), row=row), status(form)


@bp.post("/<int:session_id>/remove")
@open_to(Caller.ORGANISER)
def remove(slug: str, session_id: int) -> ResponseReturnValue:
    """Take a session away; its people are free then."""
    told(ConfirmForm(), partial(sessions.remove, g.event.id, session_id, **acted()), _("The session is removed."))
    return redirect(url_for("sessions.index", slug=slug), code=303)


@bp.route("/<int:session_id>/people", methods=["GET", "POST"])
@open_to(Caller.ORGANISER)
def people(slug: str, session_id: int) -> ResponseReturnValue:
    """Name who has a seat and who speaks."""
    row = frame.session(g.event.id, session_id)
    form = _seats_form(session_id)
    if form.validate_on_submit() and kept(form, lambda: _name(session_id, form)):
        flash(_("The people of the session are saved."), "good")
        return redirect(url_for("sessions.index", slug=slug), code=303)
    return render_template("organiser/seats.html", form=form, troubles=troubles(form), row=row), status(form)


def _name(session_id: int, form: SeatsForm) -> None:
    seated, speaking = frozenset(form.people.data or ()), frozenset(form.speakers.data or ())
    sessions.name_people(g.event.id, session_id, seated, speaker_ids=speaking, **acted())


def _form() -> SessionForm:
    form = SessionForm()
    form.day.choices = options((day.day.isoformat(), long_day(day.day)) for day in g.event.days)
    zones = [(zone.id, words(zone.names)) for zone in frame.zones(g.event.id)]
    form.zone_id.choices = options([(0, _("(none)")), *zones])
    return form


def _seats_form(session_id: int) -> SeatsForm:
    taken = frame.seats(session_id)
    form = SeatsForm(
        data={
            "people": [seat.participation_id for seat in taken],
            "speakers": [seat.participation_id for seat in taken if seat.speaks],
        }
    )
    everybody = [(id_, f"{words(names)}, {words(party)}") for id_, names, party in frame.people(g.event.id)]
    form.people.choices = form.speakers.choices = options(everybody)
    return form

"""Ending the messages that somebody can do without: by the link in them, or by their mail program in one press."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from matchmaker import clock
from matchmaker.domain.links import Purpose
from matchmaker.extensions import csrf
from matchmaker.permissions import Caller, open_to
from matchmaker.services import notices
from matchmaker.web import doors

bp = Blueprint("reminders", __name__, url_prefix="/u")
csrf.exempt(f"{__name__}.choose")  # RFC 8058: a mail program presses, without a page before it; the link is the proof


@bp.get("/<token>")
@open_to(Caller.LINK)
def show(token: str) -> str:
    person = doors.opened(token, Purpose.REMINDERS)
    return render_template("reminders/show.html", wants=person.wants_reminders, token=token)


@bp.post("/<token>")
@open_to(Caller.LINK)
def choose(token: str) -> ResponseReturnValue:
    """Keep the choice; a press that says nothing more ends them."""
    person = doors.opened(token, Purpose.REMINDERS)
    notices.choose(person.id, wants=request.form.get("wants") == "yes", now=clock.now())
    return redirect(url_for("reminders.show", token=token), code=303)

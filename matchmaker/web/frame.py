"""The frame of an event: days, breaks, deadlines, rules and appearance."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.domain import colour
from matchmaker.permissions import Caller, open_to
from matchmaker.queries import capacity
from matchmaker.services import events
from matchmaker.web.acts import acted
from matchmaker.web.conflicts import kept, status, troubles
from matchmaker.web.forms.frame import ZONES, FrameForm

bp = Blueprint("frame", __name__, url_prefix="/o/<slug>/frame")


@bp.route("", methods=["GET", "POST"])
@open_to(Caller.ORGANISER)
def edit(slug: str) -> ResponseReturnValue:
    """Change the frame; a button asks for more rows without saving."""
    form = FrameForm()
    if request.method == "GET":
        form.revision.data = g.event.revision
        form.show(g.event)
    elif "more" not in request.form and form.validate_on_submit() and _saved(form):
        room = capacity.room(g.event.id)
        flash(_kept_words(room), "good")
        return redirect(url_for("frame.edit", slug=slug), code=303)
    form.make_room()
    page = render_template(
        "organiser/frame.html",
        form=form,
        troubles=troubles(form),
        zones=ZONES,
        room=capacity.room(g.event.id),
        darkened=g.event.accent.startswith("#") and colour.was_darkened(g.event.accent),
    )
    return page, status(form)


def _saved(form: FrameForm) -> bool:
    event = g.event
    titles = {(pause.kind, pause.start): pause.titles for pause in event.breaks}
    frame = form.frame(event.slug, titles)
    return kept(form, partial(events.change, event.id, frame, revision=form.seen, **acted()))


def _kept_words(room: capacity.Room) -> str:
    return _(
        "Saved: %(slots)s slots × %(tables)s tables = %(places)s places.",
        slots=room.slots,
        tables=room.tables,
        places=room.places,
    )

"""Types of participants: limits, minimums, silence."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.domain.states import Silence
from matchmaker.permissions import Caller, open_to
from matchmaker.queries import frame
from matchmaker.services import types
from matchmaker.web.acts import acted
from matchmaker.web.conflicts import kept, status, told, troubles
from matchmaker.web.forms.parts import ConfirmForm
from matchmaker.web.forms.types import TypeForm

bp = Blueprint("types", __name__, url_prefix="/o/<slug>/types")


@bp.get("")
@open_to(Caller.VIEWER)
def index(slug: str) -> str:  # noqa: ARG001 -- the gate reads it
    """List the types with their rules."""
    return render_template("organiser/types.html", types=frame.types(g.event.id), refuses=Silence.REFUSES)


@bp.route("/new", methods=["GET", "POST"])
@open_to(Caller.ORGANISER)
def add(slug: str) -> ResponseReturnValue:
    """Add a type."""
    form = TypeForm()
    if form.validate_on_submit():
        save = partial(types.add, g.event.id, form.rules(), **acted())
        if kept(form, save):
            flash(_("The type is added."), "good")
            return redirect(url_for("types.index", slug=slug), code=303)
    return render_template("organiser/type.html", form=form, troubles=troubles(form), row=None), status(form)


@bp.route("/<int:type_id>", methods=["GET", "POST"])
@open_to(Caller.ORGANISER)
def edit(slug: str, type_id: int) -> ResponseReturnValue:
    """Change a type's rules."""
    row = frame.type_(g.event.id, type_id)
    form = TypeForm()
    if not form.is_submitted():
        form.show(row)
    elif form.validate() and kept(
        form, lambda: types.change(g.event.id, type_id, form.rules(), revision=form.seen, **acted())
    ):
        flash(_("The type is saved."), "good")
        return redirect(url_for("types.index", slug=slug), code=303)
    return render_template("organiser/type.html", form=form, troubles=troubles(form), row=row), status(form)


@bp.post("/<int:type_id>/remove")
@open_to(Caller.ORGANISER)
def remove(slug: str, type_id: int) -> ResponseReturnValue:
    """Take a type away, unless organisations are of it."""
    told(ConfirmForm(), partial(types.remove, g.event.id, type_id, **acted()), _("The type is removed."))
    return redirect(url_for("types.index", slug=slug), code=303)

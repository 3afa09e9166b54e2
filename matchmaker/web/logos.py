"""The logos of an event: added, put in order, described, taken away; and the pictures themselves."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.errors import InvalidValue, NotFound
from matchmaker.paper.pictures import NO_PICTURE
from matchmaker.permissions import Caller, open_to
from matchmaker.queries import logos as queries
from matchmaker.services import logos as service
from matchmaker.web.acts import acted
from matchmaker.web.conflicts import kept, status, told, troubles
from matchmaker.web.forms.logos import AltForm, LogoForm
from matchmaker.web.forms.parts import ConfirmForm
from matchmaker.web.incoming import number

bp = Blueprint("logos", __name__)

MONTH = 30 * 24 * 60 * 60


@bp.get("/e/<slug>/logos/<int:logo_id>.png")
@open_to(Caller.ANYONE)
def picture(slug: str, logo_id: int) -> Response:  # noqa: ARG001 -- the gate reads it
    """Answer with a logo, which never changes under its number."""
    response = Response(queries.access_small(g.event.id, logo_id), mimetype="image/png")
    response.headers["Cache-Control"] = f"public, max-age={MONTH}, immutable"
    return response


@bp.route("/o/<slug>/logos", methods=["GET", "POST"])
@open_to(Caller.ORGANISER)
def index(slug: str) -> ResponseReturnValue:
    """Show the logos in their order, and take another."""
    form = LogoForm()
    added = list[bool]()
    if form.validate_on_submit() and kept(form, lambda: added.append(_add(form))):
        flash(_("The logo is added. It stands last: move it to its place."), "good")
        if not all(added):
            flash(_("It has too many details to stay light on a phone: it stands on paper only."), "wait")
        return redirect(url_for("logos.index", slug=slug), code=303)
    page = render_template("organiser/logos.html", form=form, troubles=troubles(form), most=service.MOST)
    return page, status(form)


@bp.route("/o/<slug>/logos/<int:logo_id>", methods=["GET", "POST"])
@open_to(Caller.ORGANISER)
def edit(slug: str, logo_id: int) -> ResponseReturnValue:
    """Change the words of a logo."""
    logo = _logo(logo_id)
    form = AltForm(alt=logo["alt"])
    if form.validate_on_submit() and kept(form, lambda: service.reword(g.event.id, logo_id, form.alt.texts, **acted())):
        return redirect(url_for("logos.index", slug=slug), code=303)
    return render_template("organiser/logo.html", form=form, troubles=troubles(form), logo=logo), status(form)


@bp.post("/o/<slug>/logos/<int:logo_id>/move")
@open_to(Caller.ORGANISER)
def move(slug: str, logo_id: int) -> ResponseReturnValue:
    """Move a logo up or down."""
    _logo(logo_id)
    steps = 1 if number("down", 0, request.form) else -1
    words = _("The order is changed.")
    told(ConfirmForm(), lambda: service.move(g.event.id, logo_id, steps, **acted()), words)
    return redirect(url_for("logos.index", slug=slug), code=303)


@bp.post("/o/<slug>/logos/<int:logo_id>/remove")
@open_to(Caller.ORGANISER)
def remove(slug: str, logo_id: int) -> ResponseReturnValue:
    """Take a logo away."""
    _logo(logo_id)
    told(ConfirmForm(), lambda: service.remove(g.event.id, logo_id, **acted()), _("The logo is removed."))
    return redirect(url_for("logos.index", slug=slug), code=303)


def _add(form: LogoForm) -> bool:
    content = form.picture.data.read() if form.picture.data else b""
    if not content:
        raise InvalidValue("picture", NO_PICTURE)
    return service.add(g.event.id, content, form.alt.texts, **acted())


def _logo(logo_id: int) -> dict[str, Any]:
    found: dict[str, Any] | None = next((one for one in g.event.logos if one["id"] == logo_id), None)
    if found is None:
        raise NotFound("logo", logo_id)
    return found

"""Who runs the event."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.domain.states import Role
from matchmaker.permissions import Caller, open_to
from matchmaker.queries import events
from matchmaker.services import team
from matchmaker.web import signing
from matchmaker.web.acts import acted
from matchmaker.web.conflicts import kept, status, told, troubles
from matchmaker.web.forms.parts import ConfirmForm, options
from matchmaker.web.forms.settling import MemberForm
from matchmaker.web.organiser import ROLES

bp = Blueprint("team", __name__, url_prefix="/o/<slug>/team")


@bp.route("", methods=["GET", "POST"])
@open_to(Caller.OWNER)
def index(slug: str) -> ResponseReturnValue:
    """List those who run the event, and give somebody a role."""
    form = MemberForm()
    form.role.choices = options((role.value, _(words)) for role, words in ROLES.items())
    if form.validate_on_submit() and kept(
        form, lambda: team.admit(g.event.id, form.login.data or "", Role(form.role.data), **acted())
    ):
        flash(_("The role is given."), "good")
        return redirect(url_for("team.index", slug=slug), code=303)
    members = events.team(g.event.id)
    page = render_template("organiser/team.html", form=form, troubles=troubles(form), members=members, roles=ROLES)
    return page, status(form)


@bp.post("/<int:account_id>/dismiss")
@open_to(Caller.OWNER)
def dismiss(slug: str, account_id: int) -> ResponseReturnValue:
    """Take somebody's role in the event away."""
    told(ConfirmForm(), partial(team.dismiss, g.event.id, account_id, **acted()), _("The role is taken away."))
    page = url_for("organiser.index") if account_id == signing.account_id() else url_for("team.index", slug=slug)
    return redirect(page, code=303)

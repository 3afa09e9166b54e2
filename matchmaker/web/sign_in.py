"""Participants' way in: a link by mail, used once, by a button and never by a visit."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker import clock
from matchmaker.errors import LinkUsedUp
from matchmaker.extensions import limiter
from matchmaker.permissions import Caller, open_to
from matchmaker.queries import access
from matchmaker.queries import sign_in as query
from matchmaker.services import sign_in
from matchmaker.web import signing
from matchmaker.web.conflicts import kept, status, troubles
from matchmaker.web.forms.sign_in import AskForm
from matchmaker.web.redirects import event_meant, onward, safe_next

bp = Blueprint("sign_in", __name__)

FROM_ONE_PLACE = "60 per hour"


@bp.route("/sign-in", methods=["GET", "POST"])
@open_to(Caller.ANYONE)
@limiter.limit(FROM_ONE_PLACE, methods=["POST"])
def ask() -> ResponseReturnValue:
    """Send a link; the answer is the same whether the address is known or not."""
    slug = event_meant()
    g.event = access.event(slug) if slug else None
    form = AskForm()
    event_id = g.event.id if g.event else None
    if form.validate_on_submit() and kept(
        form, lambda: sign_in.ask(form.email.data or "", event_id=event_id, now=clock.now())
    ):
        return redirect(url_for("sign_in.asked", event=slug), code=303)
    return render_template("sign_in/ask.html", form=form, found=troubles(form), slug=slug), status(form)


@bp.get("/sign-in/sent")
@open_to(Caller.ANYONE)
def asked() -> str:
    slug = event_meant()
    g.event = access.event(slug) if slug else None
    return render_template("sign_in/asked.html", slug=slug)


@bp.get("/sign-in/<token>")
@open_to(Caller.ANYONE)
def confirm(token: str) -> str:
    """Show whom the link is for; signing in takes the button, because mail scanners visit links."""
    holder = query.holder(token, now=clock.now())
    g.event, g.locale = holder.event, holder.locale
    return render_template("sign_in/confirm.html", holder=holder, token=token, onward=safe_next())


@bp.post("/sign-in/<token>")
@open_to(Caller.ANYONE)
@limiter.limit(FROM_ONE_PLACE)
def use(token: str) -> ResponseReturnValue:
    holder = query.holder(token, now=clock.now())
    account_id = sign_in.use(token, now=clock.now())
    signing.begin(account_id)
    flash(_("You are signed in."), "good")
    return onward(_inside(holder, account_id))


def _inside(holder: query.Holder, account_id: int) -> str:
    """Return where somebody belongs who has just signed in: their event, or the event that they run."""
    if holder.event and holder.organisation_names:
        return url_for("events.show", slug=holder.event.slug)
    if holder.event and access.role(holder.event.id, account_id):
        return url_for("organiser.overview", slug=holder.event.slug)
    return url_for("home.index")


@bp.post("/sign-out")
@open_to(Caller.ANYONE)
def out() -> ResponseReturnValue:
    """Sign out here, or with ``everywhere`` on all devices: a cookie that somebody else holds lives on otherwise."""
    account_id = signing.account_id_if_any()
    if account_id and "everywhere" in request.form:
        sign_in.end_sessions(account_id)
    signing.end()
    flash(_("You are signed out."), "news")
    return redirect(url_for("home.index"), code=303)


@bp.errorhandler(LinkUsedUp)
def spent(_refusal: LinkUsedUp) -> ResponseReturnValue:
    """Answer to a link that opens nothing with the way to a new one."""
    return render_template("sign_in/spent.html"), 410

"""The way in of those who run events: a name and a password."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from matchmaker import clock
from matchmaker.extensions import limiter
from matchmaker.permissions import Caller, open_to
from matchmaker.services import sign_in as service
from matchmaker.web import signing
from matchmaker.web.conflicts import kept, status, troubles
from matchmaker.web.forms.sign_in import PasswordForm
from matchmaker.web.redirects import onward, safe_next

bp = Blueprint("staff", __name__)

FROM_ONE_PLACE = "60 per hour"


@bp.route("/staff/sign-in", methods=["GET", "POST"])
@open_to(Caller.ANYONE)
@limiter.limit(FROM_ONE_PLACE, methods=["POST"])
def sign_in() -> ResponseReturnValue:
    form = PasswordForm()
    found: list[int] = []
    if form.validate_on_submit() and kept(form, lambda: found.append(_checked(form))):
        signing.begin(found[0])
        return onward(url_for("organiser.index"))
    page = render_template("sign_in/staff.html", form=form, found=troubles(form), onward=safe_next())
    return page, status(form)


def _checked(form: PasswordForm) -> int:
    return service.check_password(form.login.data or "", form.password.data or "", now=clock.now())

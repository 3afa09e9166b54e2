"""The welcome desk and the organisers write for somebody, on the very pages that people have themselves."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker import clock
from matchmaker.permissions import Caller, open_to
from matchmaker.queries import access
from matchmaker.services import registration as service
from matchmaker.web import change, pens, profile, registration, requests, signing, times, wishes
from matchmaker.web.conflicts import kept, status, troubles
from matchmaker.web.forms.people import RegistrationForm

bp = Blueprint("acting", __name__, url_prefix="/o/<slug>/people")


@bp.route("/register", methods=["GET", "POST"])
@open_to(Caller.DESK)
def register(slug: str) -> ResponseReturnValue:
    """Register somebody with a new organisation, also when registration is over."""
    form = registration.registration_form()
    saved: list[int] = []
    if form.validate_on_submit() and kept(form, lambda: saved.append(_register(form))):
        flash(_("The person is registered."), "good")
        one = access.participation(g.event.id, saved[0])
        return redirect(url_for("acting.organisation", slug=slug, code=one.code), code=303)
    page = render_template("registration/register.html", form=form, found=troubles(form), known=None, by_staff=True)
    return page, status(form)


@bp.route("/<code>/profile", methods=["GET", "POST"], endpoint="profile")
@open_to(Caller.DESK)
def person(slug: str, code: str) -> ResponseReturnValue:  # noqa: ARG001 -- the gate has read it
    return profile.person_page(pens.lent(code))


@bp.route("/<code>/organisation", methods=["GET", "POST"])
@open_to(Caller.DESK)
def organisation(slug: str, code: str) -> ResponseReturnValue:  # noqa: ARG001
    return profile.organisation_page(pens.lent(code))


@bp.route("/<code>/times", methods=["GET", "POST"], endpoint="times")
@open_to(Caller.DESK)
def free_times(slug: str, code: str) -> ResponseReturnValue:  # noqa: ARG001
    return times.times_page(pens.lent(code))


@bp.post("/<code>/times/<int:session_id>")
@open_to(Caller.DESK)
def attend(slug: str, code: str, session_id: int) -> ResponseReturnValue:  # noqa: ARG001
    return times.attend_page(pens.lent(code), session_id)


@bp.route("/<code>/wishes", methods=["GET", "POST"], endpoint="wishes")
@open_to(Caller.DESK)
def wish_list(slug: str, code: str) -> ResponseReturnValue:  # noqa: ARG001
    return wishes.wishes_page(pens.lent(code))


@bp.post("/<code>/wishes/<wanted>")
@open_to(Caller.DESK)
def give(slug: str, code: str, wanted: str) -> ResponseReturnValue:  # noqa: ARG001
    return wishes.give_piece(pens.lent(code), wanted)


@bp.post("/<code>/wishes/<wanted>/move")
@open_to(Caller.DESK)
def move(slug: str, code: str, wanted: str) -> ResponseReturnValue:  # noqa: ARG001
    return wishes.move_piece(pens.lent(code), wanted)


@bp.get("/<code>/requests", endpoint="requests")
@open_to(Caller.DESK)
def request_list(slug: str, code: str) -> ResponseReturnValue:  # noqa: ARG001
    return requests.requests_page(pens.lent(code))


@bp.post("/<code>/requests/<asking>")
@open_to(Caller.DESK)
def reply(slug: str, code: str, asking: str) -> ResponseReturnValue:  # noqa: ARG001
    return requests.reply_piece(pens.lent(code), asking)


@bp.post("/<code>/requests/<wanted>/withdraw")
@open_to(Caller.DESK)
def withdraw(slug: str, code: str, wanted: str) -> ResponseReturnValue:  # noqa: ARG001
    return requests.withdraw_page(pens.lent(code), wanted)


@bp.route("/<code>/colleagues/new", methods=["GET", "POST"])
@open_to(Caller.DESK)
def colleague(slug: str, code: str) -> ResponseReturnValue:
    return registration.colleague_page(pens.lent(code), url_for("acting.profile", slug=slug, code=code))


@bp.route("/<code>/meetings/<meeting>", methods=["GET", "POST"], endpoint="change")
@open_to(Caller.DESK)
def change_meeting(slug: str, code: str, meeting: str) -> ResponseReturnValue:  # noqa: ARG001
    return change.change_page(change.for_other(pens.lent(code), meeting))


def _register(form: RegistrationForm) -> int:
    return service.register(
        g.event.id, registration.registration_of(form), now=clock.now(), actor_id=signing.account_id()
    )

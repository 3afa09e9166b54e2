"""Who wants whom, in numbers; the published table of weights; the few requests with priority."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.domain import scoring
from matchmaker.domain.wording import in_language
from matchmaker.permissions import Caller, open_to
from matchmaker.queries import capacity, demand, frame
from matchmaker.services import priorities
from matchmaker.web import incoming, languages
from matchmaker.web.acts import acted
from matchmaker.web.conflicts import kept, status, told, troubles
from matchmaker.web.forms.parts import ConfirmForm, options
from matchmaker.web.forms.settling import PriorityForm

bp = Blueprint("demand", __name__, url_prefix="/o/<slug>/wishes")

LISTED = 100
"""Organisations of one page, the most asked first."""


@bp.get("")
@open_to(Caller.VIEWER)
def index(slug: str) -> str:  # noqa: ARG001 -- the gate reads it
    """Show the wishes in numbers."""
    return _page(_form(formdata=None))


@bp.post("/priority")
@open_to(Caller.ORGANISER)
def mark(slug: str) -> ResponseReturnValue:
    """Give a request priority, with a reason."""
    form = _form()
    save = partial(priorities.mark, g.event.id, (form.one.data, form.other.data), form.reason.data or "", **acted())
    if form.validate_on_submit() and kept(form, save):
        flash(_("The request has priority; the reason is in the log."), "good")
        return redirect(url_for("demand.index", slug=slug), code=303)
    return _page(form), status(form)


@bp.post("/priority/remove")
@open_to(Caller.ORGANISER)
def unmark(slug: str) -> ResponseReturnValue:
    """Take a request's priority back."""
    pair = (request.form.get("one", ""), request.form.get("other", ""))
    told(ConfirmForm(), partial(priorities.unmark, g.event.id, pair, **acted()), _("The priority is taken back."))
    return redirect(url_for("demand.index", slug=slug), code=303)


def _page(form: PriorityForm) -> str:
    wishes, page = demand.demand(g.event.id), max(incoming.number("page", 1), 1)
    first = (page - 1) * LISTED
    return render_template(
        "organiser/demand.html",
        demand=wishes,
        wanted=wishes.wanted[first : first + LISTED],
        first=first + 1,
        page=page,
        room=capacity.room(g.event.id),
        scoring=scoring,
        marked=demand.with_priority(g.event.id),
        most=scoring.most_priorities(wishes.total),
        form=form,
        troubles=troubles(form),
    )


def _form(**kwargs: None) -> PriorityForm:
    form = PriorityForm(**kwargs)
    locale = languages.current()
    names = [(row.code, in_language(row.names, locale)) for row in frame.organisations(g.event.id)]
    form.one.choices = form.other.choices = options(sorted(names, key=lambda choice: choice[1]))
    return form

"""The archive: putting an event away, bringing it back, and having its personal data deleted at once."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker import clock
from matchmaker.permissions import Caller, open_to
from matchmaker.queries.deletion import is_due
from matchmaker.services import archives, deletion
from matchmaker.web.acts import acted
from matchmaker.web.conflicts import kept, status, told, troubles
from matchmaker.web.context import wall
from matchmaker.web.forms.archives import DeletionForm
from matchmaker.web.forms.parts import ConfirmForm

bp = Blueprint("archives", __name__, url_prefix="/o/<slug>/archive")


@bp.get("")
@open_to(Caller.OWNER)
def index(slug: str) -> str:  # noqa: ARG001 -- the gate reads it
    """Show whether the event is put away, and what can be done about it."""
    return _page(DeletionForm(formdata=None))


@bp.post("")
@open_to(Caller.OWNER)
def archive(slug: str) -> ResponseReturnValue:
    """Put the event away."""
    words = _("The event is archived. Only its owners see it from now on.")
    told(ConfirmForm(), partial(archives.archive, g.event.id, **acted()), words)
    return redirect(url_for("archives.index", slug=slug), code=303)


@bp.post("/restore")
@open_to(Caller.OWNER)
def restore(slug: str) -> ResponseReturnValue:
    """Bring the event back."""
    told(ConfirmForm(), partial(archives.restore, g.event.id, **acted()), _("The event is restored as it was."))
    return redirect(url_for("archives.index", slug=slug), code=303)


@bp.post("/delete-data")
@open_to(Caller.OWNER)
def delete_data(slug: str) -> ResponseReturnValue:
    """Have all personal data deleted, if the event's address was typed."""
    form = DeletionForm()
    if form.validate_on_submit() and kept(form, lambda: deletion.order(g.event.id, form.typed.data or "", **acted())):
        flash(_("All personal data of this event is being deleted."), "good")
        return redirect(url_for("archives.index", slug=slug), code=303)
    return _page(form), status(form)


def _page(form: DeletionForm) -> str:
    return render_template(
        "organiser/archive.html",
        form=form,
        troubles=troubles(form),
        is_over=all(day.day < wall().date() for day in g.event.days),
        is_due=is_due(g.event, clock.now()),
    )

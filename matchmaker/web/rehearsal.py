"""The rehearsal: an organiser has the whole event played on a copy, and reads what is to be mended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.domain import zones
from matchmaker.domain.wording import N_
from matchmaker.models import Rehearsal
from matchmaker.permissions import Caller, open_to
from matchmaker.queries import rehearsal_words, rehearsed, studies
from matchmaker.queries import rehearsals as queries
from matchmaker.services import rehearsals as service
from matchmaker.web.acts import acted
from matchmaker.web.conflicts import kept, status, troubles
from matchmaker.web.context import words
from matchmaker.web.forms.rehearsal import RehearsalForm

bp = Blueprint("rehearsal", __name__, url_prefix="/o/<slug>/rehearsal")

STEPS: Mapping[str, str] = {
    "": N_("It waits for the worker, and for what is being worked out before it."),
    "wishes": N_("Now: the wishes."),
    "run": N_("Now: the run."),
    "forecast": N_("Now: what one more table, slot or representative would bring."),
    "publishing": N_("Now: the provisional and the final agenda."),
    "day": N_("Now: the days of the event, slot by slot."),
    "figures": N_("Now: the figures."),
}
FAILURES: Mapping[str, str] = {
    "nothing": N_("There is nothing to play yet: it takes people, slots and tables."),
    "nothing_found": N_("No schedule was found in the time given. Ask again when the machine is less busy."),
    "conflict": N_("What is settled by hand contradicts itself, so that no schedule exists."),
    "memory": N_("It needed more memory than it may have. Close other programs or raise the limit."),
    "worker": N_("The program that works it out stopped meanwhile. Ask again."),
}
OTHERWISE = N_("The rehearsal could not be played to its end. The event is as it was; ask again.")


@bp.get("")
@open_to(Caller.VIEWER)
def show(slug: str) -> str:  # noqa: ARG001 -- the gate reads it
    """Show what the last rehearsal told, how far the next one is, and the form that asks for one."""
    return _page(_form(formdata=None))


@bp.post("")
@open_to(Caller.ORGANISER)
def ask(slug: str) -> ResponseReturnValue:
    """Have the event played as it now is."""
    form = _form()
    if form.validate_on_submit() and kept(form, lambda: service.ask(g.event.id, form.plan, **acted())):
        flash(_("The event is being played on a copy; the figures come to this page."), "good")
        return redirect(url_for("rehearsal.show", slug=slug), code=303)
    return _page(form), status(form)


def _page(form: RehearsalForm) -> str:
    shown = queries.shown(g.event.id)
    facts = shown.played.result if shown.played else None
    return render_template(
        "rehearsal/show.html",
        shown=shown,
        told=rehearsal_words.told(facts, studies.names(g.event.id)) if facts else None,
        form=form,
        troubles=troubles(form),
        steps=STEPS,
        failure=_(FAILURES.get(shown.latest.failure, OTHERWISE)) if shown.latest and shown.failed else "",
        moment=moment,
    )


def _form(**given: None) -> RehearsalForm:
    form = RehearsalForm(**given)
    halls = [(code, words(names)) for code, names in rehearsed.places(g.event.id)]
    form.place.choices = [("", _("The one with most meetings then")), *halls]
    return form


def moment(row: Rehearsal) -> dt.datetime:
    """Return when a rehearsal was asked for, on the event's clock."""
    return zones.wall(row.created_at, g.event.zone)

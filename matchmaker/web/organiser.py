"""An organiser's events, and the overview of one: where it stands and what to do next."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.domain import zones
from matchmaker.domain.formats import FORMATS, USUAL
from matchmaker.domain.phases import Step, by_itself
from matchmaker.domain.scoring import CLASS_LABELS
from matchmaker.domain.states import Phase, Role
from matchmaker.domain.wording import N_
from matchmaker.permissions import Caller, open_to
from matchmaker.queries import capacity, changes, clocks, days_out, demand, events, messages
from matchmaker.services import events as service
from matchmaker.web.acts import acted
from matchmaker.web.conflicts import kept, status, troubles
from matchmaker.web.context import wall
from matchmaker.web.forms.frame import ZONES, NewEventForm
from matchmaker.web.forms.parts import PhaseForm, options
from matchmaker.web.signing import account_id

bp = Blueprint("organiser", __name__, url_prefix="/o")

PHASES = {
    Phase.REGISTRATION: N_("Registration"),
    Phase.WISHES: N_("Wishes"),
    Phase.SCHEDULING: N_("Scheduling in progress"),
    Phase.PROVISIONAL: N_("Provisional agenda"),
    Phase.FINAL: N_("Final agenda"),
    Phase.ON_THE_DAY: N_("On the day"),
    Phase.AFTER: N_("After the event"),
}
NEXT = {
    Phase.REGISTRATION: N_(
        "People register and describe their organisation. Set up places and sessions meanwhile, then open the wishes."
    ),
    Phase.WISHES: N_(
        "Organisations say whom they want to meet. Remind those without wishes; at the deadline, go on to scheduling."
    ),
    Phase.SCHEDULING: N_("Wishes are closed. Start a run, compare the drafts, then publish the one you trust."),
    Phase.PROVISIONAL: N_(
        "People read their provisional agenda and answer. Mend what they report, then publish it as final."
    ),
    Phase.FINAL: N_("The agenda is final. Print the agendas and table cards the evening before."),
    Phase.ON_THE_DAY: N_("Meetings are held. The desk notes who came, and helps those who wait."),
    Phase.AFTER: N_("The event is over. Write the report; personal data is deleted on the announced day."),
}
ROLES = {
    Role.OWNER: N_("Owner"),
    Role.ORGANISER: N_("Organiser"),
    Role.DESK: N_("Welcome desk"),
    Role.VIEWER: N_("Reader"),
}
MOST_WANTED = 8


@bp.get("/")
@open_to(Caller.VIEWER)
def index() -> str:
    """List the events that the reader helps to run."""
    return render_template("organiser/index.html", mine=events.of_account(account_id()), phases=PHASES, roles=ROLES)


@bp.route("/new", methods=["GET", "POST"])
@open_to(Caller.ORGANISER)
def create() -> ResponseReturnValue:
    """Make an event; those who came by a participant's link make none."""
    events.refuse_without_password(account_id())
    form = NewEventForm()
    if "more" not in request.form and form.validate_on_submit():
        slug = (form.slug.data or "").strip()
        save = partial(service.create, form.frame(slug), tables=form.tables.data or 0, **acted())
        if kept(form, save):
            flash(_("The event is made. Bring in its people next, or let them register."), "good")
            return redirect(url_for("announcing.index", slug=slug), code=303)
    chosen = request.args.get("format", "")
    chosen = chosen if chosen in FORMATS else USUAL
    if not form.is_submitted():
        form.start_from(FORMATS[chosen])
    form.make_room()
    page = render_template(
        "organiser/frame.html",
        form=form,
        troubles=troubles(form),
        new=True,
        zones=ZONES,
        formats=FORMATS,
        chosen=chosen,
    )
    return page, status(form)


@bp.get("/<slug>/")
@open_to(Caller.VIEWER)
def overview(slug: str) -> str:  # noqa: ARG001 -- the gate reads it
    """Show where the event stands, in numbers."""
    people, _parties = events.people_count(g.event.id)
    wishes = demand.demand(g.event.id)
    return render_template(
        "organiser/overview.html",
        room=capacity.room(g.event.id),
        people=people,
        demand=wishes,
        wanted=wishes.wanted[:MOST_WANTED],
        held=messages.in_doubt(g.event.id),
        asked=changes.open_count(g.event.id),
        shift=clocks.shift(g.event),
        phases=PHASES,
        next_words=NEXT[g.event.phase],
        by_itself=_by_itself(),
        days_out=(told := days_out.of(g.event)),
        days_left=told.to_come(wall().date()),
        class_labels=CLASS_LABELS,
        form=_phase_form(),
        deleted_on=zones.wall(g.event.data_deleted_at, g.event.zone).date() if g.event.data_deleted_at else None,
    )


def _by_itself() -> Step | None:
    """Return the next phase that comes without anybody's doing."""
    steps = by_itself(g.event.phase, [day.day for day in g.event.days])
    return next((step for step in steps if step.since > wall()), None)


@bp.post("/<slug>/phase")
@open_to(Caller.ORGANISER)
def phase(slug: str) -> ResponseReturnValue:
    """Move the event to the phase chosen."""
    form = _phase_form()
    if form.validate_on_submit():
        service.set_phase(g.event.id, Phase(form.phase.data), **acted())
        flash(_("The phase is set. Every participant’s page says now what to do."), "good")
    return redirect(url_for("organiser.overview", slug=slug), code=303)


def _phase_form() -> PhaseForm:
    form = PhaseForm(phase=g.event.phase)
    form.phase.choices = options((phase.value, _(words)) for phase, words in PHASES.items())
    return form

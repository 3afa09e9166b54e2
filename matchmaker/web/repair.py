"""Something went wrong: the organiser says what, reads two or three ways to go on, and publishes one."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from matchmaker.domain.happening import together
from matchmaker.domain.states import UNDER_WAY, RunState
from matchmaker.models import EventSession
from matchmaker.permissions import Caller, open_to
from matchmaker.queries import agenda_rows
from matchmaker.queries import repairs as queries
from matchmaker.queries import runs as run_queries
from matchmaker.services import publishing
from matchmaker.services import repairs as service
from matchmaker.web import day_words, run_words
from matchmaker.web.acts import acted
from matchmaker.web.conflicts import kept, status, troubles
from matchmaker.web.context import isolated, long_day, wall, words
from matchmaker.web.forms.parts import options
from matchmaker.web.forms.repair import FORMS, ChooseForm

bp = Blueprint("repair", __name__, url_prefix="/o/<slug>/day/repair")


@bp.get("")
@open_to(Caller.ORGANISER)
def ask(slug: str) -> str:  # noqa: ARG001 -- the gate reads it
    """Show the forms in which to say what went wrong; a person may be named by the address."""
    return _page(_forms(formdata=None))


@bp.post("")
@open_to(Caller.ORGANISER)
def look(slug: str) -> ResponseReturnValue:
    """Look for ways to go on, and go to see them."""
    forms = _forms()
    form = forms.get(request.form.get("what", ""), forms["person"])
    number = 0

    def save() -> None:
        nonlocal number
        number = service.ask(g.event.id, form.happened(wall()), **acted())

    if form.validate_on_submit() and kept(form, save):
        return redirect(url_for("repair.show", slug=slug, number=number), code=303)
    return _page(forms, form), status(form)


@bp.get("/<int:number>")
@open_to(Caller.ORGANISER)
def show(slug: str, number: int) -> str:  # noqa: ARG001 -- the gate reads it
    """Show the ways that were found, each with what it changes and whom it concerns, or that they are looked for."""
    return _ways(number, ChooseForm(formdata=None))


@bp.post("/<int:number>")
@open_to(Caller.ORGANISER)
def publish(slug: str, number: int) -> ResponseReturnValue:
    """Publish the way whose button was pressed."""
    form = ChooseForm()
    run = queries.run(g.event.id, number)
    version = agenda_rows.last_version(g.event.id)
    way = next((one for one in queries.ways(run) if one.preview.draft.number == form.draft.data), None)
    if form.validate_on_submit() and way and version:
        expected = version.number  # whether the repair still fits it, the service knows
        act = partial(publishing.publish, g.event.id, way.preview.draft.number, version.kind, expected_version=expected)
        if kept(form, partial(act, **acted())):
            flash(_published(expected + 1, len(way.preview.told)), "good")
            return redirect(url_for("repair.ask", slug=slug), code=303)
    return _ways(number, form), status(form)


def _published(number: int, told: int) -> str:
    people = ngettext("%(num)s person gets a message", "%(num)s people get a message", told)
    return _("Version %(number)s is published: %(people)s.", number=number, people=people)


def _page(forms: dict[str, Any], chosen: Any = None) -> str:
    return render_template(
        "day/repair.html",
        forms=forms,
        chosen=chosen,
        troubles=troubles(chosen) if chosen else [],
        under_way=run_queries.under_way(g.event.id),
        latest=[(run, day_words.happened(run.happened or {}, g.event.id)) for run in queries.latest(g.event.id)],
        wall=wall(),
        say=run_words,
    )


def _ways(number: int, form: ChooseForm) -> str:
    run = queries.run(g.event.id, number)
    return render_template(
        "day/ways.html",
        run=run,
        live=run.state in UNDER_WAY,
        happened=day_words.happened(run.happened or {}, g.event.id),
        ways=queries.ways(run) if run.state is RunState.DONE else [],
        version=queries.published_from(run),
        form=form,
        troubles=troubles(form),
        say=run_words,
    )


def _forms(**kwargs: None) -> dict[str, Any]:
    """Return the three forms with what is still to come to choose from, today's first."""
    now = wall()
    found = queries.concerned(g.event.id, now)
    forms: dict[str, Any] = {name: kind(prefix=name, **kwargs) for name, kind in FORMS.items()}
    choose = ("", _("(choose)"))
    people = sorted((f"{words(one.organisation.names)} – {words(one.account.names)}", one.code) for one in found.people)
    parties = [(together(one.id), _whole(words(one.names), count)) for one, count in found.delegations]
    forms["person"].of.choices = options([choose, *parties, *((code, words_) for words_, code in people)])
    forms["place"].of.choices = options([choose, *((one.code, words(one.names)) for one in found.locations)])
    titles = [(str(one.id), _until(one)) for one in found.sessions]
    forms["session"].of.choices = options([choose, *titles])
    forms["session"].show(found.sessions)
    days = [one.day for one in g.event.days if one.day >= now.date()]
    for name in ("person", "place"):
        forms[name].day.choices = options([(day.isoformat(), long_day(day)) for day in days])
    if "formdata" in kwargs:
        forms["person"].of.data = request.args.get("person", "")
        forms["place"].start.data = now.time().replace(second=0, microsecond=0)
    return forms


def _whole(delegation: str, count: int) -> str:
    return ngettext("%(who)s: %(num)s person", "%(who)s: %(num)s people", count, who=isolated(delegation))


def _until(session: EventSession) -> str:
    return _("%(title)s, until %(time)s", title=words(session.titles), time=f"{session.end:%H:%M}")

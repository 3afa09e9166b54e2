"""Publishing: what would change and who would be told, then the one act that does it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker import clock
from matchmaker.domain.plain import isolated
from matchmaker.domain.states import Phase, VersionKind
from matchmaker.domain.wording import in_language
from matchmaker.extensions import current_settings
from matchmaker.permissions import Caller, open_to
from matchmaker.queries import days_out, sending, versions
from matchmaker.queries import publishing as queries
from matchmaker.services import publishing as service
from matchmaker.web import incoming, languages, pace
from matchmaker.web.acts import acted
from matchmaker.web.conflicts import kept, status, troubles
from matchmaker.web.context import long_day, wall
from matchmaker.web.forms.parts import options
from matchmaker.web.forms.runs import PublishForm

bp = Blueprint("publishing", __name__, url_prefix="/o/<slug>/drafts/<int:number>/publish")

BEFORE_FINAL = (Phase.REGISTRATION, Phase.WISHES, Phase.SCHEDULING)
LISTS = ("moved", "cancelled", "added", "told", "untold")
MOST = 60
"""Rows of one list on one page."""


class Turned(NamedTuple):
    """Which part of a list is shown, counted from 1; ``asked`` where somebody turned the page to it."""

    first: int
    last: int
    previous: str | None
    next: str | None
    asked: bool


@bp.get("")
@open_to(Caller.ORGANISER)
def preview(slug: str, number: int) -> str:  # noqa: ARG001 -- the gate reads it
    """Show what publishing a draft would change, and whom it would tell."""
    form = _form(formdata=None)
    usual = VersionKind.PROVISIONAL if g.event.phase in BEFORE_FINAL else VersionKind.FINAL
    asked = request.args.get("kind")
    form.kind.data = VersionKind(asked) if asked in set(VersionKind) else usual
    form.revision.data = versions.latest_number(g.event.id) or 0
    form.rest_on.data = _said(days_out.of_event(g.event.id).rest_on)
    return _page(form, number)


@bp.post("")
@open_to(Caller.ORGANISER)
def publish(slug: str, number: int) -> ResponseReturnValue:
    """Publish the draft, if the version the publisher saw is still the last."""
    form = _form()
    if form.validate_on_submit():
        expected = form.revision.data or None
        kind = VersionKind(form.kind.data or "")
        save = partial(service.publish, g.event.id, number, kind, draft_revision=form.draft_revision.data)
        if kept(
            form, partial(save, days=form.days.data, rest_on=form.rest_on.data, expected_version=expected, **acted())
        ):
            flash(
                _("Version %(number)s is published; the messages are on their way.", number=(expected or 0) + 1), "good"
            )
            return redirect(url_for("runs.index", slug=slug), code=303)
    return _page(form, number), status(form)


@bp.route("/letter", methods=["GET", "POST"])
@open_to(Caller.ORGANISER)
def letter(slug: str, number: int) -> ResponseReturnValue:
    """Show the preview with the message to one person as it would go out, the first if nobody is named."""
    form = _form()
    versions.draft(g.event.id, number)  # one that is not there leads nowhere
    if not form.validate_on_submit():
        return redirect(url_for("publishing.preview", slug=slug, number=number), code=303)
    person, kind = request.form.get("person", ""), VersionKind(form.kind.data or "")
    rehearse = partial(service.rehearse, days=form.days.data, rest_on=form.rest_on.data, now=clock.now())
    return _page(form, number, rehearse(g.event.id, number, kind, person))


def _form(**kwargs: None) -> PublishForm:
    """Return the form with the days chosen, by the form or the address: unless any are, those that are left."""
    form, found = PublishForm(**kwargs), days_out.of(g.event)
    form.days.choices = options([(day, _day(day, found.told)) for day in found.days])
    asked = {day for day in found.days if day.isoformat() in request.args.getlist("days")}
    form.days.data = form.days.data or sorted(asked) or list(found.usual)
    return form


def _said(rest_on: date | None) -> date | None:
    """Return the day on which the rest was said to come out, unless it is past."""
    return rest_on if rest_on and rest_on >= wall().date() else None


def _day(day: date, told: Collection[date]) -> str:
    return _("%(day)s (published)", day=long_day(day)) if day in told else long_day(day)


def _page(form: PublishForm, number: int, rehearsed: service.Rehearsed | None = None) -> str:
    kind = VersionKind(form.kind.data) if form.kind.data in set(VersionKind) else VersionKind.PROVISIONAL
    preview = queries.preview(g.event.id, number, kind, form.days.data)
    form.draft_revision.data = preview.draft.revision
    return render_template(
        "publishing/preview.html",
        form=form,
        troubles=troubles(form),
        kind=kind,
        preview=preview,
        parts={name: _turned(form, number, name, len(getattr(preview, name))) for name in LISTS},
        recipients=_recipients(preview.told),
        slow=_slow(len(preview.told)),
        rehearsed=rehearsed,
        direction_of=languages.direction,
        next_number=(form.revision.data or 0) + 1,
    )


def _recipients(told: Iterable[queries.Told]) -> list[tuple[str, str]]:
    """Return the code and the words of each, whose message can be read before it goes out."""
    locale, comma = languages.current(), _(", ")
    named = [(one.code, in_language(one.organisation, locale), in_language(one.names, locale)) for one in told]
    return [(code, f"{isolated(party, locale)}{comma}{isolated(name, locale)}") for code, party, name in named]


def _slow(messages: int) -> str:
    """Say when messages leave that are more than may leave at once, else nothing."""
    found = sending.pace(g.event, current_settings(), clock.now(), more=messages) if messages else None
    return pace.before(found) if found else ""


def _turned(form: PublishForm, number: int, name: str, total: int) -> Turned:
    last = max(1, -(-total // MOST))
    page = min(max(incoming.number(name, 1), 1), last)

    def at(page: int) -> str:
        days = [str(day) for day in form.days.data or ()]
        where: dict[str, Any] = {"kind": form.kind.data, "days": days, name: page}
        return url_for("publishing.preview", slug=g.event.slug, number=number, _anchor=name, **where)

    return Turned(
        first=(page - 1) * MOST + 1,
        last=min(page * MOST, total),
        previous=at(page - 1) if page > 1 else None,
        next=at(page + 1) if page < last else None,
        asked=name in request.args,
    )

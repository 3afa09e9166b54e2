"""My data: what is held about a person, to see, to take away and to delete; the organisers delete it for them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date

from flask import Blueprint, Response, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker import clock
from matchmaker.domain import zones
from matchmaker.domain.wording import N_
from matchmaker.errors import NotFound
from matchmaker.models import Consent
from matchmaker.permissions import Caller, open_to
from matchmaker.queries import people, personal_data
from matchmaker.services import deletion
from matchmaker.web import naming, pens, signing
from matchmaker.web.acts import acted
from matchmaker.web.forms.parts import ConfirmForm

bp = Blueprint("data", __name__)

PURPOSES = {
    "scheduling": N_("Scheduling of meetings"),
    "directory": N_("Name and role in the directory"),
    "contact": N_("Address and phone for those I meet"),
}


@bp.get("/e/<slug>/data")
@open_to(Caller.PARTICIPANT)
def own(slug: str) -> str:  # noqa: ARG001 -- the gate has read it
    """Show in short what is held, and the two ways on."""
    held = personal_data.summary(g.participation)
    return render_template(
        "data/show.html",
        pen=pens.own(),
        held=held,
        agreed=_agreed(held.consents),
        spoken=naming.listed(g.participation.languages),
    )


@bp.get("/e/<slug>/data/download")
@open_to(Caller.PARTICIPANT)
def download(slug: str) -> Response:
    """Give all of it in one file that people and programs can read."""
    found = personal_data.everything(g.event, g.participation.account_id, now=clock.now())
    text = json.dumps(found, ensure_ascii=False, indent=2)
    file = Response(text, mimetype="application/json")
    file.headers["Content-Disposition"] = f'attachment; filename="my-data-{slug}.json"'
    return file


@bp.route("/e/<slug>/data/delete", methods=["GET", "POST"])
@open_to(Caller.PARTICIPANT)
def delete(slug: str) -> ResponseReturnValue:  # noqa: ARG001 -- the gate has read it
    """Ask once, then delete; whoever has no other event here is signed out by it."""
    form = ConfirmForm()
    held = personal_data.summary(g.participation)
    if not form.validate_on_submit():
        return render_template("data/delete.html", pen=pens.own(), held=held)
    deletion.delete_person(g.event.id, g.participation.id, **acted())
    if not held.is_shared:
        signing.end()
    flash(_("Your data in this event is deleted."), "good")
    return redirect(url_for("home.index"), code=303)


@bp.route("/o/<slug>/people/<code>/delete", methods=["GET", "POST"])
@open_to(Caller.ORGANISER)
def delete_for(slug: str, code: str) -> ResponseReturnValue:
    """Delete a person's data as they asked, by letter or at the desk."""
    one = people.person(g.event.id, code)
    if one.deleted_at is not None:
        raise NotFound("participation", code)
    form = ConfirmForm()
    if not form.validate_on_submit():
        return render_template("organiser/delete_person.html", one=one, held=personal_data.summary(one))
    deletion.delete_person(g.event.id, one.id, **acted())
    flash(_("The person’s data is deleted."), "good")
    return redirect(url_for("people.person", slug=slug, code=code), code=303)


def _agreed(consents: Iterable[Consent]) -> list[tuple[str, date]]:
    """Return what was agreed to, in words, and on which day at the event."""
    return [
        (_(PURPOSES.get(consent.purpose, consent.purpose)), zones.wall(consent.given_at, g.event.zone).date())
        for consent in consents
    ]

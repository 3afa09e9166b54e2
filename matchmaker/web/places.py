"""Zones, walks, halls and stands."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.permissions import Caller, open_to
from matchmaker.queries import capacity, frame
from matchmaker.services import places
from matchmaker.web.acts import acted
from matchmaker.web.conflicts import kept, status, told, troubles
from matchmaker.web.context import words
from matchmaker.web.forms.choosing import slot_words
from matchmaker.web.forms.parts import ConfirmForm, options
from matchmaker.web.forms.places import PlaceForm, WalkForm, ZoneForm

bp = Blueprint("places", __name__, url_prefix="/o/<slug>/places")


@bp.get("")
@open_to(Caller.VIEWER)
def index(slug: str) -> str:  # noqa: ARG001 -- the gate reads it
    """Show the grounds, and the forms of zones and walks."""
    return _page(ZoneForm(formdata=None), _walk_form(formdata=None))


@bp.route("/new", methods=["GET", "POST"])
@open_to(Caller.ORGANISER)
def add(slug: str) -> ResponseReturnValue:
    """Add a hall or a stand."""
    form = _place_form()
    if form.validate_on_submit():
        save = partial(places.add_location, g.event.id, form.place(), **acted())
        if kept(form, save):
            flash(_("The place is added."), "good")
            return redirect(url_for("places.index", slug=slug), code=303)
    return render_template("organiser/place.html", form=form, troubles=troubles(form), location=None), status(form)


@bp.route("/<int:location_id>", methods=["GET", "POST"])
@open_to(Caller.ORGANISER)
def edit(slug: str, location_id: int) -> ResponseReturnValue:
    """Change a hall or a stand."""
    location = frame.location(g.event.id, location_id)
    form = _place_form()
    if not form.is_submitted():
        form.show(location)
    elif form.validate() and kept(
        form,
        lambda: places.change_location(g.event.id, location_id, form.place(), revision=form.seen, **acted()),
    ):
        flash(_("The place is saved."), "good")
        return redirect(url_for("places.index", slug=slug), code=303)
    page = render_template("organiser/place.html", form=form, troubles=troubles(form), location=location)
    return page, status(form)


@bp.post("/<int:location_id>/remove")
@open_to(Caller.ORGANISER)
def remove(slug: str, location_id: int) -> ResponseReturnValue:
    """Take a hall or a stand away, unless something is held there."""
    told(ConfirmForm(), partial(places.remove_location, g.event.id, location_id, **acted()), _("The place is removed."))
    return redirect(url_for("places.index", slug=slug), code=303)


@bp.post("/zones")
@open_to(Caller.ORGANISER)
def add_zone(slug: str) -> ResponseReturnValue:
    """Add a zone."""
    form = ZoneForm()
    code = (form.code.data or "").strip()
    if form.validate_on_submit() and kept(
        form, partial(places.add_zone, g.event.id, code, form.names.texts, **acted())
    ):
        flash(_("The zone is added."), "good")
        return redirect(url_for("places.index", slug=slug), code=303)
    return _page(form, _walk_form(formdata=None)), status(form)


@bp.post("/zones/<int:zone_id>/remove")
@open_to(Caller.ORGANISER)
def remove_zone(slug: str, zone_id: int) -> ResponseReturnValue:
    """Take a zone away, unless something is in it."""
    told(ConfirmForm(), partial(places.remove_zone, g.event.id, zone_id, **acted()), _("The zone is removed."))
    return redirect(url_for("places.index", slug=slug), code=303)


@bp.post("/walks")
@open_to(Caller.ORGANISER)
def walk(slug: str) -> ResponseReturnValue:
    """Say how long the walk between two zones takes."""
    form = _walk_form()
    pair = (form.one.data, form.other.data)
    if form.validate_on_submit() and kept(
        form, partial(places.set_walk, g.event.id, pair, form.minutes.data, **acted())
    ):
        flash(_("The walk is saved."), "good")
        return redirect(url_for("places.index", slug=slug), code=303)
    return _page(ZoneForm(formdata=None), form), status(form)


def _page(zone_form: ZoneForm, walk_form: WalkForm) -> str:
    zones = frame.zones(g.event.id)
    return render_template(
        "organiser/places.html",
        locations=frame.locations(g.event.id),
        zones=zones,
        zone_of={zone.id: zone for zone in zones},
        walks=frame.walks(g.event.id),
        room=capacity.room(g.event.id),
        zone_form=zone_form,
        walk_form=walk_form,
        troubles=[*troubles(zone_form), *troubles(walk_form)],
    )


def _walk_form(**kwargs: None) -> WalkForm:
    form = WalkForm(prefix="walk", **kwargs)
    form.one.choices = form.other.choices = options((zone.id, words(zone.names)) for zone in frame.zones(g.event.id))
    return form


def _place_form() -> PlaceForm:
    form = PlaceForm()
    zones = [(zone.id, words(zone.names)) for zone in frame.zones(g.event.id)]
    form.zone_id.choices = options([(0, _("(none)")), *zones])
    form.owner_ids.choices = options((row.id, words(row.names)) for row in frame.organisations(g.event.id))
    form.closed_slot_ids.choices = options((slot.id, slot_words(slot)) for slot in frame.slots(g.event.id))
    return form

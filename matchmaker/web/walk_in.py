"""Somebody comes without being registered: one form, then the places that are free for them, taken by one tap."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.domain.states import Locale
from matchmaker.errors import NotFound
from matchmaker.models import Location, Participation
from matchmaker.permissions import Caller, open_to
from matchmaker.queries import access, agenda_rows, day, links, people
from matchmaker.queries import standby as queries
from matchmaker.queries import walk_in as guests
from matchmaker.queries.day import Person
from matchmaker.queries.taxonomy import taxonomy
from matchmaker.scheduling import standby
from matchmaker.scheduling.standby import Guest, Hole
from matchmaker.services import walk_in as service
from matchmaker.services.standby import Where
from matchmaker.services.walk_in import Chosen
from matchmaker.web import naming
from matchmaker.web.acts import acted
from matchmaker.web.conflicts import kept, status, told, troubles
from matchmaker.web.context import isolated, wall, words
from matchmaker.web.forms.parts import ConfirmForm, options
from matchmaker.web.forms.walk_in import WalkInForm, in_its_script

bp = Blueprint("walk_in", __name__, url_prefix="/o/<slug>/day/walk-in")

MOST = 5
"""So many places are proposed at once."""


class Proposed(NamedTuple):
    """A place for the guest: whom they would meet there; ``value`` is what its tick sends."""

    value: str
    person: Person
    hole: Hole
    location: Location


@bp.route("", methods=["GET", "POST"])
@open_to(Caller.DESK)
def register(slug: str) -> ResponseReturnValue:
    """Enter somebody as arrived, and go to what is free for them."""
    form = WalkInForm()
    form.languages.choices = options(naming.spoken())
    offered = guests.offered(g.event.id)
    form.needs.choices = options(
        (code, words(dict(topic.names))) for code, topic in taxonomy().topics.items() if code in offered
    )
    saved: list[int] = []
    if form.validate_on_submit() and kept(form, lambda: saved.append(_register(form))):
        flash(_("Registered, and noted as arrived."), "good")
        one = access.participation(g.event.id, saved[0])
        return redirect(url_for("walk_in.places", slug=slug, code=one.code), code=303)
    names = sorted({words(names) for names in guests.organisations(g.event.id)})
    return render_template("day/walk_in.html", form=form, found=troubles(form), organisations=names), status(form)


@bp.get("/<code>")
@open_to(Caller.DESK)
def places(slug: str, code: str) -> str:  # noqa: ARG001 -- the gate reads it
    """Show somebody's link as a code, and the places that can be taken for them together."""
    one = people.person(g.event.id, code)
    return render_template(
        "day/places.html", one=one, proposed=list(_proposed(one)), address=links.agenda_url(one), wall=wall()
    )


@bp.post("/<code>")
@open_to(Caller.DESK)
def take(slug: str, code: str) -> ResponseReturnValue:
    """Take the places that are ticked, all or none."""
    one = people.person(g.event.id, code)
    chosen = [_chosen(value) for value in request.form.getlist("place")]
    silent: list[int] = []

    def act() -> None:
        silent.extend(service.take(g.event.id, one.id, chosen, **acted()))

    if chosen and told(ConfirmForm(), act, _("Taken: the places stand in the agendas of both sides.")) and silent:
        names = day.people(g.event.id)
        who = _(", ").join(words(names[id_].names) for id_ in dict.fromkeys(silent) if id_ != one.id)
        if who:
            flash(isolated(_("Tell by word of mouth: %(who)s", who=who)), "wait")
    return redirect(url_for("walk_in.places", slug=slug, code=code), code=303)


def _register(form: WalkInForm) -> int:
    guest = service.Guest(
        names=in_its_script(form.name.data or ""),
        organisation=in_its_script(form.organisation.data or ""),
        languages=tuple(form.languages.data or ()),
        email=form.email.data or None,
        phone=form.phone.data or None,
        locale=Locale(form.locale.data),
        needs=frozenset(form.needs.data or ()),
        consents=frozenset({"scheduling"}),
    )
    return service.register(g.event.id, guest, **acted())


def _proposed(one: Participation) -> Iterator[Proposed]:
    """Yield places that can all be taken: with those they wish for, or who wish for them, then with those who fit."""
    if agenda_rows.last_version(g.event.id) is None:
        return
    own = one.organisation_id
    fitting = list(dict.fromkeys([*guests.wished(one.organisation), *guests.fitting(one.organisation)]))
    board = standby.board(g.event.id, queries.arrived(g.event.id), Guest(one.id, own, tuple(fitting)))
    if board is None:
        return
    gone, order = queries.given_up(g.event.id), {id_: number for number, id_ in enumerate(fitting)}
    theirs = [row for row in board.wanted if own in {row.first_id, row.second_id} and row.request_id not in gone]
    theirs.sort(key=lambda row: (row.request_id < 0, order.get(row.other(own), 0) if row.request_id < 0 else 0))
    left = {slot.id for slot in queries.open_slots(queries.slots(g.event.id, wall().date()), wall())}
    yield from _shown(one, board.filled(theirs, left, MOST))


def _shown(one: Participation, holes: Sequence[Hole]) -> Iterator[Proposed]:
    everybody, locations = day.people(g.event.id), queries.locations(g.event.id)
    codes = guests.codes(g.event.id)
    for hole in sorted(holes, key=lambda hole: hole.start):
        other = next(everybody[id_] for id_ in hole.place.people if id_ != one.id)
        place = hole.place
        parts = (codes[other.organisation_id], place.slot_id, place.location_id, place.table)
        yield Proposed(":".join(map(str, parts)), other, hole, locations[place.location_id])


def _chosen(value: str) -> Chosen:
    organisation, _colon, rest = value.partition(":")
    numbers = [int(part) for part in rest.split(":") if part.isascii() and part.isdecimal() and len(part) < 10]
    if len(numbers) != len(Where._fields):
        raise NotFound("place", value)
    return Chosen(organisation, Where(*numbers))

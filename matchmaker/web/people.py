"""The people of an event: the list, and what an organiser settles for one of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from io import BytesIO
from typing import Any

import segno
from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.domain import zones
from matchmaker.domain.states import Channel, Role
from matchmaker.domain.wording import N_
from matchmaker.models import Delegation, Participation
from matchmaker.permissions import Caller, open_to
from matchmaker.queries import frame, links, taxonomy
from matchmaker.queries import people as found
from matchmaker.services import links as personal_links
from matchmaker.services import people
from matchmaker.web import naming
from matchmaker.web.acts import acted
from matchmaker.web.conflicts import kept, status, told, troubles
from matchmaker.web.context import words
from matchmaker.web.forms.choosing import slot_words
from matchmaker.web.forms.parts import ConfirmForm, RevisedForm, options
from matchmaker.web.forms.settling import (
    DelegationForm,
    HostingForm,
    JoinForm,
    LimitsForm,
    ProtocolForm,
    WindowForm,
)
from matchmaker.web.incoming import number
from matchmaker.web.sections import leads_somewhere

bp = Blueprint("people", __name__, url_prefix="/o/<slug>/people")

CHANNELS = {Channel.MAIL: N_("by e-mail"), Channel.PHONE: N_("by phone"), Channel.PAPER: N_("on paper")}
ONLY = {
    found.Only.ALL: N_("All people"),
    found.Only.SILENT: N_("No wishes yet"),
    found.Only.NO_MAIL: N_("No e-mail"),
    found.Only.WITHDRAWN: N_("Withdrawn"),
}
ACTING = (
    ("profile", N_("Fill in the profile")),
    ("organisation", N_("Fill in the organisation")),
    ("times", N_("Mark times")),
    ("wishes", N_("Enter wishes")),
)
"""Pages on which staff act for a person, where that part of the house is there."""


@bp.get("")
@open_to(Caller.VIEWER)
def index(slug: str) -> str:  # noqa: ARG001 -- the gate reads it
    """List the people, narrowed by words and by what is missing."""
    search = request.args.get("q", "")[:100]
    only = found.Only(request.args["only"]) if request.args.get("only") in set(found.Only) else found.Only.ALL
    page = max(number("page", 1), 1)
    return render_template(
        "organiser/people.html",
        shown=found.found(g.event.id, search, only, page),
        search=search,
        only=only,
        filters=ONLY,
        page=page,
        size=found.PAGE,
        register=_register_address(),
    )


@bp.get("/<code>")
@open_to(Caller.VIEWER)
def person(slug: str, code: str) -> str:  # noqa: ARG001 -- the gate reads it
    """Show one person, and the forms of what can be settled for them."""
    one = found.person(g.event.id, code)
    return _page(one)


@bp.get("/<code>/qr.svg")
@open_to(Caller.DESK)
def qr(slug: str, code: str) -> Response:  # noqa: ARG001 -- the gate reads it
    """Draw the personal link as a QR code."""
    drawing = BytesIO()
    segno.make(links.agenda_url(found.person(g.event.id, code)), error="m").save(drawing, kind="svg", scale=4, border=2)
    return Response(drawing.getvalue(), mimetype="image/svg+xml")


@bp.post("/<code>/limits")
@open_to(Caller.ORGANISER)
def limits(slug: str, code: str) -> ResponseReturnValue:
    """Give the person limits of their own."""
    one = found.person(g.event.id, code)
    form = _limits_form(one)
    if form.validate_on_submit() and kept(
        form, lambda: people.set_limits(g.event.id, one.id, form.limits(), revision=form.seen, **acted())
    ):
        return _back(slug, code, _("The limits are saved."))
    return _page(one, limits_form=form), status(form)


@bp.post("/<code>/protocol")
@open_to(Caller.ORGANISER)
def protocol(slug: str, code: str) -> ResponseReturnValue:
    """Settle what protocol asks for the person."""
    one = found.person(g.event.id, code)
    form = _protocol_form(one)
    if form.validate_on_submit() and kept(
        form, lambda: people.set_protocol(g.event.id, one.id, form.protocol(), revision=form.seen, **acted())
    ):
        return _back(slug, code, _("The protocol is settled."))
    return _page(one, protocol_form=form), status(form)


@bp.post("/<code>/hosting")
@open_to(Caller.ORGANISER)
def hosting(slug: str, code: str) -> ResponseReturnValue:
    """Settle the type of the person's organisation, and how it receives."""
    one = found.person(g.event.id, code)
    form = _hosting_form(one)
    if form.validate_on_submit() and kept(form, lambda: _host(one, form.hosting(_windows(one)), form.seen)):
        return _back(slug, code, _("The organisation is saved."))
    return _page(one, hosting_form=form), status(form)


@bp.post("/<code>/window")
@open_to(Caller.ORGANISER)
def window(slug: str, code: str) -> ResponseReturnValue:
    """Keep a slot of the host for one theme, or, if it is kept already, for it no more."""
    one = found.person(g.event.id, code)
    form = _window_form()
    if form.validate_on_submit():
        changed = _windows(one) ^ {(form.slot_id.data, form.topic.data)}
        organisation = one.organisation
        given = people.Hosting(
            type_id=organisation.type_id,
            is_host=organisation.is_host,
            meeting_slots=organisation.meeting_slots,
            listed=organisation.listed,
            windows=frozenset(changed),
        )
        told(form, lambda: _host(one, given, organisation.revision), _("The slots are saved."))
    return redirect(url_for("people.person", slug=slug, code=code), code=303)


@bp.post("/<code>/delegation")
@open_to(Caller.ORGANISER)
def delegation(slug: str, code: str) -> ResponseReturnValue:
    """Put the organisation into a delegation, or out of it."""
    one = found.person(g.event.id, code)
    form = _delegation_form(one, found.delegations(g.event.id))
    chosen = form.delegation_id.data or None
    return _act(slug, one, form, partial(people.join_delegation, g.event.id, one.organisation_id, chosen), _("Saved."))


@bp.post("/<code>/join")
@open_to(Caller.ORGANISER)
def join(slug: str, code: str) -> ResponseReturnValue:
    """Move the person to another organisation, by its code."""
    one = found.person(g.event.id, code)
    form = JoinForm()
    move = partial(people.join_organisation, g.event.id, one.id, form.organisation_code.data or "")
    return _act(slug, one, form, move, _("The person has moved to the other organisation."))


@bp.post("/<code>/withdraw")
@open_to(Caller.ORGANISER)
def withdraw(slug: str, code: str) -> ResponseReturnValue:
    """Take the person out of the event."""
    one = found.person(g.event.id, code)
    return _act(slug, one, ConfirmForm(), partial(people.withdraw, g.event.id, one.id), _("The person has withdrawn."))


@bp.post("/<code>/readmit")
@open_to(Caller.ORGANISER)
def readmit(slug: str, code: str) -> ResponseReturnValue:
    """Let the person take part again."""
    one = found.person(g.event.id, code)
    return _act(
        slug, one, ConfirmForm(), partial(people.readmit, g.event.id, one.id), _("The person takes part again.")
    )


@bp.post("/<code>/link")
@open_to(Caller.DESK)
def renew_link(slug: str, code: str) -> ResponseReturnValue:
    """Make the person's links new; the old ones open nothing."""
    one = found.person(g.event.id, code)
    renewed = _("The link is new; the old one opens nothing any more.")
    return _act(slug, one, ConfirmForm(), partial(personal_links.renew, one.id), renewed)


def _act(slug: str, one: Participation, form: Any, act: Callable[..., object], words_then: str) -> ResponseReturnValue:
    code = one.code
    told(form, partial(act, **acted()), words_then)
    return redirect(url_for("people.person", slug=slug, code=code), code=303)


def _host(one: Participation, given: people.Hosting, revision: int) -> None:
    people.set_hosting(g.event.id, one.organisation_id, given, revision=revision, **acted())


def _back(slug: str, code: str, words_then: str) -> ResponseReturnValue:
    flash(words_then, "good")
    return redirect(url_for("people.person", slug=slug, code=code), code=303)


def _page(one: Participation, **sent: RevisedForm) -> str:
    """Show the person; ``sent`` is the form that came back, by its name."""
    forms: dict[str, RevisedForm] = {
        "limits_form": _limits_form(one, formdata=None),
        "protocol_form": _protocol_form(one, formdata=None),
        "hosting_form": _hosting_form(one, formdata=None),
        **sent,
    }
    together = found.delegations(g.event.id)
    may_help = g.role is not Role.VIEWER and one.deleted_at is None
    link = links.agenda_url(one) if may_help else ""
    return render_template(
        "organiser/person.html",
        one=one,
        deleted_on=zones.wall(one.deleted_at, g.event.zone).date() if one.deleted_at else None,
        channels=CHANNELS,
        spoken=naming.listed(one.languages),
        link=link,
        acting=_acting(one) if may_help else [],
        seats=found.sessions_of(one.id),
        windows=[(slot, words(topic.names)) for slot, topic in _window_rows(one)],
        **forms,
        window_form=_window_form(formdata=None),
        delegation=next((row for row in together if row.id == one.organisation.delegation_id), None),
        delegation_form=_delegation_form(one, together, formdata=None),
        join_form=JoinForm(formdata=None),
        troubles=[trouble for form in forms.values() for trouble in troubles(form)],
    )


def _acting(one: Participation) -> list[tuple[str, str]]:
    paths = [(f"/o/{g.event.slug}/people/{one.code}/{page}", label) for page, label in ACTING]
    return [(path, _(label)) for path, label in paths if leads_somewhere(path)]


def _register_address() -> str:
    path = f"/o/{g.event.slug}/people/register"
    return path if g.role is not Role.VIEWER and leads_somewhere(path) else ""


def _limits_form(one: Participation, **kwargs: None) -> LimitsForm:
    form = LimitsForm(prefix="limits", **kwargs)
    places = [(place.id, words(place.names)) for place in frame.locations(g.event.id)]
    form.location_id.choices = options([(0, _("(anywhere)")), *places])
    if not form.is_submitted() or kwargs:
        form.show(one)
    return form


def _protocol_form(one: Participation, **kwargs: None) -> ProtocolForm:
    form = ProtocolForm(prefix="protocol", **kwargs)
    if not form.is_submitted() or kwargs:
        form.show(one)
    return form


def _hosting_form(one: Participation, **kwargs: None) -> HostingForm:
    form = HostingForm(prefix="hosting", **kwargs)
    types = [(row.id, words(row.names)) for row, _count in frame.types(g.event.id)]
    form.type_id.choices = options([(0, _("(none)")), *types])
    if not form.is_submitted() or kwargs:
        form.show(one.organisation)
    return form


def _window_form(**kwargs: None) -> WindowForm:
    form = WindowForm(prefix="window", **kwargs)
    form.slot_id.choices = options((slot.id, slot_words(slot)) for slot in frame.slots(g.event.id))
    form.topic.choices = options((topic.code, words(topic.names)) for topic in taxonomy.taxonomy().topics.values())
    return form


def _delegation_form(one: Participation, together: Sequence[Delegation], **kwargs: None) -> DelegationForm:
    form = DelegationForm(prefix="delegation", **kwargs)
    form.delegation_id.choices = options([(0, _("(none)")), *((row.id, words(row.names)) for row in together)])
    if not form.is_submitted() or kwargs:
        form.delegation_id.data = one.organisation.delegation_id or 0
    return form


def _windows(one: Participation) -> frozenset[tuple[int, str]]:
    return frozenset((row.slot_id, row.topic) for row in found.windows_of(one.organisation_id))


def _window_rows(one: Participation) -> list[tuple[Any, Any]]:
    """Return the slots that a host keeps, each with its topic, in the order of time."""
    slots = {slot.id: slot for slot in frame.slots(g.event.id)}
    topics = taxonomy.taxonomy().topics
    rows = [(slots[slot_id], topics[code]) for slot_id, code in _windows(one) if code in topics]
    return sorted(rows, key=lambda row: (row[0].day, row[0].start))

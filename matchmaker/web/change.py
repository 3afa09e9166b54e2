"""Changing a published meeting that has not begun: signed in, by personal link, by staff or a head for somebody."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from matchmaker import clock
from matchmaker.domain import zones
from matchmaker.domain.links import Purpose
from matchmaker.domain.states import ChangeAsked
from matchmaker.domain.wording import in_language
from matchmaker.errors import NotFound
from matchmaker.models import Participation, PublishedMeeting
from matchmaker.permissions import Caller, open_to
from matchmaker.queries import agenda_words, changes, delegation
from matchmaker.queries.agenda import meeting_told
from matchmaker.queries.free import takers
from matchmaker.queries.home import colleagues as colleagues_of
from matchmaker.services import changes as service
from matchmaker.services import handing_over
from matchmaker.web import doors, languages, pens, phases
from matchmaker.web.conflicts import kept, status, troubles
from matchmaker.web.forms.change import AddForm, AskForm, CancelForm, HandForm, TakeBackForm
from matchmaker.web.forms.parts import options
from matchmaker.web.pens import Hand, Pen

bp = Blueprint("change", __name__)

DONE: Mapping[str, Any] = {
    "hand": lazy_gettext("Done: your colleague is told, and the other side sees the name."),
    "add": lazy_gettext("Done: your colleague is told, and the other side sees the name."),
    "cannot": lazy_gettext("The organiser has your request. The meeting stands as it is until you are told."),
    "cancel": lazy_gettext("The organiser has your request. The meeting stands as it is until you are told."),
    "take_back": lazy_gettext("Your request is taken back."),
}
"""What is said once each choice is made."""


class Opened(NamedTuple):
    """A meeting opened for change: ``pen`` says who acts for whom, ``back`` where they came from."""

    pen: Pen
    meeting: PublishedMeeting
    address: str
    back: str
    by_link: bool = False

    @property
    def attends(self) -> bool:
        return self.pen.participation.id in {seat.participation_id for seat in self.meeting.attendances}

    @property
    def party(self) -> list[Participation]:
        """Those of the person's organisation who attend."""
        people = [seat.participation for seat in self.meeting.attendances]
        return [one for one in people if one.organisation_id == self.pen.participation.organisation_id]

    @property
    def can_change(self) -> bool:
        in_force = g.event.phase in changes.IN_FORCE or self.pen.by_staff
        return in_force and bool(self.party) and not changes.is_over(self.meeting, g.event, clock.now())


@bp.route("/e/<slug>/meetings/<meeting>/change", methods=["GET", "POST"])
@open_to(Caller.PARTICIPANT)
def own(slug: str, meeting: str) -> ResponseReturnValue:
    """Open a meeting of one's own, or of a colleague."""
    pen = pens.own()
    found = changes.of_party(g.event.id, meeting, pen.participation.organisation_id)
    opened = Opened(pen, found, pen.url("change", meeting=meeting), url_for("agenda.own", slug=slug))
    return change_page(opened if opened.attends else opened._replace(back=url_for("change.colleagues", slug=slug)))


@bp.route("/a/<token>/meetings/<meeting>/change", methods=["GET", "POST"])
@open_to(Caller.LINK)
def by_link(token: str, meeting: str) -> ResponseReturnValue:
    """Open a meeting of the link's own person, and no other."""
    person = doors.opened(token, Purpose.AGENDA)
    found = changes.of_party(person.event_id, meeting, person.organisation_id)
    pen = Pen(person, person.account_id, Hand.OWN)
    address = url_for("change.by_link", token=token, meeting=meeting)
    opened = Opened(pen, found, address, url_for("agenda.by_link", token=token), by_link=True)
    if not opened.attends:
        raise NotFound("meeting", meeting)
    return change_page(opened)


@bp.get("/e/<slug>/agenda/colleagues")
@open_to(Caller.PARTICIPANT)
def colleagues(slug: str) -> str:  # noqa: ARG001 -- the gate has read it
    """Show the meetings of everybody of the reader's organisation, who may take them from each other."""
    pen = pens.own()
    return render_template(
        "delegation/colleagues.html",
        pen=pen,
        party=delegation.party(pen.participation.organisation, zones.wall(clock.now(), g.event.zone)),
        say=agenda_words,
        may_change=g.event.phase in changes.IN_FORCE,
    )


def for_other(pen: Pen, meeting: str) -> Opened:
    """Open a meeting of the person for whom somebody writes.

    Raises
    ------
    NotFound
        If it is none of their organisation's.
    """
    found = changes.of_party(g.event.id, meeting, pen.participation.organisation_id)
    back = pen.home if pen.hand is Hand.HEAD else url_for("changes.index", slug=g.event.slug)
    return Opened(pen, found, pen.url("change", meeting=meeting), back)


def change_page(opened: Opened) -> ResponseReturnValue:
    """Show what can be changed, one form for each, or do what was chosen."""
    person = opened.pen.participation
    last = changes.last(person.id, opened.meeting.request_id)
    free = takers(opened.meeting, person.organisation_id) if opened.can_change else []
    forms = _forms(opened, free)
    chosen = request.form.get("choice", "")
    form = forms.get(chosen)
    if form is not None and form.validate_on_submit() and kept(form, _acts(opened, forms)[chosen]):
        flash(str(DONE[chosen]), "good")
        # Who has handed a meeting over by link has no page of it any more.
        return redirect(opened.address if chosen == "take_back" else opened.back, code=303)
    page = render_template(
        "change/show.html",
        opened=opened,
        pen=None if opened.by_link else opened.pen,
        meeting=meeting_told(opened.meeting, person),
        last=last,
        forms=forms,
        free=free,
        chosen=form,
        found=troubles(form) if form is not None and request.method == "POST" else [],
        window=phases.window(g.event),
        say=agenda_words,
    )
    return page, _status(form)


def _status(form: Any) -> int:
    if request.method == "GET":
        return 200
    return status(form) if form is not None else 422


def _forms(opened: Opened, free: Sequence[Participation]) -> dict[str, Any]:
    """Return a form for each choice that there is, by its name."""
    forms: dict[str, Any] = {"take_back": TakeBackForm(prefix="take_back")}
    if not opened.can_change:
        return forms
    forms |= {"hand": HandForm(prefix="hand"), "add": AddForm(prefix="add")}
    forms["hand"].takes.choices = forms["add"].takes.choices = options([("", _("(choose)")), *_named(free)])
    forms["hand"].gives.choices = options([("", _("(choose)")), *_named(opened.party)])
    if opened.attends or len(opened.party) == 1:
        del forms["hand"].gives
    if opened.attends:
        forms |= {"cannot": AskForm(prefix="cannot"), "cancel": CancelForm(prefix="cancel")}
    return forms


def _named(people: Sequence[Participation]) -> list[tuple[str, str]]:
    return [(one.code, in_language(one.account.names, languages.current())) for one in people]


def _acts(opened: Opened, forms: Mapping[str, Any]) -> Mapping[str, Callable[[], None]]:
    """Return what each choice does."""
    pen, code = opened.pen, opened.meeting.request.code
    person = pen.participation
    by: dict[str, Any] = {"actor_id": pen.actor_id, "now": clock.now()}

    def hand() -> None:
        form = forms["hand"]
        gives = _colleague(person, form.gives.data) if "gives" in form else _giver(opened).id
        handing_over.hand_over(g.event.id, code, gives, _colleague(person, form.takes.data), **by)

    def add() -> None:
        takes = _colleague(person, forms["add"].takes.data)
        handing_over.add(g.event.id, code, person.organisation_id, takes, **by)

    def cancel() -> None:
        form = forms["cancel"]
        words, withdraw = form.words.data or "", form.withdraw.data
        service.ask(g.event.id, code, person.id, ChangeAsked.CANCEL, words, withdraw=withdraw, **by)

    def cannot() -> None:
        service.ask(g.event.id, code, person.id, ChangeAsked.CANNOT, forms["cannot"].words.data or "", **by)

    take_back = partial(service.take_back, g.event.id, code, person.id, **by)
    return {"hand": hand, "add": add, "cancel": cancel, "cannot": cannot, "take_back": take_back}


def _giver(opened: Opened) -> Participation:
    return opened.pen.participation if opened.attends else opened.party[0]


def _colleague(person: Participation, code: str) -> int:
    """Return the id of somebody of the person's organisation; whether they are free is the service's to judge."""
    found = {one.code: one.id for one in colleagues_of(person.organisation_id)}
    if code not in found:
        raise NotFound("participation", code)
    return found[code]

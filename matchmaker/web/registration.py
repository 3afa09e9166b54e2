"""Registering for an event, and adding a colleague."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker import clock
from matchmaker.domain import zones
from matchmaker.domain.states import Channel, Locale
from matchmaker.domain.wording import in_language
from matchmaker.extensions import limiter
from matchmaker.models import Account, Event
from matchmaker.permissions import Caller, open_to
from matchmaker.queries import access, home
from matchmaker.services import registration
from matchmaker.services.registration import Colleague, Registration
from matchmaker.web import languages, naming, pens, signing
from matchmaker.web.conflicts import kept, status, troubles
from matchmaker.web.forms.parts import options
from matchmaker.web.forms.people import ColleagueForm, RegistrationForm
from matchmaker.web.pens import Pen

bp = Blueprint("registration", __name__)

FROM_ONE_PLACE = "60 per hour"
"""Many register behind one address of a chamber's network; a machine that fills the list is slowed down."""


@bp.route("/e/<slug>/register", methods=["GET", "POST"])
@open_to(Caller.ANYONE)
@limiter.limit(FROM_ONE_PLACE, methods=["POST"])
def register(slug: str) -> ResponseReturnValue:
    known = _signed_in()
    if known and home.takes_part(g.event.id, known.id):
        return redirect(url_for("events.show", slug=slug), code=303)
    if not is_open(g.event):
        return render_template("registration/closed.html"), 200
    form = registration_form(known)
    saved: list[int] = []
    if form.validate_on_submit() and kept(form, lambda: saved.append(_register(form, known))):
        signing.begin(access.participation(g.event.id, saved[0]).account_id)
        flash(_("You are registered and signed in. Nothing is reserved before the schedule is made."), "good")
        return redirect(url_for("events.show", slug=slug), code=303)
    page = render_template("registration/register.html", form=form, found=troubles(form), known=known)
    return page, status(form)


@bp.route("/e/<slug>/colleagues/new", methods=["GET", "POST"])
@open_to(Caller.PARTICIPANT)
def colleague(slug: str) -> ResponseReturnValue:
    return colleague_page(pens.own(), url_for("events.show", slug=slug))


def colleague_page(pen: Pen, back: str) -> ResponseReturnValue:
    form = ColleagueForm()
    form.languages.choices = options(naming.spoken())
    organisation = pen.participation.organisation
    if form.validate_on_submit() and kept(
        form,
        lambda: registration.add_colleague(
            organisation.id, Colleague(**person_of(form)), now=clock.now(), actor_id=pen.actor_id
        ),
    ):
        flash(_("Your colleague is registered and will be told how to sign in."), "good")
        return redirect(back, code=303)
    page = render_template(
        "registration/colleague.html", form=form, found=troubles(form), pen=pen, organisation=organisation, back=back
    )
    return page, status(form)


def is_open(event: Event) -> bool:
    if event.wishes_close_at and clock.now() >= zones.instant(event.wishes_close_at, event.zone):
        return False
    return event.phase in registration.OPEN


def registration_form(known: Account | None = None) -> RegistrationForm:
    """Return the form of the event; who is signed in need not say again who they are."""
    form = RegistrationForm()
    form.languages.choices = options(naming.spoken())
    form.country.choices = options(naming.countries())
    kinds = home.types(g.event.id)
    form.type_code.choices = options([("", _("I do not know")), *((kind.code, _words(kind.names)) for kind in kinds)])
    if not kinds:
        del form.type_code
    if known:
        for name in ("names", "email", "phone", "locale"):
            delattr(form, name)
    return form


def registration_of(form: RegistrationForm, known: Account | None = None) -> Registration:
    person = person_of(form) if known is None else _person_known(form, known)
    return Registration(
        **person,
        organisation_names=form.organisation_names.texts,
        city=form.city.data or "",
        country=form.country.data,
        type_code=(form.type_code.data or None) if "type_code" in form else None,
    )


def person_of(form: ColleagueForm) -> dict[str, Any]:
    """Return what both kinds of registration say of a person."""
    return {
        "names": form.names.texts,
        "email": form.email.data or None,
        "phone": form.phone.data or None,
        "locale": Locale(form.locale.data),
        **_of_event(form),
    }


def _person_known(form: RegistrationForm, known: Account) -> dict[str, Any]:
    return {"names": known.names, "email": known.email, "phone": known.phone, "locale": known.locale, **_of_event(form)}


def _of_event(form: ColleagueForm) -> dict[str, Any]:
    job = form.job.data or ""
    return {
        "job": {str(languages.current()): job} if job else {},
        "languages": tuple(form.languages.data or ()),
        "consents": form.consents,
        "channel": Channel(form.channel.data),
    }


def _register(form: RegistrationForm, known: Account | None) -> int:
    return registration.register(
        g.event.id, registration_of(form, known), now=clock.now(), account_id=known.id if known else None
    )


def _signed_in() -> Account | None:
    account_id = signing.account_id_if_any()
    return access.account(account_id) if account_id else None


def _words(texts: dict[str, str]) -> str:
    return in_language(texts, languages.current())

"""What people say of themselves and of their organisation."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker import clock
from matchmaker.domain.states import Channel, Locale
from matchmaker.models import Organisation, Participation
from matchmaker.permissions import Caller, open_to
from matchmaker.queries.home import consents_of
from matchmaker.queries.taxonomy import taxonomy
from matchmaker.services import profiles
from matchmaker.services.profiles import OrganisationProfile, Profile
from matchmaker.web import naming, path, pens
from matchmaker.web.conflicts import kept, status, troubles
from matchmaker.web.forms.parts import options
from matchmaker.web.forms.people import OrganisationForm, ProfileForm
from matchmaker.web.pens import Pen

bp = Blueprint("profile", __name__)


@bp.route("/e/<slug>/profile", methods=["GET", "POST"])
@open_to(Caller.PARTICIPANT)
def edit(slug: str) -> ResponseReturnValue:  # noqa: ARG001 -- the gate has read it
    return person_page(pens.own())


@bp.route("/e/<slug>/organisation", methods=["GET", "POST"])
@open_to(Caller.PARTICIPANT)
def organisation(slug: str) -> ResponseReturnValue:  # noqa: ARG001
    return organisation_page(pens.own())


def person_page(pen: Pen) -> ResponseReturnValue:
    form = ProfileForm(data=None if request.method == "POST" else _of_person(pen.participation))
    form.languages.choices = options(naming.spoken())
    if pen.for_other:  # who mends a number at the desk need not have the person's agreement on paper
        form.consent_scheduling.validators = []
    if form.validate_on_submit() and kept(form, lambda: _save_person(form, pen)):
        flash(_("Your profile is saved."), "good")
        return redirect(path.onward(pen, "profile"), code=303)
    return render_template("profile/person.html", form=form, found=troubles(form), pen=pen), status(form)


def organisation_page(pen: Pen) -> ResponseReturnValue:
    row = pen.participation.organisation
    form = OrganisationForm(data=None if request.method == "POST" else _of_organisation(row))
    form.country.choices = options(naming.countries())
    form.offers.choices = form.needs.choices = options((code, code) for code in taxonomy().topics)
    if form.validate_on_submit() and kept(form, lambda: _save_organisation(form, row, pen)):
        flash(_("The profile of your organisation is saved."), "good")
        return redirect(path.onward(pen, "organisation"), code=303)
    page = render_template(
        "profile/organisation.html", form=form, found=troubles(form), pen=pen, groups=taxonomy().groups
    )
    return page, status(form)


def _of_person(one: Participation) -> dict[str, object]:
    names = one.account.names
    return {
        "revision": one.revision,
        "names": {"latin": names.get("fr") or names.get("en", ""), "ar": names.get("ar", "")},
        "job": one.job,
        "email": one.account.email,
        "phone": one.account.phone,
        "languages": one.languages,
        "locale": one.account.locale,
        "channel": one.channel,
        "by_invitation": one.by_invitation,
        **{f"consent_{purpose}": True for purpose in consents_of(one.id)},
    }


def _save_person(form: ProfileForm, pen: Pen) -> None:
    profile = Profile(
        names=form.names.texts,
        email=form.email.data or None,
        phone=form.phone.data or None,
        job=form.job.texts,
        languages=tuple(form.languages.data or ()),
        locale=Locale(form.locale.data),
        channel=Channel(form.channel.data),
        by_invitation=form.by_invitation.data,
        consents=form.consents,
    )
    revision = form.revision.data or 0
    profiles.change(pen.participation.id, profile, revision=revision, actor_id=pen.actor_id, now=clock.now())


def _of_organisation(row: Organisation) -> dict[str, object]:
    plain = ("revision", "names", "city", "country", "website", "about", "offers_text", "needs_text")
    return {
        **{name: getattr(row, name) for name in plain},
        "offers": [topic.topic for topic in row.topics if topic.kind == "offer"],
        "needs": [topic.topic for topic in row.topics if topic.kind == "need"],
    }


def _save_organisation(form: OrganisationForm, row: Organisation, pen: Pen) -> None:
    profile = OrganisationProfile(
        names=form.names.texts,
        city=form.city.data or "",
        country=form.country.data,
        website=form.website.data or "",
        about=form.about.data or "",
        offers=frozenset(form.offers.data or ()),
        needs=frozenset(form.needs.data or ()),
        offers_text=form.offers_text.data or "",
        needs_text=form.needs_text.data or "",
    )
    revision = form.revision.data or 0
    profiles.change_organisation(row.id, profile, revision=revision, actor_id=pen.actor_id, now=clock.now())

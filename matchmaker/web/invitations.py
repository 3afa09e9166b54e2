"""Telling people that they take part: a batch of mails, and links for those who have no address."""

from __future__ import annotations

from flask import Blueprint, Response, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from matchmaker.domain import whatsapp
from matchmaker.models import Participation
from matchmaker.permissions import Caller, open_to
from matchmaker.queries import invitations as found
from matchmaker.queries import links
from matchmaker.services import invitations
from matchmaker.sheets.cells import XLSX
from matchmaker.sheets.links import links_sheet
from matchmaker.web.acts import acted
from matchmaker.web.conflicts import kept, status, troubles
from matchmaker.web.context import isolated, words
from matchmaker.web.files import attached
from matchmaker.web.forms.importing import InviteForm
from matchmaker.web.incoming import number

bp = Blueprint("invitations", __name__, url_prefix="/o/<slug>/people/invitations")


@bp.get("")
@open_to(Caller.DESK)
def index(slug: str) -> str:  # noqa: ARG001 -- the gate reads it
    """Show who can be invited by mail, and the links of those who cannot."""
    return _page(InviteForm(formdata=None))


@bp.post("/send")
@open_to(Caller.ORGANISER)
def send(slug: str) -> ResponseReturnValue:
    """Write to all who wait, if their number was typed."""
    form = InviteForm()
    sent: list[int] = []
    if form.validate_on_submit() and kept(
        form, lambda: sent.append(invitations.invite(g.event.id, form.count.data or 0, **acted()))
    ):
        told = ngettext("%(num)d invitation is on its way.", "%(num)d invitations are on their way.", sent[0])
        flash(told, "good")
        return redirect(url_for("invitations.index", slug=slug), code=303)
    return _page(form), status(form)


@bp.get("/links.xlsx")
@open_to(Caller.DESK)
def sheet(slug: str) -> Response:  # noqa: ARG001 -- the gate reads it
    """Return the links of all to whom no mail goes."""
    return attached(links_sheet(found.unmailed(g.event.id).people), XLSX, "links.xlsx")


def to_whatsapp(participation: Participation) -> str:
    """Return the address that opens WhatsApp with the personal link, in the words of its person's language."""
    locale = str(participation.account.locale)
    with force_locale(locale):
        text = _(
            "Dear %(name)s, you take part in %(event)s. Your personal agenda, without a password: %(link)s",
            name=isolated(words(participation.account.names)),
            event=isolated(words(g.event.names)),
            link=links.agenda_url(participation),
        )
    return whatsapp.address(text, participation.account.phone)


def _page(form: InviteForm) -> str:
    page = max(number("page", 1), 1)
    shown = found.unmailed(g.event.id, page)
    return render_template(
        "invitations/index.html",
        form=form,
        troubles=troubles(form),
        waiting=len(found.uninvited(g.event.id)),
        shown=shown,
        lines=[(one, links.agenda_url(one), to_whatsapp(one)) for one in shown.people],
        page=page,
        size=found.PAGE,
    )

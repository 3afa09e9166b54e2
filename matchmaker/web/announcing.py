"""Making an event known: a poster, texts to copy, and what is next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import quote

from flask import Blueprint, Response, g, render_template, url_for
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from matchmaker import clock
from matchmaker.domain import whatsapp
from matchmaker.paper.poster import poster_pdf
from matchmaker.permissions import Caller, open_to
from matchmaker.queries import announcing as queries
from matchmaker.queries import events
from matchmaker.queries.announcing import Next, Texts
from matchmaker.web.files import attached
from matchmaker.web.organiser import NEXT

bp = Blueprint("announcing", __name__, url_prefix="/o/<slug>/known")


class Told(NamedTuple):
    """The texts of one language, and the addresses that open a mail and WhatsApp with them."""

    texts: Texts
    mail: str
    whatsapp: str


@bp.get("")
@open_to(Caller.DESK)
def index(slug: str) -> str:
    """Show the poster, the texts and what is next."""
    one = queries.announcement(g.event)
    told = []
    for locale in one.languages:
        with force_locale(locale):
            told.append(_told(queries.texts(one)))
    return render_template("organiser/known.html", announcement=one, told=told, next=_next(slug))


@bp.get("/poster.pdf")
@open_to(Caller.DESK)
def poster(slug: str) -> Response:
    """Give the poster."""
    return attached(poster_pdf(queries.announcement(g.event)), "application/pdf", f"{slug}-poster.pdf")


def _told(texts: Texts) -> Told:
    mail = f"mailto:?subject={quote(texts.subject, safe='')}&body={quote(texts.mail, safe='')}"
    return Told(texts, mail, whatsapp.address(texts.message))


def _next(slug: str) -> Mapping[str, str]:
    """Return what is next in a sentence, and the page where it is done."""
    people, _parties = events.people_count(g.event.id)
    step = queries.next_step(g.event, people, clock.now())
    match step.kind:
        case Next.BRING:
            words, label, page = _("bring in those you know already."), _("Import a table"), "importing.start"
        case Next.INVITE:
            words = ngettext("invite %(num)d person by e-mail.", "invite %(num)d people by e-mail.", step.count)
            label, page = _("Invitations"), "invitations.index"
        case Next.REMIND if step.day:
            day = queries.said_day(step.day)
            words = ngettext(
                "%(day)s, remind %(num)d person without wishes.",
                "%(day)s, remind %(num)d people without wishes.",
                step.count,
                day=day,
            )
            label, page = _("Forecast"), "forecast.index"
        case _:
            words, label, page = _(NEXT[g.event.phase]), _("Overview"), "organiser.overview"
    return {"words": words, "label": label, "url": url_for(page, slug=slug)}

"""The forecast while wishes arrive: what is wanted against what there is room for, what would help, who is silent."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from matchmaker import clock
from matchmaker.domain import whatsapp
from matchmaker.domain.states import Role, StudyKind
from matchmaker.domain.wording import in_language
from matchmaker.models import Participation
from matchmaker.permissions import Caller, open_to
from matchmaker.queries import bottlenecks, capacity, demand, links, reminders
from matchmaker.queries import studies as queries
from matchmaker.services import reminders as reminding
from matchmaker.services import studies as service
from matchmaker.web import incoming, study_words
from matchmaker.web.acts import acted
from matchmaker.web.conflicts import told
from matchmaker.web.forms.parts import ConfirmForm

bp = Blueprint("forecast", __name__, url_prefix="/o/<slug>/demand")

MOST_LISTED = 12
"""Of organisations and of slots, the tightest; the page of wishes has all organisations."""
MOST_SILENT = 40
"""Of people to reach without mail; the list of people has all."""


@bp.get("")
@open_to(Caller.VIEWER)
def index(slug: str) -> str:  # noqa: ARG001 -- the gate reads it
    """Show where wishes press, what additions would bring, and who has given none."""
    wishes = demand.demand(g.event.id)
    pressed = [one for one in wishes.wanted if one.asked_by > one.slots]
    found = bottlenecks.bottlenecks(g.event.id)
    crowded = sorted((slot for slot in found.slots if slot.missing), key=lambda slot: -slot.missing)
    shown = queries.shown(g.event.id, StudyKind.FORECAST)
    now = clock.now()
    silent = reminders.silent(g.event, now)
    return render_template(
        "forecast/index.html",
        demand=wishes,
        room=capacity.room(g.event.id),
        pressed=sorted(pressed, key=lambda one: one.slots - one.asked_by),
        found=found,
        crowded=crowded,
        most=MOST_LISTED,
        shown=shown,
        brought=study_words.brought(shown.answered, queries.names(g.event.id)) if shown.answered else [],
        silent=silent,
        reachable=_reachable(silent) if g.role is not Role.VIEWER else [],
        most_silent=MOST_SILENT,
        wishes_open=reminders.are_open(g.event, now),
        say=study_words,
    )


@bp.post("/ask")
@open_to(Caller.ORGANISER)
def ask(slug: str) -> ResponseReturnValue:
    """Have it worked out what additions would bring."""
    told(
        ConfirmForm(),
        partial(service.ask, g.event.id, StudyKind.FORECAST, **acted()),
        _("It is being worked out; the figures come to this page."),
    )
    return redirect(url_for("forecast.index", slug=slug, _anchor="additions"), code=303)


@bp.post("/remind")
@open_to(Caller.ORGANISER)
def remind(slug: str) -> ResponseReturnValue:
    """Remind by mail as many people as the button named."""
    expected = incoming.number("expected", 0, request.form)
    told(
        ConfirmForm(),
        partial(reminding.remind, g.event.id, expected, **acted()),
        ngettext("%(num)s reminder is on its way.", "%(num)s reminders are on their way.", expected),
    )
    return redirect(url_for("forecast.index", slug=slug, _anchor="silent"), code=303)


def _reachable(silent: reminders.Silent) -> list[tuple[Participation, str]]:
    """Return those whom no mail reaches, each with the address that opens WhatsApp with a text in their language."""
    return [(one, _by_whatsapp(one)) for one in silent.otherwise[:MOST_SILENT] if one.deleted_at is None]


def _by_whatsapp(person: Participation) -> str:
    locale = person.account.locale
    with force_locale(str(locale)):
        text = _(
            "%(event)s: whom do you wish to meet? Answer with the names and we enter them for you. "
            "Your personal page: %(address)s",
            event=in_language(g.event.names, locale),
            address=links.agenda_url(person),
        )
    return whatsapp.address(text, person.account.phone)

"""What is printed: ask for it, take it, and see what has changed since it was made."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from flask import Blueprint, Response, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.domain import zones
from matchmaker.domain.states import PaperState
from matchmaker.domain.wording import N_
from matchmaker.models import PaperPack
from matchmaker.paper.forms import forms_pdf
from matchmaker.permissions import Caller, open_to
from matchmaker.queries import paper as queries
from matchmaker.services import paper as service
from matchmaker.web import incoming
from matchmaker.web.acts import acted
from matchmaker.web.conflicts import told
from matchmaker.web.files import attached
from matchmaker.web.forms.parts import ConfirmForm
from matchmaker.web.verbs import VERBS

bp = Blueprint("paper", __name__, url_prefix="/o/<slug>/paper")

KINDS: Mapping[str, tuple[str, str]] = {
    "agendas": (
        N_("All agendas"),
        N_("A page for everybody who takes part, in their language, in the order of organisations."),
    ),
    "interpreters": (N_("Agendas of interpreters"), N_("Where each is needed, and for which languages.")),
    "tables": (N_("Table cards"), N_("A sheet for each table and day; folded along its middle it stands.")),
    "doors": (
        N_("Door lists"),
        N_("By hall, by session and by organisation, in Arabic and in French. Who is not listed is not named."),
    ),
    "badges": (
        N_("Badges"),
        N_("Eight on a sheet, to be cut along the marks. The code shows the agenda and can do nothing."),
    ),
}


@bp.get("")
@open_to(Caller.DESK)
def index(slug: str) -> str:  # noqa: ARG001 -- the gate reads it
    """Show what is on offer, of what version it is, and what has changed since."""
    shelf = queries.shelf(g.event.id)
    made_at = shelf.on_offer.made_at if shelf.on_offer else None
    return render_template(
        "organiser/paper.html",
        shelf=shelf,
        made=zones.wall(made_at, g.event.zone) if made_at else None,
        is_coming=shelf.coming is not None and shelf.coming.state is not PaperState.FAILED,
        files=_files(shelf.on_offer) if shelf.on_offer else [],
        kinds=KINDS,
        verbs=VERBS,
    )


def _files(pack: PaperPack) -> list[tuple[str, int, int]]:
    """Return kind, part and bytes of each file that is on offer."""
    named = ((kind, part, queries.name_of(kind, part)) for kind in KINDS for part in range(1, len(pack.files) + 1))
    return [(kind, part, pack.files[name]) for kind, part, name in named if name in pack.files]


@bp.post("")
@open_to(Caller.DESK)
def make(slug: str) -> ResponseReturnValue:
    """Ask the worker for all of it."""
    words = _("The paper is being made. Come back to this page in a minute.")
    told(ConfirmForm(), partial(service.ask, g.event.id, **acted()), words)
    return redirect(url_for("paper.index", slug=slug), code=303)


@bp.get("/<any(agendas, interpreters, tables, doors, badges):kind>.pdf")
@open_to(Caller.DESK)
def file(slug: str, kind: str) -> Response:
    """Give one file of what is on offer; ``part`` counts the files of a kind."""
    part = incoming.number("part", 1)
    content = queries.access_file(g.event.id, kind, part)
    return attached(content, "application/pdf", f"{slug}-{queries.name_of(kind, part)}.pdf")


@bp.get("/forms.pdf")
@open_to(Caller.DESK)
def forms(slug: str) -> Response:
    """Give the blank forms, which hold nothing of anybody and are made at once."""
    return attached(forms_pdf(queries.blank(g.event.id)), "application/pdf", f"{slug}-forms.pdf")

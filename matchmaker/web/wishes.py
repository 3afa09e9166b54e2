"""Whom an organisation wants to meet: the directory with a choice at each row."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

from flask import Blueprint, flash, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from matchmaker import clock
from matchmaker.domain import zones
from matchmaker.domain.states import ASKS, Phase, WishLevel
from matchmaker.domain.wording import in_language
from matchmaker.errors import NotFound
from matchmaker.models import Event, Organisation
from matchmaker.permissions import Caller, open_to
from matchmaker.queries import directory as query
from matchmaker.queries import requests
from matchmaker.queries.directory import Entry, Filters, Own, Show
from matchmaker.queries.forecast import forecast
from matchmaker.queries.taxonomy import taxonomy
from matchmaker.services import wishes as service
from matchmaker.web import incoming, languages, naming, pens
from matchmaker.web.conflicts import kept, status
from matchmaker.web.pens import Pen

bp = Blueprint("wishes", __name__)

CHOICES = ASKS | {WishLevel.VETO}
"""What may be said in the directory; answers to those who ask have a page of their own."""


class Quotas(NamedTuple):
    """How many wishes of each level are given, and how many there may be."""

    musts: int
    must_quota: int
    likes: int
    like_quota: int


@bp.route("/e/<slug>/wishes", methods=["GET", "POST"])
@open_to(Caller.PARTICIPANT)
def edit(slug: str) -> ResponseReturnValue:  # noqa: ARG001 -- the gate has read it
    return wishes_page(pens.own())


@bp.post("/e/<slug>/wishes/<wanted>")
@open_to(Caller.PARTICIPANT)
def give(slug: str, wanted: str) -> ResponseReturnValue:  # noqa: ARG001
    return give_piece(pens.own(), wanted)


@bp.post("/e/<slug>/wishes/<wanted>/move")
@open_to(Caller.PARTICIPANT)
def move(slug: str, wanted: str) -> ResponseReturnValue:  # noqa: ARG001
    return move_piece(pens.own(), wanted)


def wishes_page(pen: Pen) -> ResponseReturnValue:
    """Show a page of the directory; without a script, keep all choices of the page at once."""
    form = FlaskForm()
    if form.validate_on_submit() and kept(form, lambda: _answer(pen)):
        flash(_("Your wishes are saved."), "good")
        return redirect(_address(pen, _filters(), incoming.number("page", 1)), code=303)
    return _page(pen, form)


def give_piece(pen: Pen, wanted: str) -> ResponseReturnValue:
    """Keep one choice; the answer is its row and the list of wishes as they now are, with the reason if it is not."""
    form = FlaskForm()
    entry = entry_of(pen, wanted)
    level = _level(request.form.get(f"wish-{wanted}", ""))
    save = partial(service.give, pen.participation.organisation_id, entry.id, level, **written_by(pen))
    if form.validate_on_submit() and kept(form, save):
        entry = entry_of(pen, wanted)
        entry.level = level  # also a veto that is hidden from now on: who gave it sees that it was taken
    piece = render_template("wishes/_given.html", pen=pen, form=form, entry=entry, may_choose=True, **_side(pen))
    # A refused choice must still be swapped in, to show what holds: 422 is, other refusals are not.
    return piece, 200 if status(form) == 200 else 422


def move_piece(pen: Pen, wanted: str) -> ResponseReturnValue:
    """Move a must up or down; answers with the list alone to htmx, else goes back to the page."""
    form = FlaskForm()
    entry = entry_of(pen, wanted)
    way = "up" if request.form.get("way") == "up" else "down"
    steps = -1 if way == "up" else 1
    organisation_id = pen.participation.organisation_id
    moved = form.validate_on_submit() and kept(
        form, lambda: service.move(organisation_id, entry.id, steps, actor_id=pen.actor_id, now=clock.now())
    )
    if "HX-Request" in request.headers:
        told = {"form": form, "moved": wanted, "pressed": way, **_side(pen)}
        return render_template("wishes/_mine.html", pen=pen, may_choose=True, **told), 200 if moved else 422
    return redirect(pen.url("wishes"), code=303) if moved else _page(pen, form)


def reason(entry: Entry) -> str:
    """Say why an organisation is suggested: what each of the two gives the other, one topic each."""
    locale = languages.current()
    named = [
        in_language(taxonomy().topics[codes[0]].names, locale) if codes else ""
        for codes in (entry.match.a_gives, entry.match.b_gives)
    ]
    match named:
        case [str(ours), str(theirs)] if ours and theirs:
            return _(
                "they look for what you offer (%(ours)s) and offer what you look for (%(theirs)s).",
                ours=ours,
                theirs=theirs,
            )
        case [str(ours), _theirs] if ours:
            return _("they look for what you offer: %(topic)s.", topic=ours)
        case [_ours, str(theirs)] if theirs:
            return _("they offer what you look for: %(topic)s.", topic=theirs)
    return ""


def _page(pen: Pen, form: FlaskForm) -> ResponseReturnValue:
    filters = _filters()
    number = incoming.number("page", 1)
    organisation = pen.participation.organisation
    found = query.directory(organisation, filters, number, languages.current(), vetoes=pen.sees_vetoes)
    page = render_template(
        "wishes/edit.html",
        pen=pen,
        form=form,
        found=found,
        filters=filters,
        number=number,
        shows=_shows(),
        themes=[(group.code, in_language(group.names, languages.current())) for group in taxonomy().groups],
        tongues_spoken=naming.spoken(),
        may_choose=pen.by_staff or is_open(g.event),
        **_beside(organisation, found.own),
        reason=reason,
        speak=naming.listed,
        page_url=partial(_address, pen, filters),
        country=naming.country,
    )
    return page, status(form)


def _address(pen: Pen, filters: Filters, page: int) -> str:
    """Return the address of a page of the list, with the filters that are set."""
    chosen = {name: value for name, value in filters._asdict().items() if value and value != Show.ALL}
    return pen.url("wishes", **chosen, **({"page": page} if page > 1 else {}))


def is_open(event: Event) -> bool:
    closed = event.wishes_close_at and clock.now() >= zones.instant(event.wishes_close_at, event.zone)
    return event.phase is Phase.WISHES and not closed


def _side(pen: Pen) -> dict[str, Any]:
    organisation = pen.participation.organisation
    return _beside(organisation, query.own_wishes(organisation))


def _beside(organisation: Organisation, mine: list[Own]) -> dict[str, Any]:
    """Return what stands beside the list: the organisation's wishes, its quotas, and what it may hope for."""
    return {"mine": mine, "quotas": _quotas(organisation, mine), "forecast": forecast(organisation, mine)}


def _quotas(organisation: Organisation, mine: list[Own]) -> Quotas:
    free_again = requests.in_vain(g.event, organisation, now=clock.now())
    used = {level: sum(wish.level is level for wish in mine) - free_again.get(level, 0) for level in ASKS}
    return Quotas(used[WishLevel.MUST], g.event.must_quota, used[WishLevel.LIKE], g.event.like_quota)


def _answer(pen: Pen) -> None:
    """Keep the choices of the page; what stands at rows of other pages is not touched."""
    organisation = pen.participation.organisation
    ids = query.ids(organisation)
    sent = {name.removeprefix("wish-"): value for name, value in request.form.items() if name.startswith("wish-")}
    if strangers := sent.keys() - ids.keys():
        raise NotFound("organisation", sorted(strangers))
    levels = {ids[code]: _level(value) for code, value in sent.items()}
    service.answer(organisation.id, levels, **written_by(pen))


def written_by(pen: Pen) -> dict[str, Any]:
    """Return who writes and when, as the services of wishes want it."""
    return {"actor_id": pen.actor_id, "now": clock.now(), "blind": not pen.sees_vetoes}


def entry_of(pen: Pen, code: str) -> Entry:
    """Return an organisation as it stands in the list.

    Raises
    ------
    NotFound
        If it does not.
    """
    entry = query.entry(pen.participation.organisation, code, vetoes=pen.sees_vetoes)
    if entry is None:
        raise NotFound("organisation", code)
    return entry


def _level(value: str) -> WishLevel | None:
    return WishLevel(value) if value in CHOICES else None


def _filters() -> Filters:
    show = request.args.get("show", "")
    return Filters(
        words=request.args.get("words", "")[:80],
        theme=request.args.get("theme", ""),
        language=request.args.get("language", ""),
        show=Show(show) if show in set(Show) else Show.ALL,
    )


def _shows() -> list[tuple[str, str]]:
    return [
        (Show.ALL, _("Everybody")),
        (Show.SUGGESTED, _("Suggested")),
        (Show.UNANSWERED, _("Not yet answered")),
        (Show.CHOSEN, _("Answered")),
    ]

"""The day at the welcome desk: who has arrived, who is awaited, who comes instead; and the clock of a big screen."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.permissions import Caller, open_to
from matchmaker.queries import day as queries
from matchmaker.queries import numbered, people
from matchmaker.services import desk as service
from matchmaker.services import handing_over
from matchmaker.web.acts import acted
from matchmaker.web.conflicts import told
from matchmaker.web.context import wall
from matchmaker.web.forms.parts import ConfirmForm

MOST_STAND_INS = 4
"""So many colleagues fit on the desk; the page of the meeting names them all."""

MOST_AWAITED = 60
"""So many of those who are not there fit on the desk, the latest first; a search finds the others."""

bp = Blueprint("day", __name__, url_prefix="/o/<slug>/day")


@bp.get("")
@open_to(Caller.DESK)
def index(slug: str) -> ResponseReturnValue:
    """Show the desk; ``q`` is a name, an organisation, a code, or a personal link that was typed or scanned."""
    search = request.args.get("q", "").strip()[:200]
    if search and (code := queries.by_link(g.event.id, search)):
        return redirect(url_for("day.index", slug=slug, person=code), code=303)
    board = queries.board(g.event.id, wall())
    code = request.args.get("person", "")
    chosen = next((one for one in board.people.values() if one.code == code), None) if code else None
    return render_template(
        "day/desk.html",
        board=board,
        search=search,
        found=board.found(search),
        chosen=chosen,
        stand_ins=_stand_ins(board, chosen),
        queues=numbered.queues(g.event.id) if chosen else [],
        numbers=numbered.places(chosen.id) if chosen else [],
        shows_link="link" in request.args,
        most=MOST_AWAITED,
        now=queries.moment(g.event, board.wall),
    )


@bp.post("/<code>/arrival")
@open_to(Caller.DESK)
def arrival(slug: str, code: str) -> ResponseReturnValue:
    """Note that somebody has arrived, or take that back."""
    one = people.person(g.event.id, code)
    act, words = (
        (service.take_arrival_back, _("Taken back: not arrived."))
        if request.form.get("act") == "undo"
        else (service.arrive, _("Arrived."))
    )
    return _done(slug, code, partial(act, g.event.id, one.id), words)


@bp.post("/<code>/missed/<meeting>")
@open_to(Caller.DESK)
def missed(slug: str, code: str, meeting: str) -> ResponseReturnValue:
    """Note that somebody did not come to a meeting that has begun, or that they met after all."""
    one = people.person(g.event.id, code)
    if request.form.get("act") == "met":
        return _done(slug, code, partial(service.met, g.event.id, meeting), _("Noted: they met after all."))
    words = _("The meeting is marked as a no-show. Tell the other side.")
    return _done(slug, code, partial(service.missed, g.event.id, meeting, one.id), words)


@bp.post("/<code>/swap/<meeting>")
@open_to(Caller.DESK)
def swap(slug: str, code: str, meeting: str) -> ResponseReturnValue:
    """Let a colleague come to a meeting instead, at once, also while it runs."""
    gives = people.person(g.event.id, code)
    takes = people.person(g.event.id, request.form.get("takes", ""))
    act = partial(handing_over.hand_over, g.event.id, meeting, gives.id, takes.id)
    return _done(slug, code, act, _("The colleague has the meeting now. Both sides see the name."))


@bp.get("/clock")
@open_to(Caller.DESK)
def room_clock(slug: str) -> str:  # noqa: ARG001 -- the gate reads it
    """Show the time, the current slot and the next one, large enough for a hall."""
    now = wall()
    return render_template("day/clock.html", wall=now, now=queries.moment(g.event, now))


def _stand_ins(board: queries.Board, chosen: queries.Person | None) -> list[queries.StandIn]:
    coming = board.next_of(chosen.id) if chosen else None
    if chosen is None or coming is None:
        return []
    return queries.stand_ins(g.event.id, coming.code, chosen, board.people)[:MOST_STAND_INS]


def _done(slug: str, code: str, act: Callable[..., Any], words: str) -> ResponseReturnValue:
    told(ConfirmForm(), partial(act, **acted()), words)
    return redirect(url_for("day.index", slug=slug, person=code), code=303)

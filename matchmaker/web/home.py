"""The start page, and what a monitor asks."""

from __future__ import annotations

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue

from matchmaker import clock
from matchmaker.permissions import Caller, open_to
from matchmaker.queries import home
from matchmaker.queries.health import health as examined
from matchmaker.web.signing import account_id_if_any

bp = Blueprint("home", __name__)


@bp.get("/")
@open_to(Caller.ANYONE)
def index() -> str:
    """Show the events that take registrations and, to those who are signed in, their own."""
    account_id = account_id_if_any()
    mine = home.parts(account_id) if account_id else []
    taken = {part.event.id for part in mine}
    return render_template(
        "home/index.html",
        mine=mine,
        others=[event for event in home.open_events() if event.id not in taken],
        runs_events=account_id is not None and home.runs_events(account_id),
        signed_in=account_id is not None,
    )


@bp.get("/health")
@open_to(Caller.ANYONE)
def health() -> ResponseReturnValue:
    """Answer 200 while the house stands, else 503; the answer names no person and no secret."""
    found = examined(now=clock.now())
    return jsonify(found), 200 if found["ok"] else 503

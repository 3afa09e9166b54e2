"""The head of a delegation: how its people stand, and writing for them on the pages that they have themselves."""

from __future__ import annotations

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue

from matchmaker import clock
from matchmaker.domain import zones
from matchmaker.errors import NotFound
from matchmaker.permissions import Caller, open_to
from matchmaker.queries import agenda_words, delegation
from matchmaker.queries.changes import IN_FORCE
from matchmaker.web import change, pens, requests, times, wishes

bp = Blueprint("delegation", __name__, url_prefix="/e/<slug>/delegation")


@bp.get("")
@open_to(Caller.PARTICIPANT)
def show(slug: str) -> str:
    """Show the delegations that the reader heads; nobody else has this page."""
    pen = pens.own()
    headed = delegation.headed(g.event.id, pen.actor_id)
    if not headed:
        raise NotFound("delegation", slug)
    now_wall = zones.wall(clock.now(), g.event.zone)
    return render_template(
        "delegation/show.html",
        pen=pen,
        delegations=[(one, delegation.parties_of(one.id, now_wall)) for one in headed],
        say=agenda_words,
        may_change=g.event.phase in IN_FORCE,
    )


@bp.route("/<code>/times", methods=["GET", "POST"], endpoint="times")
@open_to(Caller.PARTICIPANT)
def free_times(slug: str, code: str) -> ResponseReturnValue:  # noqa: ARG001 -- the gate has read it
    return times.times_page(pens.of_head_or_colleague(code))


@bp.post("/<code>/times/<int:session_id>")
@open_to(Caller.PARTICIPANT)
def attend(slug: str, code: str, session_id: int) -> ResponseReturnValue:  # noqa: ARG001
    return times.attend_page(pens.of_head_or_colleague(code), session_id)


@bp.route("/<code>/wishes", methods=["GET", "POST"], endpoint="wishes")
@open_to(Caller.PARTICIPANT)
def wish_list(slug: str, code: str) -> ResponseReturnValue:  # noqa: ARG001
    return wishes.wishes_page(pens.of_head(code))


@bp.post("/<code>/wishes/<wanted>")
@open_to(Caller.PARTICIPANT)
def give(slug: str, code: str, wanted: str) -> ResponseReturnValue:  # noqa: ARG001
    return wishes.give_piece(pens.of_head(code), wanted)


@bp.post("/<code>/wishes/<wanted>/move")
@open_to(Caller.PARTICIPANT)
def move(slug: str, code: str, wanted: str) -> ResponseReturnValue:  # noqa: ARG001
    return wishes.move_piece(pens.of_head(code), wanted)


@bp.get("/<code>/requests", endpoint="requests")
@open_to(Caller.PARTICIPANT)
def request_list(slug: str, code: str) -> ResponseReturnValue:  # noqa: ARG001
    return requests.requests_page(pens.of_head(code))


@bp.post("/<code>/requests/<asking>")
@open_to(Caller.PARTICIPANT)
def reply(slug: str, code: str, asking: str) -> ResponseReturnValue:  # noqa: ARG001
    return requests.reply_piece(pens.of_head(code), asking)


@bp.post("/<code>/requests/<wanted>/withdraw")
@open_to(Caller.PARTICIPANT)
def withdraw(slug: str, code: str, wanted: str) -> ResponseReturnValue:  # noqa: ARG001
    return requests.withdraw_page(pens.of_head(code), wanted)


@bp.route("/<code>/meetings/<meeting>", methods=["GET", "POST"], endpoint="change")
@open_to(Caller.PARTICIPANT)
def change_meeting(slug: str, code: str, meeting: str) -> ResponseReturnValue:  # noqa: ARG001
    return change.change_page(change.for_other(pens.of_head(code), meeting))

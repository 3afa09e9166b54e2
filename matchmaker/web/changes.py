"""What people ask to change of a published agenda, and how the organiser settles it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.domain import zones
from matchmaker.domain.states import ChangeAsked, ChangeState
from matchmaker.domain.wording import N_
from matchmaker.permissions import Caller, open_to
from matchmaker.queries import changes
from matchmaker.services import changes as service
from matchmaker.web.acts import acted
from matchmaker.web.conflicts import told
from matchmaker.web.forms.change import SettleForm
from matchmaker.web.incoming import number

bp = Blueprint("changes", __name__, url_prefix="/o/<slug>/changes")

KINDS = {
    ChangeAsked.CANCEL: N_("Cancel the meeting"),
    ChangeAsked.CANNOT: N_("Cannot at this time"),
}
STATES = {
    ChangeState.OPEN: (N_("Not settled yet"), "wait", "clock"),
    ChangeState.DONE: (N_("Settled"), "plain", "check"),
    ChangeState.REFUSED: (N_("Refused"), "stop", "cross"),
    ChangeState.TAKEN_BACK: (N_("Taken back"), "mute", "leave"),
}
ACTS: Mapping[str, tuple[Callable[..., None], str]] = {
    "settle": (service.settle, N_("The request is settled.")),
    "refuse": (service.refuse, N_("The request is refused; the meeting stays as it is.")),
    "cancel": (service.cancel, N_("The meeting is cancelled; all who attend are told.")),
}


@bp.get("")
@open_to(Caller.DESK)
def index(slug: str) -> str:  # noqa: ARG001 -- the gate reads it
    """List what was asked for, what is open first."""
    page = max(number("page", 1), 1)
    box = changes.box(g.event.id, page)
    return render_template(
        "organiser/changes.html",
        box=box,
        forms={line.change.id: _form(line.change.id, formdata=None) for line in box.lines},
        moments={line.change.id: zones.wall(line.change.made_at, g.event.zone) for line in box.lines},
        kinds=KINDS,
        states=STATES,
        standing=changes.STANDING,
        page=page,
        size=changes.PAGE,
    )


@bp.post("/<int:change_id>")
@open_to(Caller.DESK)
def settle(slug: str, change_id: int) -> ResponseReturnValue:
    """Settle one request by the button that was pressed."""
    act, words = ACTS.get(request.form.get("act", ""), ACTS["settle"])
    form = _form(change_id)
    answer = form.answer.data or ""
    told(form, partial(act, g.event.id, change_id, answer, **acted()), _(words))
    return redirect(url_for("changes.index", slug=slug), code=303)


def _form(change_id: int, **kwargs: None) -> SettleForm:
    return SettleForm(prefix=f"change{change_id}", **kwargs)

"""The outbox: what was sent, what waits, what could not be delivered and needs a decision."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker import clock
from matchmaker.domain import whatsapp, zones
from matchmaker.domain.states import MailState
from matchmaker.domain.wording import N_
from matchmaker.errors import MailOutOfDateError
from matchmaker.extensions import current_settings
from matchmaker.mail import letters
from matchmaker.permissions import Caller, open_to
from matchmaker.queries import clocks, messages, sending
from matchmaker.services import outbox
from matchmaker.web import invitations, pace
from matchmaker.web.acts import acted
from matchmaker.web.conflicts import told
from matchmaker.web.forms.parts import ConfirmForm
from matchmaker.web.incoming import number

bp = Blueprint("messages", __name__, url_prefix="/o/<slug>/messages")

STATES = {
    MailState.QUEUED: (N_("Waiting to be sent"), "wait", "clock"),
    MailState.CLAIMED: (N_("Being sent"), "wait", "clock"),
    MailState.DATA: (N_("Being handed over"), "wait", "clock"),
    MailState.SENT: (N_("Sent"), "plain", "check"),
    MailState.HELD: (N_("Held: it may have arrived"), "stop", "warning"),
    MailState.FAILED: (N_("Not delivered: tell them another way"), "stop", "cross"),
}

KINDS = {
    "agenda": N_("Agenda"),
    "changes": N_("Changes of the agenda"),
    "deletion": N_("Deletion of data"),
    "entry": N_("Invitation to one meeting"),
    "invitation": N_("Invitation"),
    "reminder": N_("Reminder to give wishes"),
    "sign_in": N_("Sign-in link"),
    "thanks": N_("Thanks and questions"),
    "tomorrow": N_("The day to come"),
    "waiting": N_("Who waits for an answer"),
    "welcome": N_("Welcome"),
}
"""What each kind of message is, in a word."""

ANSWERS = frozenset(
    {
        N_("not sent: nobody waits for an answer any more"),
        N_("not sent: nothing is arranged on that day any more"),
        N_("not sent: the data is not deleted on that day"),
        N_("not sent: the day has begun"),
        N_("not sent: the meeting was changed again meanwhile"),
        N_("not sent: the person takes part no more"),
        N_("not sent: the sign-in link has expired"),
        N_("not sent: wishes are closed"),
        N_("not sent: wishes were given meanwhile"),
    }
)
"""What we answered ourselves, before any relay was asked; a relay's own words are shown as they came."""
LONGEST = 6000
"""Characters of an address that every browser and the other side bear."""


@bp.get("")
@open_to(Caller.DESK)
def index(slug: str) -> str:  # noqa: ARG001 -- the gate reads it
    """List the messages, the newest first, all or those in one state."""
    asked = request.args.get("state")
    state = MailState(asked) if asked in set(MailState) else None
    page = max(number("page", 1), 1)
    box = messages.box(g.event.id, state, page)
    return render_template(
        "organiser/messages.html",
        box=box,
        other_ways={line.mail.id for line in box.lines if messages.is_undelivered(line.mail, line.person)},
        stopped=zones.wall(g.event.mail_stopped_at, g.event.zone) if g.event.mail_stopped_at else None,
        slow=pace.waiting(slow) if (slow := sending.pace(g.event, current_settings(), clock.now())) else "",
        state=state,
        states=STATES,
        kinds=KINDS,
        answers=ANSWERS,
        page=page,
        size=messages.PAGE,
        shift=clocks.shift(g.event),
        edition=zones.edition(),
    )


@bp.get("/<int:mail_id>/whatsapp")
@open_to(Caller.DESK)
def to_whatsapp(slug: str, mail_id: int) -> ResponseReturnValue:  # noqa: ARG001 -- the gate reads it
    """Open WhatsApp with the words of a message that did not arrive, or the personal link where they help nobody."""
    mail, person = messages.undelivered(g.event.id, mail_id)
    try:
        text = letters.words(mail, now=clock.now()) if mail.kind in letters.TELLABLE else ""
    except MailOutOfDateError:
        text = ""
    address = whatsapp.address(text, person.account.phone)
    return redirect(address if text and len(address) <= LONGEST else invitations.to_whatsapp(person), code=303)


@bp.post("/stop")
@open_to(Caller.ORGANISER)
def stop(slug: str) -> ResponseReturnValue:
    """Let nothing leave any more, until somebody says otherwise."""
    told(ConfirmForm(), partial(outbox.stop, g.event.id, **acted()), _("No message leaves any more."))
    return redirect(url_for("messages.index", slug=slug), code=303)


@bp.post("/go-on")
@open_to(Caller.ORGANISER)
def go_on(slug: str) -> ResponseReturnValue:
    told(ConfirmForm(), partial(outbox.go_on, g.event.id, **acted()), _("Messages leave again."))
    return redirect(url_for("messages.index", slug=slug), code=303)


@bp.post("/<int:mail_id>/again")
@open_to(Caller.ORGANISER)
def again(slug: str, mail_id: int) -> ResponseReturnValue:
    """Send a held or refused message once more, under its own number."""
    messages.refuse_strange(g.event.id, mail_id)
    told(ConfirmForm(), partial(outbox.release, mail_id, **acted()), _("The message goes out again."))
    return redirect(url_for("messages.index", slug=slug), code=303)


@bp.post("/<int:mail_id>/arrived")
@open_to(Caller.ORGANISER)
def arrived(slug: str, mail_id: int) -> ResponseReturnValue:
    """Note that a held message did arrive."""
    messages.refuse_strange(g.event.id, mail_id)
    told(ConfirmForm(), partial(outbox.settle, mail_id, **acted()), _("The message counts as sent."))
    return redirect(url_for("messages.index", slug=slug), code=303)

"""The subject and the opening of each kind of message: ours, in the language at work, and what organisers wrote."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import select

from matchmaker.domain.texts import NOTHING, OF_KIND, Part, Words
from matchmaker.extensions import db
from matchmaker.models import MessageText

EVENT = {"event": "{event}"}
WITHDRAWN = "entry_withdrawn"
"""What takes a meeting out of a calendar says so in our words."""


class Pattern(NamedTuple):
    """A subject and an opening with their placeholders."""

    subject: str
    opening: str

    def of(self, part: Part) -> str:
        return self.subject if part is Part.SUBJECT else self.opening


OURS: Mapping[str, Callable[[], Pattern]] = {
    "invitation": lambda: Pattern(
        _("Invitation to %(event)s", **EVENT),
        _(
            "The organiser has entered you among the participants. See whether your data is right and agree to its"
            " use; then say what you offer and look for, when you are not free, and whom you wish to meet."
        ),
    ),
    "welcome": lambda: Pattern(
        _("Welcome to %(event)s", **EVENT),
        _(
            "You are registered. Sign in, then say what you offer and look for, when you are not free, and whom you"
            " wish to meet."
        ),
    ),
    "sign_in": lambda: Pattern(_("Your link to sign in: %(event)s", **EVENT), ""),
    "reminder": lambda: Pattern(
        _("Whom do you wish to meet?"),
        _(
            "Your organisation has not said yet whom it wishes to meet. Without wishes the schedule can only give you"
            " what others ask for."
        ),
    ),
    "waiting": lambda: Pattern(
        "{requests}", _("A yes or a no takes one tap. Nothing is reserved before the schedule is made.")
    ),
    "agenda": lambda: Pattern(_("Your agenda: %(event)s, version %(number)s", number="{version}", **EVENT), ""),
    "changes": lambda: Pattern(
        _("%(news)s, version %(number)s: %(event)s", news="{changes}", number="{version}", **EVENT), ""
    ),
    "entry": lambda: Pattern(_("Invitation: %(name)s", name="{meeting}"), _("This meeting is in your agenda:")),
    WITHDRAWN: lambda: Pattern(
        _("Cancelled: %(name)s", name="{meeting}"), _("This meeting is in your agenda no more:")
    ),
    "tomorrow": lambda: Pattern(_("Tomorrow: %(event)s", **EVENT), _("This is your day as it now stands.")),
    "thanks": lambda: Pattern(
        _("Thank you: %(event)s", **EVENT),
        _(
            "The event is over; thank you for your meetings. One tap for each says whether it took place and was"
            " useful."
        ),
    ),
    "deletion": lambda: Pattern(_("Your data will be deleted: %(event)s", **EVENT), ""),
    "taken_back": lambda: Pattern(
        _("No longer in your calendar: %(event)s", **EVENT),
        _("Meetings of this event are no longer sent to this address."),
    ),
}
"""Where an opening is empty here, the fact that follows it is all there is to say."""


def ours(kind: str, *, greeting: bool = True) -> Pattern:
    """Return our words for a kind; the opening begins with a greeting, where there is a name to greet."""
    subject, opening = OURS[kind]()
    greeted = [_("Dear %(name)s,", name="{name}")] if greeting else []
    return Pattern(subject, "\n\n".join([*greeted, *filter(None, [opening])]))


def pattern(kind: str, own: Words, language: str, *, greeting: bool) -> Pattern:
    """Return what a kind says: the organisers' words in this language, and ours where they wrote none in it."""
    found = ours(kind, greeting=greeting)
    return Pattern(*(own.of(part).get(language) or found.of(part) for part in Part))


def own(event_id: int, kind: str) -> Words:
    """Return what the organisers of an event wrote for a kind."""
    row = text(event_id, kind) if kind in OF_KIND else None
    return Words(row.subjects, row.openings) if row else NOTHING


def text(event_id: int, kind: str) -> MessageText | None:
    return db.session.scalar(select(MessageText).where(MessageText.event_id == event_id, MessageText.kind == kind))


def edited(event_id: int) -> Mapping[str, list[str]]:
    """Return, by kind, the languages in which organisers wrote something."""
    rows = db.session.scalars(select(MessageText).where(MessageText.event_id == event_id))
    return {row.kind: [*{**row.subjects, **row.openings}] for row in rows}

"""Who may read why a request is not held.

A precise reason can betray a veto, or when somebody else is free. So people get one only where both sides said
yes, and only reasons that speak of the reader's own calendar and of rooms. In all other cases everybody reads the
same published sentence. Organisers read every reason, but not that a veto kept a request back: that is shown to
the owner alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from matchmaker.domain.states import Role
from matchmaker.domain.wording import N_


class Reason(StrEnum):
    """Why a request is not held: the solver's words, and two of ours for what never reached it."""

    NO_REPRESENTATIVE = "no_representative"
    PERSON_FULL = "person_full"
    NO_COMMON_SLOT = "no_common_slot"
    LONGEST_RUN = "longest_run"
    ORDER = "order"
    NO_LOCATION = "no_location"
    NO_TABLE = "no_table"
    WALKING = "walking"
    NO_INTERPRETER = "no_interpreter"
    DISPLACED = "displaced"
    UNANSWERED = "unanswered"
    """Asked by one side only, of a type whose silence refuses."""
    NOT_OFFERED = "not_offered"
    """Kept from the solver by a veto."""


PUBLISHED_SENTENCE = N_(
    "We could not place your meeting with %(organisation)s: first came the minimums in the event rules (one meeting "
    "each where possible), then meetings both sides wanted, then priority requests; your meetings: %(count)s."
)
PUBLISHED_SENTENCE_FOR_SEVERAL = N_(
    "We could not place your meetings with %(organisations)s: first came the minimums in the event rules (one meeting "
    "each where possible), then meetings both sides wanted, then priority requests; your organisation’s meetings: "
    "%(count)s."
)
FOR_PEOPLE: Mapping[Reason, str] = {
    Reason.PERSON_FULL: N_("All the meetings that the limits of this event allow were already placed."),
    Reason.NO_COMMON_SLOT: N_(
        "Beside your other meetings and the times you marked as not free, no time was left that suits both sides."
    ),
    Reason.LONGEST_RUN: N_("It would have made too many meetings in a row without a break."),
    Reason.NO_LOCATION: N_("No suitable room was open at the times that were left."),
    Reason.NO_TABLE: N_("All the tables were taken at the times that were left."),
    Reason.WALKING: N_("There was not enough time to walk from one place to the other."),
    Reason.NO_INTERPRETER: N_("No interpreter was free at the times that were left."),
}
REMEDIES: Mapping[Reason, str] = {
    Reason.PERSON_FULL: N_("What helps: ask the organiser to raise your limit."),
    Reason.NO_COMMON_SLOT: N_("What helps: mark more of your times as free."),
    Reason.LONGEST_RUN: N_("What helps: mark more of your times as free."),
    Reason.NO_LOCATION: N_("What helps: mark more of your times as free."),
    Reason.NO_TABLE: N_("What helps: mark more of your times as free."),
    Reason.WALKING: N_("What helps: mark more of your times as free."),
    Reason.NO_INTERPRETER: N_("What helps: add every language that you can speak to your profile."),
}
FOR_ORGANISERS: Mapping[Reason, str] = {
    Reason.NO_REPRESENTATIVE: N_("One side has nobody who may attend"),
    Reason.PERSON_FULL: N_("Somebody is at a limit of meetings"),
    Reason.NO_COMMON_SLOT: N_("No time at which both sides are free"),
    Reason.LONGEST_RUN: N_("Too many meetings in a row"),
    Reason.ORDER: N_("Cannot come after the meeting it must follow"),
    Reason.NO_LOCATION: N_("No open room with what it needs"),
    Reason.NO_TABLE: N_("All tables are taken"),
    Reason.WALKING: N_("Not enough time to walk"),
    Reason.NO_INTERPRETER: N_("No interpreter is free"),
    Reason.DISPLACED: N_("Meetings with more weight came first"),
    Reason.UNANSWERED: N_("No answer, which counts as a refusal for this type"),
    Reason.NOT_OFFERED: N_("Kept back by a veto"),
}


def visible_reason(reason: str, *, both_said_yes: bool) -> Reason | None:
    """Return the reason that a person concerned may read, or None: then the published sentence stands.

    ``both_said_yes`` must be asked of the wishes themselves; where a side is silent or has vetoed it is false.
    """
    found = Reason(reason)
    return found if both_said_yes and found in FOR_PEOPLE else None


def organiser_reason(reason: str, role: Role) -> Reason:
    """Return the reason that somebody who runs the event may read.

    A request kept back by a veto looks like any other that was worth too little, save to the owner.
    """
    found = Reason(reason)
    if found is Reason.NOT_OFFERED and role is not Role.OWNER:
        return Reason.DISPLACED
    return found

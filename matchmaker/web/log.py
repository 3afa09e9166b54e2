"""The log: who did what, when, and for whom."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, g, render_template

from matchmaker.domain import zones
from matchmaker.domain.wording import N_
from matchmaker.permissions import Caller, open_to
from matchmaker.queries import log
from matchmaker.services.deletion import ONESELF
from matchmaker.web.incoming import number
from matchmaker.web.messages import KINDS
from matchmaker.web.organiser import PHASES, ROLES
from matchmaker.web.verbs import VERBS

bp = Blueprint("log", __name__, url_prefix="/o/<slug>/log")

SUBJECTS: Mapping[str, Mapping[str, str]] = {
    "event.phase": {phase.value: words for phase, words in PHASES.items()},
    "mail.released": KINDS,
    "mail.settled": KINDS,
    "notice.late": KINDS,
    "person.data_deleted": {ONESELF: N_("by the person"), **{role.value: words for role, words in ROLES.items()}},
    "text.changed": KINDS,
    "text.given_back": KINDS,
    "lock_meeting": {},
    "unlock_meeting": {},
}
"""What stands in the log as a code of ours, in words; a number that says nothing to a person has none."""


@bp.get("")
@open_to(Caller.ORGANISER)
def index(slug: str) -> str:  # noqa: ARG001 -- the gate reads it
    """List what was done, the latest first, in the event's own time."""
    page = max(number("page", 1), 1)
    shown = log.entries(g.event.id, page)
    moments = [zones.wall(line.entry.at, g.event.zone) for line in shown.lines]
    lines = list(zip(shown.lines, moments, strict=True))
    return render_template(
        "organiser/log.html", shown=shown, lines=lines, verbs=VERBS, subjects=SUBJECTS, page=page, size=log.PAGE
    )

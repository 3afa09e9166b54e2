"""The sections of an organiser's pages, as many as this reader may open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import current_app, g, url_for
from flask_babel import gettext as _

from matchmaker.domain.states import Role
from matchmaker.domain.wording import N_
from matchmaker.permissions import declared
from matchmaker.web.access import RANK

SECTIONS: Mapping[str, tuple[str, str]] = {
    "overview": ("organiser.overview", N_("Overview")),
    "people": ("people.index", N_("People")),
    "known": ("announcing.index", N_("Make it known")),
    "wishes": ("demand.index", N_("Wishes")),
    "forecast": ("forecast.index", N_("Forecast")),
    "frame": ("frame.edit", N_("Frame")),
    "places": ("places.index", N_("Places")),
    "sessions": ("sessions.index", N_("Sessions")),
    "types": ("types.index", N_("Types and limits")),
    "runs": ("runs.index", N_("Runs and drafts")),
    "rehearsal": ("rehearsal.show", N_("Rehearsal")),
    "day": ("day.index", N_("On the day")),
    "changes": ("changes.index", N_("Changes")),
    "paper": ("paper.index", N_("Paper")),
    "report": ("report.show", N_("Report")),
    "messages": ("messages.index", N_("Messages")),
    "log": ("log.index", N_("Log")),
    "team": ("team.index", N_("Team")),
    "archive": ("archives.index", N_("Archive")),
}


def sections(here: str = "") -> list[dict[str, Any]]:
    """Return the sections that exist and that the reader's role may open; ``here`` is the one shown."""
    return [
        {"label": _(label), "url": url_for(endpoint, slug=g.event.slug), "current": name == here}
        for name, (endpoint, label) in SECTIONS.items()
        if may_open(endpoint)
    ]


def may_open(endpoint: str) -> bool:
    """Tell whether there is such a page and the reader's role in the event is enough for it."""
    view = current_app.view_functions.get(endpoint)
    needed = declared(view) if view else None
    return needed is not None and RANK[g.role] >= RANK[Role(needed.value)]


def leads_somewhere(path: str) -> bool:
    """Tell whether this address of ours answers: pages of other parts of the house are linked where they exist."""
    return current_app.url_map.bind("").test(path)

"""The sections of an organiser's pages in groups of time, as many as this reader may open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import current_app, g, url_for
from flask_babel import gettext as _

from matchmaker.domain.states import Role
from matchmaker.domain.wording import N_
from matchmaker.permissions import declared
from matchmaker.web.access import RANK

GROUPS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    N_("Overview"): {"overview": ("organiser.overview", N_("Overview"))},
    N_("Set up"): {
        "frame": ("frame.edit", N_("Frame")),
        "places": ("places.index", N_("Places")),
        "sessions": ("sessions.index", N_("Sessions")),
        "types": ("types.index", N_("Types and limits")),
        "team": ("team.index", N_("Team")),
    },
    N_("People"): {
        "people": ("people.index", N_("People")),
        "delegations": ("delegations.index", N_("Delegations")),
        "known": ("announcing.index", N_("Make it known")),
        "wishes": ("demand.index", N_("Wishes")),
        "messages": ("messages.index", N_("Messages")),
    },
    N_("Scheduling"): {
        "runs": ("runs.index", N_("Runs and drafts")),
        "forecast": ("forecast.index", N_("Forecast")),
        "rehearsal": ("rehearsal.show", N_("Rehearsal")),
    },
    N_("The day"): {
        "day": ("day.index", N_("On the day")),
        "changes": ("changes.index", N_("Changes")),
        "paper": ("paper.index", N_("Paper")),
    },
    N_("Afterwards"): {
        "report": ("report.show", N_("Report")),
        "log": ("log.index", N_("Log")),
        "archive": ("archives.index", N_("Archive")),
    },
}
"""What organisers do, in the order of time; each group is opened by its first section."""


def groups(here: str = "") -> list[dict[str, Any]]:
    """Return the sections that exist and that the reader's role may open, in groups; ``here`` is the one shown."""
    found = [(label, _sections(pages, here)) for label, pages in GROUPS.items()]
    return [
        {
            "label": _(label),
            "url": pages[0]["url"],
            "current": any(page["current"] for page in pages),
            "pages": pages,
        }
        for label, pages in found
        if pages
    ]


def _sections(pages: Mapping[str, tuple[str, str]], here: str) -> list[dict[str, Any]]:
    return [
        {"label": _(label), "url": url_for(endpoint, slug=g.event.slug), "current": name == here}
        for name, (endpoint, label) in pages.items()
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

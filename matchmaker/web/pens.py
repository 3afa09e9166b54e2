"""Whose pages are open, and who writes on them: the person, or the staff of the event for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask import g, url_for
from flask_babel import gettext as _

from matchmaker.domain.states import Role
from matchmaker.domain.wording import N_
from matchmaker.errors import NotFound
from matchmaker.models import Participation
from matchmaker.queries import people
from matchmaker.web.signing import account_id

PAGES: Mapping[str, tuple[str, str]] = {
    "profile": ("profile.edit", "acting.profile"),
    "organisation": ("profile.organisation", "acting.organisation"),
    "times": ("times.edit", "acting.times"),
    "session": ("times.attend", "acting.attend"),
    "wishes": ("wishes.edit", "acting.wishes"),
    "give": ("wishes.give", "acting.give"),
    "move": ("wishes.move", "acting.move"),
    "requests": ("requests.show", "acting.requests"),
    "reply": ("requests.reply", "acting.reply"),
    "withdraw": ("requests.withdraw", "acting.withdraw"),
    "colleague": ("registration.colleague", "acting.colleague"),
}
"""Each page has an address for the person and one for the staff."""
SECTIONS = (
    ("profile", N_("Profile")),
    ("organisation", N_("Organisation")),
    ("times", N_("Times")),
    ("wishes", N_("Wishes")),
    ("requests", N_("Requests")),
)


class Pen(NamedTuple):
    """``actor_id`` is the account that writes; ``for_other`` that it is not the person's own."""

    participation: Participation
    actor_id: int
    for_other: bool

    def url(self, page: str, /, **values: Any) -> str:
        own, acting = PAGES[page]
        slug = g.event.slug
        if self.for_other:
            return url_for(acting, slug=slug, code=self.participation.code, **values)
        return url_for(own, slug=slug, **values)

    @property
    def sees_vetoes(self) -> bool:
        """Whom an organisation vetoed is its own to see, and the owner's: not the desk's that writes for it."""
        return not self.for_other or g.role is Role.OWNER

    def sections(self, here: str) -> list[dict[str, Any]]:
        """Return the way between a participant's pages; ``here`` is the one shown."""
        tabs = [{"label": _(label), "url": self.url(page), "current": page == here} for page, label in SECTIONS]
        if self.for_other:
            return tabs
        slug = g.event.slug
        first = {"label": _("To do"), "url": url_for("events.show", slug=slug), "current": here == "show"}
        last = {"label": _("Agenda"), "url": url_for("agenda.own", slug=slug), "current": here == "agenda"}
        return [first, *tabs, last]


def own() -> Pen:
    """Return the pen of the participant who is signed in."""
    return Pen(g.participation, account_id(), for_other=False)


def lent(code: str) -> Pen:
    """Return the pen of one of the staff who acts for the person with this code.

    Raises
    ------
    NotFound
        If nobody of the event has this code, or the person's data was deleted.
    """
    one = people.person(g.event.id, code)
    if one.deleted_at is not None:
        raise NotFound("participation", code)
    return Pen(one, account_id(), for_other=True)

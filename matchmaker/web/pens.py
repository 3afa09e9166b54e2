"""Whose pages are open, and who writes on them: the person, or somebody for them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from flask import g, url_for
from flask_babel import gettext as _

from matchmaker.domain.states import Role
from matchmaker.domain.wording import N_
from matchmaker.errors import NotFound
from matchmaker.models import Participation
from matchmaker.queries import delegation, home, people
from matchmaker.web.signing import account_id


class Hand(StrEnum):
    """Who holds a pen: the person, one of the event's staff, the head of the person's delegation, or a colleague."""

    OWN = "own"
    STAFF = "staff"
    HEAD = "head"
    COLLEAGUE = "colleague"


PAGES: Mapping[str, Mapping[Hand, str]] = {
    "profile": {Hand.OWN: "profile.edit", Hand.STAFF: "acting.profile"},
    "organisation": {Hand.OWN: "profile.organisation", Hand.STAFF: "acting.organisation"},
    "times": {
        Hand.OWN: "times.edit",
        Hand.STAFF: "acting.times",
        Hand.HEAD: "delegation.times",
        Hand.COLLEAGUE: "delegation.times",
    },
    "session": {
        Hand.OWN: "times.attend",
        Hand.STAFF: "acting.attend",
        Hand.HEAD: "delegation.attend",
        Hand.COLLEAGUE: "delegation.attend",
    },
    "wishes": {Hand.OWN: "wishes.edit", Hand.STAFF: "acting.wishes", Hand.HEAD: "delegation.wishes"},
    "give": {Hand.OWN: "wishes.give", Hand.STAFF: "acting.give", Hand.HEAD: "delegation.give"},
    "move": {Hand.OWN: "wishes.move", Hand.STAFF: "acting.move", Hand.HEAD: "delegation.move"},
    "requests": {Hand.OWN: "requests.show", Hand.STAFF: "acting.requests", Hand.HEAD: "delegation.requests"},
    "reply": {Hand.OWN: "requests.reply", Hand.STAFF: "acting.reply", Hand.HEAD: "delegation.reply"},
    "withdraw": {Hand.OWN: "requests.withdraw", Hand.STAFF: "acting.withdraw", Hand.HEAD: "delegation.withdraw"},
    "colleague": {Hand.OWN: "registration.colleague", Hand.STAFF: "acting.colleague"},
    "change": {Hand.OWN: "change.own", Hand.STAFF: "acting.change", Hand.HEAD: "delegation.change"},
}
"""Each page has an address for each hand that may write on it; colleagues share wishes and answers anyway."""
SECTIONS = (
    ("profile", N_("Profile")),
    ("organisation", N_("Organisation")),
    ("times", N_("Times")),
    ("wishes", N_("Wishes")),
    ("requests", N_("Requests")),
)


class Pen(NamedTuple):
    """``actor_id`` is the account that writes, in the hand of ``hand``, for the person."""

    participation: Participation
    actor_id: int
    hand: Hand

    @property
    def for_other(self) -> bool:
        return self.hand is not Hand.OWN

    @property
    def by_staff(self) -> bool:
        """Whether no deadline of participants binds the writer."""
        return self.hand is Hand.STAFF

    @property
    def sees_vetoes(self) -> bool:
        """Whom an organisation vetoed is its own to see, and the owner's: not theirs who write for it."""
        return self.hand is Hand.OWN or (self.hand is Hand.STAFF and g.role is Role.OWNER)

    @property
    def home(self) -> str:
        """The page that the writer comes from."""
        page = {Hand.STAFF: "organiser.overview", Hand.HEAD: "delegation.show"}.get(self.hand, "events.show")
        return url_for(page, slug=g.event.slug)

    def url(self, page: str, /, **values: Any) -> str:
        whose: dict[str, Any] = {"code": self.participation.code} if self.for_other else {}
        return url_for(PAGES[page][self.hand], slug=g.event.slug, **whose, **values)

    def sections(self, here: str) -> list[dict[str, Any]]:
        """Return the way between a participant's pages; ``here`` is the one shown."""
        known = [(page, label) for page, label in SECTIONS if self.hand in PAGES[page]]
        tabs = [{"label": _(label), "url": self.url(page), "current": page == here} for page, label in known]
        if self.for_other:
            return tabs
        slug = g.event.slug
        first = {"label": _("To do"), "url": url_for("events.show", slug=slug), "current": here == "show"}
        last = {"label": _("Agenda"), "url": url_for("agenda.own", slug=slug), "current": here == "agenda"}
        return [first, *tabs, last, *self._delegation(here)]

    def _delegation(self, here: str) -> list[dict[str, Any]]:
        """Return the section that heads of a delegation have."""
        if not delegation.headed(g.event.id, self.actor_id):
            return []
        url = url_for("delegation.show", slug=g.event.slug)
        return [{"label": _("Delegation"), "url": url, "current": here == "delegation"}]


def own() -> Pen:
    """Return the pen of the participant who is signed in."""
    return Pen(g.participation, account_id(), Hand.OWN)


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
    return Pen(one, account_id(), Hand.STAFF)


def of_head_or_colleague(code: str) -> Pen:
    """Return the pen of somebody who writes for a member of their delegation, or for a colleague: an assistant, say.

    Raises
    ------
    NotFound
        If the person with this code is neither.
    """
    own = g.participation
    for one in home.colleagues(own.organisation_id):
        if one.code == code and one.id != own.id:
            return Pen(one, account_id(), Hand.COLLEAGUE)
    return of_head(code)


def of_head(code: str) -> Pen:
    """Return the pen of the head of a delegation who acts for the member of it with this code.

    Raises
    ------
    NotFound
        If nobody of a delegation that the reader heads has this code.
    """
    return Pen(delegation.led(g.event.id, account_id(), code), account_id(), Hand.HEAD)

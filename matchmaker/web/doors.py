"""The two doors to a person's own pages: signed in, or with the personal link in hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask import g, url_for

from matchmaker.domain.links import Purpose
from matchmaker.models import Participation
from matchmaker.queries import agenda_rows, links
from matchmaker.web import pens
from matchmaker.web.pens import Pen

PAGES: Mapping[str, tuple[str, str]] = {
    "agenda": ("agenda.own", "agenda.by_link"),
    "meeting": ("feedback.own", "feedback.by_link"),
    "change": ("change.own", "change.by_link"),
    "contacts": ("contacts.own", "contacts.by_link"),
    "cards": ("contacts.own_cards", "contacts.cards_by_link"),
    "sheet": ("contacts.own_sheet", "contacts.sheet_by_link"),
}
"""Each page has an address behind either door."""


class Door(NamedTuple):
    """By which door somebody came in. ``pen`` is there for those who signed in, ``token`` is that of the link."""

    participation: Participation
    pen: Pen | None = None
    token: str = ""

    def url(self, page: str, /, **values: Any) -> str:
        """Return the address of a page behind the same door."""
        own, by_link = PAGES[page]
        if self.pen:
            return url_for(own, slug=g.event.slug, **values)
        return url_for(by_link, token=self.token, **values)


def signed_in() -> Door:
    pen = pens.own()
    return Door(pen.participation, pen)


def linked(token: str) -> Door:
    """Return the door that a personal link opens.

    Raises
    ------
    NotFound
        If it opens none.
    """
    return Door(opened(token, Purpose.AGENDA), token=token)


def opened(token: str, purpose: Purpose) -> Participation:
    """Return whose link it is, and let the page speak of their event, in their language.

    Raises
    ------
    NotFound
        If it is no link for this purpose.
    """
    participation = links.access_by_link(token, purpose)
    g.event = agenda_rows.event(participation.event_id)
    g.locale = participation.account.locale
    return participation

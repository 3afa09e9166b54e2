"""The one place that builds cards for address books (vCard 3.0, RFC 2426, which every phone reads)."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from icalendar import Component, vText
from icalendar.prop import vN, vOrg

from matchmaker.domain.plain import one_line
from matchmaker.models import Texts
from matchmaker.queries import agenda_words as say
from matchmaker.queries.contacts import WITHHELD, Contact


class _Card(Component):
    name = "VCARD"
    canonical_order = ("VERSION", "FN", "N", "ORG", "TITLE", "EMAIL", "TEL", "NOTE")  # type: ignore[assignment]  # its base says None


def build_cards(contacts: Iterable[Contact], event: Texts) -> bytes:
    """Return one file with a card for each, in the language at work; ``event`` names where they were met."""
    return b"".join(_card(contact, event).to_ical() for contact in contacts)


def _card(contact: Contact, event: Texts) -> _Card:
    """Write one card. Nobody told us which part of a name is the family's, so it stands there whole."""
    name, organisation = (say.words(texts) for texts in (contact.names, contact.organisation))
    card = _Card()
    card.add("version", vText("3.0"))
    card.add("fn", vText(name or organisation))
    card.add("n", vN((name or organisation, "", "", "", "")))
    card.add("org", vOrg((organisation,)))
    for property_, text, kind in (
        ("title", say.words(contact.job), {}),
        ("email", contact.email, {"TYPE": "INTERNET"}),
        ("tel", contact.phone, {"TYPE": "CELL"}),
    ):
        if line := one_line(text):
            card.add(property_, vText(line), parameters=kind)
    met = _("Met at: %(event)s", event=say.words(event))
    card.add("note", vText(met if contact.agreed else f"{met}\n{_(WITHHELD)}"))
    return card

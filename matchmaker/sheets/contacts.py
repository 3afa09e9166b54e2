"""Those whom a person met, as a sheet."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _

from matchmaker.queries import agenda_words as say
from matchmaker.queries.contacts import WITHHELD, Contact
from matchmaker.sheets.cells import Value, workbook


def contacts_sheet(contacts: Iterable[Contact]) -> bytes:
    """Return an xlsx file with a row for each, in the language at work."""
    heads = [_("Name"), _("Role"), _("Organisation"), _("E-mail"), _("Phone"), _("Remark")]
    return workbook(_("Contacts"), heads, map(_row, contacts), right_to_left=say.language() == "ar")


def _row(contact: Contact) -> list[Value]:
    told = (say.words(contact.names), say.words(contact.job), say.words(contact.organisation))
    return [*told, contact.email, contact.phone, "" if contact.agreed else _(WITHHELD)]

"""The personal links of those to whom no mail goes, as a sheet for those who hand them over."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _

from matchmaker.models import Participation
from matchmaker.queries import agenda_words as say
from matchmaker.queries import links
from matchmaker.sheets.cells import Value, workbook


def links_sheet(people: Iterable[Participation]) -> bytes:
    """Return an xlsx file with a row for each, in the language at work; the last column waits for a pen."""
    heads = [_("Name"), _("Organisation"), _("Phone"), _("Language"), _("Personal link"), _("Handed over by")]
    return workbook(_("Personal links"), heads, map(_row, people), right_to_left=say.language() == "ar")


def _row(one: Participation) -> list[Value]:
    names, organisation = say.words(one.account.names), say.words(one.organisation.names)
    return [names, organisation, one.account.phone or "", str(one.account.locale), links.agenda_url(one), ""]

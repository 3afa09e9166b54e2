"""Blank forms: a sheet that somebody without a computer fills in by hand, in each language of the event."""

from __future__ import annotations

from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from matchmaker.paper.typesetting import dated, typeset
from matchmaker.queries import agenda_words as say
from matchmaker.queries import logos
from matchmaker.queries.paper import Blank


def forms_pdf(blank: Blank) -> bytes:
    """Return one page for each language."""
    sheets = []
    for locale in blank.languages:
        with force_locale(locale):
            sheets.append(_sheet(blank))
    first = sheets[0]
    made = dated(blank.event, None)
    head = {"language": first["language"], "title": first["title"], "author": first["event"], "made": made}
    return typeset("forms.typ", {**head, "logos": logos.for_paper(blank.event.logos), "sheets": sheets})


def _sheet(blank: Blank) -> dict[str, Any]:
    return {
        "language": say.language(),
        "event": say.named(blank.event.names),
        "place": say.joined(say.words(blank.event.places), say.days(blank.event)),
        "title": _("Your wishes, on paper"),
        "how": _("Please write clearly and hand this sheet to the welcome desk."),
        "who": [_("Organisation"), _("Name"), _("Role"), _("Phone"), _("E-mail")],
        "languages": {
            "title": _("Languages in which you can hold a meeting"),
            "names": [say.language_name(code) for code in blank.languages],
        },
        "offer": _("What you offer"),
        "need": _("What you look for"),
        "wishes": _wishes(blank),
        "times": {
            "title": _("Cross out the times at which you are not free"),
            "days": [
                {"day": say.long_day(day), "starts": [f"{one:%H:%M}" for one in starts]} for day, starts in blank.slots
            ],
        },
        "agreed": {
            "title": _("Your agreement"),
            "boxes": [
                _("I agree that my name, my times and our wishes are used to schedule meetings."),
                _("I agree that participants see my name and role in the directory."),
                _("I agree that those I meet receive my e-mail address and phone number."),
            ],
            "law": _law(blank),
        },
        "sign": [_("Date"), _("Signature")],
    }


def _wishes(blank: Blank) -> dict[str, Any]:
    return {
        "title": _("Whom you want to meet"),
        "how": _(
            "The most important first. Tick at most %(musts)s as must meet and %(likes)s as would like.",
            musts=blank.musts,
            likes=blank.likes,
        ),
        "heads": [_("Organisation or name"), _("Must meet"), _("Would like")],
        "lines": blank.musts + blank.likes,
        "least": blank.musts,
    }


def _law(blank: Blank) -> str:
    controller = blank.controller or say.named(blank.event.names)
    parts = [f"{_('Responsible for your data:')} {controller}."]
    if blank.cndp_number:
        parts.append(f"{_('Declared to the CNDP under the number')} {blank.cndp_number}.")
    return " ".join([*parts, _("You may see, correct or withdraw your data at any time (law 09-08).")])

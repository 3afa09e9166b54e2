"""A poster that makes an event known: one A4 page in all its languages, with the way to its registration as a code."""

from __future__ import annotations

from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from matchmaker.paper.typesetting import dated, qr, typeset
from matchmaker.queries import agenda_words as say
from matchmaker.queries import logos
from matchmaker.queries.announcing import Announcement


def poster_pdf(one: Announcement) -> bytes:
    """Return the poster as a PDF of one page, in the order of the event's languages."""
    faces = []
    for locale in one.languages:
        with force_locale(locale):
            faces.append(_face(one))
    first = faces[0]
    return typeset(
        "poster.typ",
        {
            "language": first["language"],
            "title": first["event"],
            "author": first["event"],
            "made": dated(one.event, None),
            "logos": logos.for_paper(one.event.logos),
            "faces": faces,
            "qr": qr(one.address),
            "code_name": first["call"],
            "address": one.address.split("://", 1)[-1],
        },
    )


def _face(one: Announcement) -> dict[str, Any]:
    event = one.event
    return {
        "language": say.language(),
        "patronage": event.patronage.get(say.language(), ""),
        "event": say.words(event.names),
        "when": say.days(event),
        "place": say.words(event.places),
        "what": _("Business meetings by appointment"),
        "call": _("Register here and say whom you want to meet"),
        "until": _("until %(day)s", day=say.long_day(one.until)) if one.until else "",
    }

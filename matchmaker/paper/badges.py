"""Badges: eight on an A4 sheet, of 105 by 74 mm, with marks to cut along."""

from __future__ import annotations

from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from matchmaker.domain.plain import isolated, one_line
from matchmaker.paper.typesetting import publicly, qr, typeset
from matchmaker.queries import agenda_words as say
from matchmaker.queries.paper import Paper, Person

SCRIPTS = {"ar": ("fr", "en"), "fr": ("ar",), "en": ("ar",)}
"""In which languages a name is in the other script."""


def badges_pdf(paper: Paper) -> bytes | None:
    """Return the badges in the order of organisations, each in its person's language, or None if nobody takes part.

    Everybody can read a badge: its code opens the page that shows the agenda and can do nothing.
    """
    badges = []
    for person in paper.people:
        with force_locale(str(person.locale)):
            badges.append(_badge(paper, person))
    return typeset("badges.typ", {**publicly(paper, _("Badges")), "badges": badges}, apart=True) if badges else None


def _badge(paper: Paper, person: Person) -> dict[str, Any]:
    return {
        "language": say.language(),
        "event": say.named(paper.event.names),
        "name": say.named(person.names),
        "other_name": _in_other_script(person),
        "job": say.named(person.job),
        "organisation": say.named(person.party.names),
        "qr": qr(person.badge_address),
        "code_name": _("QR code of this agenda"),
    }


def _in_other_script(person: Person) -> str:
    found = [one_line(person.names[code]) for code in SCRIPTS[say.language()] if person.names.get(code)]
    return isolated(found[0], say.language()) if found and found[0] != say.words(person.names) else ""

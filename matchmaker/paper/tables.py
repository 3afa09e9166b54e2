"""Table cards: a sheet for each table and day, folded to a tent that is read in Arabic and in French."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from matchmaker.domain.states import Locale
from matchmaker.paper.typesetting import publicly, typeset
from matchmaker.queries import agenda_words as say
from matchmaker.queries.paper import Paper, Party, Sitting

FACES = (Locale.ARABIC, Locale.FRENCH)
"""What hangs or stands for all to read is in both; the first face is set on its head, so that the fold rights it."""


def tables_pdf(paper: Paper) -> bytes | None:
    """Return the cards in the order of days, halls and tables, or None if nothing is placed."""
    at_table = defaultdict[tuple[dt.date, int, int], list[Sitting]](list)
    for sitting in paper.sittings:
        at_table[sitting.start.date(), sitting.location_id, sitting.table].append(sitting)
    if not at_table:
        return None
    cards: list[list[dict[str, Any]]] = [[] for _table in at_table]
    for locale in FACES:
        with force_locale(str(locale)):
            for card, (_key, sittings) in zip(cards, sorted(at_table.items()), strict=True):
                card.append(_face_of(paper, sittings))
    return typeset("tables.typ", {**publicly(paper, _("Table cards")), "cards": cards}, apart=True)


def _face_of(paper: Paper, sittings: Sequence[Sitting]) -> dict[str, Any]:
    first = sittings[0]
    sign = say.sign_of(first.location, first.table, is_stand=first.is_stand)
    return {
        "language": say.language(),
        "event": say.named(paper.event.names),
        "word": sign.word,
        "number": sign.number,
        "hall": say.named(first.location),
        "day": say.long_day(first.start.date()),
        "rows": [
            {"start": f"{one.start:%H:%M}", "end": f"{one.end:%H:%M}", "title": named_together(one.parties)}
            for one in sittings
        ],
    }


def named_together(parties: Sequence[Party]) -> str:
    """Name both sides of a meeting where all can read it: who asked not to be listed is not named."""
    names = [say.named(party.names) for party in parties if party.listed]
    if not names:
        return _("Reserved")
    return names[0] if len(names) == 1 else _("%(one)s and %(other)s", one=names[0], other=names[1])

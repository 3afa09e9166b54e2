"""Words of what a form may choose from."""

from __future__ import annotations

from matchmaker.domain import dates
from matchmaker.models import Slot
from matchmaker.web import languages


def slot_words(slot: Slot) -> str:
    """Name a slot by its day and start, for a choice, which holds plain text only; the time keeps its direction."""
    return f"{dates.long_day(slot.day, languages.current())} \u2068{dates.clock(slot.start)}\u2069"

"""The order of names in a list that people look something up in, by the alphabet of its language."""

from __future__ import annotations

import unicodedata

from matchmaker.domain.plain import RIGHT_TO_LEFT
from matchmaker.domain.searching import folded


def in_order(name: str, language: str) -> tuple[bool, str]:
    """Return what names are sorted by: those in the script of the language first, each by its letters.

    Accents, vowel signs, capitals and the forms of the alif make no difference; the article ال is part of a name.
    """
    letters = folded(name).lstrip("«»\"'( ")
    is_arabic = bool(letters) and unicodedata.bidirectional(letters[0]) == "AL"
    return is_arabic is not (language in RIGHT_TO_LEFT), letters

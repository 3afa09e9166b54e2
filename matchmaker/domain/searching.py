"""Finding a name as people type it: without accents, vowel signs, capitals or the letters Arabic confuses."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_ALIKE = str.maketrans({"ة": "ه", "ى": "ي", "ٱ": "ا", "ـ": None, "’": "'", "œ": "oe", "æ": "ae"})


@lru_cache(maxsize=32_768)  # names and topics come again with every search
def folded(text: str) -> str:
    """Return the text as it is compared: «إدارة» and «اداره», "Éts Lœb" and "ets loeb" are the same."""
    bare = "".join(letter for letter in unicodedata.normalize("NFKD", text) if unicodedata.category(letter) != "Mn")
    return " ".join(bare.casefold().translate(_ALIKE).split())


def searchable(texts: Iterable[str]) -> str:
    """Return texts as ``holds`` reads them."""
    return " ".join(map(folded, texts))


def holds(text: str, words: str) -> bool:
    """Tell whether every one of the words stands somewhere in a searchable text."""
    return all(word in text for word in folded(words).split())

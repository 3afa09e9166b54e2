"""Choosing and shortening texts that people wrote; what the product itself says goes through gettext."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

ELLIPSIS = "…"
SECOND_BEST: Mapping[str, tuple[str, ...]] = {
    "ar": ("ar", "fr", "en"),
    "fr": ("fr", "en", "ar"),
    "en": ("en", "fr", "ar"),
}
# What many names begin with tells them apart least. Arabic has no customary short forms, so the word goes.
FIRST_WORDS: Mapping[str, str] = {
    "coopérative": "Coop.",
    "cooperative": "Coop.",
    "société": "Sté",
    "association": "Assoc.",
    "établissements": "Éts",
    "compagnie": "Cie",
    "تعاونية": "",
    "شركة": "",
    "جمعية": "",
    "مقاولة": "",
    "مجموعة": "",
}


def N_(message: str) -> str:  # noqa: N802 -- the extractor's keyword
    """Mark a text for the catalogues where it is defined; whoever shows it translates it."""
    return message


def in_language(texts: Mapping[str, str], locale: str) -> str:
    """Return the text a reader of ``locale`` can use best, or "" if there is none at all.

    First the locale itself, then for French and English each other (same script), then what is left
    in the order French, English, Arabic; last any other language, by its code.
    """
    if own := texts.get(locale, "").strip():
        return own
    preferred = SECOND_BEST.get(locale, (locale, "fr", "en", "ar"))
    others = sorted(set(texts) - set(preferred))
    return next((texts[code].strip() for code in (*preferred, *others) if texts.get(code, "").strip()), "")


def short_name(name: str, limit: int = 14) -> str:
    """Shorten a name to at most ``limit`` visible characters.

    First a word such as "Coopérative" at the front is shortened, then the name is cut, at a word's end if that
    keeps half of the room. Marks that combine with the letter before (Arabic vowels, decomposed accents) take
    no room and are never separated from it.
    """
    words = name.split()
    if len(_clusters(" ".join(words))) <= limit:
        return " ".join(words)
    if len(words) > 1:
        words[0] = FIRST_WORDS.get(words[0].casefold(), words[0])
    return _cut(_clusters(" ".join(words).strip()), limit)


def _cut(clusters: list[str], limit: int) -> str:
    if len(clusters) <= limit:
        return "".join(clusters)
    kept = clusters[: limit - 1]
    if clusters[limit - 1] != " " and " " in kept:
        end_of_word = len(kept) - 1 - kept[::-1].index(" ")
        kept = kept[:end_of_word] if end_of_word >= limit // 2 else kept
    return "".join(kept).rstrip(" ,;-–&'’") + ELLIPSIS


def _clusters(text: str) -> list[str]:
    clusters: list[str] = []
    for character in text:
        if clusters and unicodedata.category(character) in {"Mn", "Me", "Cf"}:
            clusters[-1] += character
        else:
            clusters.append(character)
    return clusters

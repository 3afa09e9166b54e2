"""Whether a name in Latin letters and one in Arabic letters may be the same: told by their consonants.

Vowels, doubled letters, accents and the letters that transliterations confuse are left out of the comparison; the
article counts or does not. So «محمد العروسي» and "Mohammed Laaroussi" are alike, in this order or with the family
name first. What is written with other consonants ("Georges" and «جورج») is not found, and two people of one
organisation may be alike: a person decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from matchmaker.domain.searching import folded

_ARABIC = re.compile(r"[\u0621-\u064a\u066e-\u06d3]")
_OF_ARABIC = {
    "ب": "b", "پ": "b", "ت": "t", "ط": "t", "ث": "t", "ج": "j", "ح": "h", "خ": "x", "د": "d", "ض": "d", "ذ": "d",
    "ظ": "d", "ر": "r", "ز": "z", "س": "s", "ص": "s", "ش": "c", "غ": "g", "ف": "f", "ڤ": "f", "ق": "k", "ك": "k",
    "گ": "g", "ڭ": "g", "ل": "l", "م": "m", "ن": "n", "ه": "h",
}  # fmt: skip
_OF_LATIN = (
    ("tch", "C"), ("sch", "C"), ("kh", "x"), ("gh", "G"), ("ch", "C"), ("sh", "C"), ("th", "t"), ("dh", "d"),
    ("dj", "j"), ("ph", "f"), ("ck", "k"), ("gu", "G"),
)  # fmt: skip
"""Capitals are those that are settled: no letter after them changes their sound."""
_BEFORE_E_AND_I = ((re.compile("c(?=[eiy])"), "s"), (re.compile("g(?=[eiy])"), "j"), (re.compile("c"), "k"))
_SINGLE = str.maketrans({"q": "k", "p": "b", "v": "f", "ç": "s", **dict.fromkeys("aeiouyw", "")})
_ARTICLES = frozenset({"el", "al", "l", "ال"})
_WORDS = re.compile(r"[^\W_]+")
_DOUBLED = re.compile(r"(.)\1+")


class Traces(NamedTuple):
    """``left``: what a name is found by; ``sought``: what those that may be the same have left."""

    left: frozenset[str]
    sought: frozenset[str]


def alike(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Tell whether two people's names, each in one language or in several, may be the same."""
    return bool(traces(one).left & traces(other).sought)


def traces(names: Mapping[str, str]) -> Traces:
    """Return what names are compared by: in one script the words, in any order; across scripts the consonants."""
    found = [_traces(text) for text in names.values() if text.strip()]
    return Traces(frozenset().union(*(one.left for one in found)), frozenset().union(*(one.sought for one in found)))


@lru_cache(maxsize=16_384)
def _traces(text: str) -> Traces:
    words = _WORDS.findall(folded(text.replace("ç", "s")))
    if not words:
        return Traces(frozenset(), frozenset())
    own, other = ("a", "l") if _ARABIC.search(text) else ("l", "a")
    same = {"=" + " ".join(sorted(words))}
    bones = _skeletons(words)
    return Traces(frozenset(same | {own + one for one in bones}), frozenset(same | {other + one for one in bones}))


def _skeletons(words: Iterable[str]) -> set[str]:
    found = set[str]()
    for with_article in (True, False):
        bones = [bone for bone in _bones(words, with_article=with_article) if bone]
        if sum(map(len, bones)) > 2:  # fewer consonants are shared by too many
            found |= {_run(bones), "+" + _run(sorted(bones))}
    return found


def _bones(words: Iterable[str], *, with_article: bool) -> list[str]:
    bones, pending = list[str](), ""
    for word in words:
        if word in _ARTICLES:
            pending = "l" if with_article else ""
        else:
            bones.append(pending + _consonants(word, with_article=with_article))
            pending = ""
    return bones


def _consonants(word: str, *, with_article: bool) -> str:
    if _ARABIC.search(word):
        has_article = word.startswith("ال") and len(word) > 4
        bare = word[2:] if has_article else word
        letters = "".join(_OF_ARABIC.get(letter, "") for letter in bare)
        letters = "l" + letters if has_article and with_article else letters
    else:
        letters = word
        for written, sound in _OF_LATIN:
            letters = letters.replace(written, sound)
        for pattern, sound in _BEFORE_E_AND_I:
            letters = pattern.sub(sound, letters)
        letters = letters.lower().translate(_SINGLE)
    return letters.removesuffix("h")


def _run(bones: Iterable[str]) -> str:
    return _DOUBLED.sub(r"\1", "".join(bones))

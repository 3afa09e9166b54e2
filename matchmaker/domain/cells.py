"""What one cell of a spreadsheet of people says: an address, a number, a country, languages, topics."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache

from babel import Locale as BabelLocale

from matchmaker.domain.heads import Cell
from matchmaker.domain.searching import folded
from matchmaker.domain.states import Channel, Locale

SPOKEN = ("ar", "fr", "en", "zgh", "es", "tr", "nl", "de", "it", "pt", "zh")
"""The languages that a meeting may be held in, the most usual first."""
ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#N/D", "#NOM?", "#VALEUR!"})
"""What spreadsheet programs show in place of a value, in English and in French."""
ARABIC = re.compile(r"[\u0600-\u06ff\u0750-\u077f]")
LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_ADDRESS = re.compile(r"[^@\s<>,;()\[\]:\\\"]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_PHONE = re.compile(r"[+0-9 ().-]{6,32}\Z")
_BETWEEN_PHONES = re.compile(r"\s*(?:[/;|\n]|\bou\b|\bor\b|\bأو\b)\s*")
_BETWEEN = re.compile(r"\s*[;,،؛|/\n•]\s*")
_BETWEEN_SCRIPTS = re.compile(r"\s*[/|\n]\s*|\s+[-–—]\s+|\s*[()]\s*")
_YES = frozenset({"yes", "oui", "نعم", "x", "1", "true", "vrai", "✓"})
_NO = frozenset({"", "no", "non", "لا", "0", "false", "faux", "-"})
_OTHER_NAMES = {
    "zgh": "amazigh amazighe tamazight berbere berber الامازيغيه امازيغيه تمازيغت",
    "ar": "العربيه عربيه عربي darija الدارجه",
    "fr": "الفرنسيه فرنسيه francais francaise",
    "en": "الانجليزيه انجليزيه",
    "es": "الاسبانيه espagnole castillan",
}


def text(cell: Cell) -> str:
    """Return the words of a cell without characters that no keyboard makes and without outer blanks."""
    kept = (one for one in str(cell) if one == "\n" or unicodedata.category(one) not in {"Cc", "Cs", "Zl", "Zp"})
    return "".join(kept).strip()


def by_script(words: str) -> dict[str, str]:
    """Return a name by its letters: Arabic ones as Arabic, others as French; one that stands in both, in two parts."""
    if not words:
        return {}
    if not ARABIC.search(words):
        return {"fr": words}
    parts = [part for part in _BETWEEN_SCRIPTS.split(words) if part]
    arabic = [part for part in parts if ARABIC.search(part) and not LATIN.search(part)]
    latin = [part for part in parts if LATIN.search(part) and not ARABIC.search(part)]
    if len(arabic) == len(latin) == 1 and len(parts) == 2:
        return {"fr": latin[0], "ar": arabic[0]}
    return {"ar": words}


def address(words: str) -> str | None:
    """Return the one e-mail address in a cell, also in ``Name <address>``; None if it is not exactly one."""
    found = {one.lower() for one in _ADDRESS.findall(words.removeprefix("mailto:")) if one.isascii()}
    outside = _ADDRESS.sub("", words)
    return found.pop() if len(found) == 1 and "@" not in outside and len(words) <= 254 else None


def phone(cell: Cell, country: str) -> tuple[str, bool] | None:
    """Return a phone number, and whether others were left beside it; None if it is none.

    A cell that holds a number has lost what stood in front: a zero of a Moroccan number, or the plus of a whole one.
    """
    if isinstance(cell, int):
        return _whole(str(cell), country), False
    numbers = [part for part in _BETWEEN_PHONES.split(cell.strip()) if part]
    first = re.sub(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069\u00a0\u202f]", " ", numbers[0]).strip() if numbers else ""
    first = re.sub(r"^(?:tél|tel|gsm|mob|fax)\s*[.:]*\s*", "", first, flags=re.IGNORECASE)
    return (first, len(numbers) > 1) if _PHONE.match(first) else None


def _whole(digits: str, country: str) -> str:
    if country == "MA" and len(digits) == 9:
        return f"+212{digits}"
    return f"+{digits}" if len(digits) > 10 else digits


def parts(words: str) -> list[str]:
    """Return what a cell lists: between semicolons, commas, strokes, points or ends of lines."""
    return [part for part in _BETWEEN.split(words) if part]


def named_in(words: str, known: Mapping[str, str]) -> tuple[tuple[str, ...], list[str]]:
    """Return the codes of what a cell lists, and the parts that are not known.

    ``known`` goes by folded names; a name that itself holds a comma is found as a whole.
    """
    edges = [(0, 0), *((gap.start(), gap.end()) for gap in _BETWEEN.finditer(words)), (len(words), len(words))]
    codes, rest, at = dict[str, None](), list[str](), 0
    while at < len(edges) - 1:
        runs = range(len(edges) - 1, at, -1)
        end = next((end for end in runs if folded(words[edges[at][1] : edges[end][0]]) in known), None)
        part = words[edges[at][1] : edges[end or at + 1][0]].strip()
        if end:
            codes[known[folded(part)]] = None
        elif part:
            rest.append(part)
        at = end or at + 1
    return tuple(codes), rest


def language(words: str) -> str | None:
    return _language_names().get(folded(words))


def locale(words: str) -> Locale | None:
    code = language(words)
    return Locale(code) if code in set(Locale) else None


def country(words: str) -> str | None:
    """Return the code of a country that is named in Arabic, French or English, or by its code."""
    return _country_names().get(folded(words))


def channel(words: str) -> Channel | None:
    return _channel_names().get(folded(words))


def is_yes(words: str) -> bool | None:
    """Tell whether a cell says yes; an empty one says no, and None is for what is neither."""
    said = folded(words)
    return True if said in _YES else False if said in _NO else None


def language_name(code: str, tongue: str) -> str:
    """Return the name of a language as ``language`` reads it."""
    return _written(str(BabelLocale.parse(tongue).languages.get(code, code)), code, language)


def country_name(code: str, tongue: str) -> str:
    """Return the name of a country as ``country`` reads it."""
    return _written(str(BabelLocale.parse(tongue).territories.get(code, code)), code, country)


def _written(name: str, code: str, read: Callable[[str], str | None]) -> str:
    """Return a name, or the code where the name would be read as another."""
    return name if read(name) == code else code


@cache
def _language_names() -> Mapping[str, str]:
    found = {word: code for code, words in _OTHER_NAMES.items() for word in words.split()}
    for tongue in Locale:
        names = BabelLocale.parse(tongue).languages
        found |= {folded(str(names[code])): code for code in SPOKEN if code in names}
    return found | {code: code for code in SPOKEN}


@cache
def _country_names() -> Mapping[str, str]:
    found = dict[str, str]()
    for tongue in ("ar", "ar_MA", "fr", "en"):
        territories = BabelLocale.parse(tongue).territories
        codes = [code for code in map(str, territories) if len(code) == 2 and code.isalpha()]
        found |= {folded(str(territories[code])): code for code in codes}
        found |= {code.lower(): code for code in codes}
    return found | {"usa": "US", "uk": "GB", "المملكه المغربيه": "MA", "royaume du maroc": "MA", "turquie": "TR"}


@cache
def _channel_names() -> Mapping[str, Channel]:
    whole = {
        "par e-mail": Channel.MAIL, "par courriel": Channel.MAIL, "by e-mail": Channel.MAIL, "by email": Channel.MAIL,
        "البريد الالكتروني": Channel.MAIL, "بالبريد الالكتروني": Channel.MAIL, "عبر البريد الالكتروني": Channel.MAIL,
        "par telephone": Channel.PHONE, "by phone": Channel.PHONE, "عبر الهاتف": Channel.PHONE,
        "sur papier": Channel.PAPER, "on paper": Channel.PAPER, "على الورق": Channel.PAPER,
    }  # fmt: skip
    singles = {
        Channel.MAIL: "mail e-mail email courriel الايميل",
        Channel.PHONE: "phone telephone tel whatsapp gsm الهاتف هاتف بالهاتف واتساب",
        Channel.PAPER: "paper papier accueil الورق ورقي ورقيا",
    }
    found = {folded(words): channel for words, channel in whole.items()}
    return found | {folded(word): channel for channel, words in singles.items() for word in words.split()}

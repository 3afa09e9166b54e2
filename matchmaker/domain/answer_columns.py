"""What a spreadsheet of wishes or of times may hold: its columns, their heads, and what a cell of each says."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum

from matchmaker.domain.columns import Column, recognised
from matchmaker.domain.searching import folded
from matchmaker.domain.states import ImportKind, WishLevel
from matchmaker.domain.wording import N_


class Told(StrEnum):
    """A column; those of who speaks come first where a head fits both sides."""

    WHO_CODE = "who_code"
    WHO_EMAIL = "who_email"
    WHO_NAME = "who_name"
    WHO_ORGANISATION = "who_organisation"
    LEVEL = "level"
    RANK = "rank"
    WHOM_CODE = "whom_code"
    WHOM_EMAIL = "whom_email"
    WHOM_NAME = "whom_name"
    WHOM_ORGANISATION = "whom_organisation"
    DAY = "day"
    START = "start"
    END = "end"


LABELS: Mapping[Told, str] = {
    Told.WHO_CODE: N_("Code of the organisation"),
    Told.WHO_EMAIL: N_("E-mail"),
    Told.WHO_NAME: N_("Name"),
    Told.WHO_ORGANISATION: N_("Organisation"),
    Told.LEVEL: N_("Wish"),
    Told.RANK: N_("Rank"),
    Told.WHOM_CODE: N_("Code of the other organisation"),
    Told.WHOM_EMAIL: N_("E-mail (other side)"),
    Told.WHOM_NAME: N_("Name (other side)"),
    Told.WHOM_ORGANISATION: N_("The other organisation"),
    Told.DAY: N_("Day"),
    Told.START: N_("Not free from"),
    Told.END: N_("Not free until"),
}
"""What each is called; the export writes these as heads, so they are recognised in each language."""
WHO = (Told.WHO_CODE, Told.WHO_EMAIL, Told.WHO_NAME, Told.WHO_ORGANISATION)
WHOM = (Told.WHOM_CODE, Told.WHOM_EMAIL, Told.WHOM_NAME, Told.WHOM_ORGANISATION)
COLUMNS: Mapping[ImportKind, tuple[Told, ...]] = {
    ImportKind.WISHES: (*WHO, Told.LEVEL, Told.RANK, *WHOM),
    ImportKind.TIMES: (*WHO, Told.DAY, Told.START, Told.END),
}
TABS: Mapping[ImportKind, frozenset[str]] = {
    ImportKind.WISHES: frozenset(map(folded, ("Wishes", "Souhaits", "الاختيارات"))),
    ImportKind.TIMES: frozenset(map(folded, ("Times not free", "Plages de non-disponibilité", "أوقات عدم التوفر"))),
}
"""The sheets that hold them in a file with several; the export gives them these titles."""

_HEADS: Mapping[Told, str] = {
    Told.WHO_ORGANISATION: "qui|who|demandeur|من",
    Told.WHOM_ORGANISATION: "avec qui|with whom|whom|avec|wants to meet|souhaite rencontrer|مع من|يرغب في لقاء",
    Told.LEVEL: "wish|level|kind|souhait|niveau|type de souhait|demande|request|الاختيار|الدرجة|النوع|الطلب",
    Told.RANK: "rank|rang|ordre|priorite|order|الترتيب|الرتبة",
    Told.DAY: "day|date|jour|اليوم|التاريخ",
    Told.START: "not free from|from|start|non disponible de|de|debut|غير متوفر من|بداية|من الساعة",
    Told.END: "not free until|until|to|end|non disponible jusqu a|a|jusqu a|fin|غير متوفر إلى|نهاية|إلى الساعة",
}
_TOLD = {folded(phrase): told for told, phrases in _HEADS.items() for phrase in phrases.split("|")}
_OTHER = frozenset(
    map(
        folded,
        [
            "other",
            "side",
            "autre",
            "partie",
            "الآخر",
            "الأخرى",
            "الطرف",
            "whom",
            "wanted",
            "souhaité",
            "souhaitée",
            "demandé",
        ],
    )
)
_SIDE = {Column.EMAIL: "email", Column.GROUP: "code"}
_MARKS = re.compile(r"[()\[\]*:.,;!?/\\|_’'\"#°–—-]+")
_TIME = re.compile(r"([0-9]{1,2})\s*(?:[:hH.]\s*([0-9]{2})?)?(?::[0-9]{2})?\s*(?:min)?\Z")
_DAY = re.compile(r"([0-9]{1,2})\s*[/.-]\s*([0-9]{1,2})(?:\s*[/.-]\s*([0-9]{2,4}))?\Z")

LEVELS: Mapping[WishLevel, str] = {
    WishLevel.MUST: "must|must meet|prioritaire|obligatoire|indispensable|ذو أولوية|أولوية",
    WishLevel.LIKE: "like|would like|souhaité|souhaitée|souhait|wish|request|demande|demande de rendez-vous|"
    "مرغوب فيه|طلب|طلب لقاء|طلب لقاء ثنائي",
    WishLevel.YES: "yes|oui|accepté|accepted|نعم|مقبول",
    WishLevel.NO: "no|non|décliné|declined|لا|معتذر عنه",
    WishLevel.VETO: "no thanks|non merci|veto|لا شكرا",
}
_LEVEL = {folded(phrase): level for level, phrases in LEVELS.items() for phrase in phrases.split("|")}


def suggest(kind: ImportKind, heads: Sequence[str]) -> dict[int, Told]:
    """Return what columns seem to hold, by number; each kind is given once, to the first that fits."""
    found: dict[int, Told] = {}
    for number, head in enumerate(heads):
        fitting = (told for told in _meant(head) if told in COLUMNS[kind] and told not in found.values())
        if told := next(fitting, None):
            found[number] = told
    return found


def level(words: str) -> tuple[WishLevel, int | None] | None:
    """Return the wish that a cell names; a number alone is the rank of a must. None if it names none."""
    if re.fullmatch(r"[1-9][0-9]?", words):
        return WishLevel.MUST, int(words)
    found = _LEVEL.get(folded(words))
    return (found, None) if found else None


def day(words: str, days: Collection[dt.date]) -> dt.date | None:
    """Return the day of the event that a cell names, as a date or by day and month; None if it is none of them."""
    words = words.split(" ", maxsplit=1)[0] if re.match(r"[0-9]{4}-", words) else words
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", words):
        return next((one for one in days if one.isoformat() == words), None)
    if not (parts := _DAY.match(words)):
        return None
    year = int(parts[3]) % 100 if parts[3] else None
    fitting = (one for one in days if (one.day, one.month) == (int(parts[1]), int(parts[2])))
    return next((one for one in fitting if year in {None, one.year % 100}), None)


def time(words: str) -> dt.time | None:
    """Return the wall time that a cell names, as in 9:30, 9h30 or 9h; None if it names none."""
    if not (parts := _TIME.match(words)):
        return None
    hour, minute = int(parts[1]), int(parts[2] or 0)
    return dt.time(hour, minute) if hour < 24 and minute < 60 else None


def _meant(head: str) -> list[Told]:
    """Return what a head may announce, the likeliest first."""
    words = folded(_MARKS.sub(" ", head)).split()
    if told := _TOLD.get(" ".join(words)):
        return [told]
    column = recognised(" ".join(word for word in words if word not in _OTHER))
    if column is None:
        return []
    part = _SIDE.get(column) or next((one for one in ("name", "organisation") if column.startswith(one)), "")
    sides = ("whom",) if _OTHER & set(words) else ("who", "whom")
    return [Told(f"{side}_{part}") for side in sides] if part else []

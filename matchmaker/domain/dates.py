"""Days and times in words, in three languages; digits are 0-9 in all of them.

Locale data of libraries gives Arabic its eastern digits and the months of the Mashriq: Morocco writes
ماي, يوليوز and غشت, so the few words that are needed stand here.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time

_WEEKDAYS = {
    "ar": ("الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"),
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS = {
    "ar": ("يناير", "فبراير", "مارس", "أبريل", "ماي", "يونيو", "يوليوز", "غشت", "شتنبر", "أكتوبر", "نونبر", "دجنبر"),
    "fr": (
        "janvier", "février", "mars", "avril", "mai", "juin",
        "juillet", "août", "septembre", "octobre", "novembre", "décembre",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
}  # fmt: skip


def weekday(day: date, locale: str) -> str:
    return _WEEKDAYS[locale][day.weekday()]


def month(day: date, locale: str) -> str:
    return _MONTHS[locale][day.month - 1]


def day_and_month(day: date, locale: str) -> str:
    """Write 3 July, 3 juillet or 3 يوليوز; the first of a month is 1er in French."""
    number = "1er" if locale == "fr" and day.day == 1 else str(day.day)
    return f"{number} {month(day, locale)}"


def long_day(day: date, locale: str) -> str:
    """Write Wednesday 3 July 2024 in the language's own order and words."""
    return f"{weekday(day, locale)} {day_and_month(day, locale)} {day.year}"


def span(first: date, last: date, locale: str) -> str:
    """Write the days of an event: one day, two, or from one to another."""
    return f"{_run(first, last, locale)} {last.year}"


def several(days: Iterable[date], locale: str) -> str:
    """Write some days without their year, those that follow each other as one: 12 and 13 May, 16 May."""
    runs: list[list[date]] = []
    for day in sorted(days):
        if runs and (day - runs[-1][-1]).days == 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    comma = {"ar": "، ", "fr": ", ", "en": ", "}[locale]
    return comma.join(_run(run[0], run[-1], locale) for run in runs)


def _run(first: date, last: date, locale: str) -> str:
    if first == last:
        return day_and_month(first, locale)
    joint = {"ar": "إلى", "fr": "au", "en": "to"}[locale]
    if (last - first).days == 1:
        joint = {"ar": "و", "fr": "et", "en": "and"}[locale]
    start = str(first.day) if (first.year, first.month) == (last.year, last.month) else day_and_month(first, locale)
    start = "1er" if locale == "fr" and start == "1" else start
    between = " و" if joint == "و" else f" {joint} "  # the Arabic and stands against the number
    return f"{start}{between}{day_and_month(last, locale)}"


def clock(moment: time | datetime) -> str:
    """Write a wall time as 09:05."""
    return f"{moment:%H:%M}"

"""A person's slots as the grid that the page draws: days across, half days and times down."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, time
from typing import Any

from flask_babel import gettext as _

from matchmaker.domain import dates
from matchmaker.domain.wording import in_language
from matchmaker.models import Slot
from matchmaker.queries.times import Times
from matchmaker.web import languages

NOON = time(12, 30)
"""Where the morning ends: lunch belongs to the afternoon."""
HALVES = ("am", "pm")


def half_of(moment: time) -> str:
    return "am" if moment < NOON else "pm"


def toggled(times: Times, away: Collection[int], half: str) -> set[int]:
    """Return the slots not free after a half day's button, named "2026-03-10/am", was pressed.

    It marks the whole half day; where all of it is marked already, it frees it.
    """
    day, _slash, part = half.partition("/")
    of_half = {slot.id for slot in times.open_slots if slot.day.isoformat() == day and half_of(slot.start) == part}
    return set(away) - of_half if of_half <= set(away) else set(away) | of_half


def days(times: Times) -> list[dict[str, str]]:
    locale = languages.current()
    return [
        {
            "key": day.isoformat(),
            "weekday": dates.weekday(day, locale).capitalize(),
            "date": dates.day_and_month(day, locale),
        }
        for day in _days(times)
    ]


def halves(times: Times, away: Collection[int]) -> list[dict[str, Any]]:
    """Return the halves of the day in which there is any slot, with a row for each time at which one starts."""
    words = {
        "am": (_("Morning"), _("Morning not free"), _("Morning free")),
        "pm": (_("Afternoon"), _("Afternoon not free"), _("Afternoon free")),
    }
    found = []
    for key in HALVES:
        label, away_words, free_words = words[key]
        rows = _rows(times, away, key)
        if any("cells" in row for row in rows):
            found.append({"key": key, "label": label, "away_words": away_words, "free_words": free_words, "rows": rows})
    return found


def _days(times: Times) -> list[date]:
    return sorted({slot.day for slot in times.slots})


def _rows(times: Times, away: Collection[int], half: str) -> list[dict[str, Any]]:
    at = {(slot.day, slot.start): slot for slot in times.slots}
    starts = {slot.start for slot in times.slots if half_of(slot.start) == half}
    columns = _days(times)
    rows = [
        {"start": start, "cells": [_cell(times, away, at.get((day, start))) for day in columns]} for start in starts
    ]
    pauses = [
        {"start": pause.start, "pause": in_language(pause.titles, languages.current()) or _("Break")}
        for pause in times.breaks
        if (pause.day is None or len(columns) == 1) and half_of(pause.start) == half and pause.start not in starts
    ]
    return sorted([*rows, *pauses], key=lambda row: row["start"])


def _cell(times: Times, away: Collection[int], slot: Slot | None) -> dict[str, Any] | None:
    if slot is None:
        return None
    if talk := times.blocked_by(slot):
        return {"taken": in_language(talk.session.titles, languages.current())}
    return {"value": str(slot.id), "away": slot.id in away}
